"""Steps that bring an order, or a push, as far as a test about pushes needs it."""

import hashlib
from typing import Any

from support.institution import Institution
from support.platform import Platform

from simulator import paths

PDF = (paths.fixtures() / "files" / "application.pdf").read_bytes()

Order = dict[str, Any]


def ok(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of a call that was accepted."""
    assert answer["status"] == 200, answer
    return answer


def decide(institution: Institution, order: Order, do_type: str, **more: str) -> dict[str, Any]:
    """Handle an order by 2.4."""
    names = ("order_no", "block_number", "block_name", "principal", "creditor")
    known = {name: order[name] for name in names}
    return ok(
        institution.call("insurer_apply_guarantee_result", order_do_type=do_type, **known, **more)
    )


def pay(institution: Institution, order: Order) -> None:
    """Offer a price, and say that it was paid: the order is WAIT_OUT_GUARANTEE."""
    end = order["guarantee_end_date"]
    decide(institution, order, "3", price="500.00", guarantee_end_date=end)
    decide(institution, order, "4", real_pay="500.00")


def issue(institution: Institution, order: Order, number: str = "BH-1") -> str:
    """Pay and issue the guarantee; return its serial number."""
    pay(institution, order)
    answer = institution.call(
        "insurer_push_guarantee",
        files={"guarantee_pdf": ("guarantee.pdf", PDF, "application/pdf")},
        order_no=order["order_no"],
        guarantee_no=number,
        principal=order["principal"],
        creditor=order["creditor"],
        guarantor=order["accept_insurer"],
        out_guarantee_time="2026-01-05 10:00:00",
        guarantee_pdf_hash=hashlib.sha256(PDF).hexdigest(),
    )
    return str(ok(answer)["data"]["serial_num"])


def demand(platform: Platform, interface: str, about: str, **content: str) -> Any:
    """Let the platform push on demand, and return the push once it was sent."""
    made = platform.post("pushes", interface=interface, about=about, content=content)
    platform.advance(0)
    return platform.push(made["id"])
