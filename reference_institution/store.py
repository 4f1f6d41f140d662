"""The institution's records, in one SQLite file that survives a restart.

The tables' keys prevent duplicates: eight identical notices at the same instant are eight attempts
to write one row. Every method is one short transaction. None is open while the platform is called,
because the platform may push to us before it answers.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

Row: TypeAlias = dict[str, Any]

_TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS orders (
    order_no TEXT PRIMARY KEY, status TEXT NOT NULL, revision INTEGER NOT NULL,
    block_number TEXT NOT NULL, block_name TEXT NOT NULL,
    principal TEXT NOT NULL, creditor TEXT NOT NULL, data TEXT NOT NULL, price TEXT);
CREATE TABLE IF NOT EXISTS guarantees (
    guarantee_no TEXT PRIMARY KEY, order_no TEXT NOT NULL, edition INTEGER NOT NULL,
    serial_num TEXT UNIQUE, particulars TEXT NOT NULL, out_guarantee_time TEXT NOT NULL,
    sha256 TEXT NOT NULL, pdf BLOB NOT NULL, UNIQUE (order_no, edition));
"""
#: The columns that hold JSON; a row has their value, not their text.
_JSON_COLUMNS = ("data", "particulars", "content")


class Store:
    """The records that both kinds have; may be used by many threads at once."""

    #: The tables of a kind, beside the common ones.
    tables: ClassVar[str]
    #: The kinds of record, and the columns by which they may be looked up.
    keys: ClassVar[dict[str, tuple[str, ...]]] = {
        "orders": ("order_no",),
        "guarantees": ("guarantee_no", "order_no", "serial_num"),
        "claims": ("claim_no", "guarantee_no", "order_no"),
    }

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        with closing(self._connect()) as connection:
            connection.executescript(_TABLES + self.tables)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10)
        connection.row_factory = sqlite3.Row
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection, connection:
            yield connection

    def _write(self, statement: str, values: Mapping[str, Any]) -> bool:
        """Run one statement in its own transaction; return whether it changed a row."""
        with self._transaction() as connection:
            return connection.execute(statement, values).rowcount > 0

    def find(self, kind: str, key: str) -> list[Row]:
        """Return the records of a kind with a key, in the order of their arrival.

        Raises:
            KeyError: there is no such kind of record.
        """
        matching = " OR ".join(f"{column} = :key" for column in self.keys[kind])
        statement = f"SELECT * FROM {kind} WHERE {matching} ORDER BY rowid"
        with closing(self._connect()) as connection:
            return [_row(found) for found in connection.execute(statement, {"key": key})]

    def order(self, order_no: str) -> Row | None:
        """Return an order; its `data` is what the call last said, its `status` may be newer."""
        return self._one("orders", "order_no", order_no)

    def guarantee(self, guarantee_no: str) -> Row | None:
        """Return a guarantee by its number."""
        return self._one("guarantees", "guarantee_no", guarantee_no)

    def guarantee_by_serial(self, serial_num: str) -> Row | None:
        """Return a guarantee by the serial number that the platform gave it (保函序列号)."""
        return self._one("guarantees", "serial_num", serial_num)

    def guarantee_without_serial(self, sha256: str) -> Row | None:
        """Return a guarantee by its PDF's hash, if its serial number never reached us."""
        found = self._one("guarantees", "sha256", sha256)
        return found if found and found["serial_num"] is None else None

    def claim(self, claim_no: str) -> Row | None:
        """Return a claim."""
        return self._one("claims", "claim_no", claim_no)

    def current_guarantee(self, order_no: str) -> Row | None:
        """Return an order's guarantee: the latest edition with a serial number, else the latest."""
        return self._one(
            "guarantees", "order_no", order_no, "ORDER BY serial_num IS NULL, edition DESC"
        )

    def _one(self, table: str, column: str, key: str, order: str = "") -> Row | None:
        found = self._all(table, column, key, order)
        return found[0] if found else None

    def _all(self, table: str, column: str, key: str, order: str = "ORDER BY rowid") -> list[Row]:
        statement = f"SELECT * FROM {table} WHERE {column} = ? {order}"
        with closing(self._connect()) as connection:
            return [_row(found) for found in connection.execute(statement, (key,))]

    def remember_order(self, data: Mapping[str, Any], revision: int | None = None) -> bool:
        """Store the platform's answer; with a `revision`, only if the order still has it.

        The caller reads the revision before it asks the platform (0 for an unknown order):
        False means that the answer may be older than the record: ask again.
        """
        values = {
            name: str(data.get(name) or "")
            for name in ("order_no", "block_number", "block_name", "principal", "creditor")
        }
        return self._write(
            """INSERT INTO orders VALUES (:order_no, :status, 1, :block_number, :block_name,
                   :principal, :creditor, :data, NULL)
               ON CONFLICT (order_no) DO UPDATE SET status = excluded.status,
                   revision = revision + 1, block_number = excluded.block_number,
                   block_name = excluded.block_name, principal = excluded.principal,
                   creditor = excluded.creditor, data = excluded.data
               WHERE :revision IS NULL OR revision = :revision""",
            {**values, "status": data["order_status"], "data": to_json(data), "revision": revision},
        )

    def change_order_status(self, order_no: str, old: str, new: str) -> bool:
        """Change an order's status, unless another thread changed it in the meantime."""
        return self._write(
            """UPDATE orders SET status = :new, revision = revision + 1
               WHERE order_no = :order_no AND status = :old""",
            {"order_no": order_no, "old": old, "new": new},
        )

    def keep_price(self, order_no: str, price: str) -> None:
        """Store the premium that was offered, in yuan; the platform does not repeat it."""
        self._write(
            "UPDATE orders SET price = :price WHERE order_no = :order_no",
            {"order_no": order_no, "price": price},
        )

    def keep_guarantee(self, guarantee: Mapping[str, Any]) -> None:
        """Store a guarantee before it is pushed; it has no serial number yet."""
        self._write(
            """INSERT OR REPLACE INTO guarantees VALUES (:guarantee_no, :order_no, :edition, NULL,
                   :particulars, :out_guarantee_time, :sha256, :pdf)""",
            {**guarantee, "particulars": to_json(guarantee["particulars"])},
        )

    def give_serial(self, guarantee_no: str, serial_num: str) -> None:
        """Store a guarantee's serial number, which only the platform gives."""
        self._write(
            "UPDATE OR REPLACE guarantees SET serial_num = :serial_num "
            "WHERE guarantee_no = :guarantee_no",
            {"guarantee_no": guarantee_no, "serial_num": serial_num},
        )


def to_json(value: Mapping[str, Any]) -> str:
    """Return the text of a JSON column; equal objects give equal texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _row(found: sqlite3.Row) -> Row:
    row = dict(found)
    for column in _JSON_COLUMNS:
        if column in row:
            row[column] = json.loads(row[column])
    return row
