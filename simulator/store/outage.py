"""Why a database does not answer, found in the error of its driver, and said once."""

import logging
import os
import threading
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

from simulator import clock
from simulator.errors import Text

_LOG = logging.getLogger(__name__)
#: Seconds without a failure after which an outage may be over: a disk that is nearly full takes
#: one change and not the next.
_QUIET = 5.0

Cause = Literal["full", "gone", "damaged", "locked", "crowded", "away"]

_SENTENCES: dict[Cause, tuple[str, str]] = {
    "full": (
        "The disk of the database {place} is full: make room. Nothing was changed.",
        "数据库 {place} 所在磁盘已满：请腾出空间。未作任何更改。",
    ),
    "gone": (
        "The database file {place} is no longer there: put it back, or start the simulator again.",
        "数据库文件 {place} 已不存在：请恢复该文件，或重新启动模拟器。",
    ),
    "damaged": (
        "The database file {place} is damaged: move it away, and start the simulator again.",
        "数据库文件 {place} 已损坏：请移走该文件，然后重新启动模拟器。",
    ),
    "locked": (
        "The database {place} is locked by another program: end that.",
        "数据库 {place} 被其他程序锁定：请结束该程序。",
    ),
    "crowded": (
        "The simulator may open no more files, so the database {place} is out of reach: raise "
        "`ulimit -n`, or close connections.",
        "模拟器可打开的文件数已用尽，无法访问数据库 {place}：请调大 `ulimit -n`，或关闭部分连接。",
    ),
    "away": (
        "The database {place} does not answer: see that it is reachable and may be written.",
        "数据库 {place} 无法访问：请确认其可连接且可写。",
    ),
}
#: The beginnings of SQLite's names of errors.
_SQLITE: dict[str, Cause] = {
    "SQLITE_FULL": "full",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
}
#: PostgreSQL's state `disk_full`.
_DISK_FULL = "53100"


def _has_descriptor() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError:
        return False
    return True


class Outage:
    """Tells the errors of a database that does not answer from errors in the simulator."""

    def __init__(self, place: str, file: Path | None) -> None:
        self._place, self._file = place, file
        self._lock = threading.Lock()
        self._reported: Cause | None = None
        #: When the database failed last, monotonic.
        self._failed_at = 0.0

    def explain(self, error: SQLAlchemyError) -> Text | None:
        """Return why the database does not answer, and log it once; None for any other error."""
        away = isinstance(error, (OperationalError, InterfaceError, TimeoutError))
        if not away and type(error) is not DatabaseError:
            return None
        cause = self._find_cause(error)
        text = Text(*(sentence.format(place=self._place) for sentence in _SENTENCES[cause]))
        with self._lock:
            is_new, self._reported = cause != self._reported, cause
            self._failed_at = clock.monotonic()
        if is_new:
            _LOG.warning("%s", text.en)
        return text

    def check_file(self) -> None:
        """Check that a SQLite file is there: one that was deleted still takes all that is written.

        Raises:
            OperationalError: it is gone.
        """
        if self._file and not self._file.exists():
            raise OperationalError("", None, FileNotFoundError(self._file))

    def _find_cause(self, error: SQLAlchemyError) -> Cause:
        if self._file and not self._file.exists():
            return "gone"
        if not _has_descriptor():
            return "crowded"
        driver = getattr(error, "orig", None)
        name = getattr(driver, "sqlite_errorname", "")
        if getattr(driver, "sqlstate", "") == _DISK_FULL:
            return "full"
        return next((cause for start, cause in _SQLITE.items() if name.startswith(start)), "away")

    def may_be_over(self) -> bool:
        """Return whether an outage was reported, and nothing has failed for some time."""
        return self._reported is not None and clock.monotonic() - self._failed_at > _QUIET

    def end(self) -> None:
        """Note that the database took a change, and log it once: what fails next is said again."""
        with self._lock:
            was_reported, self._reported = self._reported is not None, None
        if was_reported:
            _LOG.warning("The database %s answers again.", self._place)
