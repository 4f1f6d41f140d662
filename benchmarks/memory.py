"""Resident memory after 10,000 calls, and after 10,000 more.

Fails where the second 10,000 add more than a half; the target is 120 MB, and flat.
"""

import tempfile

from calls import http, make_orders, offers, open_account, rate, token
from measure import report, simulator

_TARGET, _FLAT, _BOUND = 120.0, 1.1, 1.5


def main() -> None:
    """Measure and report."""
    page = report("memory", "Memory 内存")
    orders, count = (5, 200) if page.quick else (200, 10_000)
    with tempfile.TemporaryDirectory() as folder, simulator("--data", folder) as server:
        started = server.resident
        letter = open_account(server.control)
        made = make_orders(server.control, orders)
        access = token(server.protocol, letter)
        requests = [http(form) for form in offers(letter, access, made)]
        sizes = []
        for _ in range(2):
            rate(server.protocol, requests, count)
            sizes.append(server.resident)
    growth = sizes[1] / sizes[0]
    page.row("resident after the start 启动后", f"{started:.0f} MB")
    page.row(
        f"after {count:,} calls 调用之后",
        f"{sizes[0]:.0f} MB",
        f"< {_TARGET:.0f} MB",
        sizes[0] < _TARGET,
    )
    page.row(f"after {count:,} more 再次调用之后", f"{sizes[1]:.0f} MB")
    page.row("second ÷ first 增长", f"{growth:.2f}", f"≤ {_FLAT} (flat 持平)", growth <= _FLAT)
    page.check("second ÷ first", growth, most=_BOUND)
    page.finish()


if __name__ == "__main__":
    main()
