"""How a connection ends that a fault struck: late, in drips, or reset; and by no server thread.

One thread holds all of them. A server hands over the socket and serves others meanwhile, so a
hundred clients that wait for an answer cost neither threads nor anybody else's time.
"""

import heapq
import itertools
import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from simulator import clock

#: Connections that are held at a time; those beyond end at once.
_MOST = 256
#: Pieces of a dripping answer in a second, at the most.
_PIECES = 10
#: Seconds that a client may take beyond the time of its drips before it is given up.
_GRACE = 1.0


@dataclass(frozen=True)
class Ending:
    """How a connection ends `seconds` (wall) from now.

    `reset`: its TCP connection is reset; `close`: it is closed; in both the answer is dropped.
    `drip`: the answer is sent in small pieces over all of that time, then it is closed.
    """

    way: Literal["reset", "close", "drip"]
    seconds: float = 0.0


def reset(connection: socket.socket) -> None:
    """Close a connection so that the other side sees a reset, not an end."""
    with suppress(OSError):
        # Lingering for 0 seconds: what was not sent is dropped, and RST goes out instead of FIN.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Parting:
    """One connection on its way to its end."""

    def __init__(self, connection: socket.socket, ending: Ending, answer: bytes) -> None:
        now = clock.monotonic()
        self.connection = connection
        self._resets = ending.way == "reset"
        self._left = answer if ending.way == "drip" else b""
        self._end = now + ending.seconds
        pieces = max(min(len(self._left), int(ending.seconds * _PIECES)), 1)
        self._size = -(-len(self._left) // pieces)
        self._pause = ending.seconds / pieces
        #: When the next thing is done about it, by `clock.monotonic`.
        self.due = now + self._pause if self._left else self._end

    def go_on(self, now: float) -> bool:
        """Send the next piece, or end the connection; return whether there is more to come."""
        if self._left:
            try:
                sent = self.connection.send(self._left[: self._size])
                self._left = self._left[sent:]
            except BlockingIOError:
                # The client does not read; it gets its time, and no more.
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


class Endings:
    """Holds the connections that a server gave away, and ends each in its way."""

    def __init__(self) -> None:
        self._held: list[tuple[float, int, _Parting]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def take(self, connection: socket.socket, ending: Ending, answer: bytes = b"") -> None:
        """Take over a connection (a duplicate is enough) that is to end so."""
        connection.setblocking(False)
        parting = _Parting(connection, ending, answer)
        with self._changed:
            if not self._closed and len(self._held) < _MOST:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="endings", daemon=True)
                    self._thread.start()
                self._hold(parting)
                return
        with suppress(OSError):
            connection.send(answer if ending.way == "drip" else b"")
        parting.end()

    def _hold(self, parting: _Parting) -> None:
        heapq.heappush(self._held, (parting.due, next(self._numbers), parting))
        self._changed.notify()

    def _run(self) -> None:
        while (parting := self._next()) is not None:
            if parting.go_on(clock.monotonic()):
                with self._changed:
                    self._hold(parting)

    def _next(self) -> _Parting | None:
        """Wait until something is due, and return it; None when all is over."""
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
        for _, _, parting in self._held:
            parting.end()
        self._held.clear()
