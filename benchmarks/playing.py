"""Scenarios: all that are shipped on the references; 1,000 exchanges recorded and played again.

Fails where playing a recording takes more than 10 times as long as living what it holds.
"""

import tempfile
import time
from pathlib import Path

from measure import Report, milliseconds, report

from conformance_tests.scenarios.files import loading
from conformance_tests.scenarios.play import running
from conformance_tests.scenarios.play.running import RunResult
from conformance_tests.scenarios.record import journals, recording
from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator.testing import Platform, Server

_SHIPPED, _OF_SHIPPED, _RECORDING = 20.0, 25, 30.0
#: Exchanges that are recorded, and orders between two looks at how many there are.
_EXCHANGES, _AT_A_TIME = 1000, 20


def main() -> None:
    """Measure and report."""
    page = report("playing", "Scenarios 业务场景")
    _measure_shipped(page)
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        wanted = 60 if page.quick else _EXCHANGES
        _measure_recording(page, server.open_platform(), Path(folder), wanted)
    page.finish()


def _measure_shipped(page: Report) -> None:
    """Play the included scenarios, with `--quick` two of them; starting the references counts."""
    names = loading.shipped_names()[:2] if page.quick else loading.shipped_names()
    began = time.perf_counter()
    ended = _play(names)
    seconds = time.perf_counter() - began
    share = seconds * _OF_SHIPPED / len(names)
    page.row(
        f"{len(names)} shipped scenarios ({len(ended.played)} plays) 自带场景",
        f"{seconds:.1f} s, {_OF_SHIPPED} of them {share:.1f} s",
        f"≤ {_SHIPPED:.0f} s for {_OF_SHIPPED}",
        share <= _SHIPPED,
    )


def _measure_recording(page: Report, platform: Platform, folder: Path, wanted: int) -> None:
    """Run orders, record a scenario of them, and play it on another institution."""
    file = folder / "recorded.yaml"
    lived = milliseconds(lambda: _live(platform, folder, wanted)) / 1000
    made = []

    def record() -> None:
        made.append(recording.record(journals.read(platform)))
        journals.write(made[0], file)

    recorded = milliseconds(record) / 1000
    replayed = milliseconds(lambda: _play([str(file)])) / 1000
    both = recorded + replayed
    page.row(f"{made[0].exchanges} exchanges lived 实际往来", f"{lived:.1f} s")
    page.row(
        "the same recorded and played again 录制并重放",
        f"{recorded:.1f} s + {replayed:.1f} s",
        f"≤ {_RECORDING:.0f} s",
        both <= _RECORDING,
    )
    page.row("ratio 比值", f"{both / lived:.2f}")
    page.check("recorded and played again ÷ lived", both / lived, most=10.0)


def _live(platform: Platform, folder: Path, wanted: int) -> None:
    """Open, offer and cancel orders until there are so many exchanges."""
    app = create_app(AccountLetter.from_json(dict(platform.letter.json)), folder / "insurer")
    platform.connect(app, order_page="/order-page", order_status="/order-status")
    desk = app.test_client()
    while len(platform.journal()) < wanted:
        for _ in range(_AT_A_TIME):
            order = platform.create_order()
            order.open()
            desk.post("/actions/offer", json={"order_no": order.order_no})
            order.cancel()
    app.extensions["institution"].orders.close()


def _play(given: list[str]) -> RunResult:
    ended = running.run(running.prepare(given))
    if ended.code:
        raise SystemExit(f"not played as expected: {ended.conclusion.en}")
    return ended


if __name__ == "__main__":
    main()
