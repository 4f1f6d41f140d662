"""What if: the fate of pushes in an outage, computed, in the API and on the command line."""

import math
from typing import Any

import pytest
from cli.command_line import Cli
from faults.conftest import Notice
from support.endpoint import Endpoint
from support.platform import Platform

from simulator.app import Simulator
from simulator.clock import spoken, stamp
from simulator.delivery.outage import Fate, Outage, PastAttempt, compute_fate
from simulator.errors import SimulatorError

#: From the first to the last of the ten attempts, in seconds (P16).
WHOLE = 11_040
START = 1000.0


def at(moment: float, outcome: str = "acknowledged", by_hand: bool = False) -> PastAttempt:
    return PastAttempt(moment, by_hand, outcome)


def after(length: float) -> Outage:
    return Outage(START, START + length)


@pytest.mark.parametrize(
    ("made", "due", "length", "expected"),
    [
        # Outside: before, at the end, after.
        ([at(999)], None, WHOLE + 60, Fate(999, 0, 999)),
        ([at(1100)], None, 100, Fate(1100, 0, 1100)),
        ([at(1101)], None, 100, Fate(1101, 0, 1101)),
        # In it: the next attempt of the schedule that is outside.
        ([at(1000)], None, 10, Fate(1000, 1, 1015)),
        ([at(1000)], None, 15, Fate(1000, 1, 1015)),
        ([at(1000)], None, 61, Fate(1000, 4, 1240)),
        ([at(1000)], None, 3600, Fate(1000, 6, 4840)),
        ([at(1005)], None, 3 * 3600, Fate(1005, 9, 1005 + WHOLE)),
        # All ten in it: 3 h 5 min take what is first due in the first minute.
        ([at(1000)], None, WHOLE, Fate(1000, 9, 1000 + WHOLE)),
        ([at(1000)], None, WHOLE + 1, Fate(1000, 10, None)),
        ([at(1059)], None, WHOLE + 60, Fate(1059, 10, None)),
        ([at(1060)], None, WHOLE + 60, Fate(1060, 9, 1060 + WHOLE)),
        # What failed before has used up its attempts; what failed in it fails once.
        ([at(980, "failed"), at(995, "failed"), at(1010)], None, 30, Fate(980, 1, 1040)),
        ([at(1000, "failed"), at(1015)], None, 5, Fate(1000, 1, 1015)),
        ([at(1000, "failed"), at(1015)], None, 3600, Fate(1000, 6, 4840)),
        # Still on its way, or not begun.
        ([at(990, "failed")], 1005, 60, Fate(990, 3, 1230)),
        ([], 1005, 5, Fate(1005, 0, 1005)),
        ([], 1005, 60, Fate(1005, 3, 1065)),
        ([], 5000, 60, Fate(5000, 0, 5000)),
        ([], None, 60, None),
        ([at(1000, "in_flight")], 1000, 5, Fate(1000, 1, 1015)),
        # Exhausted without it.
        ([at(0, "failed")] * 10, None, 60, Fate(0, 0, 15)),
        # Copies are one step; by hand and interrupted ones are none.
        ([at(1000), at(1000)], None, 10, Fate(1000, 1, 1015)),
        ([at(1000, "interrupted"), at(1000)], None, 20, Fate(1000, 2, 1030)),
        ([at(990, "failed"), at(1001, by_hand=True)], None, 3, Fate(990, 1, 1005)),
    ],
)
def test_the_fate_follows_the_schedule(
    made: list[PastAttempt], due: float | None, length: float, expected: Fate | None
) -> None:
    announced = made[0].started_at if made else due or 0

    assert compute_fate(after(length), announced, made, due) == expected


def test_a_fate_in_words() -> None:
    assert (Fate(5, 0, 5).word, Fate(5, 0, 5).late) == ("untouched", None)
    assert (Fate(5, 2, 20).word, Fate(5, 2, 20).late) == ("late", 15)
    assert (Fate(5, 10, None).word, Fate(5, 10, None).late) == ("lost", None)


@pytest.fixture
def three(platform: Platform, endpoint: Endpoint, notice: Notice) -> tuple[list[int], int]:
    """Three pushes, acknowledged in the first minute of an outage, at its end, and then."""
    pushes, start = [], math.floor(platform.advance(0)["from"])
    for seconds in (0, 58, 3):
        platform.advance(seconds)
        pushes.append(notice(platform.create_order()["order_no"]))
        platform.advance(0)
    return pushes, start


def test_three_hours_and_five_minutes_lose_what_the_first_minute_brought(
    platform: Platform, three: tuple[list[int], int], endpoint: Endpoint
) -> None:
    pushes, start = three
    before = platform.get("clock")["now"]

    found = platform.get("outage", **{"from": start, "for": 11_100})

    by_push = {row["push"]: row for row in found["pushes"]}
    assert [by_push[number]["fate"] for number in pushes] == ["lost", "lost", "late"]
    assert [by_push[number]["late"] for number in pushes] == [None, None, WHOLE]
    assert (found["lost"], found["late"], found["untouched"]) == (2, 1, 0)
    assert (found["from"], found["to"]) == (start, start + 11_100)
    # Nothing happened.
    assert len(endpoint.posts) == 3
    assert platform.get("clock")["now"] == before
    assert {push["state"] for push in platform.pushes()} == {"acknowledged"}


def test_what_really_fails_then_fails_at_the_very_moments_that_were_foretold(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    """The computation against the platform itself: an endpoint that is down for an hour."""
    push = notice()
    start = math.floor(platform.get("clock")["now"])
    [foretold] = platform.get("outage", **{"from": start, "for": 3600})["pushes"]
    endpoint.answers = [(503, b"")] * foretold["missed"] + [(200, b'{"status":200}')]

    platform.run()

    made = platform.push(push)["attempts"]
    assert len(made) == foretold["missed"] + 1
    assert made[-1]["started_at"] == pytest.approx(foretold["arrives"], abs=0.01)
    assert foretold["fate"] == "late"


def test_what_waits_for_an_endpoint_is_counted_apart(platform: Platform, notice: Notice) -> None:
    notice()

    found = platform.get("outage", **{"from": "2026-01-05 10:00", "for": 60})

    assert (found["pushes"], found["unscheduled"]) == ([], 1)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"from": "soon", "for": 60}, "Give a moment such as"),
        ({"from": "1999-01-01", "for": 60}, "Give a moment such as"),
        ({"from": "2026-13-01 10:00", "for": 60}, "Give a moment such as"),
        ({"from": "99999999999999", "for": 60}, "Give a moment such as"),
        ({"from": "2026-01-01"}, "Say when the outage begins and how many seconds"),
        ({"for": 60}, "Say when the outage begins and how many seconds"),
        ({"from": "2026-01-01", "for": 0}, "Say when the outage begins and how many seconds"),
        ({"from": "2026-01-01", "for": "x"}, "for must be a number"),
    ],
)
def test_a_wrong_outage_is_refused_in_one_sentence(
    platform: Platform, query: dict[str, Any], said: str
) -> None:
    with pytest.raises(SimulatorError) as refused:
        platform.get("outage", **query)

    text = refused.value.text
    assert said in text.en
    assert text.en.endswith(".")
    assert text.zh.endswith("。")


@pytest.fixture
def cli(simulator: Simulator, platform: Platform) -> Cli:
    return Cli(simulator.control_url, platform.name)


def test_the_command_says_what_is_lost_and_late(
    cli: Cli, platform: Platform, three: tuple[list[int], int]
) -> None:
    pushes, start = three
    asked = ("outage", "--from", str(start), "--for", "3h05m")

    text, chinese = cli.text(*asked), cli.text(*asked, "--lang", "zh")
    shown = cli.json(*asked)

    assert f"Without an answer from {spoken(start)} to {spoken(start + 11_100)}:" in text
    assert "2 lost, 1 late (up to 3 h 4 min), 0 untouched." in text
    assert "丢失 2 条，迟到 1 条（最多 3 小时 4 分），不受影响 0 条。" in chinese
    assert "迟到" in chinese
    assert [row["push"] for row in shown["pushes"]] == pushes


def test_the_command_takes_a_moment_as_people_write_it(
    cli: Cli, platform: Platform, three: tuple[list[int], int]
) -> None:
    _, start = three
    for written in (spoken(start), stamp(start), f"{spoken(start).replace(' ', 'T')}+08:00"):
        shown = cli.json("outage", "--from", written, "--for", "3h6m")
        assert (shown["from"], shown["lost"]) == (start, 3)


def test_untouched_pushes_are_shown_when_they_are_asked_for(
    cli: Cli, three: tuple[list[int], int]
) -> None:
    _, start = three
    asked = ("outage", "--from", str(start + 1000), "--for", "5m")

    assert cli.text(*asked).splitlines()[-1] == "0 lost, 0 late, 3 untouched."
    assert cli.text(*asked).count("untouched") == 1
    assert cli.text(*asked, "--all").count("untouched") == 4


def test_the_command_refuses_what_is_no_outage(cli: Cli) -> None:
    assert "takes some time" in cli.refused("outage", "--from", "2026-01-01", "--for", "0")
    assert "takes some time" in cli.refused("outage", "--from", "2026-01-01", "--for", "-5m")
    assert "Give seconds, or a time" in cli.refused(
        "outage", "--from", "2026-01-01", "--for", "3hours"
    )
    assert "Give a moment" in cli.refused("outage", "--from", "yesterday", "--for", "1h")
