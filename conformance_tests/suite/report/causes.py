"""Failures with one cause, told once: an endpoint that is down, one change that mends many."""

from collections.abc import Iterable
from dataclasses import dataclass

from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.report.refused_calls import find_refused_calls
from conformance_tests.suite.rules.failures import name_failure
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import (
    Needs,
    NoAnswer,
    NotRead,
    ServerError,
    SignRefused,
    SuiteError,
)
from simulator.errors import Text

#: The outcomes that a reader looks for a cause of, the gravest first.
GRAVE = (Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED, Outcome.WARNED, Outcome.INFORMED)


#: What to change where right signs are refused, and each check has its own supposition why.
_VERIFY = Text(
    "Verify the sign of 5.1 over exactly what was decrypted. Compare the base string of one of "
    "these checks with your own: what it has and others have not, your code changes or leaves out.",
    "按 5.1 对解密得到的原样参数验签。请把其中一个检查项的待签名串与自己的比对："
    "它有而其他推送没有的内容，就是代码改动或漏掉的部分。",
)


@dataclass(frozen=True)
class Cause:
    """Why some checks came to one outcome."""

    outcome: str
    text: Text
    fix: Text
    findings: tuple[Finding, ...]


def causes_of(findings: Iterable[Finding]) -> list[Cause]:
    """Return the findings that are no pass, by cause: the gravest and the most frequent first."""
    grave = [finding for finding in findings if finding.outcome in GRAVE]
    refused = find_refused_calls(grave)
    unheard: dict[tuple[str, ...], list[Finding]] = {}
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in grave:
        if call := refused.get(finding.id):
            unheard.setdefault((finding.outcome, *call.key), []).append(finding)
        else:
            groups.setdefault(_cause(finding), []).append(finding)
    made = [
        Cause(members[0].outcome, call.text, call.fix, tuple(members))
        for members in unheard.values()
        for call in (refused[members[0].id],)
    ]
    made += [_describe(members) for members in groups.values()]
    return sorted(made, key=lambda c: (GRAVE.index(Outcome(c.outcome)), -len(c.findings)))


def _cause(finding: Finding) -> tuple[str, ...]:
    reason = finding.why
    if isinstance(reason, (NoAnswer, ServerError, SignRefused, Needs, SuiteError)):
        return (finding.outcome, *reason.cause)
    if finding.outcome == Outcome.BLOCKED and reason is not None:
        return (finding.outcome, *reason.cause, finding.fix["en"])
    return (finding.outcome, finding.fix["en"])


def _describe(members: list[Finding]) -> Cause:
    first = members[0]
    fix = Text(first.fix["en"], first.fix["zh"])
    match first.why:
        case NoAnswer(failure=failure, address=address):
            how = name_failure(failure)
            text = Text(
                f"An endpoint at {address or 'the target'} gave no answer ({how.en})",
                f"{address or '目标'} 的接收地址没有应答（{how.zh}）",
            )
            fix = Text(
                "See why it did not answer (did it stop, does it work before it answers?), then "
                "run these checks again.",
                "请查明未应答的原因（是否已停止？是否在应答之前处理业务？），然后重新运行这些检查项。",
            )
        case Needs(check=check):
            text = Text(f"They need {check}, which did not pass", f"前置检查项 {check} 未通过")
            fix = Text("Put that one right first.", "请先修复该检查项。")
        case NotRead():
            text = Text(
                "The target does not read orders by 2.3 after the jump (2.1)",
                "跳转（2.1）后目标没有用 2.3 读取订单",
            )
        case ServerError():
            text = Text(
                "The target answered with HTTP 5xx: a fault, neither an acknowledgement nor a "
                "refusal",
                "目标返回 HTTP 5xx：属于系统故障，既不是确认，也不是拒绝",
            )
        case SignRefused(words=words):
            text = Text(
                f"The target refuses the sign of pushes that are rightly signed (`{words}`)",
                f"目标对签名正确的推送验签失败（`{words}`）",
            )
            if len({each.fix["en"] for each in members}) > 1:
                fix = _VERIFY
        case SuiteError():
            text = Text(first.message, first.message_zh)
            fix = Text(
                "This is the suite's own fault, not the target's: please report it.",
                "这是套件自身的错误，与目标无关：请反馈。",
            )
        case _ if first.outcome == Outcome.BLOCKED:
            text = Text(first.message, first.message_zh)
        case _:
            text = Text(first.rule["en"], first.rule["zh"])
            others = len({each.rule["en"] for each in members}) - 1
            if others:
                text = Text(f"{text.en}; and {others} more", f"{text.zh}；及其他 {others} 条规则")
    return Cause(first.outcome, text, fix, tuple(members))
