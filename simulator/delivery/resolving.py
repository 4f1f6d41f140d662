"""Looks up a host's addresses within a time limit, which the system's look-up does not have.

That look-up cannot be interrupted, so it is left behind in a daemon thread. Other attempts for the
same host wait for the same thread, and the number of threads is limited.
"""

import socket
import threading
from concurrent.futures import Future
from typing import Any, TypeAlias

from simulator import clock, threads

#: Hosts that are looked up at the same time, at most.
_MOST = 32

#: What `socket.getaddrinfo` returns.
Found: TypeAlias = list[tuple[Any, ...]]

_changed = threading.Condition()
_running: dict[tuple[str, int], Future[Found]] = {}


class TooSlow(Exception):
    """The look-up took too long; it may still be under way."""


def addresses(host: str, port: int, seconds: float) -> Found:
    """Return where to connect to, as `socket.getaddrinfo` does.

    Raises:
        TooSlow: the look-up takes longer than `seconds`.
        OSError: the name is unknown.
        UnicodeError: the host is not a valid name.
    """
    end = clock.monotonic() + seconds
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:
        key = (host, port)  # A name.
    with _changed:
        if not _changed.wait_for(lambda: key in _running or len(_running) < _MOST, seconds):
            raise TooSlow
        lookup = _running.get(key) or _begin(key)
    try:
        return lookup.result(max(end - clock.monotonic(), 0))
    except TimeoutError:
        raise TooSlow from None


def _begin(key: tuple[str, int]) -> Future[Found]:
    lookup: Future[Found] = Future()

    def look_up() -> None:
        try:
            lookup.set_result(socket.getaddrinfo(*key, type=socket.SOCK_STREAM))
        except Exception as error:
            lookup.set_exception(error)
        finally:
            with _changed:
                del _running[key]
                _changed.notify_all()

    _running[key] = lookup
    try:
        threads.start(threading.Thread(target=look_up, name="look-up", daemon=True))
    except threads.OutOfThreads:
        del _running[key]
        raise
    return lookup
