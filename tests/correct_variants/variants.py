"""The variants: each changes the reference institution of a whole process, and stays correct.

One variant is of both kinds; what only guarantors can do otherwise is in `guarantor`.
"""

import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, make_response, request

from correct_variants import guarantor
from reference_institution import app as server
from reference_institution import orders
from reference_institution import pushes as notices
from reference_institution.actions import Body, CannotAct
from reference_institution.insurer.institution import ACTIONS, Insurer
from reference_institution.insurer.notices import Notices
from reference_institution.pushes import NoticeRefused
from reference_institution.store import Row

VARIANTS: dict[str, Callable[[], None]] = {}
#: Seconds that a notice waits for the worker which handles it.
_QUEUE = 0.15


def variant(change: Callable[[], None]) -> Callable[[], None]:
    """Make a function a variant, named like it."""
    VARIANTS[change.__name__] = change
    return change


@variant
def background() -> None:
    """Opens and verifies a notice, acknowledges it, and only then looks at what it says.

    A notice that does not fit is dropped by the worker: acknowledged, without effect (P50).
    """
    for name in ("order_status", "invoice", "bid_opening", "claim"):
        setattr(Notices, name, _later(getattr(Notices, name)))
    guarantor.work_later(_later)


def _later(handle: Callable[..., Any]) -> Callable[..., None]:
    # One at a time, in the order of their coming, as a queue's single worker does.
    turn = threading.Lock()

    def work(*given: Any) -> None:
        with turn:
            try:
                handle(*given)
            except NoticeRefused as refused:
                print(f"dropped: {refused}", flush=True)

    def accept(*given: Any) -> None:
        threading.Timer(_QUEUE, work, given).start()

    return accept


@variant
def strict() -> None:
    """Refuses whatever it may: by HTTP 400, with a text as status; unknown orders unasked (P40)."""
    look_up = orders.Orders.fitting

    def only_known(self: orders.Orders, order_no: str, given: Mapping[str, str]) -> Row | None:
        known = self._store.order(order_no)
        return None if known is None else look_up(self, order_no, given)

    orders.Orders.fitting = only_known  # type: ignore[method-assign]
    _answering(_by_http_400)
    guarantor.refuse_whatever_may_be()


@variant
def lenient() -> None:
    """Reads a lower-case sign (P43), acknowledges with a slip of the pen, as text with a BOM."""
    verify = notices.signing.verify

    def any_case(parameters: Any, secret: str) -> Any:
        return verify({**parameters, "sign": str(parameters.get("sign", "")).upper()}, secret)

    notices.signing = _Signing(any_case)  # type: ignore[attr-defined]
    _answering(_with_oddities)
    guarantor.take_whatever_comes()


@variant
def careful() -> None:
    """Offers only after a passed due diligence, refuses only accepted claims (insurers alone)."""
    done: set[str] = set()
    offer, examine, decide = ACTIONS["offer"], ACTIONS["due_diligence"], ACTIONS["claim"]

    def examining(insurer: Insurer, body: Body) -> Any:
        answer = examine(insurer, body)
        (done.add if body.get("pass", True) else done.discard)(str(body["order_no"]))
        return answer

    def offering(insurer: Insurer, body: Body) -> Any:
        if body.get("order_no") not in done:
            raise CannotAct("There is no offer before the due diligence is passed.")
        return offer(insurer, body)

    def deciding(insurer: Insurer, body: Body) -> Any:
        claim_no = str(body.get("claim_no"))
        if body.get("do") == "REFUSE_INDEMNITY" and claim_no not in done:
            raise CannotAct("A claim is accepted before it is refused.")
        answer = decide(insurer, body)
        done.add(claim_no)
        return answer

    ACTIONS["due_diligence"], ACTIONS["offer"], ACTIONS["claim"] = examining, offering, deciding


class _Signing:
    def __init__(self, verify: Callable[[Any, str], Any]) -> None:
        self.verify = verify


def _answering(change: Callable[[Response], Response]) -> None:
    create = server.create_app

    def changed(*arguments: Any) -> Flask:
        app = create(*arguments)
        app.after_request(change)
        return app

    import reference_institution.__main__ as main

    main.create_app = changed


def _is_notice() -> bool:
    return request.method == "POST" and not request.path.startswith(("/actions", "/order-page"))


def _by_http_400(response: Response) -> Response:
    members = response.get_json(silent=True)
    if _is_notice() and isinstance(members, dict) and members.get("status") != 200:
        return make_response({**members, "status": str(members["status"])}, 400)
    return response


def _is_acknowledgement(members: Any) -> bool:
    # Only there `statue` is printed; that of 2.1 has data, too.
    answered = _is_notice() and isinstance(members, dict) and members.get("status") == 200
    return answered and ("data" not in members or request.path == "/application")


def _with_oddities(response: Response) -> Response:
    members = response.get_json(silent=True)
    if _is_acknowledgement(members):
        said = {"statue": "200", **{n: v for n, v in members.items() if n != "status"}}
        odd = make_response("\ufeff" + json.dumps({**said, "message": "成功"}, ensure_ascii=False))
        odd.content_type = "text/plain; charset=utf-8"
        return odd
    return response
