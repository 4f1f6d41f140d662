"""Whose entries the journal gets: said by the writers of all processes, read by the one that waits.

A pipe, because workers inherit it. What is said comes after the commit, so whoever reads it sees
the entry.
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
    """The end of the pipe that each process has; it never lets its writer wait."""

    def __init__(self, descriptor: int) -> None:
        os.set_blocking(descriptor, False)
        self._pipe = open(descriptor, "wb", buffering=0)  # noqa: SIM115 - closed by close()

    def say(self, account_id: int | None) -> None:
        """Say whose entry was committed; None where it belongs to no account."""
        self._write(_STRAY if account_id is None else account_id)

    def wake(self) -> None:
        """Let the reader return though nothing was written."""
        self._write(_NOTHING)

    def _write(self, number: int) -> None:
        # What a full pipe does not take is made up for: it is read in whole chunks, after which
        # everybody is looked for. One without a reader belongs to a master that is gone.
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
    """The pipe: `writer` is this process's end of it."""

    def __init__(self) -> None:
        self._reading, writing = os.pipe()
        os.set_blocking(self._reading, False)
        self.writer = FeedWriter(writing)
        self._poll = select.poll()
        self._poll.register(self._reading, select.POLLIN)

    def read(self, seconds: float | None) -> Collection[int | None] | None:
        """Wait until something is said, `seconds` at most; return whose entries were written.

        None where there are too many to say: they may be anybody's.
        """
        self._poll.poll(None if seconds is None else math.ceil(max(seconds, 0) * 1000))
        try:
            said = os.read(self._reading, _CHUNK)
        except BlockingIOError:
            return ()
        if len(said) == _CHUNK:
            return None
        numbers = {number for (number,) in _RECORD.iter_unpack(said)}
        return {number or None for number in numbers - {_NOTHING}}

    def close(self) -> None:
        """Close both ends."""
        self.writer.close()
        os.close(self._reading)
