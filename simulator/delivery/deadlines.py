"""Ends attempts whose time is over, by shutting their sockets, all from one thread.

A timer for each would cost a thread, which is more than the rest of a quick attempt.
"""

import heapq
import itertools
import socket
import threading

from simulator import clock


class Deadline:
    """Shuts a socket when the time is over."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._end = clock.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._done = False
        _watchman.expect(self._end, self)

    def watch(self, connected: socket.socket) -> None:
        """Shut this socket, now if the time is over already."""
        self._socket = connected
        if self.over:
            self.shut()

    def left(self) -> float:
        """Return the seconds that are left; a little at least, because 0 means for ever."""
        return max(self._end - clock.monotonic(), 0.001)

    def shut(self) -> None:
        """End the attempt, unless it has ended by itself."""
        if self._done:
            return
        self.over = True
        if self._socket is not None:
            # The base class's method: an SSL socket's own first forgets its session, which
            # would raise something else in the thread that reads.
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def cancel(self) -> None:
        """Say that the attempt has ended."""
        self._done, self._socket = True, None


class _Watchman:
    """The thread that waits for the next end; it starts with the first attempt."""

    def __init__(self) -> None:
        self._ends: list[tuple[float, int, Deadline]] = []
        self._numbers = itertools.count()
        self._earlier = threading.Condition()
        self._thread: threading.Thread | None = None

    def expect(self, end: float, deadline: Deadline) -> None:
        with self._earlier:
            heapq.heappush(self._ends, (end, next(self._numbers), deadline))
            if self._thread is None:
                self._thread = threading.Thread(target=self._wait, name="deadlines", daemon=True)
                self._thread.start()
            elif self._ends[0][2] is deadline:
                self._earlier.notify()

    def _wait(self) -> None:
        while True:
            self._next().shut()

    def _next(self) -> Deadline:
        """Wait until a time is over, and return whose."""
        with self._earlier:
            while not self._ends or self._ends[0][0] > clock.monotonic():
                left = self._ends[0][0] - clock.monotonic() if self._ends else None
                self._earlier.wait(left)
            return heapq.heappop(self._ends)[2]


_watchman = _Watchman()
