"""Announce a change: the push is written in the transaction of the change itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.operations.registry import Desk
from simulator.protocol.catalogue import Interface
from simulator.store.records import Push

#: The states of a push. A notice is pending until it is acknowledged or exhausted; a question
#: and a page are sent once.
PENDING = "pending"
IN_FLIGHT = "in_flight"
HELD = "held"
UNROUTABLE = "unroutable"
ACKNOWLEDGED = "acknowledged"
EXHAUSTED = "exhausted"
QUESTION = "question"
ANSWERED = "answered"
UNANSWERED = "unanswered"
STATES = (
    PENDING,
    IN_FLIGHT,
    HELD,
    UNROUTABLE,
    ACKNOWLEDGED,
    EXHAUSTED,
    QUESTION,
    ANSWERED,
    UNANSWERED,
)


@dataclass(frozen=True)
class Notice:
    """A push: its interface, what it is about, and its business content as text.

    `url_fields` maps parameters to the file whose URL they carry, or to the list of files that
    they describe in JSON; `attachments` maps form fields to the file sent in them.
    """

    interface: str
    about: str
    content: Mapping[str, str]
    url_fields: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, push: Push) -> "Notice":
        """Return what a push says."""
        return cls(push.interface, push.about, push.content, push.url_fields, push.attachments)


def interface_of(desk: Desk, name: str) -> Interface:
    """Return the account's interface of this name.

    Raises:
        SimulatorError: its kind of institution has no such interface.
    """
    return desk.platform.catalogue.fetch(desk.account.kind, name)


def compose(
    desk: Desk,
    name: str,
    about: str,
    known: Mapping[str, str],
    url_fields: Mapping[str, Any] | None = None,
    attachments: Mapping[str, str] | None = None,
) -> Notice:
    """Compose a push of the account's kind from those of the known values that its table has.

    Raises:
        SimulatorError: its kind of institution has no push of this name.
    """
    interface = interface_of(desk, name)
    values = {"request_method": interface.method or "", **known}
    content = {p.name: values[p.name] for p in interface.parameters if p.name in values}
    return Notice(interface.id, about, content, url_fields or {}, attachments or {})


def announce(desk: Desk, notice: Notice) -> Push:
    """Write a push into the outbox: due at once, or `unroutable` without an endpoint (P20)."""
    if _has_endpoint(desk, notice):
        return _write(desk, notice, PENDING, desk.now)
    return _write(desk, notice, UNROUTABLE, None)


def ask(desk: Desk, notice: Notice) -> Push:
    """Write a question (or the jump of 2.1), which the caller itself sends, once (P19)."""
    return _write(desk, notice, QUESTION if _has_endpoint(desk, notice) else UNROUTABLE, None)


def _has_endpoint(desk: Desk, notice: Notice) -> bool:
    name = desk.platform.catalogue.interfaces[notice.interface].name
    return bool(desk.account.endpoints.get(name))


def _write(desk: Desk, notice: Notice, state: str, due: float | None) -> Push:
    fields: dict[str, Any] = {
        "content": dict(notice.content),
        "url_fields": dict(notice.url_fields),
        "attachments": dict(notice.attachments),
    }
    row = Push(
        account_id=desk.account.id,
        interface=notice.interface,
        about=notice.about,
        state=state,
        due=due,
        created_at=desk.now,
        **fields,
    )
    desk.session.add(row)
    desk.session.flush()
    return row
