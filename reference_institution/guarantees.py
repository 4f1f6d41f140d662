"""The guarantees (保函) that the insurer makes out: their particulars, their number, their PDF."""

import hashlib
import threading
from decimal import Decimal
from typing import Any

from reference_institution import clock
from reference_institution.insurer import Insurer
from reference_institution.orders import guarantee_period
from reference_institution.signed_pdf import make_document
from reference_institution.store import Row

_INSURANCE_POLICY = 4
_BID_GUARANTEE = 1
_NOT_CONVERTED = 2
_CENT = Decimal("0.01")
_RATE = Decimal("0.005")
_LEAST_PREMIUM = Decimal("100.00")
#: Two requests for one guarantee at the same time must not make two documents.
_drafting = threading.Lock()


def draft(insurer: Insurer, order: Row, edition: int = 1) -> Row:
    """Return the guarantee that says what the order says now, kept before the platform is told.

    Drafting the same again gives the same PDF, byte for byte: whoever pushes a second time,
    because no answer came to the first, must push the same document (2.5).
    """
    number = f"PL{order['order_no']}" + (f"-{edition}" if edition > 1 else "")
    said = particulars(order, number)
    with _drafting:
        known = insurer.store.guarantee(number)
        if known is not None and known["particulars"] == said:
            return known
        out_time = clock.now()
        pdf = _document(insurer, order, said, out_time)
        guarantee = {
            "guarantee_no": number,
            "order_no": order["order_no"],
            "edition": edition,
            "particulars": said,
            "out_guarantee_time": out_time,
            "sha256": hashlib.sha256(pdf).hexdigest(),
            "pdf": pdf,
        }
        insurer.store.keep_guarantee(guarantee)
        return guarantee


def _document(insurer: Insurer, order: Row, said: dict[str, Any], out_time: str) -> bytes:
    rows = [
        ("保函编号", said["guarantee_no"]),
        ("订单编号", order["order_no"]),
        ("被保证人", said["warrantee"]),
        ("受益人", said["beneficiary"]),
        ("保证人", insurer.letter.company),
        ("标段", f"{order['block_number']} {said['proitem']}"),
        ("担保金额", f"{said['amount']} 元"),
        ("担保期间", f"{said['guarantee_start_date']} 至 {said['guarantee_end_date']}"),
        ("出函时间", out_time),
    ]
    return make_document("投标保函", rows, insurer.seal)


def particulars(order: Row, guarantee_no: str) -> dict[str, Any]:
    """Return the members of 2.7's answer, but for the serial number; the amount in yuan."""
    start, end = guarantee_period(order["data"])
    return {
        "guarantee_no": guarantee_no,
        "ktype": _INSURANCE_POLICY,
        "warrantee": order["principal"],
        "beneficiary": order["creditor"],
        "proitem": order["block_name"],
        "variety": _BID_GUARANTEE,
        "amount": _yuan(order["data"]["guarantee_amount"]),
        "guarantee_start_date": start,
        "guarantee_end_date": end,
        # 转开 is a guarantee given through another institution, which a re-issue is not.
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
