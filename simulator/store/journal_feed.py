"""Tells the process in which requests wait which accounts got journal entries.

A pipe, whose writing end every worker inherits. A notification follows the commit, so whoever
reads it finds the entry in the database.
"""

import math
import os
import select
import struct
from collections.abc import Collection
from contextlib import suppress

_RECORD = struct.Struct("q")
#: In the place of an account's number: an entry of no account, and no entry at all.
_STRAY, _NOTHING = 0, -1
#: Bytes that are read at a time. No pipe is smaller, so one that is full gives as many at least.
_CHUNK = 4096


class FeedWriter:
    """The writing end of the pipe, one for each process; writing never blocks."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._pipe = open(descriptor, "wb", buffering=0)  # noqa: SIM115 - closed by close()

    def notify(self, account_id: int | None) -> None:
        """Notify the reader that an account got an entry; None: it belongs to no account."""
        self._write(_STRAY if account_id is None else account_id)

    def wake(self) -> None:
        """Let the reader return although no entry was written."""
        self._write(_NOTHING)

    def _write(self, number: int) -> None:
        # A full pipe drops the notification: the reader takes a full chunk as "any account". A
        # pipe without a reader belongs to a master that is gone.
        with suppress(BrokenPipeError, ValueError):
            self._pipe.write(_RECORD.pack(number))

    @property
    def descriptor(self) -> int:
        """The descriptor that a worker inherits."""
        return self._pipe.fileno()

    def close(self) -> None:
        """Close this end."""
        self._pipe.close()


class Feed:
    """Both ends of the pipe; `writer` is this process's writing end."""

    def __init__(self) -> None:
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.writer = FeedWriter(writing)
        self._poll = select.poll()
        self._poll.register(self._reading, select.POLLIN)

    def read(self, seconds: float | None) -> Collection[int | None] | None:
        """Wait for notifications, `seconds` at most; return the accounts that got entries.

        None where there were too many notifications: it may be any account.
        """
        self._poll.poll(None if seconds is None else math.ceil(max(seconds, 0) * 1000))
        try:
            records = os.read(self._reading, _CHUNK)
        except BlockingIOError:
            return ()
        if len(records) == _CHUNK:
            return None
        numbers = {number for (number,) in _RECORD.iter_unpack(records)}
        return {number or None for number in numbers - {_NOTHING}}

    def close(self) -> None:
        """Close both ends."""
        self.writer.close()
        os.close(self._reading)
