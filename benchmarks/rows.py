"""Inserts rows into a simulator's SQLite file, as many as after years of use."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from measure import DATABASE

_CHUNK = 20_000


@contextmanager
def _file(folder: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(Path(folder) / DATABASE, timeout=60)
    connection.row_factory = sqlite3.Row
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            _write(connection, table, chunk)
            chunk = []
    if chunk:
        _write(connection, table, chunk)


def _write(connection: sqlite3.Connection, table: str, chunk: list[dict[str, Any]]) -> None:
    names = list(chunk[0])
    marks = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", chunk)
    connection.commit()


def copy_last(folder: str, table: str, count: int, **changes: str) -> None:
    """Copy a table's newest row many times; `changes` have `{}` for the copy's number."""
    with _file(folder) as connection:
        last = dict(connection.execute(f"SELECT * FROM {table} ORDER BY id DESC").fetchone())
        del last["id"]
        made = (
            {**last, **{name: text.format(number) for name, text in changes.items()}}
            for number in range(count)
        )
        _insert(connection, table, made)


def announce(folder: str, account_id: int, name: str, count: int, due: float | None = None) -> None:
    """Insert pushes of 1.5 KB that are due now, each about another order."""
    due = time.time() if due is None else due
    content = {
        "block_number": "B-1",
        "block_name": "一标段" * 140,
        "principal": "甲公司",
        "creditor": "乙局",
        "order_status_old": "WAIT_OFFER",
        "order_status": "CANCEL",
    }
    rows = (
        {
            "account_id": account_id,
            "interface": "insurer/2.2",
            "about": f"{name}-{number}",
            "content": json.dumps({"order_no": f"{name}-{number}", **content}),
            "url_fields": "{}",
            "attachments": "{}",
            "state": "pending",
            "created_at": due,
            "due": due,
            "step": 0,
            "attempts": 0,
            "lease_number": 0,
        }
        for number in range(count)
    )
    with _file(folder) as connection:
        _insert(connection, "push", rows)


def old_deliveries(folder: str, count: int) -> None:
    """Copy the newest delivered push and its attempt."""
    copy_last(folder, "push", count, about="old-{}")
    with _file(folder) as connection:
        last = dict(connection.execute("SELECT * FROM attempt ORDER BY id DESC").fetchone())
        del last["id"]
        numbers = connection.execute("SELECT id FROM push WHERE about LIKE 'old-%'").fetchall()
        _insert(connection, "attempt", ({**last, "push_id": row["id"]} for row in numbers))


def count_pushes(folder: str, account_id: int, *states: str) -> int:
    """Return how many pushes of an account are in one of the states."""
    marks = ", ".join("?" for _ in states)
    asked = (
        f"SELECT count(*) FROM push INDEXED BY push_due WHERE state IN ({marks}) AND account_id = ?"
    )
    with _file(folder) as connection:
        return int(connection.execute(asked, (*states, account_id)).fetchone()[0])


def drop_pending(folder: str, account_id: int) -> None:
    """Mark an account's pending pushes as exhausted."""
    with _file(folder) as connection:
        connection.execute(
            "UPDATE push SET state = 'exhausted', due = NULL "
            "WHERE state = 'pending' AND account_id = ?",
            (account_id,),
        )
