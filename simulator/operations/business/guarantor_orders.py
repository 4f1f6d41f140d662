"""A guarantor's orders: sent to it (2.1), moved by it (2.3), cancelled by it (2.11)."""

from collections.abc import Mapping
from typing import Any

from simulator.domain import guarantor_order
from simulator.domain import order as states
from simulator.domain.institution import PRODUCTS
from simulator.domain.machine import NotAllowed
from simulator.errors import Text
from simulator.operations.business import lookup, orders
from simulator.operations.outgoing import Notice, compose, interface_of
from simulator.operations.registry import Call, Desk, inbound, on_answer, push
from simulator.protocol.codes import FAILED, Refusal
from simulator.store.records import Order

#: The codes that refuse a move while the principal has to submit material (P52).
_WAITS_FOR_PRINCIPAL = {
    guarantor_order.WAIT_SUBMIT_FIRST_TRAIL: 2332,
    states.WAIT_SUBMIT_TUNE_UP: 2333,
}
_NO_MOVE = 2313
#: For parameters without a code of their own (P15, P53).
_LACKING = 2317
_CANNOT_CANCEL = 2330


@push("guarantor/2.1")
def application(desk: Desk, order: Order) -> Notice:
    """Compose the push of a new order; an optional member without a value is empty (P8)."""
    files = orders.files_of(order)
    own = {"sign", "timestamp", "request_method", *files}
    known = {
        parameter.name: _text(order, parameter.name)
        for parameter in interface_of(desk, "application").parameters
        if parameter.name not in own
    }
    return compose(desk, "application", order.order_no, known, url_fields=files)


def _text(order: Order, name: str) -> str:
    value = orders.member(order, name)
    return "" if value is None else str(value)


@on_answer("guarantor/2.1")
def take_reply(desk: Desk, order_no: str, answer: Mapping[str, Any]) -> list[Text]:
    """Apply a guarantor's answer to 2.1: the order's next state, how it is paid (P31, P56)."""
    order = lookup.find(desk, Order, order_no)
    members = answer.get("data")
    members = members if isinstance(members, Mapping) else {}
    reply = {
        # JSON may have lone surrogates, which cannot be encoded as UTF-8.
        name: value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else value
        for name in ("order_status", "pay_method", "redirect_url", "statement")
        if (value := members.get(name)) is not None
    }
    if order is None or order.reply is not None:
        same = order is None or order.reply == reply
        return [] if same else [_IGNORED]
    if not reply:
        return [_NO_STATUS]
    order.reply = reply
    return [*_state_notes(desk, order, reply.get("order_status")), *_pay_notes(desk, reply)]


_IGNORED = Text(
    "The answer differs from the first one and is ignored (P31).", "应答与首次不同，已忽略（P31）。"
)
_NO_STATUS = Text(
    "The answer has no data.order_status, so the state stays (P31).",
    "应答没有 data.order_status，状态不变（P31）。",
)


def _state_notes(desk: Desk, order: Order, named: object) -> list[Text]:
    """Apply the state that an answer names; return a warning if it cannot be applied."""
    if named is None:
        return [_NO_STATUS]
    if named == order.state:
        return []
    try:
        orders.step(desk, order, f"to {named}", orders.INSTITUTION)
    except NotAllowed:
        return [
            Text(
                f"order_status {named!r} is not ahead of {order.state} for this product; "
                "the state stays (P31).",
                f"order_status {named!r} 不在该流程 {order.state} 之后，状态不变（P31）。",
            )
        ]
    return []


def _pay_notes(desk: Desk, reply: Mapping[str, Any]) -> list[Text]:
    """Return a warning for each mistake in `pay_method` and `redirect_url`."""
    interface = interface_of(desk, "application")
    notes = []
    for name in ("pay_method", "redirect_url"):
        value = reply.get(name)
        needed = name == "pay_method" or reply.get("pay_method") == "REDIRECT"
        if value is None and needed:
            notes.append(
                Text(f"The answer has no data.{name}.", f"应答没有 data.{name}。"),
            )
        elif value is not None and not interface.accepts_in_answer(name, value):
            notes.append(
                Text(
                    f"data.{name} cannot be {value!r}; see the table of {interface.id}.",
                    f"data.{name} 不能为 {value!r}；参见 {interface.id} 的参数表。",
                )
            )
    return notes


@inbound("guarantor/2.3")
def notify_order_status(call: Call) -> str:
    """Move an order for the guarantor: ahead, or back for further material (P31, P52)."""
    named = call.params["order_status"]
    back = call.params.get("is_withdraw") == "1"
    statement = call.params.get("statement", "")
    if back and not statement:
        orders.refuse_missing("statement", _LACKING, "is_withdraw 1", "is_withdraw 为 1")
    amount = orders.read_amount(call, "order_amount", FAILED)
    if amount is None and not back and named == states.WAIT_OUT_GUARANTEE:
        orders.refuse_missing("order_amount", FAILED, named, f"order_status 为 {named}")
    order = orders.require_order(call, unknown=2302, foreign=2334)
    event = _event(order, named, back)
    if event is None:
        call.note(
            f"The order {order.order_no} is {order.state} already; nothing changed (P31).",
            f"订单 {order.order_no} 已是 {order.state}，没有变化（P31）。",
        )
        return "成功"
    try:
        orders.step(call, order, event, orders.INSTITUTION, statement)
    except NotAllowed as error:
        code = _WAITS_FOR_PRINCIPAL.get(order.state, _NO_MOVE)
        raise Refusal(code, lookup.describe_not_allowed(order, error)) from None
    order.order_amount = amount or order.order_amount
    return "成功"


def _event(order: Order, named: str, back: bool) -> str | None:
    """Return the event that a notice means; None if the order is in that state already."""
    product = PRODUCTS[order.ktype]
    if back:
        return None if order.state in product.submitting else f"back to {_target(order, named)}"
    return None if named == order.state else f"to {named}"


def _target(order: Order, named: str) -> str:
    return PRODUCTS[order.ktype].back_from(order.state, named) or named


@inbound("guarantor/2.11")
def cancel_order(call: Call) -> str:
    """Cancel an order, in any state before its guarantee is issued (P31)."""
    order = orders.require_order(call, unknown=2302, foreign=2334)
    try:
        reason = call.params["cancel_reason"]
        orders.step(call, order, "cancel_order", orders.INSTITUTION, reason)
    except NotAllowed as error:
        raise Refusal(_CANNOT_CANCEL, lookup.describe_not_allowed(order, error)) from None
    return "成功"
