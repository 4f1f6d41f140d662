"""Requests that wait for the journal, and their cost for other requests to the control API.

Fails where 200 waiting requests make `/health` 3 times as slow as none.
"""

import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from calls import connect, exchange
from measure import Report, Server, alternating, milliseconds, ratio, report, simulator

_WAITERS = 200
_BOUND = 3.0


def main() -> None:
    """Measure and report."""
    page = report("waiting", "Waiting for the journal 等待日志")
    rounds, count = (2, 20) if page.quick else (7, 100)
    with tempfile.TemporaryDirectory() as folder, simulator("--data", folder) as server:
        for name in ("waited", "other"):
            server.control.post("accounts", name=name)
        _health(page, server, rounds, count)
        _answers(page, server, rounds)
    page.finish()


def _health(page: Report, server: Server, rounds: int, count: int) -> None:
    def ask() -> float:
        times = [milliseconds(lambda: server.control.get("health")) for _ in range(count)]
        return statistics.median(times)

    def ask_beside_waiters() -> float:
        with _parked(server):
            return ask()

    alone, beside = alternating(rounds, ask, ask_beside_waiters)
    times = ratio(beside, alone)
    page.row("`/health` alone 无等待请求", f"{statistics.median(alone):.2f} ms")
    page.row(
        f"`/health` beside {_WAITERS} waiting requests 另有 {_WAITERS} 个等待请求",
        f"{statistics.median(beside):.2f} ms = {times:.2f} × alone",
        "≤ 1.5 ×",
        times <= 1.5,
    )
    page.check("/health beside waiting requests ÷ alone", times, most=_BOUND)


def _answers(page: Report, server: Server, rounds: int) -> None:
    found = []
    for _ in range(rounds):
        with _parked(server) as threads:

            def write_and_join(threads: list[threading.Thread] = threads) -> None:
                server.control.post("accounts", "waited", "orders")
                for thread in threads:
                    thread.join()

            found.append(milliseconds(write_and_join))
    page.row(
        f"one entry, until all {_WAITERS} have it 一条日志送达全部",
        f"{statistics.median(found):.0f} ms",
    )


@contextmanager
def _parked(server: Server) -> Iterator[list[threading.Thread]]:
    """Let requests wait for the account's next event, which is written at the end."""
    events = server.control.get("accounts", "waited", "journal", direction="event")
    after = events[-1]["id"] if events else 0
    path = f"/control/v1/accounts/waited/journal/wait?direction=event&after={after}&timeout=120"
    host = server.control.url.partition("://")[2]
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(server.control.url)) for _ in range(_WAITERS)]
        threads = [
            threading.Thread(target=exchange, args=(connection, request))
            for connection in connections
        ]
        for thread in threads:
            thread.start()
        while server.control.get("health")["waiting"] < _WAITERS:
            pass
        yield threads
        server.control.post("accounts", "waited", "orders")
        for thread in threads:
            thread.join()


if __name__ == "__main__":
    main()
