"""Requests that wait for a journal entry: parked, so that they hold no thread."""

import itertools
import logging
import threading
from collections.abc import Callable, Collection
from functools import cache

from sqlalchemy.exc import SQLAlchemyError

from simulator import clock, shapes
from simulator.control import rendering
from simulator.errors import Conflict
from simulator.store import journal
from simulator.store.database import Database
from simulator.store.journal import Search
from simulator.store.journal_feed import Feed

_LOG = logging.getLogger(__name__)
#: Requests that wait at a time, each of which holds a connection.
MOST = 256
Entries = list[shapes.JournalEntry]


class Waiting(Exception):
    """Nothing matches a search yet; it goes on for `seconds` (wall)."""

    def __init__(self, search: Search, seconds: float) -> None:
        super().__init__(search)
        self.search = search
        self.until = clock.monotonic() + seconds

    def may_match(self, accounts: Collection[int | None] | None) -> bool:
        """Return whether a new entry of these accounts may match; None stands for any account."""
        if accounts is None or self.search.account_id in accounts:
            return True
        return self.search.strays and None in accounts


class Waiters:
    """The parked requests; one thread searches for them all, each time the feed notifies it."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self._database = database
        self._feed = feed
        self._parked: dict[int, tuple[Waiting, Callable[[Entries], None]]] = {}
        self._numbers = itertools.count()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="waiters", daemon=True)

    def __len__(self) -> int:
        """Return how many requests wait."""
        return len(self._parked)

    def start(self) -> None:
        """Start the thread that searches."""
        self._thread.start()

    def check_room(self) -> None:
        """Check that one more request may wait.

        Raises:
            Conflict: there are too many.
        """
        if len(self._parked) >= MOST:
            raise Conflict(
                f"{MOST} requests wait for the journal already, which is the most: let some of "
                "them end, or ask without waiting.",
                f"已有 {MOST} 个请求在等待日志，达到上限：请等待其中一些结束，或改用不等待的查询。",
            )

    def add(self, waiting: Waiting, resume: Callable[[Entries], None]) -> Callable[[], bool]:
        """Park a request: `resume` takes the entries that match, or none once time is up.

        Return a function that removes the request, and returns whether it was still parked.
        """
        number = next(self._numbers)
        self._parked[number] = (waiting, resume)
        # An entry that was written since the request searched has been notified already.
        if found := self._find(waiting.search):
            self._resume(number, found)
        else:
            self._feed.writer.wake()
        return lambda: self._parked.pop(number, None) is not None

    def _run(self) -> None:
        while True:
            ends = [waiting.until for waiting, _ in list(self._parked.values())]
            accounts = self._feed.read(min(ends) - clock.monotonic() if ends else None)
            if self._closed:
                return
            self._look(accounts)

    def _look(self, accounts: Collection[int | None] | None) -> None:
        now = clock.monotonic()
        find = cache(self._find)
        for number, (waiting, _) in list(self._parked.items()):
            over = waiting.until <= now
            if over or waiting.may_match(accounts):
                found = find(waiting.search)
                if found or over:
                    self._resume(number, found)

    def _find(self, search: Search) -> Entries:
        try:
            return search_entries(self._database, search)
        except SQLAlchemyError as error:
            if self._database.outage.explain(error) is None:
                _LOG.warning("The journal could not be searched: %s", type(error).__name__)
            return []

    def _resume(self, number: int, found: Entries) -> None:
        if parked := self._parked.pop(number, None):
            parked[1](found)

    def close(self) -> None:
        """Stop searching; the server closes the connections of the requests that still wait."""
        self._closed = True
        self._feed.writer.wake()
        if self._thread.is_alive():
            self._thread.join()


def search_entries(database: Database, search: Search) -> Entries:
    """Return the entries that match, oldest first, as the control API shows them."""
    with database.reading() as session:
        rows = journal.search(session, search)
        return [rendering.render_journal_entry(row) for row in rows]
