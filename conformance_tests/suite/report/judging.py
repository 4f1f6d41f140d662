"""From how a check ended to its outcome, what is said of it, and what to change."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from conformance_tests.suite.messages.leaks import in_chinese
from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.outcomes import (
    WORST,
    EarlyEnd,
    End,
    Level,
    Outcome,
    TargetFault,
)
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


#: What to change where an answer says too much.
HIDE_IT = Text(
    "Answer `status` and a short reason; secrets, stack traces and paths belong in no answer.",
    "只返回 status 与简短原因；密钥、堆栈与路径不得出现在应答中。",
)


@dataclass(frozen=True)
class Judgement:
    """What a check came to: its outcome, why if it did not simply pass, and what to change."""

    outcome: Outcome
    reason: Reason | None
    fix: Text


@dataclass(frozen=True)
class Shown:
    """What a check's answers were beside what its rule is about.

    `breakdowns` are those that were none, `secrets` and `insides` what stands in the others.
    """

    breakdowns: Sequence[Breakdown | SignRefusal] = ()
    secrets: Sequence[str] = ()
    insides: Sequence[str] = ()

    def judge(self, check: Check) -> Judgement | None:
        """Return what a check comes to whose own rule holds; None where nothing is wrong beside."""
        if self.secrets:
            worst = Outcome.FAILED if check.level == Level.MUST else Outcome.WARNED
            return Judgement(worst, _in_answer(self.secrets), HIDE_IT)
        broken = [each for each in self.breakdowns if isinstance(each, Breakdown)]
        if failed := [each for each in broken if each.failure is None]:
            said = Text("the rule itself holds, but the answer failed", "规则本身成立，但应答出错")
            return Judgement(Outcome.WARNED, ServerError(failed[-1].status, said), CATCH_IT)
        if self.insides:
            return Judgement(Outcome.WARNED, _in_answer(self.insides), HIDE_IT)
        return None


def _in_answer(names: Sequence[str]) -> Observed:
    found = list(dict.fromkeys(names))
    return Observed(Text(f"an answer holds {', '.join(found)}", f"应答中含有 {in_chinese(found)}"))


def judge(
    check: Check,
    error: BaseException | None,
    when: str,
    attested: bool = False,
    shown: Shown | None = None,
) -> Judgement:
    """Return what a check came to that ended with this error, in this phase of pytest's.

    Who fails with an exception has not come to the check's rule, whatever that is, nor who
    refuses a right sign; and whatever came of the rule, no answer may be HTTP 5xx, or show what is
    nobody's business.
    """
    shown = shown or Shown()
    breakdowns = shown.breakdowns
    if error is None:
        beside = shown.judge(check)
        return beside or Judgement(
            Outcome.ATTESTED if attested else Outcome.PASSED, None, check.fix
        )
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
