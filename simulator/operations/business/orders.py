"""Orders: read by institutions (2.3), decided by the insurer (2.4), moved by the principal."""

from typing import Any, NoReturn

from sqlalchemy import select

from simulator.clock import spoken
from simulator.domain import dates, money
from simulator.domain import order as states
from simulator.domain.institution import PRODUCTS
from simulator.domain.machine import Machine, NotAllowed
from simulator.errors import Conflict, Text
from simulator.operations.business import files, lookup
from simulator.operations.outgoing import Notice, announce, compose, interface_of
from simulator.operations.registry import Call, Desk, inbound, push
from simulator.protocol.codes import Refusal
from simulator.protocol.diagnosis.sign.numbers import explain_number
from simulator.protocol.plaintext import json_text
from simulator.store import foreign
from simulator.store.records import Order

INSTITUTION = "institution"
#: The columns of members of an order's table; all others are in `details`.
_COLUMNS = {
    "order_status": "state",
    **{
        name: name
        for name in (
            *("order_no", "ktype", "accept_insurer", "block_number", "block_name"),
            *("bid_deadline", "valid_day", "guarantee_amount", "order_amount"),
            *("guarantee_start_date", "guarantee_end_date", "creditor", "principal"),
        )
    },
}
#: Letters of a step's note.
_NOTE = 1000
#: How many steps of an order's history are kept; the oldest are dropped.
_HISTORY = 200
#: 2.4's `order_do_type`: the codes for `status` missing and wrong, a wrong state, a late cancel.
_STATUS_MISSING = {"1": 2304, "2": 2307}
_STATUS_WRONG = {"1": 2305, "2": 2308, "3": 2329, "4": 2329}
_WRONG_STATE = {"1": 2323, "2": 2324, "3": 2325, "4": 2313}
_CANNOT_CANCEL = {"1": 2330, "2": 2330, "3": 2330, "4": 2331}
_WAITS_FOR_PRINCIPAL = {"1": 2332, "2": 2333}


def require_order(call: Call, unknown: int, foreign: int) -> Order:
    """Return the order that a call names.

    Raises:
        Refusal: no account has it (`unknown`), or it is another institution's (`foreign`).
    """
    order_no = call.params["order_no"]
    order = lookup.find(call, Order, order_no)
    if order is not None:
        return order
    elsewhere = call.session.scalar(select(Order.id).where(Order.order_no == order_no).limit(1))
    if elsewhere is None:
        why = Text(f"There is no order {order_no}.", f"不存在订单 {order_no}。")
        raise Refusal(unknown, why, "order_no")
    why = Text(
        f"The order {order_no} belongs to another institution.",
        f"订单 {order_no} 属于其他机构。",
    )
    raise Refusal(foreign, why, "order_no")


def must_match(call: Call, name: str, accepted: set[str], code: int) -> None:
    """Compare a name in a call with what the platform knows (P26).

    Raises:
        Refusal: it is none of the accepted texts.
    """
    given = call.params.get(name, "")
    if given not in accepted:
        known = " / ".join(sorted(accepted))
        why = Text(
            f"{name} is {given!r}, but the platform has {known!r}; 2.3 gives the present names.",
            f"{name} 为“{given}”，而平台记录为“{known}”；请以 2.3 返回的名称为准。",
        )
        raise Refusal(code, why, name)


def guarantors(desk: Desk, order: Order) -> set[str]:
    """Return the names accepted as an order's guarantor: the account's, the accepting insurer's."""
    shown = order.details.get("guarantor")
    return {desk.account.company, order.accept_insurer, *([shown] if shown else [])}


def machine_of(desk: Desk, order: Order) -> Machine:
    """Return the state machine of an order's product."""
    return PRODUCTS[order.ktype].machines[desk.account.switch("due_diligence")]


def step(desk: Desk, order: Order, event: str, by: str, note: str = "") -> None:
    """Move an order by an event, add it to the history, and announce a change by others.

    Raises:
        NotAllowed: the order's state does not allow the event.
    """
    old = order.state
    order.state = machine_of(desk, order).step(old, event)
    entry = {"at": spoken(desk.now), "event": event, "by": by, "state": order.state}
    if note:
        entry["note"] = foreign.cut(note, _NOTE)
    order.history = [*order.history, entry][-_HISTORY:]
    own = by == INSTITUTION and not desk.account.switch("push_own_changes")
    if order.state != old and not own:
        announce(desk, order_status(desk, order, old))


@push("insurer/2.2")
@push("guarantor/2.4")
def order_status(desk: Desk, order: Order, old_state: str) -> Notice:
    """Compose the notice of an order's new status; `order_status_old` is the previous one (P22)."""
    separate = PRODUCTS[order.ktype].guarantor_applies
    known = {
        "order_no": order.order_no,
        "block_number": order.block_number,
        "block_name": order.block_name,
        "principal": order.principal,
        "creditor": order.creditor,
        "applicant": order.accept_insurer if separate else order.principal,
        "order_status_old": old_state,
        "order_status": order.state,
    }
    return compose(desk, "order_status", order.order_no, known)


def member(order: Order, name: str, default: str | None = None) -> Any:
    """Return a member of an order's table: a column of its own, or one of its details."""
    column = _COLUMNS.get(name)
    return getattr(order, column) if column else order.details.get(name, default)


def files_of(order: Order) -> dict[str, list[dict[str, str]]]:
    """Return an order's files by the member that carries them, described as it requires."""
    return {
        "guarantee_sign_files": order.sign_files,
        "attach_files": [{"file_id": file["file_id"]} for file in order.attach_files],
    }


@push("insurer/2.1")
def order_page(desk: Desk, order: Order) -> Notice:
    """Compose the jump to the insurer's page; offered in every state up to WAIT_PAY (P19).

    Raises:
        SimulatorError: the account is not an insurer's.
        Conflict: the order is past payment or cancelled.
    """
    interface = interface_of(desk, "order_page")
    if order.state not in states.BEFORE_PAYMENT:
        raise Conflict(
            f"The order {order.order_no} is {order.state}; the jump to the insurer is offered "
            "only before payment.",
            f"订单 {order.order_no} 状态为 {order.state}；仅在支付前可跳转到保险公司。",
        )
    return_url = f"{desk.platform.public_url}/principal/{desk.account.id}/orders/{order.order_no}"
    content = {"order_no": order.order_no, "return_url": return_url}
    return Notice(interface.id, order.order_no, content)


@inbound("insurer/2.3")
@inbound("guarantor/2.2")
def get_order(call: Call) -> dict[str, Any]:
    """Return all members of an order in the table's order, with fresh file URLs."""
    order = require_order(call, unknown=1101, foreign=1102)
    table = call.interface.description["response"]["properties"]["data"]
    required = set(table["required"])
    return {
        name: _member(call, order, name, "" if name in required else None)
        for name in table["properties"]
    }


def _member(call: Call, order: Order, name: str, default: str | None) -> Any:
    match name:
        case "guarantee_sign_files" | "attach_files":
            # An array for insurers, JSON as text for guarantors (P7).
            listed = files.describe(call.platform, call.account, call.wall, files_of(order)[name])
            return json_text(listed) if call.interface.holds_json(name) else listed
        case "guarantee_template_file_name":
            return order.details.get("guarantee_template_name", default)
        case "append_content":
            return order.details.get(name, [])
        case "guarantor":
            return order.details.get(name, call.account.company)
        case _:
            return member(order, name, default)


@inbound("insurer/2.4")
def handle_order(call: Call) -> str:
    """Apply the insurer's decision: confirm, due diligence, offer, pay or cancel (P24, P25)."""
    do_type = call.params["order_do_type"]
    event = states.EVENTS[do_type, _read_status(call, do_type)]
    _require_for(call, do_type, event)
    order = require_order(call, unknown=2302, foreign=2334)
    must_match(call, "block_number", {order.block_number}, 2318)
    must_match(call, "block_name", {order.block_name}, 2318)
    must_match(call, "principal", {order.principal}, 2319)
    must_match(call, "creditor", {order.creditor}, 2321)
    _step_or_refuse(call, order, do_type, event)
    if event == "offer":
        order.price = call.params["price"]
        order.guarantee_end_date = call.params["guarantee_end_date"]
    if event == "pay":
        paid, price = call.params["real_pay"], order.price
        order.real_pay = paid
        if price is not None and money.parse_yuan(paid) != money.parse_yuan(price):
            call.note(
                f"real_pay {paid} differs from the offered price {price}.",
                f"real_pay {paid} 与报价 {price} 不同。",
            )
    return "成功"


def _read_status(call: Call, do_type: str) -> str:
    """Return the `status`, by default 1: types 3 and 4 may leave it out (P24)."""
    status = call.params.get("status", "")
    if not status:
        if do_type in _STATUS_MISSING:
            refuse_missing("status", _STATUS_MISSING[do_type], f"type {do_type}", f"类型 {do_type}")
        return "1"
    if (do_type, status) not in states.EVENTS:
        why = Text(
            f"status {status!r} has no meaning for order_do_type {do_type}.",
            f"order_do_type {do_type} 时 status 不能为 {status!r}。",
        )
        raise Refusal(_STATUS_WRONG[do_type], why, "status")
    return status


def _require_for(call: Call, do_type: str, event: str) -> None:
    """Check what the table requires by type: 2 a note, 3 price and end date, 4 the payment.

    A cancellation precedes these rules, and requires its reason (P24).
    """
    noted = bool(call.params.get("note"))
    lenient = call.account.switch("lenient_note") and event == "pass_due_diligence"
    if event == "cancel":
        if not noted:
            refuse_missing("note", 2317, "a cancellation (status 3)", "取消订单（status 3）")
    elif do_type == "2":
        if not noted and not lenient:
            refuse_missing("note", 2317, "type 2", "类型 2")
    elif do_type == "3":
        _require_amount(call, "price", 2309, 2310, do_type)
        _require_end_date(call)
    elif do_type == "4":
        _require_amount(call, "real_pay", 2317, 2317, do_type)


def _require_end_date(call: Call) -> None:
    name = "guarantee_end_date"
    text = call.params.get(name, "")
    if not text:
        refuse_missing(name, 2317, "type 3", "类型 3")
    end = dates.read_date(text) if call.interface.parameter(name).accepts(text) else None
    if end is None:
        why = Text(
            f"{name} {text} is not a calendar date in the form yyyy-MM-dd.",
            f"{name} {text} 不是 yyyy-MM-dd 格式的有效日期。",
        )
        raise Refusal(2317, why, name)
    call.params[name] = end.isoformat()


def _require_amount(call: Call, name: str, missing_code: int, wrong: int, do_type: str) -> None:
    amount = read_amount(call, name, wrong)
    if amount is None:
        refuse_missing(name, missing_code, f"type {do_type}", f"类型 {do_type}")
    call.params[name] = amount


def read_amount(call: Call, name: str, wrong: int) -> str | None:
    """Return an amount of a call as text for the wire; None if the call has none.

    Raises:
        Refusal: it is not above 0 yuan, or has more than two decimals (`wrong`).
    """
    text = call.params.get(name, "")
    if not text:
        return None
    amount = money.parse_yuan(text) if call.interface.parameter(name).accepts(text) else None
    if amount is None or amount <= 0:
        why = Text(
            f"{name} is {text}; it must be more than 0, in yuan, with two decimals at most.",
            f"{name} 为 {text}；必须大于 0（元），最多两位小数。",
        )
        mistake = explain_number(text, call.interface.parameter(name).accepts)
        raise Refusal(wrong, why, name, hints=(mistake.describe(),) if mistake else ())
    return money.format_yuan(amount)


def refuse_missing(name: str, code: int, when_en: str, when_zh: str) -> NoReturn:
    """Refuse a call that lacks a parameter required in this case.

    Raises:
        Refusal: always.
    """
    why = Text(f"{name} is required for {when_en}.", f"{when_zh} 时 {name} 必填。")
    raise Refusal(code, why, name)


def _step_or_refuse(call: Call, order: Order, do_type: str, event: str) -> None:
    try:
        step(call, order, event, INSTITUTION, call.params.get("note", ""))
    except NotAllowed as error:
        code = _WRONG_STATE[do_type]
        if event == "cancel":
            code = _CANNOT_CANCEL[do_type]
        elif order.state == states.WAIT_SUBMIT_TUNE_UP:
            code = _WAITS_FOR_PRINCIPAL.get(do_type, code)
        raise Refusal(code, lookup.describe_not_allowed(order, error)) from None


def act(desk: Desk, order_no: str, event: str, by: str, note: str = "") -> Order:
    """Move an order for the principal or the platform: submit, cancel, finish.

    Raises:
        NotFound: the account has no such order.
        Conflict: its state does not allow the event.
    """
    order = lookup.fetch(desk, Order, order_no)
    try:
        step(desk, order, event, by, note)
    except NotAllowed as error:
        text = lookup.describe_not_allowed(order, error)
        raise Conflict(text.en, text.zh) from None
    return order
