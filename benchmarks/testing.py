"""The pytest plugin: the start of a platform, a reset between tests, a run without a platform.

Fails where a platform in the tests' process takes longer than one as a process of its own, where a
reset takes more than 10 times two plain transactions, or where pytest starts 1.5 times as slowly.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import Report, alternating, milliseconds, ratio, report, simulator

from simulator.driver import Account
from simulator.testing import Server

_READY, _RESET, _UNUSED = 500.0, 20.0, 10.0


#: The first platform of a fresh interpreter, timed after the imports.
_FIRST = """
import time
from simulator.testing import Server
started = time.perf_counter()
server = Server().start()
server.open_platform().letter
print((time.perf_counter() - started) * 1000)
server.stop()
"""


def _ready() -> float:
    """Return the time to a platform with its letter, after the imports."""
    done = subprocess.run([sys.executable, "-c", _FIRST], check=True, capture_output=True)
    return float(done.stdout)


def _process() -> float:
    """Return the time for the same with a simulator in its own process."""

    def work() -> None:
        with simulator("--ephemeral") as server:
            account = Account.open(server.control, "bench")
            account.freeze()
            account.get("letter")

    return milliseconds(work)


def _pytest(folder: str, *options: str) -> float:
    """Return the time of a pytest run whose only test uses no platform."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    # Python compiles the plugin at its first run only.
    kept = {name: each for name, each in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return milliseconds(
        lambda: subprocess.run(
            [*command, *options, "--rootdir", folder, folder],
            check=True,
            capture_output=True,
            env=kept,
        )
    )


def main() -> None:
    """Measure and report."""
    page = report("testing", "Platforms in tests 测试中的平台")
    rounds = 2 if page.quick else 11
    _ready()
    ready, process = alternating(rounds, _ready, _process)
    page.row(
        "the first platform ready, once imported 首个平台就绪（已导入）",
        f"{statistics.median(ready):.0f} ms ({min(ready):.0f}-{max(ready):.0f})",
        f"≤ {_READY:.0f} ms",
        statistics.median(ready) <= _READY,
    )
    page.row(
        "the same as a process: `conzhu-sim serve` 独立进程",
        f"{statistics.median(process):.0f} ms",
    )
    page.check("ready ÷ process", ratio(ready, process), most=1.0)
    with Server() as server:
        _measure_reset(page, server, 10 if page.quick else 101)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        _pytest(folder)
        unused, without = alternating(
            rounds, lambda: _pytest(folder), lambda: _pytest(folder, "-p", "no:conzhu")
        )
    more = statistics.median(a - b for a, b in zip(unused, without, strict=True))
    page.row(
        "pytest with the plugin where no test uses it, beyond pytest without 未使用时的额外开销",
        f"{more:.1f} ms of {statistics.median(without):.0f} ms",
        f"≤ {_UNUSED:.0f} ms",
        more <= _UNUSED,
    )
    page.check("pytest with ÷ without", ratio(unused, without), most=1.5)
    page.finish()


def _measure_reset(page: Report, server: Server, rounds: int) -> None:
    """Measure the reset between two tests, beside two plain transactions of the control API."""
    platforms = [server.open_platform() for _ in range(2)]
    beside = platforms[0]

    def reset() -> float:
        def work() -> None:
            platforms.pop().close()
            platforms.append(server.open_platform())

        return milliseconds(work)

    def transactions() -> float:
        return milliseconds(lambda: [beside.switch(strict_ack=False) for _ in range(2)])

    for _ in range(6):
        reset()
    resets, plain = alternating(rounds, reset, transactions)
    took, times = statistics.median(resets), ratio(resets, plain)
    page.row(
        "reset between two tests: new account, its clock standing 测试间重置",
        f"{took:.1f} ms ({min(resets):.1f}-{max(resets):.1f})",
        f"≤ {_RESET:.0f} ms",
        took <= _RESET,
    )
    page.row(
        "two changes of a switch by the control API 两次修改开关",
        f"{statistics.median(plain):.1f} ms",
    )
    page.row("ratio 比值", f"{times:.2f}")
    page.check("reset ÷ two changes", times, most=10.0)


if __name__ == "__main__":
    main()
