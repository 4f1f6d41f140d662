"""Starts threads where the machine may have none left: said once, and once when there are again."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

_LOG = logging.getLogger(__name__)


class OutOfThreads(RuntimeError):
    """The system lets the process start no further thread."""


class _Shortage:
    """Whether the last thread that was wanted could not be started; each change is logged once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_reported = False

    def begin(self) -> None:
        with self._lock:
            is_new, self._is_reported = not self._is_reported, True
        if is_new:
            _LOG.warning(
                "No more threads can be started: pushes wait. Raise `ulimit -u` or the container's "
                "limit of processes, or end other programs."
            )

    def end(self) -> None:
        with self._lock:
            is_over, self._is_reported = self._is_reported, False
        if is_over:
            _LOG.warning("Threads can be started again: what waited goes on.")


_SHORTAGE = _Shortage()


def is_shortage(error: RuntimeError) -> bool:
    """Return whether Python says by this error that the system has no thread left."""
    return "can't start new thread" in str(error)


def start(thread: threading.Thread) -> threading.Thread:
    """Start a thread, and return it.

    Raises:
        OutOfThreads: there is none left.
    """
    try:
        thread.start()
    except RuntimeError as error:
        if not is_shortage(error):
            raise
        _SHORTAGE.begin()
        raise OutOfThreads from error
    _SHORTAGE.end()
    return thread


class Pool:
    """A pool whose work waits when no thread can be started for it."""

    def __init__(self, most: int, name: str) -> None:
        self._executor = ThreadPoolExecutor(most, name)
        self._waits = False

    def submit(self, work: Callable[..., object], *arguments: Any) -> None:
        """Let a thread do it, as soon as there is one."""
        try:
            self._executor.submit(work, *arguments)
        except RuntimeError as error:
            if not is_shortage(error):
                raise
            # It stands in the executor's queue nevertheless, for whichever thread comes next.
            self._waits = True
            _SHORTAGE.begin()

    def retry(self) -> None:
        """Try again to start a thread, if work waits for one."""
        if self._waits:
            self._waits = False
            self.submit(_do_nothing)
            if not self._waits:
                _SHORTAGE.end()

    def close(self) -> None:
        """Wait for what is being done; what is not begun is dropped."""
        self._executor.shutdown(wait=True, cancel_futures=True)


def _do_nothing() -> None:
    pass
