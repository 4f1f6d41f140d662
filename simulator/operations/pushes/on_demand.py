"""Pushes on demand: of what is on record, or false on purpose (假通知)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import select

from simulator.domain import dates
from simulator.errors import SimulatorError
from simulator.operations.business import (
    blocks,
    claims,
    guarantees,
    guarantor_orders,
    invoices,
    lookup,
    orders,
    releases,
)
from simulator.operations.business.lookup import Record
from simulator.operations.outgoing import Notice
from simulator.operations.registry import Desk
from simulator.protocol.catalogue import Interface
from simulator.store.records import BidChange, Claim, Guarantee, Invoice, Order, Release

#: Members that cannot be changed: each attempt sets its own timestamp and sign.
_OWN = ("sign", "timestamp")


def compose(desk: Desk, name: str, about: str, content: Mapping[str, str]) -> Notice:
    """Compose a push about something on record, with some members replaced by `content`.

    `about` is the number of the order, guarantee (for questions), claim, invoice or batch that the
    push is about. The content need not be true, nor have the form that the table requires.

    Raises:
        SimulatorError: there is no push of this name, or it has no such member.
        NotFound: nothing has that number.
        Conflict: the jump to the insurer (2.1) is not offered any more.
    """
    interface = desk.platform.catalogue.fetch(desk.account.kind, name)
    if interface.name not in _COMPOSERS:
        raise SimulatorError(
            f"{interface.name} ({interface.id}) is a call of the institution, not a push.",
            f"{interface.name}（{interface.id}）是机构的调用，不是推送。",
        )
    _check(interface, content)
    notice = _COMPOSERS[interface.name](desk, about)
    urls = {each: file for each, file in notice.url_fields.items() if each not in content}
    return replace(notice, content={**notice.content, **content}, url_fields=urls)


def _check(interface: Interface, content: Mapping[str, str]) -> None:
    known = [each.name for each in interface.parameters if each.name not in _OWN]
    for name in content:
        if name not in known:
            listed = ", ".join(known)
            raise SimulatorError(
                f"{interface.id} has no member {name!r} that can be set; there are: {listed}.",
                f"{interface.id} 没有可设置的参数 {name!r}；可用参数：{listed}。",
            )


def _order_status(desk: Desk, order: Order) -> Notice:
    """Compose the notice of an order's state; the old one precedes its last change (P22)."""
    before = [step["state"] for step in order.history if step["state"] != order.state]
    return orders.order_status(desk, order, before[-1] if before else order.state)


def _bid_opening(desk: Desk, order: Order) -> Notice:
    """Compose the last change of an order's bid opening, or its deadline if there was none."""
    change = desk.session.scalar(
        select(BidChange)
        .where(
            BidChange.account_id == desk.account.id,
            BidChange.block_number == order.block_number,
            BidChange.block_name == order.block_name,
        )
        .order_by(BidChange.id.desc())
        .limit(1)
    )
    moment = dates.read_moment(order.bid_deadline, "%Y-%m-%d %H:%M")
    unchanged = f"{moment:%Y-%m-%d %H:%M:%S}" if moment else order.bid_deadline
    shown = change or BidChange(type=blocks.TYPES["change"], open_tender_time=unchanged)
    return blocks.bid_opening(desk, order, shown)


def _about(
    record: type[Record], compose: Callable[[Desk, Record], Notice]
) -> Callable[[Desk, str], Notice]:
    """Return a function that composes a push about the record of a number."""
    return lambda desk, number: compose(desk, lookup.fetch(desk, record, number))


_COMPOSERS: Mapping[str, Callable[[Desk, str], Notice]] = {
    "order_page": _about(Order, orders.order_page),
    "application": _about(Order, guarantor_orders.application),
    "order_status": _about(Order, _order_status),
    "verify": _about(Guarantee, guarantees.verify),
    "query": _about(Guarantee, guarantees.query),
    "invoice_application": _about(Invoice, invoices.invoice_application),
    "bid_opening": _about(Order, _bid_opening),
    "release": _about(Release, releases.release_notice),
    "release_search": _about(Guarantee, releases.release_search),
    "claim": _about(Claim, claims.claim_notice),
}
