"""From how a check ended to its outcome, what is said of it, and what to change."""

import re
from dataclasses import dataclass

from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.outcomes import WORST, Outcome, TargetFault, Verdict
from simulator.errors import SimulatorError, Text

_EARLIER_STEP = Text(
    "Let the earlier step work first; `conzhu-sim doctor` may name the reason.",
    "请先让前面的步骤正常工作；可用 `conzhu-sim doctor` 查找原因。",
)
#: HTTP 5xx in answer to a push; what an action of the target file answered is another matter.
_SERVER_ERROR = re.compile(r"(?<!said: )\bHTTP 5\d\d\b")
_IS_A_FAULT = Text(
    "; an HTTP 5xx is a fault, neither an acknowledgement nor a refusal (P37)",
    "；HTTP 5xx 属于系统故障，既不是确认，也不是拒绝（P37）",
)
#: What to change where an exception was answered.
CATCH_IT = Text(
    "Find the exception in your own log, and catch it: answer what you take with "
    '{"status":200}, and what you refuse with HTTP 200 or 4xx and a `status` that is not 200, '
    'such as {"status":404,"data":"reason"}.',
    '在系统日志中找到该异常并捕获：接受时返回 {"status":200}；拒绝时以 HTTP 200 或 4xx 返回'
    '不等于 200 的 `status`，例如 {"status":404,"data":"原因"}。',
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
    fault = of_fault(error.text)
    return Judged(outcome, *(fault or (error.text, fix)))


def _sentence(error: BaseException) -> Text:
    said = str(error).split("\nassert ")[0].strip() or type(error).__name__
    return Text(said, said)


def of_fault(message: Text) -> tuple[Text, Text] | None:
    """Return what is said, and to be changed, where a message tells of HTTP 5xx, else None.

    Whatever the check was about: who fails with an exception has not come to its rule.
    """
    if not _SERVER_ERROR.search(message.en):
        return None
    said = Text(message.en + _IS_A_FAULT.en, message.zh + _IS_A_FAULT.zh)
    return said, CATCH_IT
