"""Sending documents: the guarantee (2.5), its re-issue (2.11), an invoice (2.9)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from reference_institution.actions import (
    Body,
    CannotAct,
    action,
    current_order,
    has_become,
    member,
)
from reference_institution.guarantees import draft
from reference_institution.insurer import Insurer
from reference_institution.platform_client import PlatformRefused, PlatformUnreachable
from reference_institution.signed_pdf import make_document
from reference_institution.store import Row


@action
def issue(insurer: Insurer, body: Body) -> Any:
    """Sign the guarantee's PDF and push it: `order_no` (2.5)."""
    order = current_order(insurer, body)
    guarantee = draft(insurer, order)
    try:
        return _push(insurer, "insurer_push_guarantee", order, guarantee, {})
    except PlatformRefused:
        if not has_become(insurer, order, "HAS_OUT_GUARANTEE"):
            raise
    # The platform has it; the serial number comes with its first question (2.6, 2.7).
    return {"guarantee_no": guarantee["guarantee_no"], "serial_num": None}


@action
def reissue(insurer: Insurer, body: Body) -> Any:
    """Push the guarantee anew after a changed bid opening: `order_no` (2.11)."""
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
    return _push(insurer, "insurer_push_guarantee_update", order, new, changes)


def _push(
    insurer: Insurer, method: str, order: Row, guarantee: Row, changes: Mapping[str, str]
) -> dict[str, Any]:
    params = {
        "order_no": order["order_no"],
        "guarantee_no": guarantee["guarantee_no"],
        "principal": order["principal"],
        "creditor": order["creditor"],
        "guarantor": insurer.letter.company,
        "out_guarantee_time": guarantee["out_guarantee_time"],
        "guarantee_pdf_hash": guarantee["sha256"],
        **changes,
    }
    answer = insurer.client.call(method, params, ("guarantee_pdf", guarantee["pdf"]))
    data = answer.get("data")
    if not isinstance(data, dict) or not data.get("serial_num"):
        raise PlatformUnreachable("the platform's answer has no serial_num")
    # A number in the answer, a text everywhere else (P34).
    serial_num = str(data["serial_num"])
    insurer.store.give_serial(guarantee["guarantee_no"], serial_num)
    insurer.orders.look_up(order["order_no"])
    return {"guarantee_no": guarantee["guarantee_no"], "serial_num": serial_num}


@action
def invoice(insurer: Insurer, body: Body) -> Any:
    """Make out an invoice that was applied for and report it: `invoice_id` (2.9)."""
    invoice_id = member(body, "invoice_id")
    wanted = insurer.store.invoice(invoice_id)
    if wanted is None:
        raise CannotAct(f"No invoice {invoice_id} was applied for.")
    params, file = {"invoice_id": invoice_id}, None
    if wanted["content"]["is_electron"] == "1":
        pdf = wanted["pdf"] or _invoice_pdf(insurer, wanted)
        params["invoice_pdf_hash"] = hashlib.sha256(pdf).hexdigest()
        file = ("invoice_pdf", pdf)
    # A paper invoice goes by mail; the platform is only told that it exists.
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
