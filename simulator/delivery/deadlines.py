"""Ends overdue attempts by shutting down their sockets, all from one thread.

A timer for each would need a thread, which costs more than the rest of a quick attempt.
"""

import heapq
import itertools
import socket
import threading

from simulator import clock, threads


class Deadline:
    """Shuts down a socket when its time is over."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        self._end = clock.monotonic() + seconds
        self._socket: socket.socket | None = None
        self._done = False
        _watchman.expect(self._end, self)

    def watch(self, connected: socket.socket) -> None:
        """Shut down this socket when the time is over, at once if it is over already."""
        self._socket = connected
        if self.over:
            self.shut()

    def left(self) -> float:
        """Return the seconds left, never 0, which would mean no time-out."""
        return max(self._end - clock.monotonic(), 0.001)

    def shut(self) -> None:
        """Shut down the socket, unless the attempt has ended."""
        if self._done:
            return
        self.over = True
        if self._socket is not None:
            # The base class's method: that of an SSL socket first drops its session, which
            # would raise another error in the thread that reads.
            try:
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def cancel(self) -> None:
        """Declare that the attempt has ended."""
        self._done, self._socket = True, None


class _Watchman:
    """The thread that waits for the next deadline; it starts with the first attempt."""

    def __init__(self) -> None:
        self._ends: list[tuple[float, int, Deadline]] = []
        self._numbers = itertools.count()
        self._earlier = threading.Condition()
        self._thread: threading.Thread | None = None

    def expect(self, end: float, deadline: Deadline) -> None:
        with self._earlier:
            if self._thread is None:
                watching = threading.Thread(target=self._wait, name="deadlines", daemon=True)
                self._thread = threads.start(watching)
            heapq.heappush(self._ends, (end, next(self._numbers), deadline))
            if self._ends[0][2] is deadline:
                self._earlier.notify()

    def _wait(self) -> None:
        while True:
            self._next().shut()

    def _next(self) -> Deadline:
        """Wait for the next deadline that is over, and return it."""
        with self._earlier:
            while not self._ends or self._ends[0][0] > clock.monotonic():
                left = self._ends[0][0] - clock.monotonic() if self._ends else None
                self._earlier.wait(left)
            return heapq.heappop(self._ends)[2]


_watchman = _Watchman()
