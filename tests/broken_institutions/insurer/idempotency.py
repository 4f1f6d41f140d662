"""Mistakes of insurers with notices that come more than once."""

import json
import threading
from collections.abc import Mapping
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.insurer.spoiling import Handler, Said, around
from broken_institutions.opened import opened_institutions
from reference_institution.insurer import ACTIONS
from reference_institution.insurer.notices import Notices
from reference_institution.insurer.store import InsurerStore as Store


@defect("insurer/2.8/2/repeated", *(f"insurer/2.8/1/ack-lost-{times}" for times in range(1, 10)))
def issues_an_invoice_at_every_notice() -> None:
    """Makes out invoices by itself, as soon as an application comes in: whichever it is."""
    opened = opened_institutions()

    def issuing(handle: Handler) -> Handler:
        def issue(notices: Notices, said: Said) -> None:
            handle(notices, said)
            body = {"invoice_id": said["invoice_id"]}
            threading.Thread(target=ACTIONS["invoice"], args=(opened[0], body)).start()

        return issue

    around("invoice", issuing)


@defect("insurer/2.8/2/other-content", "insurer/3.1/2/other-content")
def overwrites_what_has_the_same_number() -> None:
    """INSERT … ON DUPLICATE KEY UPDATE: whatever came last is what counts."""

    def add_invoice(store: Store, invoice_id: str, content: Mapping[str, str]) -> None:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        store._write(
            "INSERT OR REPLACE INTO invoices (invoice_id, content) VALUES (:id, :content)",
            {"id": invoice_id, "content": text},
        )

    def add_claim(store: Store, claim: Mapping[str, Any]) -> None:
        text = json.dumps(claim["content"], ensure_ascii=False, sort_keys=True)
        store._write(
            "INSERT OR REPLACE INTO claims VALUES "
            "(:claim_no, :order_no, :guarantee_no, :status, :content, :claim_file)",
            {**claim, "content": text},
        )

    Store.add_invoice = add_invoice  # type: ignore[method-assign]
    Store.add_claim = add_claim  # type: ignore[method-assign]
