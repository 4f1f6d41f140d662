"""Look up the records of an account by the number that people know them by."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from simulator.domain.machine import NotAllowed
from simulator.errors import NotFound, Text
from simulator.operations.registry import Desk
from simulator.store.records import Base, Claim, Guarantee, Invoice, Order, Release, StoredFile

Record = TypeVar("Record", bound=Base)

#: The column with the number that people know a record by, and the record's name.
_NAMED_BY: dict[type[Base], tuple[InstrumentedAttribute[str], Text]] = {
    Order: (Order.order_no, Text("order", "订单")),
    Guarantee: (Guarantee.guarantee_no, Text("guarantee", "保函")),
    Invoice: (Invoice.invoice_id, Text("invoice", "发票申请")),
    Release: (Release.revoke_no, Text("batch", "撤销批次")),
    Claim: (Claim.claim_no, Text("claim", "理赔")),
    StoredFile: (StoredFile.file_id, Text("file", "文件")),
}


def find(desk: Desk, record: type[Record], number: str) -> Record | None:
    """Return a record of the account, locked for this transaction; None if there is none.

    Of several with one number, such as guarantees after a re-issue, the newest is returned.
    """
    values = {"account": desk.account.id, "number": number}
    found: Record | None = desk.session.scalar(_newest(record), values)
    return found


@cache
def _newest(record: type[Base]) -> Select[Any]:
    """Return the query for a record by its number; built once, because every call needs it."""
    column, _ = _NAMED_BY[record]
    kind: Any = record
    return (
        select(record)
        .where(kind.account_id == bindparam("account"), column == bindparam("number"))
        .order_by(kind.id.desc())
        .limit(1)
        .with_for_update()
    )


def fetch(desk: Desk, record: type[Record], number: str) -> Record:
    """Return a record of the account, locked for this transaction.

    Raises:
        NotFound: the account has no such record.
    """
    found = find(desk, record, number)
    if found is None:
        name = _NAMED_BY[record][1]
        raise NotFound(
            f"The account {desk.account.name} has no {name.en} {number}.",
            f"账户 {desk.account.name} 没有{name.zh} {number}。",
        )
    return found


def find_all(desk: Desk, record: type[Record]) -> Sequence[Record]:
    """Return all records of one type that the account has, oldest first."""
    kind: Any = record
    return desk.session.scalars(
        select(record).where(kind.account_id == desk.account.id).order_by(kind.id)
    ).all()


def describe_not_allowed(record: Base, error: NotAllowed) -> Text:
    """Describe that a record's state does not allow an event, and which events it allows."""
    column, name = _NAMED_BY[type(record)]
    number = getattr(record, column.key)
    allowed = ", ".join(error.allowed) or "nothing"
    allowed_zh = "、".join(error.allowed) or "无"
    return Text(
        f"The {name.en} {number} is {error.state}: {error.event} is not allowed there "
        f"(allowed: {allowed}).",
        f"{name.zh} {number} 状态为 {error.state}，不允许 {error.event}（允许：{allowed_zh}）。",
    )
