"""Parked requests: no thread has them, and the server's loop does not look at each of them.

The application takes over a parked request and resumes it when there is an answer. Until then its
connection is watched here, where all of them together are one entry of the loop.
"""

import selectors
import threading
from collections.abc import Callable
from typing import Any

#: Takes over a parked request, given what resumes it with a value; returns what takes the request
#: out again where its client is gone, and says whether it was still parked.
TakeOver = Callable[[Callable[[Any], None]], Callable[[], bool]]


class Parked(BaseException):
    """Leaves a request where it is, the first of its channel's, to be served once more."""

    def __init__(self, take_over: TakeOver) -> None:
        super().__init__()
        self.take_over = take_over


class ParkingLot:
    """The channels of parked requests; `loop` is the map of the server's loop, where it stands."""

    accepting = False

    def __init__(self, loop: dict[int, Any]) -> None:
        self._loop = loop
        self._channels: dict[int, Any] = {}
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        loop[self._selector.fileno()] = self

    def take(self, descriptor: int) -> None:
        """Take a channel out of the loop, until it is given back or its client does something."""
        with self._lock:
            self._channels[descriptor] = self._loop.pop(descriptor)
            self._selector.register(descriptor, selectors.EVENT_READ)

    def give_back(self, descriptor: int) -> None:
        """Give a channel back to the loop, if it is still here."""
        with self._lock:
            if channel := self._channels.pop(descriptor, None):
                self._selector.unregister(descriptor)
                self._loop[descriptor] = channel

    def readable(self) -> bool:
        """Let the loop say when the client of any channel goes away, or sends more."""
        return True

    def writable(self) -> bool:
        """Have nothing to write."""
        return False

    def handle_read_event(self) -> None:
        """Give those channels back whose clients went away or sent more: the loop reads them."""
        with self._lock:
            found = self._selector.select(0)
        for key, _ in found:
            self.give_back(key.fd)

    def close(self) -> None:
        """Close all connections that are parked."""
        for channel in self._channels.values():
            channel.close()
        self._selector.close()
