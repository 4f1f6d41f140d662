"""Guarantees (保函): issued (2.5), issued anew (2.11), verified (2.6), queried (2.7)."""

from sqlalchemy import select

from simulator import ids
from simulator.domain import dates
from simulator.domain import order as states
from simulator.domain.machine import NotAllowed
from simulator.errors import Text
from simulator.operations.business import blocks, files, lookup, orders
from simulator.operations.outgoing import Notice, compose
from simulator.operations.registry import Call, Desk, inbound, push
from simulator.protocol.codes import FAILED, Refusal
from simulator.store.records import Guarantee, Order

_PDF_CODES = (2421, 2426, 2422)


def current(desk: Desk, order: Order) -> Guarantee | None:
    """Return the valid guarantee of an order; None before it is issued."""
    return desk.session.scalar(
        select(Guarantee).where(Guarantee.order_id == order.id, Guarantee.current)
    )


@inbound("insurer/2.5")
@inbound("guarantor/2.5")
def push_guarantee(call: Call) -> dict[str, int]:
    """Store an issued guarantee and number it; the same guarantee gets the same number again."""
    upload = files.require_pdf(call, "guarantee_pdf", call.params["guarantee_pdf_hash"], _PDF_CODES)
    out_time = _out_guarantee_time(call)
    order = orders.require_order(call, unknown=2424, foreign=2424)
    _check_names(call, order)
    before = current(call, order)
    if (
        before is not None
        and _is_same(call, before)
        and call.account.switch("push_again") == "same_answer"
    ):
        call.note(
            "The same guarantee was pushed before; the answer is the same (P27).",
            "该保函此前已推送过，返回相同的序列号（P27）。",
        )
        return {"serial_num": before.serial_num}
    if order.state == states.WAIT_OUT_GUARANTEE:
        _require_free_number(call, order)
    try:
        orders.step(call, order, "issue", orders.INSTITUTION)
    except NotAllowed as error:
        raise Refusal(2427, lookup.describe_not_allowed(order, error)) from None
    stored = files.keep(call, upload.name, "application/pdf", upload.content)
    period = (order.guarantee_start_date, order.guarantee_end_date)
    return {"serial_num": _add(call, order, stored.file_id, out_time, period).serial_num}


@inbound("insurer/2.11")
def push_guarantee_update(call: Call) -> dict[str, int]:
    """Store the guarantee re-issued after a changed bid opening (P47)."""
    upload = files.require_pdf(call, "guarantee_pdf", call.params["guarantee_pdf_hash"], _PDF_CODES)
    out_time = _out_guarantee_time(call)
    period = _period(call)
    order = orders.require_order(call, unknown=2424, foreign=2424)
    _check_names(call, order)
    before = current(call, order)
    if before is None or order.state != states.HAS_OUT_GUARANTEE:
        why = Text(
            f"The order {order.order_no} is {order.state}; only an issued guarantee is updated.",
            f"订单 {order.order_no} 状态为 {order.state}；只有已出函的订单才能更新保函。",
        )
        raise Refusal(2427, why)
    bid_changes = blocks.count_changes(call, order)
    if not bid_changes:
        why = Text(
            f"No changed bid opening (2.10) was announced for the block {order.block_number!r}.",
            f"标段 {order.block_number!r} 没有发生过延期开标（2.10）。",
        )
        raise Refusal(2427, why)
    same = _is_same(call, before) and (before.start_date, before.end_date) == period
    if same and before.bid_changes == bid_changes:
        return _answer_same_update(call, before)
    orders.must_match(call, "guarantee_no_old", {before.guarantee_no}, FAILED)
    if call.params["guarantee_no"] != before.guarantee_no:
        _require_free_number(call, order)
    before.current = False
    stored = files.keep(call, upload.name, "application/pdf", upload.content)
    order.guarantee_start_date, order.guarantee_end_date = period
    return {"serial_num": _add(call, order, stored.file_id, out_time, period).serial_num}


def _is_same(call: Call, before: Guarantee) -> bool:
    """Return whether a call sends a guarantee once more: the same number, the same PDF."""
    given = call.params["guarantee_no"], call.params["guarantee_pdf_hash"].lower()
    return given == (before.guarantee_no, before.sha256)


def _answer_same_update(call: Call, before: Guarantee) -> dict[str, int]:
    if call.account.switch("push_again") != "same_answer":
        why = Text(
            f"The guarantee {before.guarantee_no} was pushed before (switch push_again).",
            f"保函 {before.guarantee_no} 此前已推送过（开关 push_again）。",
        )
        raise Refusal(2427, why)
    call.note(
        "The same update was pushed before; the answer is the same (P27).",
        "该保函更新此前已推送过，返回相同的序列号（P27）。",
    )
    return {"serial_num": before.serial_num}


def _check_names(call: Call, order: Order) -> None:
    orders.must_match(call, "principal", {order.principal}, 2319)
    orders.must_match(call, "creditor", {order.creditor}, 2321)
    orders.must_match(call, "guarantor", orders.guarantors(call, order), FAILED)


def _out_guarantee_time(call: Call) -> str:
    text = call.params["out_guarantee_time"]
    moment = dates.read_moment(text)
    if moment is None:
        why = Text(
            f"out_guarantee_time {text} is not a valid time; write yyyy-MM-dd HH:mm:ss.",
            f"out_guarantee_time {text} 不是有效时间；格式为 yyyy-MM-dd HH:mm:ss。",
        )
        raise Refusal(FAILED, why, "out_guarantee_time")
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _day(call: Call, name: str) -> str:
    day = dates.read_date(call.params[name])
    if day is None:
        why = Text(
            f"{name} {call.params[name]} is not a calendar date.",
            f"{name} {call.params[name]} 不是有效日期。",
        )
        raise Refusal(FAILED, why, name)
    return day.isoformat()


def _period(call: Call) -> tuple[str, str]:
    first, last = _day(call, "date1"), _day(call, "date2")
    if last < first:
        why = Text(f"date2 {last} is before date1 {first}.", f"date2 {last} 早于 date1 {first}。")
        raise Refusal(FAILED, why, "date2")
    return first, last


def _require_free_number(call: Call, order: Order) -> None:
    number = call.params["guarantee_no"]
    taken = lookup.find(call, Guarantee, number)
    if taken is not None and (taken.order_id != order.id or taken.current):
        why = Text(
            f"The guarantee number {number} is used by another order of this account.",
            f"保函编号 {number} 已被该账户的其他订单使用。",
        )
        raise Refusal(2428, why, "guarantee_no")


def _add(
    call: Call, order: Order, file_id: str, out_time: str, period: tuple[str, str]
) -> Guarantee:
    number = call.account.next_number()
    guarantee = Guarantee(
        account_id=call.account.id,
        order_id=order.id,
        guarantee_no=call.params["guarantee_no"],
        serial_num=int(ids.digits(call.account.seed, "serial", number, 15)),
        file_id=file_id,
        sha256=call.params["guarantee_pdf_hash"].lower(),
        out_guarantee_time=out_time,
        start_date=period[0],
        end_date=period[1],
        guarantor=call.params["guarantor"],
        trans_no=call.params.get("trans_no") or None,
        bid_changes=blocks.count_changes(call, order),
    )
    call.session.add(guarantee)
    call.session.flush()
    return guarantee


@push("insurer/2.6")
@push("guarantor/2.6")
def verify(desk: Desk, guarantee: Guarantee, pdf_file_id: str | None = None) -> Notice:
    """Compose the question whether a guarantee's PDF is genuine: the stored one, or another."""
    return compose(
        desk,
        "verify",
        guarantee.guarantee_no,
        {"serial_num": str(guarantee.serial_num)},
        attachments={"guarantee_pdf": pdf_file_id or guarantee.file_id},
    )


@push("insurer/2.7")
@push("guarantor/2.7")
def query(desk: Desk, guarantee: Guarantee) -> Notice:
    """Compose the question for a guarantee's particulars."""
    known = {"guarantee_no": guarantee.guarantee_no, "serial_num": str(guarantee.serial_num)}
    return compose(desk, "query", guarantee.guarantee_no, known)
