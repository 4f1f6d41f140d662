"""A scenario fails on an institution with a defect, and says at its line what came instead."""

from collections.abc import Callable
from pathlib import Path

import pytest
from conformance.house import House
from conformance.proving import target_of

from conformance_tests.scenarios.play import running
from conformance_tests.scenarios.play.results import Outcome, PlayResult
from conformance_tests.scenarios.play.running import RunResult

Write = Callable[[str], Path]
pytestmark = pytest.mark.timeout(120)
_READ = "steps:\n  - act: principal.apply\n  - act: principal.open\n"


@pytest.mark.parametrize(
    ("kind", "defect", "name", "line", "told"),
    [
        (
            "insurer",
            "renews-the-token-by-its-own-clock-only",
            "insurer/token-expires-while-issuing",
            13,
            "the platform refused insurer_push_guarantee with 1006",
        ),
        (
            "insurer",
            "spells-cancel-in-its-own-way",
            "insurer/cancelled-after-an-offer",
            13,
            "No enum constant OrderStatus.CANCEL",
        ),
        (
            "insurer",
            "never-compares-the-principal",
            "insurer/false-cancellation",
            13,
            "the verdict is acknowledged (acknowledged.), not failed",
        ),
        (
            "insurer",
            "issues-an-invoice-at-every-notice",
            "insurer/invoice-three-times-at-once",
            23,
            "exactly 1 of insurer_push_invoice about",
        ),
        (
            "guarantor",
            "revokes-what-is-forfeited",
            "guarantor/release-with-a-forfeit",
            37,
            "the institution has 0 of `forfeited_guarantees`",
        ),
    ],
)
def test_a_defect_is_found_at_its_line(
    tmp_path: Path, kind: str, defect: str, name: str, line: int, told: str
) -> None:
    target = target_of(tmp_path, ["broken_institutions", defect], kind)

    ended = running.run(running.prepare([name], str(target)))

    [played] = ended.played
    assert ended.code == 1
    first = played.failures[0]
    assert first.line == line
    assert told in first.text.en
    assert first.text.zh
    assert any(each["what"] == "step" and each["failures"] for each in played.timeline), (
        "the timeline shows where"
    )


def _play(target: House, file: Path) -> PlayResult:
    ended: RunResult = running.run(running.prepare([str(file)], str(target.target())))
    [played] = ended.played
    return played


def test_words_that_come_from_a_row_are_what_is_expected(target: House, write: Write) -> None:
    file = write(
        "for_each:\n"
        "  - {what: order_status, said: acknowledged, then: insurer_get_guarantee_info}\n"
        + _READ
        + "  - act: principal.cancel\n  - push: ${row.what}\n"
        + "  - expect: {answer: '${row.what}', verdict: '${row.said}'}\n"
        + "  - expect: {call: '${row.then}'}\n"
    )

    played = _play(target, file)

    assert (played.outcome, played.failures) == (Outcome.PASSED, [])


def test_the_nearest_call_is_told_where_none_fits(target: House, write: Write) -> None:
    file = write(
        _READ
        + "  - act: institution.offer\n    with: {price: '900.00'}\n"
        + "  - expect: {call: insurer_apply_guarantee_result, params: {price: '950.00'}}\n"
    )

    [failure] = _play(target, file).failures

    assert failure.line == 8
    assert "at least 1 of insurer_apply_guarantee_result with price '950.00'" in failure.text.en
    assert "Nearest: insurer_apply_guarantee_result about " in failure.text.en
    assert "price is '900.00', not '950.00'" in failure.text.en
    assert "price 为 '900.00'，应为 '950.00'" in failure.text.zh


def test_a_wrong_state_is_told_with_how_the_order_came_there(target: House, write: Write) -> None:
    file = write(_READ + "  - act: institution.offer\n  - expect: {state: WAIT_OFFER}\n")

    [failure] = _play(target, file).failures

    assert "it is WAIT_PAY, not WAIT_OFFER (it went: " in failure.text.en
    assert "offer → WAIT_PAY" in failure.text.en


def test_calls_in_what_was_to_be_silence_are_listed(target: House, write: Write) -> None:
    file = write(_READ + "  - act: principal.cancel\n  - expect: {silence: 1h}\n")

    [failure] = _play(target, file).failures

    assert "no call expected for 1h, 1 came: insurer_get_guarantee_info about" in failure.text.en


def test_a_push_that_is_not_due_is_told_with_those_that_there_are(
    target: House, write: Write
) -> None:
    file = write(_READ + "  - push: order_status\n")

    played = _play(target, file)

    assert played.outcome == Outcome.FAILED
    assert played.why is not None
    assert "no order_status was sent now; there is none" in played.why.en


def test_a_platform_that_refuses_is_quoted(target: House, write: Write) -> None:
    file = write(_READ + "  - act: platform.finish\n  - expect: {state: FINISH}\n")

    played = _play(target, file)

    [failure] = played.failures
    assert failure.line == 6
    assert "WAIT_TUNE_UP" in failure.text.en


def test_what_is_wrong_does_not_keep_later_differences_from_being_told(
    target: House, write: Write
) -> None:
    file = write(
        _READ
        + "  - expect: {push: claim, count: 1}\n  - act: principal.cancel\n"
        + "  - expect: {state: WAIT_PAY}\n  - expect: {push: order_status, attempts: 3}\n"
    )

    assert [failure.line for failure in _play(target, file).failures] == [6, 8, 9]


def test_what_the_target_file_does_not_declare_skips(target: House, write: Write) -> None:
    file = write(_READ + "  - act: institution.offer\n")
    path = target.target(actions=None)

    ended = running.run(running.prepare([str(file)], str(path)))

    assert [played.outcome for played in ended.played] == [Outcome.SKIPPED]
    assert "declares no action `offer`" in (ended.played[0].why or ended.conclusion).en
    # Nothing was shown.
    assert ended.code == 1


def test_what_was_played_before_the_target_was_lost_is_reported(
    target: House, write: Write
) -> None:
    class Leaving(running.Watcher):
        def play_ended(self, played: PlayResult) -> None:
            target.close()

    file = write("for_each:\n  - {k: 1}\n  - {k: 2}\n" + _READ)

    ended = running.run(running.prepare([str(file)], str(target.target())), Leaving())

    assert [played.outcome for played in ended.played] == [Outcome.PASSED]
    assert ended.halt is not None
    assert "accepts no connections" in ended.halt.en
