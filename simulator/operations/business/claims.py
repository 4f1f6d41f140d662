"""Claims: made and revoked by the beneficiary (3.1), handled by institutions (3.2, 3.3)."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from simulator import ids
from simulator.domain import money
from simulator.domain import order as order_states
from simulator.domain.institution import PRODUCTS
from simulator.domain.machine import NotAllowed
from simulator.domain.product import ClaimRules
from simulator.errors import Conflict, SimulatorError, Text
from simulator.operations.business import files, guarantees, lookup, orders
from simulator.operations.outgoing import Notice, announce, compose, interface_of
from simulator.operations.registry import Call, Desk, inbound, push
from simulator.protocol.codes import FAILED, Refusal
from simulator.store.records import Claim, Guarantee, Order, StoredFile

_MOST_FILES = 16
#: The size and the formats of a claim's files: 上传大小限制为10M (guarantor 3.1).
_LARGEST_FILE = 10 * 1024 * 1024
_FILE_TYPES = (
    *("doc", "docx", "ppt", "pdf", "xls", "zip", "rar", "tar", "gzip"),
    *("jpg", "png", "gif", "bmp"),
)
_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]+)?\Z")
#: Members of 3.1 that the beneficiary sets, with ready-made texts; not every kind has all.
FIELDS = {
    "claim_reason": "中标后无正当理由不与招标人订立合同",
    "contact_person": "陈测试",
    "contact_phone": "13800000000",
    "contact_mail": "claim@example.com",
    "claim_statement": "",
}


def subject(desk: Desk, claim: Claim) -> tuple[Order, Guarantee]:
    """Return a claim's order and its valid guarantee, which is the new one after a re-issue."""
    order = desk.session.get_one(Order, claim.order_id)
    guarantee = guarantees.current(desk, order)
    if guarantee is None:
        raise LookupError(f"claim {claim.claim_no} is about an order without a guarantee")
    return order, guarantee


def apply(
    desk: Desk,
    order_no: str,
    amount: str | None,
    fields: Mapping[str, str],
    file_ids: Sequence[str] = (),
) -> Claim:
    """Make a claim for the beneficiary; `amount` is in yuan, by default the whole guarantee.

    `file_ids` are the account's files attached to it: at most one for an insurer, at least one
    for a guarantor.

    Raises:
        SimulatorError: the amount or a field does not fit.
        NotFound: the order or the file is unknown.
        Conflict: the order has no guarantee, or a claim on it is still open.
    """
    order = lookup.fetch(desk, Order, order_no)
    if order.state not in order_states.CLAIMABLE:
        raise Conflict(
            f"The order {order_no} is {order.state}; a claim needs an issued guarantee.",
            f"订单 {order_no} 状态为 {order.state}；出函后才能申请理赔。",
        )
    still_open = desk.session.scalar(
        select(Claim.claim_no).where(
            Claim.order_id == order.id, Claim.status.in_(rules(order).open)
        )
    )
    if still_open:
        raise Conflict(
            f"The claim {still_open} on this guarantee is still open.",
            f"该保函的理赔 {still_open} 尚未结束。",
        )
    claimed = _amount(order, amount)
    _check(desk, fields, file_ids)
    claim = Claim(
        account_id=desk.account.id,
        order_id=order.id,
        claim_no=ids.digits(desk.account.seed, "claim", desk.account.next_number(), 12),
        status=rules(order).first,
        claim_amount=claimed,
        fields={**FIELDS, **fields},
        file_ids=list(file_ids),
    )
    desk.session.add(claim)
    announce(desk, claim_notice(desk, claim))
    return claim


def keep_file(desk: Desk, name: str, content: bytes) -> str:
    """Store a file that the beneficiary attaches to a claim, and return its id.

    Raises:
        SimulatorError: a claim's file cannot have this type or this size.
    """
    stem, _, type_ = name.lower().rpartition(".")
    if not stem or type_ not in _FILE_TYPES or not 0 < len(content) <= _LARGEST_FILE:
        known = ", ".join(_FILE_TYPES)
        raise SimulatorError(
            f"A claim's file has 1 to {_LARGEST_FILE} bytes and is one of: {known} (got "
            f"{name!r} with {len(content)} bytes).",
            f"理赔附件大小为 1 到 {_LARGEST_FILE} 字节，格式为：{known}"
            f"（收到 {name!r}，{len(content)} 字节）。",
        )
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return files.keep(desk, name, media_type, content).file_id


def rules(order: Order) -> ClaimRules:
    """Return the rules of an order's product for claims."""
    return PRODUCTS[order.ktype].claims


def _amount(order: Order, amount: str | None) -> str:
    wanted = amount or order.guarantee_amount
    claimed = money.parse_yuan(wanted) if _AMOUNT.match(wanted) else None
    guaranteed = money.parse_yuan(order.guarantee_amount)
    if claimed is None or claimed <= 0 or (guaranteed is not None and claimed > guaranteed):
        raise SimulatorError(
            f"The claimed amount must be more than 0 and at most {order.guarantee_amount} yuan "
            f"(got {amount}).",
            f"索赔金额必须大于 0 且不超过 {order.guarantee_amount} 元（收到 {amount}）。",
        )
    return money.format_yuan(claimed)


def _check(desk: Desk, fields: Mapping[str, str], file_ids: Sequence[str]) -> None:
    interface = interface_of(desk, "claim")
    listed = [parameter.name for parameter in interface.parameters if parameter.name in FIELDS]
    unknown = set(fields) - set(listed)
    if unknown:
        known = ", ".join(listed)
        raise SimulatorError(
            f"A claim has no field {sorted(unknown)[0]!r}; the fields are: {known}.",
            f"理赔没有字段 {sorted(unknown)[0]!r}；可用字段：{known}。",
        )
    # Insurers get one file as a URL; guarantors get several beside `param`, at least one.
    fewest, most = (1, _MOST_FILES) if interface.files else (0, 1)
    if not fewest <= len(file_ids) <= most:
        raise SimulatorError(
            f"A claim to this institution has {fewest} to {most} files (got {len(file_ids)}).",
            f"该机构的理赔附件数量为 {fewest} 到 {most} 个（收到 {len(file_ids)} 个）。",
        )
    for file_id in file_ids:
        lookup.fetch(desk, StoredFile, file_id)


def move(desk: Desk, claim_no: str, event: str) -> Claim:
    """Move a claim: the beneficiary can `revoke` it (3.1 again, P48), the platform `close` it.

    Raises:
        NotFound: the account has no such claim.
        Conflict: its state does not allow it.
    """
    claim = lookup.fetch(desk, Claim, claim_no)
    try:
        _step(desk, claim, event)
    except NotAllowed as error:
        text = lookup.describe_not_allowed(claim, error)
        raise Conflict(text.en, text.zh) from None
    if event == "revoke" and desk.account.switch("push_claim_revocation"):
        announce(desk, claim_notice(desk, claim))
    return claim


def _step(desk: Desk, claim: Claim, event: str) -> None:
    order = desk.session.get_one(Order, claim.order_id)
    claim.status, _, claim.phase = rules(order).machine.step(claim.place, event).partition("/")


def _content(desk: Desk, claim: Claim) -> dict[str, str]:
    """Return the members of a claim by the names of both kinds' tables."""
    order, guarantee = subject(desk, claim)
    return {
        "claim_no": claim.claim_no,
        "claim_status": claim.status,
        "status": claim.status,
        "guarantee_no": guarantee.guarantee_no,
        "block_name": order.block_name,
        "block_number": order.block_number,
        "principal": order.principal,
        "creditor": order.creditor,
        "guarantor": order.accept_insurer,
        "out_guarantee": guarantee.guarantor,
        "claim_amount": claim.claim_amount,
        **claim.fields,
    }


@push("insurer/3.1")
@push("guarantor/3.1")
def claim_notice(desk: Desk, claim: Claim) -> Notice:
    """Compose the notice of a claim made or revoked, as its status tells (P48).

    If the table has files, all are sent beside `param`, the guarantee first; otherwise the first
    one is sent as a URL.
    """
    known = {**_content(desk, claim), "claim_file": ""}
    if interface_of(desk, "claim").files:
        guarantee = subject(desk, claim)[1]
        attachments = {"guarantee_pdf": guarantee.file_id}
        attachments |= {f"attach_file{n}": file_id for n, file_id in enumerate(claim.file_ids)}
        return compose(desk, "claim", claim.claim_no, known, attachments=attachments)
    carried = {"claim_file": claim.file_ids[0]} if claim.file_ids else {}
    return compose(desk, "claim", claim.claim_no, known, url_fields=carried)


def _require_claim(call: Call) -> tuple[Claim, Order, Guarantee]:
    claim = lookup.find(call, Claim, call.params["claim_no"])
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
    """Apply the insurer's decision on a claim (P30)."""
    claim, _, _ = _require_claim(call)
    do_type = call.params["do_type"]
    reason = call.params.get("refuse_reason", "")
    if do_type == "REFUSE_INDEMNITY" and not reason:
        why = Text(
            "refuse_reason is required for REFUSE_INDEMNITY.",
            "do_type 为 REFUSE_INDEMNITY 时 refuse_reason 必填。",
        )
        raise Refusal(FAILED, why, "refuse_reason")
    _decide(call, claim, do_type)
    if do_type == "REFUSE_INDEMNITY":
        claim.refuse_reason = reason
    return "成功"


def _decide(call: Call, claim: Claim, event: str) -> None:
    try:
        _step(call, claim, event)
    except NotAllowed as error:
        raise Refusal(3209, lookup.describe_not_allowed(claim, error)) from None


@inbound("guarantor/3.2")
def update_claim_result(call: Call) -> str:
    """Apply the guarantor's result of accepting, settling or recovering (P32)."""
    claim, order, _ = _require_claim(call)
    _check_names(call, order)
    _decide(call, claim, f"{call.params['do_type']}/{call.params['status']}")
    claim.note = call.params["note"]
    return "成功"


def _check_names(call: Call, order: Order) -> None:
    orders.must_match(call, "principal", {order.principal}, FAILED)
    orders.must_match(call, "creditor", {order.creditor}, FAILED)
    orders.must_match(call, "guarantor", orders.guarantors(call, order), FAILED)


@inbound("insurer/3.3")
@inbound("guarantor/3.3")
def get_claim(call: Call) -> dict[str, Any]:
    """Return a claim, with a fresh URL of its file."""
    claim, order, _ = _require_claim(call)
    _check_names(call, order)
    file_id = claim.file_ids[0] if claim.file_ids else None
    known: dict[str, Any] = {
        **_content(call, claim),
        "claim_file": files.url_in(call, file_id) if file_id else None,
    }
    data = call.interface.description["response"]["properties"]["data"]
    return {
        name: known[name] if name in data["required"] else known[name] or None
        for name in data["properties"]
    }
