"""The SQLite file: WAL, its version, and what is not a database at all."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from simulator.app import Simulator
from simulator.errors import SimulatorError
from simulator.settings import Settings, load
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


def test_nobody_but_its_owner_reads_the_files(tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    Database(f"sqlite:///{old}").close()
    old.chmod(0o644)
    for path in (tmp_path / "new.db", old):
        database = Database(f"sqlite+pysqlite:///{path}?timeout=5")
        with database.writing() as session:
            session.execute(text("DELETE FROM journal"))
        files = sorted(tmp_path.glob(f"{path.name}*"))

        assert [file.name for file in files] == [
            f"{path.name}{end}" for end in ("", "-shm", "-wal")
        ]
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
        database.close()


def test_a_database_of_another_program_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmark (url TEXT)")
    connection.close()

    with pytest.raises(SimulatorError, match="is a database of another program"):
        Database(f"sqlite:///{path}")


@pytest.mark.parametrize("at", [100, 2000, 20_000, 60_000])
def test_a_damaged_file_is_refused_with_one_sentence(tmp_path: Path, at: int) -> None:
    path = tmp_path / "simulator.db"
    Database(f"sqlite:///{path}").close()
    content = bytearray(path.read_bytes())
    content[at : at + 3000] = b"\xff" * 3000
    path.write_bytes(content)

    with pytest.raises(SimulatorError, match="cannot be opened as a database"):
        Database(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url",
    [
        "nix://user:SECRET@host/name",
        "mysql+nix://user:SECRET@host/name?password=SECRET",
        "postgresql://user:SECRET/SECRET@host/name",
        "postgresql://user:SECRET@host:SECRET/name",
        "user:SECRET@host",
    ],
)
def test_a_wrong_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(SimulatorError) as refused:
        Database(url)

    assert "SECRET" not in refused.value.text.en + refused.value.text.zh


def test_the_real_file_is_locked(tmp_path: Path) -> None:
    path, link = tmp_path / "simulator.db", tmp_path / "link.db"
    link.symlink_to(path)
    settings = Settings(port=0, control_port=0, data=str(tmp_path), database=str(path))
    first = Simulator(settings)
    first.start()
    try:
        for url in (
            f"sqlite+pysqlite:///{path}",
            f"sqlite:///{path}?timeout=5",
            f"sqlite:///file:{path}?uri=true",
            f"sqlite:///{link}",
        ):
            with pytest.raises(SimulatorError, match="Another simulator is using"):
                Simulator(replace(settings, database=url))
    finally:
        first.stop()


@pytest.mark.parametrize(("given", "level"), [({}, 1), ({"CONZHU_SYNCHRONOUS": "full"}, 2)])
def test_each_connection_is_as_synchronous_as_was_set(
    tmp_path: Path, given: dict[str, str], level: int
) -> None:
    settings = load(environment=given, overrides={"data": str(tmp_path)})
    database = Database(settings.database_url, settings.synchronous)
    with database.writing() as one, database.reading() as other:
        for session in (one, other):
            found = session.connection().exec_driver_sql("PRAGMA synchronous").scalar_one()
            assert found == level
    database.close()


def test_another_word_for_synchronous_is_refused() -> None:
    with pytest.raises(SimulatorError, match=r"must be normal or full \(got 'off'\)"):
        load(environment={"CONZHU_SYNCHRONOUS": "off"})
