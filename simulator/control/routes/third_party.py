"""Third parties - a buyer, a court - ask the platform on a guarantee; it asks the institution."""

from collections.abc import Callable

from simulator import shapes
from simulator.control.context import Control
from simulator.control.routes.pushes import ask_now
from simulator.control.routing import BASE64, TEXT, Request, decode, route
from simulator.operations import outgoing
from simulator.operations.business import third_party
from simulator.operations.outgoing import Notice
from simulator.operations.registry import Desk
from simulator.protocol.codes import FAILED, OK, Refusal

_PLACE = "/accounts/{account}/third-party"


@route(
    "verify_for_third_party",
    f"POST {_PLACE}/verify",
    "A third party has the platform verify a guarantee's PDF: 2500-2504, or the answered data",
    "第三方请平台验真：返回 2500-2504，或机构的应答数据",
    body={"serial_num": TEXT, "pdf": BASE64},
    keeps=("push",),
)
def verify_for_third_party(control: Control, request: Request) -> shapes.ThirdParty:
    """Answer as the platform does; when all is well the institution is asked (2.6)."""
    pdf = decode(request.body.get("pdf", ""), "pdf")
    serial_num = request.body.get("serial_num", "")
    return _answer(
        control, request.path["account"], lambda desk: third_party.verify(desk, serial_num, pdf)
    )


@route(
    "query_for_third_party",
    f"POST {_PLACE}/query",
    "A third party asks the platform about a guarantee: 2600-2604, or the answered data",
    "第三方请平台查验：返回 2600-2604，或机构的应答数据",
    body={"guarantee_no": TEXT, "serial_num": TEXT},
    keeps=("push",),
)
def query_for_third_party(control: Control, request: Request) -> shapes.ThirdParty:
    """Answer as the platform does; when all is well the institution is asked (2.7)."""
    guarantee_no = request.body.get("guarantee_no", "")
    serial_num = request.body.get("serial_num", "")
    return _answer(
        control,
        request.path["account"],
        lambda desk: third_party.query(desk, guarantee_no, serial_num),
    )


def _answer(control: Control, account: str, compose: Callable[[Desk], Notice]) -> shapes.ThirdParty:
    """Return the platform's answer: `status` and `data`, and beside them why, and what was asked.

    An institution that refuses or is silent is the general failure: its own codes (5.5, 5.6) have
    the numbers of others in 5.3.
    """
    with control.view(account) as desk:
        kind = desk.account.kind
    codes = control.platform.catalogue.codes
    try:
        push = ask_now(control, account, compose)
    except Refusal as refusal:
        data = codes.answer(refusal.code, kind, refusal.parameter)["data"]
        why = shapes.Sentence(en=refusal.why.en, zh=refusal.why.zh)
        return {"status": refusal.code, "data": data, "why": why, "push": None}
    if push["state"] == outgoing.ANSWERED:
        data = (push["answer"] or {}).get("data")
        return {"status": OK, "data": data, "why": None, "push": push["id"]}
    verdict = push["attempts"][-1]["verdict"]
    why = shapes.Sentence(en=verdict["en"], zh=verdict["zh"])
    data = codes.answer(FAILED, kind)["data"]
    return {"status": FAILED, "data": data, "why": why, "push": push["id"]}
