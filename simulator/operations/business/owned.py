"""Looking up what belongs to an account, by the number that people know it by."""

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from simulator.errors import NotFound, Text
from simulator.operations.registry import Desk
from simulator.store.records import Base, Claim, Guarantee, Invoice, Order, Release, StoredFile

Record = TypeVar("Record", bound=Base)

#: The column that names a record to people, and the record's name in both languages.
_NAMED_BY: dict[type[Base], tuple[InstrumentedAttribute[str], Text]] = {
    Order: (Order.order_no, Text("order", "订单")),
    Guarantee: (Guarantee.guarantee_no, Text("guarantee", "保函")),
    Invoice: (Invoice.invoice_id, Text("invoice", "发票申请")),
    Release: (Release.revoke_no, Text("batch", "撤销批次")),
    Claim: (Claim.claim_no, Text("claim", "理赔")),
    StoredFile: (StoredFile.file_id, Text("file", "文件")),
}


def find(desk: Desk, record: type[Record], number: str) -> Record | None:
    """Return a record of the account, locked for this transaction; None where it has none.

    Of several with one number, as guarantees may be after a re-issue, the newest.
    """
    values = {"account": desk.account.id, "number": number}
    found: Record | None = desk.session.scalar(_newest(record), values)
    return found


@cache
def _newest(record: type[Base]) -> Select[Any]:
    """Return the statement for a record by its number: made once, because every call asks."""
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


def everything(desk: Desk, record: type[Record]) -> Sequence[Record]:
    """Return all records of a kind that the account has, oldest first."""
    kind: Any = record
    return desk.session.scalars(
        select(record).where(kind.account_id == desk.account.id).order_by(kind.id)
    ).all()
