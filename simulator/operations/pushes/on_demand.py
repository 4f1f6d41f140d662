"""A push on demand: what the platform has on record, said again, or untruly on purpose (假通知)."""

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
    orders,
    owned,
    releases,
)
from simulator.operations.outgoing import Notice
from simulator.operations.registry import Desk
from simulator.protocol.catalogue import Interface
from simulator.store.records import BidChange, Claim, Guarantee, Invoice, Order, Release

#: What no push may be made to say: each attempt stamps and signs for itself.
_OWN = ("sign", "timestamp")


def compose(desk: Desk, name: str, about: str, content: Mapping[str, str]) -> Notice:
    """Return a push about something on record, some of its members replaced by `content`.

    `about` is an order's number; of a question a guarantee's, else that of the claim, invoice or
    batch that the push is about. What is said need not be true, nor have its table's form.

    Raises:
        SimulatorError: there is no push of this name, or it has no such member.
        NotFound: there is nothing of that number.
        Conflict: the principal is offered no jump to the insurer any more (2.1).
    """
    interface = desk.platform.catalogue.fetch(desk.account.kind, name)
    if interface.name not in _COMPOSERS:
        raise SimulatorError(
            f"{interface.name} ({interface.id}) is a call of the institution, no push.",
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


def _order_status(desk: Desk, about: str) -> Notice:
    """Say the order's present state; the old one is that before its last change (P22)."""
    order = owned.fetch(desk, Order, about)
    before = [step["state"] for step in order.history if step["state"] != order.state]
    return orders.order_status(desk, order, before[-1] if before else order.state)


def _bid_opening(desk: Desk, about: str) -> Notice:
    """Say the last change of the bid opening of an order's block; the deadline where none was."""
    order = owned.fetch(desk, Order, about)
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


_COMPOSERS: Mapping[str, Callable[[Desk, str], Notice]] = {
    "order_page": lambda desk, about: orders.order_page(desk, owned.fetch(desk, Order, about)),
    "application": lambda desk, about: guarantor_orders.application(
        desk, owned.fetch(desk, Order, about)
    ),
    "order_status": _order_status,
    "verify": lambda desk, about: guarantees.verify(desk, owned.fetch(desk, Guarantee, about)),
    "query": lambda desk, about: guarantees.query(desk, owned.fetch(desk, Guarantee, about)),
    "invoice_application": lambda desk, about: invoices.invoice_application(
        desk, owned.fetch(desk, Invoice, about)
    ),
    "bid_opening": _bid_opening,
    "release": lambda desk, about: releases.release_notice(desk, owned.fetch(desk, Release, about)),
    "release_search": lambda desk, about: releases.release_search(
        desk, owned.fetch(desk, Guarantee, about)
    ),
    "claim": lambda desk, about: claims.claim_notice(desk, owned.fetch(desk, Claim, about)),
}
