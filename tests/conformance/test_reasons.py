"""Reasons are values: they come through a report's JSON as they are, and say themselves."""

import json
import re

import pytest
from conformance.prepared import finding
from jsonschema import Draft202012Validator

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
    SuiteError,
    Unattended,
    Undeclared,
    Unreachable,
    breakdown_of,
)
from simulator import paths
from simulator.errors import Text

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
