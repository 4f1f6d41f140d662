"""Twenty thousand messages near right ones: each gets a documented code, and none costs much."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from calls.insurer import Insurer
from calls.mutations import http_request, insurer_with_business, right_calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.raw import exchange

from simulator.driver import ControlClient

INPUTS = 20_000
#: Seconds of processor time, the simulator's and ours, within which any of them is answered.
LIMIT = 10


@pytest.fixture(scope="module")
def insurer(control: ControlClient) -> Iterator[Insurer]:
    """An insurer with business that the messages are about."""
    with insurer_with_business(control, "fuzz") as insurer:
        yield insurer


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_twenty_thousand_messages_get_documented_codes(insurer: Insurer) -> None:
    calls = right_calls(insurer)
    seen: Counter[int] = Counter()

    @settings(
        max_examples=INPUTS,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(data=st.data())
    def fuzz(data: Any) -> None:
        request = http_request(data.draw, insurer, calls)
        started = time.process_time()
        answer = exchange(insurer.institution.url, request)
        assert answer.status == 200
        assert time.process_time() - started < LIMIT
        seen[answer.documented()["status"]] += 1

    fuzz()

    print(dict(seen.most_common()))
    assert seen.total() >= INPUTS
    assert len(seen) > 20, "most messages fail at the same step"
    assert seen[200] > INPUTS / 50, "hardly a message was accepted"
