"""Ten attempts over HTTP, each in its moment of the account's time (P16)."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from pushes.contents import OFFSETS
from support.endpoint import Endpoint
from support.platform import Platform

from simulator.errors import SimulatorError

Notice = Callable[..., int]


def offsets(walked: dict[str, Any], start: float) -> list[float]:
    return [round(attempt["at"] - start, 3) for attempt in walked["attempts"]]


def test_a_failing_endpoint_gets_ten_attempts_in_their_moments(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()

    walked = platform.run()

    assert offsets(walked, walked["from"]) == [float(offset) for offset in OFFSETS]
    assert walked["to"] - walked["from"] == pytest.approx(11_040)
    assert len(failing.posts) == 10
    assert platform.push(push)["state"] == "exhausted"
    assert platform.push(push)["due"] is None
    assert walked["clock"]["next_due"] is None


def test_each_attempt_keeps_when_the_next_one_was_due(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    start = platform.run()["from"]

    attempts = platform.push(push)["attempts"]

    assert [attempt["number"] for attempt in attempts] == list(range(1, 11))
    started = [round(attempt["started_at"] - start, 3) for attempt in attempts]
    due = [round(attempt["next_due"] - start, 3) for attempt in attempts[:-1]]
    assert started == list(OFFSETS)
    assert due == list(OFFSETS[1:])
    assert attempts[-1]["next_due"] is None


@pytest.mark.parametrize(
    ("seconds", "made"),
    [(0, 1), (14, 1), (15, 2), (59, 3), (60, 4), (240, 5), (7200, 8), (7440, 9), (11_040, 10)],
)
def test_an_advance_makes_every_attempt_up_to_its_end(
    platform: Platform, failing: Endpoint, notice: Notice, seconds: int, made: int
) -> None:
    notice()

    walked = platform.advance(seconds)

    assert len(walked["attempts"]) == len(failing.posts) == made
    assert walked["to"] - walked["from"] == pytest.approx(seconds)


def test_several_walks_give_the_same_schedule_as_one(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    notice()
    start = platform.get("clock")["now"]

    walks = [platform.advance(seconds) for seconds in (10, 10, 10, 1000, 5000, 9000)]

    made = list(itertools.chain.from_iterable(offsets(walk, start) for walk in walks))
    assert made == pytest.approx(OFFSETS, abs=0.01)


def test_next_goes_to_one_due_moment_after_the_other(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    notice()
    steps = [platform.post("clock", action="next") for _ in range(4)]

    moments = [step["to"] - steps[0]["from"] for step in steps]

    assert moments == pytest.approx([0, 15, 30, 60], abs=0.01)
    assert [len(step["attempts"]) for step in steps] == [1, 1, 1, 1]


def test_next_delivers_everything_that_is_due_in_that_moment(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    first, second = notice(), notice(platform.create_order()["order_no"])

    walked = platform.post("clock", action="next")

    assert [attempt["push"] for attempt in walked["attempts"]] == [first, second]


def test_next_says_that_nothing_is_due(platform: Platform) -> None:
    with pytest.raises(SimulatorError, match=r"^Nothing is due: no push is waiting\.$"):
        platform.post("clock", action="next")


def test_an_acknowledged_push_is_not_repeated(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    push = notice()

    platform.run()
    platform.advance(20_000)

    assert len(endpoint.posts) == 1
    shown = platform.push(push)
    assert (shown["state"], shown["due"], shown["attempts_made"]) == ("acknowledged", None, 1)
    assert shown["attempts"][0]["next_due"] is None


def test_an_acknowledgement_in_the_middle_ends_the_schedule(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(500, b""), (500, b""), (500, b""), (200, b'{"status":200}')]
    push = notice()

    walked = platform.run()

    assert walked["to"] - walked["from"] == pytest.approx(60)
    assert [attempt["acknowledged"] for attempt in walked["attempts"]] == [False] * 3 + [True]
    assert platform.push(push)["state"] == "acknowledged"


def test_two_failing_pushes_keep_two_schedules(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    order_no = platform.create_order()["order_no"]
    first = notice()
    platform.advance(20)
    second = notice(order_no)

    walked = platform.run()

    for push, start in ((first, 0), (second, 20)):
        attempts = platform.push(push)["attempts"]
        began = attempts[0]["started_at"]
        assert [a["started_at"] - began for a in attempts] == pytest.approx(OFFSETS)
        assert began - (walked["from"] - 20) == pytest.approx(start)
    moments = [attempt["at"] for attempt in walked["attempts"]]
    assert moments == sorted(moments)


def test_an_advance_goes_ahead_only(platform: Platform) -> None:
    for seconds in (-1, 10 * 365 * 86_400 + 1):
        with pytest.raises(SimulatorError, match="seconds"):
            platform.advance(seconds)
