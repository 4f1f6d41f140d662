"""Calls of 2.4 (two RSA blocks, sign, state, journal) a second, beside a stub and bare RSA.

Fails below 0.1 times the stub.
"""

import json
import statistics
import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import anatomy
import limits
from calls import call, connect, http, make_orders, offers, open_account, rate, token
from measure import Report, alternating, helper, milliseconds, ratio, report, serve_command
from measure import simulator as run_simulator

from simulator.driver import ControlClient

_BOUND = 0.1
_BLOCKS = 2


def _two_processes() -> bool:
    command = [serve_command()[0], "serve", "--help"]
    return "--workers" in subprocess.run(command, capture_output=True, text=True).stdout


def main() -> None:
    """Measure and report."""
    page = report("inbound", "Inbound calls 接口调用")
    orders, count, rounds = (5, 60, 2) if page.quick else (200, 600, 7)
    alone = _compare(page, orders, count, rounds)
    _limits(page, 0.2 if page.quick else 1.0)
    _anatomy(page, orders, alone)
    page.finish()


def _compare(page: Report, orders: int, count: int, rounds: int) -> float:
    """Return the milliseconds of a call of one client alone."""
    names = {"simulator, one process 模拟器（单进程）": ()}
    if _two_processes():
        names["simulator, `--workers 2` 模拟器（两进程）"] = ("--workers", "2")
    with ExitStack() as open_now:
        urls, requests = [], []
        for options in names.values():
            folder = open_now.enter_context(tempfile.TemporaryDirectory())
            server = open_now.enter_context(run_simulator("--data", folder, *options))
            letter = open_account(server.control)
            made = make_orders(server.control, orders)
            access = token(server.protocol, letter)
            urls.append(server.protocol)
            requests.append([http(form) for form in offers(letter, access, made)])
        own = Path(folder) / "letter.json"
        own.write_text(json.dumps(letter), "utf-8")
        urls.append(open_now.enter_context(helper("stub.py", str(own))))
        requests.append(requests[-1])
        works = [
            lambda url=url, mine=mine: rate(url, mine, count)
            for url, mine in zip(urls, requests, strict=True)
        ]
        [work() for work in works]
        *found, stub = alternating(rounds, *works)
        with connect(urls[0]) as connection:
            alone = statistics.median(
                milliseconds(lambda r=r: call(connection, r)) for r in requests[0][:200]
            )
    for name, rates in zip(names, found, strict=True):
        times = ratio(rates, stub)
        page.row(f"{name}", f"{_calls(rates)} = {times:.2f} × stub", "")
        page.check(f"{name} ÷ stub", times, least=_BOUND)
    page.row("stub 对照程序", _calls(stub))
    return alone


def _calls(rates: list[float]) -> str:
    middle = statistics.median(rates)
    return f"{middle:.0f} calls/s ({min(rates):.0f}-{max(rates):.0f})"


def _limits(page: Report, seconds: float) -> None:
    for library, (opened, sealed) in limits.rsa(seconds).items():
        page.row(
            f"RSA alone by {library} 仅 RSA",
            f"{opened:.0f} decryptions/s, {sealed:.0f} encryptions/s "
            f"= {opened / _BLOCKS:.0f} calls/s at most",
        )


def _anatomy(page: Report, orders: int, alone: float) -> None:
    with tempfile.TemporaryDirectory() as folder, anatomy.running(folder) as simulator:
        control = ControlClient(simulator.control_url)
        letter = open_account(control)
        made = make_orders(control, orders)
        forms = offers(letter, token(letter["platform"], letter), made)
        serve = anatomy.calls(simulator, forms)
        inside, shares = anatomy.shares(serve, 50 if page.quick else 1000)
    http_part = max(alone - inside, 0)
    page.row("one call of one client, over HTTP 单客户端一次调用", f"{alone:.2f} ms")
    page.row("- inside `Pipeline.serve` 其中 Pipeline.serve", f"{inside:.2f} ms")
    page.row("- Flask, waitress, sockets (the difference) 其余为 HTTP", f"{http_part:.2f} ms")
    for kind, share in shares.items():
        page.row(f"- - {kind}", f"{share:.0%} of `Pipeline.serve`")


if __name__ == "__main__":
    main()
