"""Profiles this process by cProfile: own time by kind of work."""

import cProfile
import itertools
import pstats
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from measure import milliseconds

from simulator.app import Simulator
from simulator.gateway.pipeline import Pipeline
from simulator.gateway.wire import Request
from simulator.operations.traffic import Traffic
from simulator.settings import Settings

_FORM = "application/x-www-form-urlencoded"
#: The kind of work, by the first word in a function's file or, for C functions, its name.
_KINDS = {
    "RSA": ("cryptography", "RSAPrivateKey", "Crypto", "simulator/protocol/rsa"),
    "SQLite itself SQLite 本身": ("sqlite3.",),
    "SQLAlchemy": ("sqlalchemy",),
    "JSON and its schemas JSON 与校验": ("/json/", "_json", "json.", "jsonschema", "referencing"),
    "HTTP client, threads HTTP 客户端、线程": (
        *("socket", "/http/", "urllib", "requests", "threading", "lock", "email"),
    ),
    "the simulator's own code 模拟器自身": ("simulator/",),
}
_OTHER = "the rest of Python 其余"


@contextmanager
def running(folder: str) -> Iterator[Simulator]:
    """Run a simulator in this process."""
    simulator = Simulator(replace(Settings(), port=0, control_port=0, data=folder))
    simulator.start()
    try:
        yield simulator
    finally:
        simulator.stop()


def calls(simulator: Simulator, forms: Sequence[dict[str, str]]) -> Callable[[], None]:
    """Return a function that serves the next call without HTTP."""
    pipeline = Pipeline(
        simulator.database, simulator.platform, Traffic(), simulator.journal, lambda: None
    )
    requests = itertools.cycle([Request("insurer", "127.0.0.1", f, {}, _FORM) for f in forms])

    def serve() -> None:
        answer = pipeline.serve(next(requests)).answer
        assert answer is not None, "no fault strikes here"
        assert answer["status"] == 200, answer

    return serve


def pushes(simulator: Simulator, account_id: int) -> Callable[[], None]:
    """Return a function that delivers the next push of a frozen account in this thread."""

    def deliver() -> None:
        lease = simulator.dispatcher.outbox.acquire_due(time.time(), account_id)
        assert lease is not None
        [result] = simulator.dispatcher.deliver(lease)
        assert result.verdict.acknowledged, result.verdict

    return deliver


def shares(work: Callable[[], None], count: int) -> tuple[float, dict[str, float]]:
    """Return the milliseconds that the work takes, and the share of each kind of work."""
    for _ in range(10):
        work()
    each = [milliseconds(work) for _ in range(count)]
    with cProfile.Profile() as profile:
        for _ in range(count):
            work()
    return statistics.median(each), _by_kind(profile)


def _by_kind(profile: cProfile.Profile) -> dict[str, float]:
    times: Counter[str] = Counter()
    found: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined]
    for (file, _, name), (_, _, own, _, callers) in found.items():
        kind = _kind(name if file == "~" else file)
        if file != "~" or kind != _OTHER or not callers:
            times[kind] += own
            continue
        # Built-in functions (len, dict.get, ...) count as work of their caller.
        for (caller_file, _, caller_name), caller in callers.items():
            times[_kind(caller_name if caller_file == "~" else caller_file)] += caller[2]
    return {kind: time / times.total() for kind, time in times.most_common()}


def _kind(text: str) -> str:
    return next((k for k, words in _KINDS.items() if any(w in text for w in words)), _OTHER)
