"""The calls of each account that are in progress; a walk of the clock waits for them (P46)."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Traffic:
    """Counts the calls in progress by account."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def passing(self, account_id: int) -> Iterator[None]:
        """While the block runs, a call of the account is in progress."""
        with self._changed:
            self._counts[account_id] += 1
        try:
            yield
        finally:
            with self._changed:
                self._counts[account_id] -= 1
                self._changed.notify_all()

    def wait_until_quiet(self, account_id: int, limit: float) -> bool:
        """Wait at most `limit` seconds until no call is in progress; return whether so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._counts[account_id] <= 0, limit)
