"""Hold the connections that a fault struck, and end them: late, in drips, or by a reset.

A single thread holds all of them. The server hands over the socket and serves others meanwhile, so
a hundred clients that wait for an answer block no server thread.
"""

import heapq
import itertools
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from simulator import clock, threads

#: How many connections are held at a time; any others end at once.
_MOST = 256
#: The most pieces of a dripping answer per second.
_PIECES = 10
#: Seconds that a slow client gets beyond the time of its drips.
_GRACE = 1.0


@dataclass(frozen=True)
class Ending:
    """How a connection ends `seconds` (wall) from now.

    `reset`: it is reset; `close`: it is closed; both drop the answer. `drip`: the answer is sent in
    small pieces over that time, then the connection is closed.
    """

    way: Literal["reset", "close", "drip"]
    seconds: float = 0.0


def reset(connection: socket.socket) -> None:
    """Close a connection by a reset (RST)."""
    with suppress(OSError):
        # Lingering for 0 seconds drops what was not sent, and sends RST instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Held:
    """A connection that is held until it ends."""

    def __init__(self, connection: socket.socket, ending: Ending, answer: bytes) -> None:
        now = clock.monotonic()
        self.connection = connection
        self._resets = ending.way == "reset"
        self._left = answer if ending.way == "drip" else b""
        self._end = now + ending.seconds
        pieces = max(min(len(self._left), int(ending.seconds * _PIECES)), 1)
        self._size = -(-len(self._left) // pieces)
        self._pause = ending.seconds / pieces
        #: When to go on with it, by `clock.monotonic`.
        self.due = now + self._pause if self._left else self._end

    def go_on(self, now: float) -> bool:
        """Send the next piece, or end the connection; return whether it is still held."""
        if self._left:
            try:
                sent = self.connection.send(self._left[: self._size])
                self._left = self._left[sent:]
            except BlockingIOError:
                # The client does not read; it gets its time, but no more.
                self._left = self._left if now < self._end + _GRACE else b""
            except OSError:
                self._left = b""
        if self._left:
            self.due = now + self._pause
            return True
        self.end()
        return False

    def end(self) -> None:
        """Reset or close the connection."""
        if self._resets:
            reset(self.connection)
        else:
            self.connection.close()


class HeldConnections:
    """The connections that a server handed over, each of which ends in its own way."""

    def __init__(self) -> None:
        self._held: list[tuple[float, int, _Held]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def take(self, connection: socket.socket, ending: Ending, answer: bytes = b"") -> None:
        """Take over a connection, or a duplicate of it, and let it end as said."""
        connection.setblocking(False)
        held = _Held(connection, ending, answer)
        with self._changed:
            if not self._closed and len(self._held) < _MOST:
                with suppress(threads.OutOfThreads):
                    if self._thread is None:
                        holding = threading.Thread(
                            target=self._run, name="held-connections", daemon=True
                        )
                        self._thread = threads.start(holding)
                    self._hold(held)
                    return
        with suppress(OSError):
            connection.send(answer if ending.way == "drip" else b"")
        held.end()

    def _hold(self, held: _Held) -> None:
        heapq.heappush(self._held, (held.due, next(self._numbers), held))
        self._changed.notify()

    def _run(self) -> None:
        while (held := self._next()) is not None:
            if held.go_on(clock.monotonic()):
                with self._changed:
                    self._hold(held)

    def _next(self) -> _Held | None:
        """Wait until a connection is due, and return it; None once this is closed."""
        with self._changed:
            while not self._closed:
                now = clock.monotonic()
                if self._held and self._held[0][0] <= now:
                    return heapq.heappop(self._held)[2]
                self._changed.wait(self._held[0][0] - now if self._held else None)
            return None

    def close(self) -> None:
        """End all connections at once."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        for _, _, held in self._held:
            held.end()
        self._held.clear()
