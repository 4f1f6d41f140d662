"""The database: reading and writing transactions.

On SQLite every writing transaction begins IMMEDIATE: a deferred one that must upgrade fails at
once, whatever the busy time-out. Writers of one process also queue at a lock, which is fair and
cheap, where SQLite's own waiting is neither.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from simulator.errors import SimulatorError
from simulator.store.location import describe_place, find_file, make_private, parse_url
from simulator.store.outage import Outage
from simulator.store.records import Base

_BUSY_MILLISECONDS = 30_000
#: Where a session has what is done after its commit.
_AFTER_COMMIT = "after_commit"
#: Counted up whenever the tables of a SQLite file change; there is nothing to migrate here.
_VERSION = 3
#: Bytes of a file that is read whole when it is opened, which takes a tenth of a second.
_CHECKED_WHOLE = 64 * 1024 * 1024


class Database:
    """An open database. `url` is an SQLAlchemy URL, e.g. `sqlite:///file.db`."""

    def __init__(self, url: str, synchronous: str = "normal") -> None:
        """Open a database; a new one gets its tables. `synchronous` is SQLite's: normal, full.

        Raises:
            SimulatorError: it cannot be opened, or is not the simulator's.
        """
        self._url = parse_url(url)
        self._sqlite = self._url.get_backend_name() == "sqlite"
        self._synchronous = synchronous
        self._queue = threading.Lock()
        self.outage = Outage(describe_place(self._url), find_file(self._url))
        try:
            if file := find_file(self._url):
                make_private(file)
            self._open()
        except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
            raise cannot_open(url, error) from error

    def _open(self) -> None:
        # Parameters are secrets and keys among other things: an error that is logged shows none.
        # The connection that was used last comes first: it still has the file's pages in memory.
        self._engine = create_engine(
            self._url,
            pool_size=24,
            max_overflow=40,
            pool_use_lifo=True,
            hide_parameters=True,
            # A server may have been restarted since.
            pool_pre_ping=not self._sqlite,
            # PostgreSQL keeps no NaN in JSON, so SQLite does not either.
            json_serializer=partial(json.dumps, allow_nan=False),
        )
        if self._sqlite:
            event.listen(self._engine, "connect", self._prepare_connection)
            event.listen(self._engine, "begin", _begin)
        event.listen(self._engine, "before_cursor_execute", _replace_nul, retval=True)
        self._writers = self._engine.execution_options(writes=True)
        try:
            if self._sqlite:
                self._check_version()
            Base.metadata.create_all(self._writers)
        except BaseException:
            self.close()
            raise

    def _prepare_connection(self, connection: Any, _record: Any) -> None:
        # The driver would begin by itself, and too late: SQLAlchemy's "begin" event does it.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={self._synchronous}",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def _check_version(self) -> None:
        """Refuse a file of another version or program, or a damaged one, and mark a new one.

        Raises:
            SimulatorError: its tables are not those of this version.
        """
        with self._writers.begin() as connection:
            found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
            tables = inspect(connection).get_table_names()
            place = describe_place(self._url)
            if found == 0 and not tables:
                connection.exec_driver_sql(f"PRAGMA user_version = {_VERSION}")
            elif found != _VERSION and not {"account", "journal"} <= set(tables):
                raise SimulatorError(
                    f"{place} is a database of another program: choose another file with "
                    "--database, or another folder with --data.",
                    f"{place} 是其他程序的数据库：请用 --database 另选文件，或用 --data 另选目录。",
                )
            elif found != _VERSION:
                raise SimulatorError(
                    f"{place} was written by another version of the simulator: move it away, or "
                    "choose another folder with --data.",
                    f"{place} 由其他版本的模拟器写入：请移走该文件，或用 --data 另选目录。",
                )
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            size = pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one()
            # A larger file would delay each start; its damage is told when a page of it is read.
            if size <= _CHECKED_WHOLE:
                damage = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
                if damage != "ok":
                    raise ValueError(f"it is damaged ({damage})")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; what it loaded may be used after it."""
        self.outage.check_file()
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: committed at the end, rolled back by an exception."""
        self.outage.check_file()
        may_be_over = self.outage.may_be_over()
        with Session(self._writers, expire_on_commit=False) as session:
            with self._queue if self._sqlite else nullcontext(), session.begin():
                yield session
                if may_be_over and self._sqlite:
                    # A transaction that changes nothing would succeed on a full disk as well.
                    session.connection().exec_driver_sql(f"PRAGMA user_version = {_VERSION}")
            if may_be_over:
                self.outage.end()
            for work in session.info.get(_AFTER_COMMIT, ()):
                work()

    @property
    def engine(self) -> Engine:
        """The engine, for tests that look at the file from outside."""
        return self._engine

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def cannot_open(url: str, error: Exception) -> SimulatorError:
    """Return what to say of a database that cannot be opened or read at the start."""
    parsed = parse_url(url)
    place = describe_place(parsed)
    reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
    if find_file(parsed) is None:
        return SimulatorError(
            f"The database {place} cannot be used: {reason}.",
            f"无法使用数据库 {place}：{reason}。",
        )
    return SimulatorError(
        f"{place} cannot be opened as a database: {reason}.",
        f"{place} 无法作为数据库打开：{reason}。",
    )


def after_commit(session: Session, work: Callable[[], None]) -> None:
    """Do something once a writing transaction is committed; never, if it is rolled back."""
    session.info.setdefault(_AFTER_COMMIT, []).append(work)


def _replace_nul(
    _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
) -> tuple[str, Any]:
    """Replace the character NUL, which PostgreSQL keeps in no text, so that both do the same."""
    if isinstance(parameters, list):
        return statement, [_replace_in_row(row) for row in parameters]
    return statement, _replace_in_row(parameters)


def _replace_in_row(row: Any) -> Any:
    values = row.values() if isinstance(row, Mapping) else row
    if not any(isinstance(value, str) and "\x00" in value for value in values):
        return row
    if isinstance(row, Mapping):
        return {name: _replace_in_text(value) for name, value in row.items()}
    return tuple(_replace_in_text(value) for value in row)


def _replace_in_text(value: Any) -> Any:
    return value.replace("\x00", "\ufffd") if isinstance(value, str) else value


def _begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
