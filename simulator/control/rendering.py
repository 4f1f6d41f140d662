"""Records rendered in the shapes that the control API answers."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar, cast

from simulator import clock, shapes
from simulator.clock import spoken
from simulator.delivery.verdict import MEANINGS, remedy
from simulator.domain.switches import SWITCHES
from simulator.operations.registry import PlatformConfig
from simulator.protocol.catalogue import Interface
from simulator.store import records

Shape = TypeVar("Shape")


def _render(shape: type[Shape], row: object, **computed: Any) -> Shape:
    """Return a row in a shape: what is not computed is the row's attribute of the same name."""
    required = shape.__required_keys__  # type: ignore[attr-defined]
    shown = {
        name: computed[name] if name in computed else getattr(row, name)
        for name in shape.__annotations__
        if name in computed or name in required
    }
    return cast(Shape, shown)


def render_account(row: records.Account) -> shapes.Account:
    """Render an account, without its credentials."""
    switches = {name: row.switch(name) for name in SWITCHES}
    return _render(shapes.Account, row, btc_id=row.id, switches=switches, clock=render_clock(row))


def render_clock(row: records.Account, next_due: float | None = None) -> shapes.Clock:
    """Render an account's clock as it stands now."""
    wall = clock.wall_now()
    now = row.clock.now(wall)
    return {
        "mode": "real" if row.frozen_at is None else "frozen",
        "now": round(now, 3),
        "ahead": round(row.clock_offset, 3) if row.frozen_at is None else None,
        "text": spoken(now),
        "moving": row.walk_owner is not None,
        "next_due": next_due,
    }


def render_order(row: records.Order) -> shapes.Order:
    """Render an order with all that the platform knows of it."""
    return _render(shapes.Order, row, files=[*row.sign_files, *row.attach_files])


def render_guarantee(row: records.Guarantee, order_no: str) -> shapes.Guarantee:
    """Render a guarantee of an order."""
    revoked = row.release_id is not None
    return _render(shapes.Guarantee, row, order_no=order_no, revoked=revoked)


def render_release(row: records.Release) -> shapes.Release:
    """Render a batch of revoked guarantees."""
    return _render(shapes.Release, row)


def render_invoice(row: records.Invoice) -> shapes.Invoice:
    """Render an invoice."""
    return _render(shapes.Invoice, row, electronic=row.is_electron)


def render_claim(
    row: records.Claim, order: records.Order, guarantee: records.Guarantee
) -> shapes.Claim:
    """Render a claim on a guarantee of an order."""
    file_id = row.file_ids[0] if row.file_ids else None
    numbers = {"order_no": order.order_no, "guarantee_no": guarantee.guarantee_no}
    return _render(shapes.Claim, row, **numbers, file_id=file_id)


def render_file(row: records.StoredFile) -> shapes.File:
    """Render a file with its bytes."""
    return _render(shapes.File, row, content=base64.b64encode(row.content).decode())


def render_push(
    platform: PlatformConfig, row: records.Push, attempts: Sequence[records.Attempt] | None = None
) -> shapes.Push:
    """Render a push; with its attempts where they are given."""
    interface = platform.catalogue.interfaces[row.interface]
    computed: dict[str, Any] = {"name": interface.name, "attempts_made": row.attempts}
    if attempts is not None:
        computed["attempts"] = [_render_attempt(interface, each) for each in attempts]
    return _render(shapes.Push, row, **computed)


def _render_attempt(interface: Interface, row: records.Attempt) -> shapes.Attempt:
    verdict = row.verdict
    if verdict:
        further = remedy(interface, verdict["code"])
        verdict = {
            **verdict,
            "remedy": further.as_json() if further else None,
            "snippet": MEANINGS[verdict["code"]].snippet,
        }
    return _render(shapes.Attempt, row, verdict=verdict)


def render_journal_entry(row: records.JournalEntry) -> shapes.JournalEntry:
    """Render a journal entry."""
    return _render(shapes.JournalEntry, row, btc_id=row.account_id, push=row.push_id)


def render_fault(row: records.Fault) -> shapes.Fault:
    """Render a fault rule."""
    return _render(shapes.Fault, row)
