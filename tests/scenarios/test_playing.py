"""Every shipped scenario goes as expected on the reference, and the same each time."""

from pathlib import Path
from typing import Any

import pytest

from conformance_tests.scenarios.play import running
from conformance_tests.scenarios.play.running import RunResult

pytestmark = pytest.mark.timeout(300)
#: Scenarios with everything that two runs could have otherwise.
_TELLING = (
    "insurer/approved-twice-then-cancelled",
    "insurer/invoice-three-times-at-once",
    "insurer/reissue-after-delayed-opening",
    "insurer/token-expires-while-issuing",
    "insurer/token-over-after-a-night",
    "guarantor/happy-path-separate",
    "guarantor/claim-revoked",
)


def _told(ended: RunResult) -> list[tuple[str, str, list[str]]]:
    return [
        (played.name, str(played.outcome), [failure.text.en for failure in played.failures])
        for played in ended.played
        if played.outcome != "passed"
    ]


def test_every_shipped_scenario_goes_as_expected_on_the_reference() -> None:
    asked = running.prepare(["insurer", "guarantor"])

    ended = running.run(asked)

    assert _told(ended) == []
    assert (ended.code, len(ended.played)) == (0, asked.number)
    assert ended.counts["passed"] == asked.number >= 40


def test_two_runs_with_one_seed_have_the_same_timeline_whatever_was_played_before() -> None:
    first = running.run(running.prepare(_TELLING, seed="twice"))
    # In another order, and with another before it: the target has records and a token by then.
    names = ["insurer/claim-paid", *_TELLING]
    again = running.run(running.prepare(names, seed="twice"))

    assert first.code == again.code == 0
    timelines = {played.name: played.timeline for played in again.played}
    for played in first.played:
        assert played.timeline == timelines[played.name], played.name


def test_another_seed_has_other_numbers() -> None:
    name = ["insurer/cancelled-before-an-offer"]
    first, second = (running.run(running.prepare(name, seed=seed)) for seed in ("a", "b"))

    assert _numbers(first) & _numbers(second) == set()
    assert _numbers(first)


def _numbers(ended: RunResult) -> set[Any]:
    [played] = ended.played
    return {line["about"] for line in played.timeline if line["what"] == "push"}


def test_a_timeline_has_no_person_and_no_secret_in_it(tmp_path: Path) -> None:
    [played] = running.run(running.prepare(["insurer/happy-path"])).played

    texts = str(played.timeline)
    for hidden in (
        "access_token=",
        "[access_token",
        "13800000",
        "测试丙",
        "PRIVATE KEY",
        "api_secret",
    ):
        assert hidden not in texts
    told = [line for line in played.timeline if line.get("method") == "insurer_push_guarantee"]
    assert [(line["status"], line["files"]) for line in told] == [("200", ["guarantee_pdf"])]
    assert told[0]["sent"]["guarantee_pdf_hash"] == "‹sha256›"
    assert told[0]["sent"]["out_guarantee_time"] == "‹now›"
