"""Releases: guarantees revoked by the beneficiary (2.8), released by the guarantor (2.9, 2.10).

The state of a release follows from three facts: the batch that revoked the guarantee, whether it
was forfeited there, and when the guarantor released it (P33, P54).
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from simulator import ids, strict_json
from simulator.domain import dates
from simulator.domain import order as states
from simulator.errors import Conflict, NotFound, Text
from simulator.operations.business import blocks, lookup, orders
from simulator.operations.outgoing import Notice, announce, compose, interface_of
from simulator.operations.registry import Call, Desk, inbound, push
from simulator.protocol.codes import FAILED, Refusal
from simulator.protocol.plaintext import json_text
from simulator.store.records import Guarantee, Order, Release, StoredFile

#: The states of an order whose guarantee can be revoked.
_ISSUED = (states.HAS_OUT_GUARANTEE, states.FINISH)
_NOTE = "本标段招标活动已结束，现撤销下列投标保函"


def guarantees_of(
    desk: Desk, block_number: str, block_name: str | None = None
) -> list[tuple[Order, Guarantee]]:
    """Return the valid guarantees of a block with their orders, oldest first.

    Raises:
        SimulatorError: the block has neither number nor name.
    """
    issued = [
        order
        for order in blocks.orders_of(desk, block_number, block_name)
        if order.state in _ISSUED
    ]
    by_order = {order.id: order for order in issued}
    found = desk.session.scalars(
        select(Guarantee)
        .where(Guarantee.order_id.in_(by_order), Guarantee.current)
        .order_by(Guarantee.id)
        .with_for_update()
    )
    return [(by_order[guarantee.order_id], guarantee) for guarantee in found]


def release(
    desk: Desk,
    block_number: str,
    block_name: str | None = None,
    guarantee_nos: Collection[str] | None = None,
    penalty: Collection[str] = (),
    note: str = _NOTE,
    file_id: str | None = None,
) -> Release:
    """Revoke guarantees of a block for the beneficiary, and forfeit (罚没) those of `penalty`.

    `guarantee_nos` are those to revoke, by default all of the block that are in no batch yet;
    `file_id` is the signed declaration.

    Raises:
        SimulatorError: the account is not a guarantor's, or the block has neither number nor name.
        NotFound: the block has no such guarantee, or the file is unknown.
        Conflict: there is nothing to revoke, or a guarantee is in an earlier batch.
    """
    interface_of(desk, "release")
    listed = guarantees_of(desk, block_number, block_name)
    open_ones = {g.guarantee_no: g for _, g in listed if g.release_id is None}
    if guarantee_nos is None:
        guarantee_nos = [number for number in open_ones if number not in penalty]
    _check_named(block_number, [g for _, g in listed], [*guarantee_nos, *penalty])
    if file_id is not None:
        lookup.fetch(desk, StoredFile, file_id)
    order = listed[0][0]
    batch = Release(
        account_id=desk.account.id,
        revoke_no=ids.digits(desk.account.seed, "release", desk.account.next_number(), 13),
        block_number=order.block_number,
        block_name=order.block_name,
        creditor=order.creditor,
        note=note,
        file_id=file_id,
    )
    desk.session.add(batch)
    desk.session.flush()
    for number in {*guarantee_nos, *penalty}:
        open_ones[number].release_id = batch.id
        open_ones[number].forfeited = number in penalty
    desk.session.flush()
    announce(desk, release_notice(desk, batch))
    return batch


def _check_named(block: str, listed: Iterable[Guarantee], named: Sequence[str]) -> None:
    known = {guarantee.guarantee_no: guarantee for guarantee in listed}
    for number in named:
        if number not in known:
            raise NotFound(
                f"The block {block!r} has no issued guarantee {number}.",
                f"标段 {block!r} 没有已出具的保函 {number}。",
            )
        if known[number].release_id is not None:
            raise Conflict(
                f"The guarantee {number} is in an earlier batch already.",
                f"保函 {number} 已在此前的批次中处理。",
            )
    if not named:
        raise Conflict(
            f"The block {block!r} has no issued guarantee left to revoke.",
            f"标段 {block!r} 没有可撤销的保函。",
        )


@push("guarantor/2.8")
def release_notice(desk: Desk, batch: Release) -> Notice:
    """Compose the notice of a block's guarantees: revoked now, revoked before, forfeited."""
    lists: dict[str, list[dict[str, str]]] = {
        "revoke_success_data": [],
        "current_revoke_data": [],
        "penalty_data": [],
    }
    for order, guarantee in guarantees_of(desk, batch.block_number, batch.block_name):
        name = _list_of(guarantee, batch)
        if name:
            lists[name].append(
                {
                    "guarantee_no": guarantee.guarantee_no,
                    "principal": order.principal,
                    "serial_num": str(guarantee.serial_num),
                }
            )
    known = {
        "revoke_no": batch.revoke_no,
        "block_name": batch.block_name,
        "block_number": batch.block_number,
        "creditor": batch.creditor,
        "note": batch.note,
        "revoke_guarantee_data": json_text(lists),
        "revoke_guarantee_declare_file_hash": "",
    }
    attachments = {}
    if batch.file_id:
        stored = lookup.fetch(desk, StoredFile, batch.file_id)
        known["revoke_guarantee_declare_file_hash"] = stored.sha256
        attachments = {"revoke_guarantee_declare_file": batch.file_id}
    return compose(desk, "release", batch.revoke_no, known, attachments=attachments)


def _list_of(guarantee: Guarantee, batch: Release) -> str | None:
    if guarantee.forfeited:
        return "penalty_data"
    if guarantee.release_id is None:
        return None
    return "current_revoke_data" if guarantee.release_id == batch.id else "revoke_success_data"


@push("guarantor/2.10")
def release_search(desk: Desk, guarantee: Guarantee) -> Notice:
    """Compose the question how far the release of a guarantee has come."""
    order = desk.session.get_one(Order, guarantee.order_id)
    known = {
        "block_number": order.block_number,
        "guarantee_no": guarantee.guarantee_no,
        "serial_num": str(guarantee.serial_num),
    }
    return compose(desk, "release_search", guarantee.guarantee_no, known)


@inbound("guarantor/2.9")
def remove_guarantee(call: Call) -> dict[str, Any]:
    """Release guarantees of one block; the answer lists the items that are wrong."""
    items = _items(call)
    number, name = call.params["block_number"], call.params["block_name"]
    of_block = blocks.orders_of(call, number, name)
    if not of_block:
        why = Text(
            f"This account has no order of a block {number!r} named {name!r}.",
            f"该账户没有编号为 {number!r}、名称为“{name}”的标段的订单。",
        )
        raise Refusal(2318, why, "block_number")
    orders.must_match(call, "creditor", {order.creditor for order in of_block}, 2321)
    known = {g.guarantee_no: g for _, g in guarantees_of(call, number, name)}
    wrong = []
    for item in items:
        message = _remove(call, known, item)
        if message:
            wrong.append({"error_msg": message, "error_info": item})
    error = {"error_total": len(wrong), "data": wrong} if wrong else {"error_total": 0}
    return {"error": error}


def _items(call: Call) -> list[dict[str, str]]:
    """Return the items of `remove_guarantee_data`, each with the table's members as text."""
    text = call.params["remove_guarantee_data"]
    try:
        listed = strict_json.read(text)
        # Python parses lone surrogates, but the answer could not be encoded as UTF-8.
        json.dumps(listed, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list) or not listed or not all(isinstance(i, dict) for i in listed):
        why = Text(
            "remove_guarantee_data must be the JSON text of an array of objects, one at least.",
            "remove_guarantee_data 应为 JSON 数组文本，且至少包含一个对象。",
        )
        raise Refusal(FAILED, why, "remove_guarantee_data")
    return [{name: _text(item.get(name)) for name in _MEMBERS} for item in listed]


_MEMBERS = ("guarantee_no", "remove_guarantee_date", "serial_num")


def _text(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _remove(call: Call, known: Mapping[str, Guarantee], item: Mapping[str, str]) -> str | None:
    """Release one guarantee; return what is wrong with the item, None if nothing is."""
    for name in _MEMBERS:
        if not item[name]:
            return f"参数缺失：{name}"
    moment = dates.read_moment(item["remove_guarantee_date"])
    if moment is None:
        return "参数错误：remove_guarantee_date"
    guarantee = known.get(item["guarantee_no"])
    if guarantee is None:
        return "保函编号不存在"
    if str(guarantee.serial_num) != item["serial_num"]:
        return "保函序列号不正确"
    if guarantee.forfeited:
        return "保函已被罚没"
    if guarantee.release_id is None:
        return "保函未被撤销"
    removed_at = moment.strftime("%Y-%m-%d %H:%M:%S")
    if guarantee.removed_at not in (None, removed_at):
        return "保函已解保"
    if guarantee.removed_at == removed_at:
        call.note(
            f"The guarantee {guarantee.guarantee_no} was released before; nothing changed (P54).",
            f"保函 {guarantee.guarantee_no} 此前已解保，没有变化（P54）。",
        )
    guarantee.removed_at = removed_at
    return None
