"""An insurer's further records: invoices, claims and bid openings."""

from collections.abc import Mapping
from typing import Any, ClassVar

from reference_institution.store import Row, Store, to_json


class InsurerStore(Store):
    """An insurer's records."""

    tables: ClassVar[str] = """
        CREATE TABLE IF NOT EXISTS invoices (
            invoice_id TEXT PRIMARY KEY, content TEXT NOT NULL, pdf BLOB,
            issued INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS claims (
            claim_no TEXT PRIMARY KEY, order_no TEXT NOT NULL, guarantee_no TEXT NOT NULL,
            status TEXT NOT NULL, content TEXT NOT NULL, claim_file TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS bid_openings (
            block_number TEXT, type TEXT, open_tender_time TEXT,
            PRIMARY KEY (block_number, type, open_tender_time));
    """
    keys: ClassVar[dict[str, tuple[str, ...]]] = {
        **Store.keys,
        "invoices": ("invoice_id",),
        "bid_openings": ("block_number",),
    }

    def invoice(self, invoice_id: str) -> Row | None:
        """Return an application for an invoice."""
        return self._one("invoices", "invoice_id", invoice_id)

    def orders_of_block(self, block_number: str, block_name: str) -> list[Row]:
        """Return the orders of a block (标段)."""
        orders = self._all("orders", "block_number", block_number)
        return [order for order in orders if order["block_name"] == block_name]

    def add_invoice(self, invoice_id: str, content: Mapping[str, str]) -> None:
        """Store an application for an invoice; a known one is not changed."""
        self._write(
            "INSERT OR IGNORE INTO invoices (invoice_id, content) VALUES (:invoice_id, :content)",
            {"invoice_id": invoice_id, "content": to_json(content)},
        )

    def keep_invoice_pdf(self, invoice_id: str, pdf: bytes) -> bytes:
        """Store an invoice's PDF unless it has one; return the stored one."""
        self._write(
            "UPDATE invoices SET pdf = :pdf WHERE invoice_id = :invoice_id AND pdf IS NULL",
            {"invoice_id": invoice_id, "pdf": pdf},
        )
        invoice = self.invoice(invoice_id)
        return bytes(invoice["pdf"]) if invoice else pdf

    def mark_invoice_issued(self, invoice_id: str) -> None:
        """Note that the platform has the invoice."""
        self._write("UPDATE invoices SET issued = 1 WHERE invoice_id = :id", {"id": invoice_id})

    def add_claim(self, claim: Mapping[str, Any]) -> None:
        """Store a claim; a known one is not changed."""
        self._write(
            "INSERT OR IGNORE INTO claims VALUES "
            "(:claim_no, :order_no, :guarantee_no, :status, :content, :claim_file)",
            {**claim, "content": to_json(claim["content"])},
        )

    def change_claim_status(self, claim_no: str, old: str, new: str) -> bool:
        """Change a claim's status, unless another thread changed it in the meantime."""
        return self._write(
            "UPDATE claims SET status = :new WHERE claim_no = :claim_no AND status = :old",
            {"claim_no": claim_no, "old": old, "new": new},
        )

    def add_bid_opening(self, block_number: str, type_: str, open_tender_time: str) -> None:
        """Store a block's new bid opening; a known one is not changed."""
        self._write(
            "INSERT OR IGNORE INTO bid_openings VALUES (:block, :type, :time)",
            {"block": block_number, "type": type_, "time": open_tender_time},
        )
