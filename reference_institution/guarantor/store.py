"""A guarantee company's further records.

Applications (2.1), batches of revocations with their effect on each guarantee (2.8), claims with
their attachments (3.1). Each issued guarantee holds part of its principal's quota (额度), which is
freed when no guarantee of the block is in force any more (2.8).
"""

import os
import uuid
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from reference_institution.store import Row, Store, to_json

REVOKED, FORFEITED, RELEASED = "REVOKED", "FORFEITED", "RELEASED"

#: Frees the quota of a block once none of its guarantees is in force. A forfeited one keeps its
#: quota, because the principal still owes what was paid.
_FREE_QUOTA = """
    UPDATE releases SET quota_freed = 1
    WHERE block_number = :block_number AND block_name = :block_name AND status <> 'FORFEITED'
        AND NOT EXISTS (
            SELECT * FROM guarantees JOIN orders USING (order_no)
            WHERE orders.block_number = :block_number AND orders.block_name = :block_name
                AND serial_num IS NOT NULL
                AND guarantee_no NOT IN (SELECT guarantee_no FROM releases))
"""


class GuarantorStore(Store):
    """A guarantee company's records."""

    tables: ClassVar[str] = """
        CREATE TABLE IF NOT EXISTS applications (order_no TEXT PRIMARY KEY, content TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS batches (
            revoke_no TEXT PRIMARY KEY, block_number TEXT NOT NULL, block_name TEXT NOT NULL,
            content TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS releases (
            guarantee_no TEXT PRIMARY KEY, revoke_no TEXT NOT NULL, block_number TEXT NOT NULL,
            block_name TEXT NOT NULL, status TEXT NOT NULL, release_date TEXT,
            quota_freed INTEGER NOT NULL DEFAULT 0);
        CREATE VIEW IF NOT EXISTS quotas AS
            SELECT guarantees.rowid AS rowid, guarantee_no, principal, orders.block_number,
                json_extract(particulars, '$.amount') AS amount,
                CASE WHEN quota_freed THEN 'FREED' ELSE 'HELD' END AS status
            FROM guarantees JOIN orders USING (order_no) LEFT JOIN releases USING (guarantee_no)
            WHERE serial_num IS NOT NULL;
        CREATE TABLE IF NOT EXISTS claims (
            claim_no TEXT PRIMARY KEY, order_no TEXT NOT NULL, guarantee_no TEXT NOT NULL,
            status TEXT NOT NULL, phase INTEGER NOT NULL, content TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS attachments (
            claim_no TEXT, field TEXT, name TEXT NOT NULL, size INTEGER NOT NULL,
            sha256 TEXT NOT NULL, PRIMARY KEY (claim_no, field));
    """
    keys: ClassVar[dict[str, tuple[str, ...]]] = {
        **Store.keys,
        "applications": ("order_no",),
        "batches": ("revoke_no", "block_number"),
        "releases": ("guarantee_no", "revoke_no", "block_number"),
        "quotas": ("guarantee_no", "principal", "block_number"),
        "attachments": ("claim_no", "sha256"),
    }

    def add_application(self, order_no: str, content: Mapping[str, Any]) -> Row:
        """Store an application unless the order has one; return the stored one."""
        self._write(
            "INSERT OR IGNORE INTO applications VALUES (:order_no, :content)",
            {"order_no": order_no, "content": to_json(content)},
        )
        [application] = self._all("applications", "order_no", order_no)
        return application

    def batch(self, revoke_no: str) -> Row | None:
        """Return a batch of revocations."""
        return self._one("batches", "revoke_no", revoke_no)

    def add_batch(
        self, batch: Mapping[str, Any], revoked: Iterable[str], forfeited: Iterable[str]
    ) -> None:
        """Store a batch with its effect on each guarantee; a known batch has no effect."""
        block = {name: batch[name] for name in ("block_number", "block_name")}
        made = [(number, REVOKED) for number in revoked]
        made += [(number, FORFEITED) for number in forfeited]
        with self._transaction() as connection:
            new = connection.execute(
                "INSERT OR IGNORE INTO batches "
                "VALUES (:revoke_no, :block_number, :block_name, :content)",
                {**batch, "content": to_json(batch["content"])},
            )
            if not new.rowcount:
                return
            connection.executemany(
                """INSERT OR IGNORE INTO releases
                       (guarantee_no, revoke_no, block_number, block_name, status)
                   VALUES (?, ?, ?, ?, ?)""",
                [(number, batch["revoke_no"], *block.values(), status) for number, status in made],
            )
            connection.execute(_FREE_QUOTA, block)

    def release(self, guarantee_no: str) -> Row | None:
        """Return the state of a guarantee's release; None if it was not revoked."""
        return self._one("releases", "guarantee_no", guarantee_no)

    def releases_of_block(self, block_number: str) -> list[Row]:
        """Return the releases of a block (标段)."""
        return self._all("releases", "block_number", block_number)

    def keep_release_date(self, guarantee_no: str, moment: str) -> str:
        """Store the moment of a guarantee's release unless it has one; return the stored one."""
        self._write(
            "UPDATE releases SET release_date = :moment "
            "WHERE guarantee_no = :number AND release_date IS NULL",
            {"number": guarantee_no, "moment": moment},
        )
        release = self.release(guarantee_no)
        return str(release["release_date"]) if release else moment

    def mark_released(self, guarantee_no: str) -> None:
        """Record that the platform took a release (2.9)."""
        self._write(
            "UPDATE releases SET status = 'RELEASED' WHERE guarantee_no = :number",
            {"number": guarantee_no},
        )

    def forget_release_date(self, guarantee_no: str) -> None:
        """Record that the platform refused a release (2.9)."""
        self._write(
            "UPDATE releases SET release_date = NULL "
            "WHERE guarantee_no = :number AND status = 'REVOKED'",
            {"number": guarantee_no},
        )

    def add_claim(
        self, claim: Mapping[str, Any], attachments: Collection[Mapping[str, Any]]
    ) -> None:
        """Store a claim with its attachments; a known one is not changed."""
        if self.claim(claim["claim_no"]) is None:
            for each in attachments:
                self._keep_file(each["sha256"], each["content"])
        with self._transaction() as connection:
            new = connection.execute(
                "INSERT OR IGNORE INTO claims VALUES "
                "(:claim_no, :order_no, :guarantee_no, :status, :phase, :content)",
                {**claim, "content": to_json(claim["content"])},
            )
            if new.rowcount:
                connection.executemany(
                    "INSERT INTO attachments VALUES (:claim_no, :field, :name, :size, :sha256)",
                    [{**each, "claim_no": claim["claim_no"]} for each in attachments],
                )

    def attached_file(self, sha256: str) -> Path:
        """Return the path of an attachment: a file beside the records, named by its hash."""
        return self._path.with_name("attachments") / sha256

    def _keep_file(self, sha256: str, content: bytes) -> None:
        # Megabytes in the database would delay the answer to 3.1 beyond 5 s.
        place = self.attached_file(sha256)
        place.parent.mkdir(exist_ok=True)
        draft = place.with_name(f"{sha256}.{uuid.uuid4().hex}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # Renamed when it is complete, because eight threads may write the same file at once.
        draft.replace(place)

    def advance_claim(self, claim_no: str, status: str, phase: int) -> None:
        """Change a claim's status, unless the claim is in that phase already or beyond (P40)."""
        self._write(
            "UPDATE claims SET status = :status, phase = :phase "
            "WHERE claim_no = :claim_no AND phase < :phase",
            {"claim_no": claim_no, "status": status, "phase": phase},
        )
