"""Parked requests: they hold no thread, and the server's loop does not poll their connections.

The application takes over a parked request and resumes it when there is an answer. Until then the
connections of all parked requests are watched by one selector, a single entry of the loop.
"""

import selectors
import threading
from collections.abc import Callable
from typing import Any

#: Takes over a parked request, given the function that resumes it with a value. Returns a function
#: that removes the request when its client is gone, and returns whether it was still parked.
TakeOver = Callable[[Callable[[Any], None]], Callable[[], bool]]


class Parked(BaseException):
    """Ends the service of a request that stays the first of its channel, to be served again."""

    def __init__(self, take_over: TakeOver) -> None:
        super().__init__()
        self.take_over = take_over


class ParkingLot:
    """The channels of parked requests; `loop` is the socket map of the server's loop."""

    accepting = False

    def __init__(self, loop: dict[int, Any]) -> None:
        self._loop = loop
        self._channels: dict[int, Any] = {}
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        loop[self._selector.fileno()] = self

    def take(self, descriptor: int) -> None:
        """Move a channel out of the loop, until it is given back or its client does something."""
        with self._lock:
            self._channels[descriptor] = self._loop.pop(descriptor)
            self._selector.register(descriptor, selectors.EVENT_READ)

    def give_back(self, descriptor: int) -> None:
        """Move a channel back into the loop, if it is still here."""
        with self._lock:
            if channel := self._channels.pop(descriptor, None):
                self._selector.unregister(descriptor)
                self._loop[descriptor] = channel

    def readable(self) -> bool:
        """Let the loop poll the selector: the client of some channel went away or sent more."""
        return True

    def writable(self) -> bool:
        """Have nothing to write."""
        return False

    def handle_read_event(self) -> None:
        """Move channels whose clients went away or sent more back into the loop, which reads."""
        with self._lock:
            found = self._selector.select(0)
        for key, _ in found:
            self.give_back(key.fd)

    def close(self) -> None:
        """Close all connections that are parked."""
        for channel in self._channels.values():
            channel.close()
        self._selector.close()
