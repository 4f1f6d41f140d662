"""The journal: every exchange, decrypted, searchable, in order, within a limit."""

import json
import typing
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Table, cast, delete, insert, or_, select
from sqlalchemy.orm import Session

from simulator.store import foreign
from simulator.store.database import after_commit
from simulator.store.journal_feed import FeedWriter
from simulator.store.records import JournalEntry

#: Old entries are removed when an entry's number is a multiple of this.
_PRUNE_EVERY = 100

#: The direction of what people did through the control API, which is not an exchange: listed only
#: where it is asked for.
EVENT = "event"

_TABLE = typing.cast(Table, JournalEntry.__table__)
#: What may hold what others wrote.
_FOREIGN = ("about", "sent", "received", "notes")
#: A plain INSERT: the unit of work would cost as much as the rest of a call.
_INSERT = insert(_TABLE)


@dataclass(frozen=True)
class Search:
    """Which entries are wanted; None and empty conditions mean any.

    `strays` adds those that could be assigned to no account, a call that does not open for one.
    Without a direction exchanges alone are meant.
    """

    account_id: int | None = None
    strays: bool = False
    after: int = 0
    direction: str | None = None
    interfaces: tuple[str, ...] = ()
    about: str | None = None
    status: str | None = None
    text: str | None = None
    limit: int = 100

    def build_statement(self) -> Select[Any]:
        """Return the query for the entries, newest first."""
        found = select(JournalEntry).where(JournalEntry.id > self.after)
        if self.account_id is not None:
            own = JournalEntry.account_id == self.account_id
            stray = JournalEntry.account_id.is_(None)
            found = found.where(or_(own, stray) if self.strays else own)
        if self.direction is None:
            found = found.where(JournalEntry.direction != EVENT)
        for column, wanted in (
            (JournalEntry.direction, self.direction),
            (JournalEntry.about, self.about),
            (JournalEntry.status, self.status),
        ):
            if wanted is not None:
                found = found.where(column == wanted)
        if self.interfaces:
            found = found.where(JournalEntry.interface.in_(self.interfaces))
        if self.text:
            found = found.where(or_(*self._build_text_conditions(self.text)))
        return found.order_by(JournalEntry.id.desc()).limit(self.limit)

    @staticmethod
    def _build_text_conditions(text: str) -> list[ColumnElement[bool]]:
        # JSON columns hold non-ASCII text as escapes, so the searched text is escaped likewise.
        escaped = json.dumps(text)[1:-1]
        return [
            cast(column, String).contains(wanted, autoescape=True)
            for column, wanted in (
                (JournalEntry.about, text),
                (JournalEntry.sent, escaped),
                (JournalEntry.received, escaped),
                (JournalEntry.notes, escaped),
            )
        ]


def search(session: Session, wanted: Search) -> Sequence[JournalEntry]:
    """Return the entries that match, oldest first; of too many, the newest."""
    return list(reversed(session.scalars(wanted.build_statement()).all()))


@dataclass(frozen=True)
class Writer:
    """Writes the journal entries of one process; of all entries the newest `limit` are kept."""

    limit: int
    feed: FeedWriter

    def write(self, session: Session, entry: JournalEntry, secrets: Collection[str] = ()) -> None:
        """Add an entry without credentials; once it is committed, the feed is notified.

        `secrets` are masked besides the credentials that all accounts have.
        """
        values = {name: value for name, value in vars(entry).items() if not name.startswith("_sa_")}
        there = {name: values[name] for name in _FOREIGN if name in values}
        values.update(foreign.clean(session, there, secrets))
        [number] = session.connection().execute(_INSERT, values).inserted_primary_key or [0]
        if number % _PRUNE_EVERY == 0:
            session.execute(delete(JournalEntry).where(JournalEntry.id <= number - self.limit))
        after_commit(session, partial(self.feed.notify, entry.account_id))
