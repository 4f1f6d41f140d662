"""The variants: each changes the reference institution of a whole process, and stays correct."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, make_response, request

from reference_institution import app as server
from reference_institution import orders
from reference_institution import pushes as notices
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


def _later(handle: Callable[[Notices, Mapping[str, str]], None]) -> Callable[..., None]:
    # One at a time, in the order of their coming, as a queue's single worker does.
    turn = threading.Lock()

    def work(self: Notices, said: Mapping[str, str]) -> None:
        with turn:
            try:
                handle(self, said)
            except NoticeRefused as refused:
                print(f"dropped: {refused}", flush=True)

    def accept(self: Notices, said: Mapping[str, str]) -> None:
        threading.Timer(_QUEUE, work, (self, said)).start()

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


@variant
def lenient() -> None:
    """Reads a lower-case sign (P43), acknowledges with a slip of the pen, as text with a BOM."""
    verify = notices.signing.verify

    def any_case(parameters: Any, secret: str) -> Any:
        return verify({**parameters, "sign": str(parameters.get("sign", "")).upper()}, secret)

    notices.signing = _Signing(any_case)  # type: ignore[attr-defined]
    _answering(_with_oddities)


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


def _with_oddities(response: Response) -> Response:
    members = response.get_json(silent=True)
    if _is_notice() and members == {"status": 200}:
        odd = make_response(b'\xef\xbb\xbf{"statue": "200", "message": "\xe6\x88\x90\xe5\x8a\x9f"}')
        odd.content_type = "text/plain; charset=utf-8"
        return odd
    return response
