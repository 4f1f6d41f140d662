"""The SQLite file: WAL, its version, and what is not a database at all."""

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from simulator.errors import SimulatorError
from simulator.store.database import Database, after_commit


def test_the_file_is_in_write_ahead_mode(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'simulator.db'}")
    with database.reading() as session:
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    database.close()


def test_a_file_of_another_version_is_refused_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    Database(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(SimulatorError, match="another version of the simulator"):
        Database(f"sqlite:///{path}")


def test_a_file_that_was_written_before_is_opened_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'simulator.db'}"
    Database(url).close()
    again = Database(url)
    with again.writing() as session:
        assert session.execute(text("SELECT count(*) FROM account")).scalar() == 0
    again.close()


def test_a_file_that_is_no_database_is_refused_with_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "simulator.db"
    path.write_text("this is a letter, not a database. " * 100)

    with pytest.raises(SimulatorError, match="cannot be opened as a database"):
        Database(f"sqlite:///{path}")


def test_what_follows_a_commit_follows_no_rollback(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'simulator.db'}")
    done: list[int] = []
    with database.writing() as session:
        after_commit(session, lambda: done.append(1))
        with session.begin_nested():
            session.execute(text("SELECT 1"))
        assert done == []
    with suppress(LookupError), database.writing() as session:
        after_commit(session, lambda: done.append(2))
        raise LookupError

    assert done == [1]
    database.close()
