"""Claims: applied for and revoked by the beneficiary (3.1), handled by the insurer (3.2, 3.3)."""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from simulator import ids
from simulator.domain import claim as states
from simulator.domain import money
from simulator.domain import order as order_states
from simulator.domain.machine import NotAllowed
from simulator.errors import Conflict, SimulatorError, Text
from simulator.operations import files, guarantees, orders, owned
from simulator.operations.outgoing import Notice, announce
from simulator.operations.registry import Call, Desk, inbound, push
from simulator.protocol.codes import FAILED, Refusal
from simulator.store.records import Claim, Guarantee, Order, StoredFile

_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]+)?\Z")
#: Members of 3.1 that the beneficiary writes, with ready-made texts.
FIELDS = {
    "claim_reason": "中标后无正当理由不与招标人订立合同",
    "contact_person": "陈测试",
    "contact_phone": "13800000000",
    "contact_mail": "claim@example.com",
    "claim_statement": "",
}


def subject(desk: Desk, claim: Claim) -> tuple[Order, Guarantee]:
    """Return the order of a claim and its valid guarantee: after a re-issue, the new one."""
    order = desk.session.get_one(Order, claim.order_id)
    guarantee = guarantees.current(desk, order)
    if guarantee is None:
        raise LookupError(f"claim {claim.claim_no} stands on an order without a guarantee")
    return order, guarantee


def apply(
    desk: Desk,
    order_no: str,
    amount: str | None,
    fields: Mapping[str, str],
    file_id: str | None = None,
) -> Claim:
    """Let the beneficiary apply for a claim; `amount` in yuan, the whole guarantee by default.

    Raises:
        SimulatorError: the amount or a field does not fit.
        NotFound: the order or the file is unknown.
        Conflict: the order has no guarantee, or a claim on it is still open.
    """
    order = owned.fetch(desk, Order, order_no)
    if order.state not in order_states.CLAIMABLE:
        raise Conflict(
            f"The order {order_no} is {order.state}; a claim needs an issued guarantee.",
            f"订单 {order_no} 状态为 {order.state}；出函后才能申请理赔。",
        )
    still_open = desk.session.scalar(
        select(Claim.claim_no).where(Claim.order_id == order.id, Claim.status.in_(states.OPEN))
    )
    if still_open:
        raise Conflict(
            f"The claim {still_open} on this guarantee is still open.",
            f"该保函的理赔 {still_open} 尚未结束。",
        )
    wanted = amount or order.guarantee_amount
    claimed = money.yuan(wanted) if _AMOUNT.match(wanted) else None
    guaranteed = money.yuan(order.guarantee_amount)
    if claimed is None or claimed <= 0 or (guaranteed is not None and claimed > guaranteed):
        raise SimulatorError(
            f"The claimed amount must be more than 0 and at most {order.guarantee_amount} yuan "
            f"(got {amount}).",
            f"索赔金额必须大于 0 且不超过 {order.guarantee_amount} 元（收到 {amount}）。",
        )
    unknown = set(fields) - set(FIELDS)
    if unknown:
        known = ", ".join(FIELDS)
        raise SimulatorError(
            f"A claim has no field {sorted(unknown)[0]!r}; the fields are: {known}.",
            f"理赔没有字段 {sorted(unknown)[0]!r}；可用字段：{known}。",
        )
    if file_id:
        owned.fetch(desk, StoredFile, file_id)
    claim = Claim(
        account_id=desk.account.id,
        order_id=order.id,
        claim_no=ids.digits(desk.account.seed, "claim", desk.account.next_number(), 12),
        status=states.WAIT_ACCEPT,
        claim_amount=money.written(claimed),
        fields={**FIELDS, **fields},
        file_id=file_id,
    )
    desk.session.add(claim)
    announce(desk, claim_notice(desk, claim))
    return claim


def revoke(desk: Desk, claim_no: str) -> Claim:
    """Let the beneficiary revoke an open claim; pushed as 3.1 again (P48).

    Raises:
        NotFound: the account has no such claim.
        Conflict: the claim has ended.
    """
    claim = owned.fetch(desk, Claim, claim_no)
    try:
        claim.status = states.MACHINE.step(claim.status, "revoke")
    except NotAllowed as error:
        text = _not_allowed(claim, error)
        raise Conflict(text.en, text.zh) from None
    if desk.account.switch("push_claim_revocation"):
        announce(desk, claim_notice(desk, claim))
    return claim


def _not_allowed(claim: Claim, error: NotAllowed) -> Text:
    allowed = ", ".join(error.allowed) or "nothing"
    allowed_zh = "、".join(error.allowed) or "无"
    return Text(
        f"The claim {claim.claim_no} is {error.state}: {error.event} is not allowed there "
        f"(allowed: {allowed}).",
        f"理赔 {claim.claim_no} 状态为 {error.state}，不允许 {error.event}（允许：{allowed_zh}）。",
    )


def _content(desk: Desk, claim: Claim) -> dict[str, str]:
    order, guarantee = subject(desk, claim)
    return {
        "claim_no": claim.claim_no,
        "claim_status": claim.status,
        "guarantee_no": guarantee.guarantee_no,
        "block_name": order.block_name,
        "block_number": order.block_number,
        "principal": order.principal,
        "creditor": order.creditor,
        "claim_amount": claim.claim_amount,
        **claim.fields,
    }


@push("insurer/3.1")
def claim_notice(desk: Desk, claim: Claim) -> Notice:
    """Say that a claim was applied for or revoked; `claim_status` tells which (P48)."""
    content = {"request_method": "apply_claim", **_content(desk, claim)}
    url_fields = {"claim_file": claim.file_id} if claim.file_id else {}
    if not claim.file_id:
        content["claim_file"] = ""
    return Notice("insurer/3.1", claim.claim_no, content, url_fields)


def _called(call: Call) -> tuple[Claim, Order, Guarantee]:
    claim = owned.find(call, Claim, call.params["claim_no"])
    if claim is None:
        why = Text(
            f"There is no claim {call.params['claim_no']}.",
            f"不存在理赔 {call.params['claim_no']}。",
        )
        raise Refusal(FAILED, why, "claim_no")
    order, guarantee = subject(call, claim)
    orders.must_match(call, "guarantee_no", {guarantee.guarantee_no}, FAILED)
    return claim, order, guarantee


@inbound("insurer/3.2")
def update_claim(call: Call) -> str:
    """Take the insurer's decision on a claim (P30)."""
    claim, _, _ = _called(call)
    do_type = call.params["do_type"]
    reason = call.params.get("refuse_reason", "")
    if do_type == "REFUSE_INDEMNITY" and not reason:
        why = Text(
            "refuse_reason is required for REFUSE_INDEMNITY.",
            "do_type 为 REFUSE_INDEMNITY 时 refuse_reason 必填。",
        )
        raise Refusal(FAILED, why, "refuse_reason")
    try:
        claim.status = states.MACHINE.step(claim.status, do_type)
    except NotAllowed as error:
        raise Refusal(3209, _not_allowed(claim, error)) from None
    if do_type == "REFUSE_INDEMNITY":
        claim.refuse_reason = reason
    return "成功"


@inbound("insurer/3.3")
def get_claim(call: Call) -> dict[str, Any]:
    """Return a claim, its file's URL made afresh."""
    claim, order, guarantee = _called(call)
    orders.must_match(call, "principal", {order.principal}, FAILED)
    orders.must_match(call, "creditor", {order.creditor}, FAILED)
    orders.must_match(call, "guarantor", orders.guarantors(call, order), FAILED)
    known: dict[str, Any] = {
        **_content(call, claim),
        "guarantor": order.accept_insurer,
        "out_guarantee": guarantee.guarantor,
        "claim_file": files.url_in(call, claim.file_id) if claim.file_id else None,
    }
    data = call.interface.description["response"]["properties"]["data"]
    return {
        name: known[name] if name in data["required"] else known[name] or None
        for name in data["properties"]
    }
