"""Count each account's calls in progress; a walk of the clock waits for them (P46)."""

import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Accounts that share a slot also wait for each other's calls, which only costs time.
_SLOTS = 4096
_POLL = 0.01


class Traffic:
    """Counts the calls in progress by account, in memory that several processes may share.

    `file` is the descriptor of a file of `size_for(processes)` bytes, shared by all of them;
    each counts in a row of its own, and waits for the sum. None counts for this process alone.
    """

    def __init__(self, file: int | None = None, processes: int = 1, row: int = 0) -> None:
        size = self.size_for(processes)
        self._memory = mmap.mmap(-1, size) if file is None else mmap.mmap(file, size)
        self._counts = memoryview(self._memory).cast("i")
        self._processes = processes
        self._start = row * _SLOTS
        self._changed = threading.Condition()

    @staticmethod
    def size_for(processes: int) -> int:
        """Return the bytes that this many processes need."""
        return processes * _SLOTS * 4

    @contextmanager
    def passing(self, account_id: int) -> Iterator[None]:
        """Count a call of the account as in progress while the block runs."""
        slot = self._start + account_id % _SLOTS
        with self._changed:
            self._counts[slot] += 1
        try:
            yield
        finally:
            with self._changed:
                self._counts[slot] -= 1
                self._changed.notify_all()

    def wait_until_quiet(self, account_id: int, limit: float) -> bool:
        """Wait at most `limit` seconds until no call is in progress; return whether none is."""
        rounds = int(limit / _POLL)
        with self._changed:
            for _ in range(rounds):
                if not self._in_progress(account_id):
                    return True
                self._changed.wait(_POLL)
            return not self._in_progress(account_id)

    def _in_progress(self, account_id: int) -> bool:
        slots = range(account_id % _SLOTS, self._processes * _SLOTS, _SLOTS)
        return any(self._counts[slot] > 0 for slot in slots)

    def forget(self, row: int) -> None:
        """Forget the calls of a process that is gone."""
        with self._changed:
            for slot in range(row * _SLOTS, (row + 1) * _SLOTS):
                self._counts[slot] = 0
            self._changed.notify_all()
