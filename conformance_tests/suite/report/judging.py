"""From how a check ended to its outcome, what is said of it, and what to change."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.outcomes import WORST, EarlyEnd, End, Outcome, TargetFault
from conformance_tests.suite.rules.reasons import (
    Breakdown,
    NoData,
    NotTaken,
    Observed,
    Reason,
    ServerError,
    SignRefusal,
    SuiteError,
)
from simulator.errors import SimulatorError, Text

_EARLIER_STEP = Text(
    "Let the earlier step work first; `conzhu-sim doctor` may name the reason.",
    "请先让前面的步骤正常工作；可用 `conzhu-sim doctor` 查找原因。",
)
#: Reasons that tell of what a check was answered, of which there may have been nothing.
_ABOUT_ANSWERS = (Observed, NotTaken, NoData)
#: What to change where an exception was answered.
CATCH_IT = Text(
    "Find the exception in your own log, and catch it: answer what you take with "
    '{"status":200}, and what you refuse with HTTP 200 or 4xx and a `status` that is not 200, '
    'such as {"status":404,"data":"reason"}.',
    '在系统日志中找到该异常并捕获：接受时返回 {"status":200}；拒绝时以 HTTP 200 或 4xx 返回'
    '不等于 200 的 `status`，例如 {"status":404,"data":"原因"}。',
)


@dataclass(frozen=True)
class Judgement:
    """What a check came to: its outcome, why if it did not simply pass, and what to change."""

    outcome: Outcome
    reason: Reason | None
    fix: Text


def judge(
    check: Check,
    error: BaseException | None,
    when: str,
    attested: bool = False,
    breakdowns: Sequence[Breakdown | SignRefusal] = (),
) -> Judgement:
    """Return what a check came to that ended with this error, in this phase of pytest's.

    `breakdowns` are the answers that the target did not give to the check: who fails with an
    exception has not come to the check's rule, whatever that is, nor who refuses a right sign.
    """
    if error is None:
        return Judgement(Outcome.ATTESTED if attested else Outcome.PASSED, None, check.fix)
    if isinstance(error, EarlyEnd) and when != "teardown":
        fix = _EARLIER_STEP if error.outcome == Outcome.BLOCKED else check.fix
        return explain(error.outcome, error, fix, breakdowns)
    if isinstance(error, TargetFault) and when == "call":
        return explain(WORST[check.level], error, check.fix, breakdowns)
    return Judgement(Outcome.ERROR, _error_of(error), check.fix)


def explain(
    outcome: Outcome, end: End, fix: Text, breakdowns: Sequence[Breakdown | SignRefusal]
) -> Judgement:
    """Return what an end comes to: what it says itself, or where the target broke down instead."""
    if end.fix is not None:
        return Judgement(outcome, end.reason, end.fix)
    if breakdowns and isinstance(end.reason, _ABOUT_ANSWERS):
        reason = breakdowns[-1].explain(end.text)
        return Judgement(outcome, reason, CATCH_IT if isinstance(reason, ServerError) else fix)
    return Judgement(outcome, end.reason, fix)


def _error_of(error: BaseException) -> SuiteError:
    said = str(error) or type(error).__name__
    text = error.text if isinstance(error, SimulatorError) else Text(said, said)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    place = f"{Path(last[0].filename).name}:{last[0].name}" if last else ""
    return SuiteError(type(error).__name__, place, text)
