"""A fault of the simulator itself during an attempt: one sentence, and nothing is lost."""

import threading

import pytest
from pushes.houses import GONE, House

from simulator import clock
from simulator.delivery import courier


def test_a_fault_of_ours_is_logged_without_a_trace_and_the_lease_runs_out(
    house: House,
    announced: int,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    failed = threading.Event()

    def fail(*_arguments: object) -> None:
        failed.set()
        raise RuntimeError("api_secret=hidden")

    with monkeypatch.context() as patched:
        patched.setattr(courier, "post", fail)
        house.platform.post("clock", action="resume")
        assert failed.wait(10)
        end = clock.monotonic() + 10
        while "The simulator failed" not in caplog.text and clock.monotonic() < end:
            threading.Event().wait(0.02)
    house.platform.post("clock", action="freeze")

    [record] = [r for r in caplog.records if r.name.endswith("dispatcher")]
    assert record.getMessage() == (
        f"The simulator failed in an attempt of push {announced} (RuntimeError: no outcome is "
        "written); it is made again when its lease is over."
    )
    assert record.exc_info is None
    assert house.platform.push(announced)["state"] == "in_flight"
    house.outbox.recover(clock.wall_now() + GONE, everything=False)
    assert house.platform.push(announced)["state"] == "pending"
