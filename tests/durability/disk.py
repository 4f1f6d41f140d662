"""A disk that can be filled: its limit is set before every transaction of a database."""

from contextlib import suppress
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from simulator.store.database import Database
from simulator.store.records import JournalEntry

_ENDLESS = 1_073_741_823


class Disk:
    """A database's disk: with room, full, or so full that not even its log can be written.

    SQLite's `max_page_count` fails a write that needs room as a full disk does (SQLITE_FULL);
    `query_only` fails every write, as when there is no room for the write-ahead log.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pages = _ENDLESS
        self._read_only = False
        event.listen(database.engine, "checkout", self._tell)

    def _tell(self, connection: Any, _record: Any, _proxy: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count={self._pages}")
        cursor.execute(f"PRAGMA query_only={int(self._read_only)}")
        cursor.close()

    def fill(self) -> None:
        """Stop the file from growing, and use up the space in its last pages."""
        # SQLite takes a number below the present size for the present size.
        self._pages = 1
        for size in (4000, 1000, 100, 0):
            with suppress(OperationalError):
                for _ in range(1000):
                    self._write(size)
                raise AssertionError("the disk does not get full")

    def stop(self) -> None:
        """Make every write fail."""
        self._read_only = True

    def make_room(self) -> None:
        """Let the file grow again."""
        self._pages, self._read_only = _ENDLESS, False

    def _write(self, size: int) -> None:
        with self._database.writing() as session:
            session.add(
                JournalEntry(wall=0, direction="call", status="0", sent={"filling": "x" * size})
            )
