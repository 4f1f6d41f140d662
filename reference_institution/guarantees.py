"""Guarantees (保函): what they say, how their PDF is made, and how the platform gets them."""

import hashlib
import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reference_institution import clock
from reference_institution.institution import Institution
from reference_institution.lookups import has_become
from reference_institution.orders import guarantee_period
from reference_institution.platform_client import PlatformRefused, PlatformUnreachable
from reference_institution.signed_pdf import make_document
from reference_institution.store import Row

_BID_GUARANTEE = 1
_NOT_CONVERTED = 2
_CENT = Decimal("0.01")
_RATE = Decimal("0.005")
_LEAST_PREMIUM = Decimal("100.00")
#: Two requests for one guarantee at the same time must not make two documents.
_drafting = threading.Lock()


def draft(institution: Institution, order: Row, edition: int = 1) -> Row:
    """Return the guarantee for an order as it is now; it is stored before the platform gets it.

    Drafting it again gives the same PDF, byte for byte: a second push, because no answer came to
    the first, must carry the same document (2.5).
    """
    number = f"{institution.number_prefix}{order['order_no']}" + (
        f"-{edition}" if edition > 1 else ""
    )
    said = {**particulars(order, number), **institution.own_particulars(order)}
    with _drafting:
        known = institution.store.guarantee(number)
        if known is not None and known["particulars"] == said:
            return known
        out_time = clock.now()
        pdf = _document(institution, order, said, out_time)
        guarantee = {
            "guarantee_no": number,
            "order_no": order["order_no"],
            "edition": edition,
            "particulars": said,
            "out_guarantee_time": out_time,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "pdf": pdf,
        }
        institution.store.keep_guarantee(guarantee)
        return guarantee


def _document(institution: Institution, order: Row, said: dict[str, Any], out_time: str) -> bytes:
    rows = [
        ("保函编号", said["guarantee_no"]),
        ("订单编号", order["order_no"]),
        ("被保证人", said["warrantee"]),
        ("受益人", said["beneficiary"]),
        ("保证人", institution.letter.company),
        ("标段", f"{order['block_number']} {said['proitem']}"),
        ("担保金额", f"{said['amount']} 元"),
        ("担保期间", f"{said['guarantee_start_date']} 至 {said['guarantee_end_date']}"),
        ("出函时间", out_time),
    ]
    return make_document("投标保函", rows, institution.seal)


def particulars(order: Row, guarantee_no: str) -> dict[str, Any]:
    """Return the members of 2.7's answer that both manuals have; the amount is in yuan."""
    start, end = guarantee_period(order["data"])
    return {
        "guarantee_no": guarantee_no,
        "warrantee": order["principal"],
        "beneficiary": order["creditor"],
        "proitem": order["block_name"],
        "variety": _BID_GUARANTEE,
        "amount": _yuan(order["data"]["guarantee_amount"]),
        "guarantee_start_date": start,
        "guarantee_end_date": end,
        # 转开 is a guarantee that another institution gives; a re-issue is not one.
        "is_avert": _NOT_CONVERTED,
    }


def premium(order: Row) -> str:
    """Return the premium in yuan: what was offered, else half a percent, at least 100 yuan."""
    if order["price"]:
        return str(order["price"])
    amount = Decimal(str(order["data"]["guarantee_amount"]))
    return _yuan(max(amount * _RATE, _LEAST_PREMIUM))


def _yuan(amount: object) -> str:
    return str(Decimal(str(amount)).quantize(_CENT))


def hand_over(institution: Institution, method: str, order: Row, guarantee: Row) -> dict[str, Any]:
    """Push a guarantee (2.5), by a call named `method`; return its number and serial number.

    The serial number is None if the platform had the guarantee already.

    Raises:
        PlatformRefused: the platform refuses it, and did not take it before.
        PlatformUnreachable: it did not answer.
    """
    try:
        return push(institution, method, order, guarantee, {})
    except PlatformRefused:
        if not has_become(institution, order, "HAS_OUT_GUARANTEE"):
            raise
    # The platform has it; the serial number comes with its first question (2.6, 2.7).
    return {"guarantee_no": guarantee["guarantee_no"], "serial_num": None}


def push(
    institution: Institution, method: str, order: Row, guarantee: Row, changes: Mapping[str, str]
) -> dict[str, Any]:
    """Push a guarantee with its PDF, and store the serial number that the platform gives it.

    Raises:
        PlatformRefused: the platform refuses it.
        PlatformUnreachable: it did not answer, or its answer has no serial number.
    """
    params = {
        "order_no": order["order_no"],
        "guarantee_no": guarantee["guarantee_no"],
        "principal": order["principal"],
        "creditor": order["creditor"],
        "guarantor": institution.letter.company,
        "out_guarantee_time": guarantee["out_guarantee_time"],
        "guarantee_pdf_hash": guarantee["sha256"],
        **changes,
    }
    answer = institution.client.call(method, params, ("guarantee_pdf", guarantee["pdf"]))
    data = answer.get("data")
    if not isinstance(data, dict) or not data.get("serial_num"):
        raise PlatformUnreachable("the platform's answer has no serial_num")
    # A number in the answer, a text everywhere else (P34).
    serial_num = str(data["serial_num"])
    institution.store.give_serial(guarantee["guarantee_no"], serial_num)
    institution.orders.look_up(order["order_no"])
    return {"guarantee_no": guarantee["guarantee_no"], "serial_num": serial_num}
