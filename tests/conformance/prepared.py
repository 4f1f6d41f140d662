"""Findings that nobody ran for, and the report that they make."""

from collections.abc import Sequence
from typing import Any

from conformance_tests.suite.report import document as report
from conformance_tests.suite.report import findings
from conformance_tests.suite.report.baseline import Baseline
from conformance_tests.suite.report.conclusion import Course, conclude
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.report.judging import Judgement
from conformance_tests.suite.report.options import read_options
from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.outcomes import Level, Outcome
from conformance_tests.suite.rules.reasons import Observed, Reason
from simulator.errors import Text

FIX = Text("Change it.", "请修改。")


def finding(
    name: str,
    outcome: Outcome,
    why: Reason | Text | str = "",
    fix: Text = FIX,
    exchanges: Sequence[dict[str, Any]] = (),
) -> Finding:
    """Return what a check `insurer/2.2/2/<name>` came to."""
    check = Check(
        id=f"insurer/2.2/2/{name}",
        clause="insurer/2.2/2",
        level=Level.MUST,
        rule=Text(f"Rule {name}", f"规则 {name}"),
        fix=FIX,
        interface=None,
        decision=None,
        needs=(),
    )
    if isinstance(why, str):
        why = Text(why, why)
    reason = Observed(why) if isinstance(why, Text) else why
    passed = reason.text == Text("", "")
    return findings.of(
        check, "flows", Judgement(outcome, None if passed else reason, fix), 0.1, list(exchanges)
    )


def reported(found: Sequence[Finding], target: str = "reference") -> dict[str, Any]:
    """Return the report of a run that came to these findings."""
    asked = read_options(target)
    course = Course([each.id for each in found], len(found), {"account": "made-up"})
    conclusion = conclude(found, Baseline(), course, False)
    return report.document(asked, course, found, conclusion, 0.0, 1.0)
