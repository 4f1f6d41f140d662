"""Sending documents: the guarantee (2.5), its re-issue (2.11), an invoice (2.9)."""

import hashlib
from typing import Any

from reference_institution.actions import Body, CannotAct, member
from reference_institution.guarantees import draft, hand_over, push
from reference_institution.insurer.institution import Insurer, action
from reference_institution.lookups import current_order
from reference_institution.signed_pdf import make_document
from reference_institution.store import Row


@action
def issue(insurer: Insurer, body: Body) -> Any:
    """Sign the guarantee's PDF and push it: `order_no` (2.5)."""
    order = current_order(insurer, body)
    return hand_over(insurer, "insurer_push_guarantee", order, draft(insurer, order))


@action
def reissue(insurer: Insurer, body: Body) -> Any:
    """Push the guarantee again after the bid opening changed: `order_no` (2.11)."""
    order = current_order(insurer, body)
    old = insurer.store.current_guarantee(order["order_no"])
    if old is None:
        raise CannotAct(f"No guarantee was issued for the order {order['order_no']}.")
    new = draft(insurer, order, old["edition"] + 1)
    changes = {
        "guarantee_no_old": old["guarantee_no"],
        "date1": new["particulars"]["guarantee_start_date"],
        "date2": new["particulars"]["guarantee_end_date"],
    }
    return push(insurer, "insurer_push_guarantee_update", order, new, changes)


@action
def invoice(insurer: Insurer, body: Body) -> Any:
    """Issue an invoice that was applied for: `invoice_id` (2.9)."""
    invoice_id = member(body, "invoice_id")
    wanted = insurer.store.invoice(invoice_id)
    if wanted is None:
        raise CannotAct(f"No invoice {invoice_id} was applied for.")
    params, file = {"invoice_id": invoice_id}, None
    if wanted["content"]["is_electron"] == "1":
        pdf = wanted["pdf"] or _invoice_pdf(insurer, wanted)
        params["invoice_pdf_hash"] = hashlib.sha256(pdf).hexdigest()
        file = ("invoice_pdf", pdf)
    # A paper invoice goes by mail; the call only reports that it was issued.
    answer = insurer.client.call("insurer_push_invoice", params, file)
    insurer.store.mark_invoice_issued(invoice_id)
    return answer.get("data")


def _invoice_pdf(insurer: Insurer, wanted: Row) -> bytes:
    said = wanted["content"]
    rows = [
        ("发票申请", wanted["invoice_id"]),
        ("购买方", said["company_name"]),
        ("税号", said.get("identify_number", "")),
        ("项目", f"投标保函保费，订单 {said['order_nos']}"),
    ]
    pdf = make_document("电子发票", rows, insurer.seal)
    return insurer.store.keep_invoice_pdf(wanted["invoice_id"], pdf)
