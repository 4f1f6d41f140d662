"""From how a check ended to its outcome, what is said of it, and what to change."""

from dataclasses import dataclass

from conformance_tests.suite import refusals
from conformance_tests.suite.checks import Check
from conformance_tests.suite.outcomes import WORST, Outcome, TargetFault, Verdict
from simulator.errors import SimulatorError, Text

_EARLIER_STEP = Text(
    "Let the earlier step work first; `conzhu-sim doctor` may name the reason.",
    "请先让前面的步骤正常工作；可用 `conzhu-sim doctor` 查找原因。",
)


@dataclass(frozen=True)
class Judged:
    """What a check came to: its outcome, why in one sentence, and what to change."""

    outcome: Outcome
    message: Text
    fix: Text


def judged(check: Check, error: BaseException | None, when: str, attested: bool) -> Judged:
    """Return what a check came to that ended with this error, in this phase of pytest's."""
    if error is None:
        outcome = Outcome.ATTESTED if attested else Outcome.PASSED
        return Judged(outcome, Text("", ""), check.fix)
    if isinstance(error, Verdict) and when != "teardown":
        fix = _EARLIER_STEP if error.outcome == Outcome.BLOCKED else check.fix
        return _told(error.outcome, error, fix)
    if isinstance(error, TargetFault) and when == "call":
        return _told(WORST[check.level], error, check.fix)
    kind = type(error).__name__
    text = error.text if isinstance(error, SimulatorError) else _sentence(error)
    said = Text(f"{kind}: {text.en}", f"套件出错 {kind}：{text.zh}")
    return Judged(Outcome.ERROR, said, check.fix)


def _told(outcome: Outcome, error: Verdict | TargetFault, fix: Text) -> Judged:
    if error.fix is not None:
        return Judged(outcome, error.text, error.fix)
    fault = refusals.of_fault(error.text)
    return Judged(outcome, *(fault or (error.text, fix)))


def _sentence(error: BaseException) -> Text:
    said = str(error).split("\nassert ")[0].strip() or type(error).__name__
    return Text(said, said)
