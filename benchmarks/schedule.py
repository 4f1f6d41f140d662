"""The ten attempts of a failing push over 11,040 s: one `clock run`, real HTTP, a SQLite file.

Fails above 20 times ten plain posts to the same receiver; the target is 50 ms in all.
"""

import statistics
import tempfile

import requests
from calls import make_orders, open_account
from measure import alternating, helper, milliseconds, ratio, report, simulator

from simulator.driver import Account, Attempt

_TARGET, _BOUND = 50.0, 20.0


def main() -> None:
    """Measure and report."""
    page = report("schedule", "The whole schedule 完整通知频率")
    rounds = 3 if page.quick else 31
    with (
        tempfile.TemporaryDirectory() as folder,
        helper("receiver.py") as receiver,
        simulator("--data", folder) as server,
    ):
        control, url = server.control, f"{receiver}/fail"
        open_account(control)
        account = Account(control, "bench", delivers=False)
        account.change(endpoints={"order_status": url})
        account.freeze()
        orders = iter(make_orders(control, rounds))

        def walk() -> float:
            account.order(next(orders)).cancel()
            attempts: list[Attempt] = []
            took = milliseconds(lambda: attempts.extend(account.run()))
            assert len(attempts) == 10, attempts
            assert (attempts[-1].started_at - attempts[0].started_at).total_seconds() == 11_040
            return took

        def posts() -> float:
            form = {"param": "x" * 1400}
            return milliseconds(lambda: [requests.post(url, data=form) for _ in range(10)])

        walks, plain = alternating(rounds, walk, posts)
    took, times = statistics.median(walks), ratio(walks, plain)
    page.row(
        "`clock run`: ten attempts, 11,040 s 十次推送",
        f"{took:.0f} ms ({min(walks):.0f}-{max(walks):.0f})",
        f"≤ {_TARGET:.0f} ms",
        took <= _TARGET,
    )
    page.row(
        "ten plain `requests.post` 十次普通 requests.post", f"{statistics.median(plain):.0f} ms"
    )
    page.row("ratio 比值", f"{times:.2f}")
    page.check("walk ÷ plain posts", times, most=_BOUND)
    page.finish()


if __name__ == "__main__":
    main()
