"""Durable pushes a second, with attempt rows; with old deliveries; beside a slow endpoint.

Fails below 0.5 of the rate, with 100,000 old deliveries or with a slow endpoint elsewhere.
"""

import itertools
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass

import anatomy
import requests
import rows
from calls import open_account
from measure import Report, Server, alternating, helper, ratio, report, simulator

from simulator.driver import Account, ControlClient

_TARGET, _WITH_OLD, _BOUND = 400.0, 0.9, 0.5
#: Pushes that wait in a frozen account.
_BACKLOG = 1_000
_serial = itertools.count()


@dataclass(frozen=True)
class _Bench:
    """A simulator with an account whose endpoint is fast."""

    folder: str
    server: Server
    receiver: str
    count: int

    def rate(self) -> float:
        """Announce pushes, and return how many the receiver got per second."""
        name = f"ok{next(_serial)}"
        number = self.register("bench", name)
        rows.announce(self.folder, number, name, self.count)
        while rows.count_pushes(self.folder, number, "pending", "in_flight"):
            time.sleep(0.1)
        got, first, last = requests.get(f"{self.receiver}/seen/{name}").json()
        assert got == self.count, f"{got} of {self.count} arrived"
        return (self.count - 1) / (last - first)

    def register(self, account: str, path: str) -> int:
        """Direct an account's pushes to a path of the receiver; return the account's number."""
        endpoints = {"order_status": f"{self.receiver}/{path}"}
        changed = Account(self.server.control, account).change(endpoints=endpoints)
        return int(changed["btc_id"])


def main() -> None:
    """Measure and report."""
    page = report("outbound", "Pushes 推送")
    # Enough that a round takes seconds: a short one measures other work of the machine.
    count, old, rounds = (60, 500, 2) if page.quick else (600, 100_000, 5)
    with ExitStack() as open_now:
        receiver = open_now.enter_context(helper("receiver.py"))
        benches = []
        for _ in range(2):
            folder = open_now.enter_context(tempfile.TemporaryDirectory())
            server = open_now.enter_context(simulator("--data", folder))
            open_account(server.control)
            benches.append(_Bench(folder, server, receiver, count))
            benches[-1].rate()
        rows.old_deliveries(benches[1].folder, old)
        without, with_old = alternating(rounds, *(bench.rate for bench in benches))
        _report_rates(page, without, with_old, old)
        _beside_others(page, benches[0], rounds)
        _anatomy(page, receiver, 30 if page.quick else 200)
    page.finish()


def _report_rates(page: Report, without: list[float], with_old: list[float], old: int) -> None:
    found, part = statistics.median(without), ratio(with_old, without)
    page.row(
        "pushes of 1.5 KB, one process 推送（单进程）",
        f"{found:.0f}/s ({min(without):.0f}-{max(without):.0f})",
        f"≥ {_TARGET:.0f}/s",
        found >= _TARGET,
    )
    page.row(
        f"with {old:,} old deliveries in the file 已有历史推送",
        _part(with_old, without),
        f"≥ {_WITH_OLD}",
        part >= _WITH_OLD,
    )
    page.check("rate with old deliveries ÷ without", part, least=_BOUND)


def _beside_others(page: Report, bench: _Bench, rounds: int) -> None:
    """Measure beside an account with a slow endpoint, and beside a frozen account."""
    control = bench.server.control
    numbers = {}
    for name in ("slow", "frozen"):
        open_account(control, name)
        numbers[name] = bench.register(name, "slow")
    Account(control, "frozen").freeze()

    def beside(name: str, count: int) -> float:
        rows.announce(bench.folder, numbers[name], name, count)
        if name == "slow":
            while not rows.count_pushes(bench.folder, numbers[name], "in_flight"):
                time.sleep(0.05)
        try:
            return bench.rate()
        finally:
            rows.drop_pending(bench.folder, numbers[name])
            while rows.count_pushes(bench.folder, numbers[name], "in_flight"):
                time.sleep(0.1)

    alone, slow, frozen = alternating(
        rounds, bench.rate, lambda: beside("slow", 60), lambda: beside("frozen", _BACKLOG)
    )
    part = ratio(slow, alone)
    page.row(
        "beside another account's endpoint that takes 4 s 另一账户应答慢",
        _part(slow, alone),
        f"≥ {_WITH_OLD}",
        part >= _WITH_OLD,
    )
    page.row(
        f"beside a frozen account's {_BACKLOG:,} waiting pushes 另一冻结账户有积压",
        _part(frozen, alone),
    )
    page.check("rate beside a slow endpoint ÷ without", part, least=_BOUND)


def _anatomy(page: Report, receiver: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, anatomy.running(folder) as simulator:
        control = ControlClient(simulator.control_url)
        number = int(open_account(control)["btc_id"])
        endpoints = {"order_status": f"{receiver}/anatomy"}
        account = Account(control, "bench")
        account.change(endpoints=endpoints)
        account.freeze()
        rows.announce(folder, number, "anatomy", 2 * count + 10, time.time() - 60)
        took, shares = anatomy.shares(anatomy.pushes(simulator, number), count)
    page.row("one push, in one thread 单线程一次推送", f"{took:.2f} ms")
    for kind, share in shares.items():
        page.row(f"- {kind}", f"{share:.0%}")


def _part(rates: list[float], alone: list[float]) -> str:
    middle, without = statistics.median(rates), statistics.median(alone)
    return f"{middle:.0f}/s = {ratio(rates, alone):.2f} of {without:.0f}/s without it"


if __name__ == "__main__":
    main()
