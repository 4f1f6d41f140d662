"""Reasons are values: they come through a report's JSON as they are, and say themselves."""

import json
import re
from collections.abc import Callable

import pytest
from conformance.prepared import finding
from jsonschema import Draft202012Validator

from conformance_tests.suite.messages.notices import Notice, sign_refusal_of
from conformance_tests.suite.report import judging, undeclared
from conformance_tests.suite.rules import reasons
from conformance_tests.suite.rules.outcomes import Blocked, Outcome, TargetFault
from conformance_tests.suite.rules.reasons import (
    Breakdown,
    Needs,
    NoAnswer,
    NoCall,
    NoData,
    NotRead,
    NotTaken,
    Observed,
    Reason,
    Refused,
    ServerError,
    SignRefusal,
    SignRefused,
    SuiteError,
    Unattended,
    Undeclared,
    Unreachable,
    breakdown_of,
)
from simulator import paths
from simulator.errors import Text
from simulator.protocol.key_pool import strangers_key

SAID = Text("HTTP 200 {}", "返回 HTTP 200 {}")
REASONS = [
    Observed(SAID),
    Undeclared("actions", ("return_first_trial", "pass_first_trial"), ("return_data + approve",)),
    Undeclared("supports", ("verify_file_limit",)),
    Unattended("offer"),
    Needs("insurer/2.2/2/first"),
    Needs("insurer/2.2/2/first", applicable=False),
    NoAnswer("timeout", "127.0.0.1:8910", SAID),
    ServerError(502, SAID),
    SignRefused("验签失败", SAID),
    NotTaken("claim", SAID, "2024"),
    NoData("2.7", "PL-1", SAID),
    NotRead("2024"),
    NoCall("issue", "insurer_push_guarantee", "HTTP 500", "福建"),
    Refused("issue", "insurer_push_guarantee", "2421", SAID, "HTTP 200"),
    Unreachable("offer", "ConnectionError: refused"),
    Unreachable("offer", "not found", "./offer 1"),
    SuiteError("KeyError", "scene.py:paid", SAID),
]
HAN = re.compile(r"[\u4e00-\u9fff]")
SCHEMA = json.loads((paths.schemas() / "report.schema.json").read_text("utf-8"))
IN_JSON = Draft202012Validator({"$ref": "#/$defs/reason", "$defs": SCHEMA["$defs"]})


@pytest.mark.parametrize("reason", REASONS, ids=str)
def test_a_reason_comes_through_json_and_says_itself_in_both_languages(reason: Reason) -> None:
    written = json.loads(json.dumps(reason.as_json()))

    IN_JSON.validate(written)
    assert reasons.from_json(written) == reason
    assert HAN.search(reason.text.zh)
    assert reason.text.en


def test_every_type_of_reason_is_among_these() -> None:
    described = {each["properties"]["type"]["const"] for each in SCHEMA["$defs"]["reason"]["oneOf"]}

    assert {reason.type for reason in REASONS} == described


def test_of_actions_that_are_declared_in_pairs_each_missing_one_is_named() -> None:
    pair = Undeclared("actions", ("return_first_trial", "pass_first_trial"))

    lacking = undeclared.by_findings([finding("a", Outcome.NOT_APPLICABLE, pair)])

    assert [each["declaration"] for each in lacking] == [
        "actions.pass_first_trial",
        "actions.return_first_trial",
    ]


@pytest.mark.parametrize(
    ("failure", "status", "reason"),
    [
        ("timeout", None, NoAnswer("timeout", "127.0.0.1:1", SAID)),
        (None, 503, ServerError(503, SAID)),
        (None, 499, None),
        ("cut", None, None),
    ],
)
def test_a_breakdown_is_told_by_the_answer_not_by_what_is_said_of_it(
    failure: str | None, status: int | None, reason: Reason | None
) -> None:
    breakdown = breakdown_of("http://127.0.0.1:1/claim", failure, status)

    assert (breakdown.explain(SAID) if breakdown else None) == reason


def test_an_answer_of_http_500_explains_what_builds_on_it_and_nothing_else() -> None:
    broken = [Breakdown("http://127.0.0.1:1/claim", None, 500)]
    ends = [
        TargetFault("no refusal", "没有拒绝"),
        Blocked.because(NotTaken("claim", SAID)),
        Blocked.because(Needs("insurer/2.2/2/first")),
    ]

    judged = [judging.explain(Outcome.BLOCKED, end, SAID, broken) for end in ends]

    kinds = [type(each.reason) for each in judged]
    assert kinds == [ServerError, ServerError, Needs]
    assert [each.fix == judging.CATCH_IT for each in judged] == [True, True, False]


def test_a_right_sign_that_is_refused_explains_with_the_checks_own_advice() -> None:
    end = Blocked.because(NotTaken("claim", SAID))

    judged = judging.explain(Outcome.FAILED, end, SAID, [SignRefusal("验签失败")])

    assert judged.reason == SignRefused("验签失败", end.text)
    assert judged.fix == SAID


@pytest.mark.parametrize(
    ("change", "signed"),
    [
        (lambda notice: notice, True),
        (lambda notice: notice.saying(note="0").in_opposite_order(), True),
        (lambda notice: notice.tampered(sign=""), False),
        (lambda notice: notice.signed_with("another"), False),
        (lambda notice: notice.signed_in_lower_case(), False),
        (lambda notice: notice.containing(b"{}"), False),
        (lambda notice: notice.on_the_wire(lambda param: param + "x"), False),
    ],
)
def test_only_a_notice_that_is_sent_as_it_was_signed_is_rightly_signed(
    change: Callable[[Notice], Notice], signed: bool
) -> None:
    notice = Notice(
        "insurer", "claim", "http://a", {"claim_no": "1"}, "secret", strangers_key(1024)
    )

    assert change(notice).is_signed_by("secret") is signed


@pytest.mark.parametrize(
    ("body", "words"),
    [('{"status":1001,"data":"验签失败"}', "验签失败"), ('{"status":404,"data":"无此订单"}', None)],
)
def test_only_what_speaks_of_the_sign_refuses_it(body: str, words: str | None) -> None:
    assert sign_refusal_of(body.encode()) == (SignRefusal(words) if words else None)
