"""Failures with one cause, told once: an endpoint that is down, one change that mends many."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.report.judging import CATCH_IT
from conformance_tests.suite.rules.outcomes import Outcome
from simulator.errors import Text

#: The outcomes that a reader looks for a cause of, the gravest first.
GRAVE = (Outcome.FAILED, Outcome.ERROR, Outcome.BLOCKED, Outcome.WARNED, Outcome.INFORMED)
_UNREACHED = re.compile(r"no answer \((unreachable|name|tls|timeout|broken)\b")
_NEED = re.compile(r"an earlier check did not pass: (\S+)")
#: What differs between two failures of one cause: numbers, and what stands in quotation marks.
_OWN = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|[0-9a-f]{8,}|[0-9]+(?:\.[0-9]+)*")


@dataclass(frozen=True)
class Cause:
    """Why some checks came to one outcome."""

    outcome: str
    text: Text
    fix: Text
    findings: tuple[Finding, ...]


def causes_of(findings: Iterable[Finding]) -> list[Cause]:
    """Return the findings that are no pass, by cause: the gravest and the most frequent first."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        if finding.outcome in GRAVE:
            groups.setdefault(_cause(finding), []).append(finding)
    made = [_told(key, members) for key, members in groups.items()]
    return sorted(made, key=lambda c: (GRAVE.index(Outcome(c.outcome)), -len(c.findings)))


def _cause(finding: Finding) -> tuple[str, ...]:
    unreached = _UNREACHED.search(finding.message)
    if unreached:
        return (finding.outcome, "unreached", unreached[1], _last_address(finding))
    need = _NEED.search(finding.message)
    if need:
        return (finding.outcome, "need", need[1])
    if finding.fix == CATCH_IT.as_json():
        return (finding.outcome, "fault")
    said = _OWN.sub("…", finding.message)
    if finding.outcome == Outcome.ERROR:
        return (finding.outcome, "message", said)
    if finding.outcome == Outcome.BLOCKED:
        return (finding.outcome, "message", said, finding.fix["en"])
    return (finding.outcome, "fix", finding.fix["en"])


def _last_address(finding: Finding) -> str:
    addresses = [
        str(exchange.get("to") or exchange.get("sent", {}).get("url") or "")
        for exchange in finding.exchanges
    ]
    found = [address for address in addresses if address]
    return urlsplit(found[-1]).netloc if found else ""


def _told(key: tuple[str, ...], members: list[Finding]) -> Cause:
    first = members[0]
    text = Text(first.title["en"], first.title["zh"])
    fix = Text(first.fix["en"], first.fix["zh"])
    match key:
        case (_, "unreached", how, address):
            text = Text(
                f"An endpoint at {address or 'the target'} gave no answer ({how})",
                f"{address or '目标'} 的接收地址没有应答（{how}）",
            )
            fix = Text(
                "See why it did not answer (did it stop, does it work before it answers?), then "
                "run these checks again.",
                "请查明未应答的原因（是否已停止？是否在应答之前处理业务？），然后重新运行这些检查项。",
            )
        case (_, "need", check):
            text = Text(f"They need {check}, which did not pass", f"前置检查项 {check} 未通过")
            fix = Text("Put that one right first.", "请先修复该检查项。")
        case (_, "fault"):
            text = Text(
                "The target answered with HTTP 5xx: a fault, neither an acknowledgement nor a "
                "refusal",
                "目标返回 HTTP 5xx：属于系统故障，既不是确认，也不是拒绝",
            )
        case (_, "message", *_):
            text = Text(first.message, first.message_zh)
            if first.outcome == Outcome.ERROR:
                fix = Text(
                    "This is the suite's own fault, not the target's: please report it.",
                    "这是套件自身的错误，与目标无关：请反馈。",
                )
        case _:
            text = Text(text.en.partition(" (")[0], text.zh.partition(" (")[0])
            others = len({each.title["en"].partition(" (")[0] for each in members}) - 1
            if others:
                text = Text(f"{text.en}; and {others} more", f"{text.zh}；及其他 {others} 条规则")
    return Cause(first.outcome, text, fix, tuple(members))
