"""Where a database is: its URL, its file, and how both are shown, without user and password."""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from simulator.errors import SimulatorError


def parse_url(text: str) -> URL:
    """Return an SQLAlchemy URL.

    Raises:
        SimulatorError: it is none; the sentence repeats nothing of it, for it may hold a password.
    """
    try:
        return make_url(text)
    except (ArgumentError, ValueError):
        raise SimulatorError(
            "The database's URL cannot be read: write it as "
            "postgresql+psycopg://user:password@host:5432/name, with special characters of the "
            "password percent-encoded.",
            "无法解析数据库 URL：请写成 postgresql+psycopg://user:password@host:5432/name，"
            "密码中的特殊字符须做百分号编码。",
        ) from None


def describe_place(url: URL) -> str:
    """Return a database's URL without user, password and options; of SQLite the file."""
    if (file := find_file(url)) is not None:
        return str(file)
    return URL.create(
        url.drivername, host=url.host, port=url.port, database=url.database
    ).render_as_string()


def find_file(url: URL) -> Path | None:
    """Return the file of a SQLite database; None where it has none."""
    name = url.database or ""
    if name.startswith("file:"):
        name = unquote(name.removeprefix("file:").partition("?")[0])
    if url.get_backend_name() != "sqlite" or name in ("", ":memory:"):
        return None
    return Path(name)


def make_private(file: Path) -> None:
    """Let nobody but its owner read a SQLite file; one that is not there is made, empty."""
    # SQLite gives the files beside it the same mode.
    with suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    for name in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
        with suppress(FileNotFoundError, PermissionError):
            name.chmod(0o600)
