"""The calls of a target that the platform refused: facts that keep checks from being judged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance_tests.suite.platform.corrections import correct_call
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.reasons import Needs, NoCall, NotRead, Observed, Refused
from simulator.errors import Text
from simulator.protocol.diagnosis import Mistake, read_mistakes

#: Why a check ends that waits for an effect.
_WITHOUT_EFFECT = (NoCall, NotRead)
_TOKEN = "get_access_token"
#: A token that is over: the suite ends tokens itself, and the target may ask for a new one.
_TOKEN_IS_OVER = "1006"


@dataclass(frozen=True)
class RefusedCall:
    """One call that was refused; `mistake` is what the platform proved in it, if it did."""

    call: Call
    mistake: Mistake | None

    @property
    def key(self) -> tuple[str, ...]:
        """What is the same of calls that are refused for one cause."""
        return (self.mistake.name,) if self.mistake else (self.call.method, self.call.status)

    @property
    def text(self) -> Text:
        """What was refused, and why."""
        if self.mistake:
            return Text(
                "The platform refused the target's calls, which prove this mistake: "
                f"{self.mistake.title.en}",
                f"平台拒绝了目标的调用，报文本身证明了这一错误：{self.mistake.title.zh}",
            )
        method, answered = self.call.method, self.call.answered
        return Text(
            f"The platform refused {method or 'a call that it could not open'} with {answered.en}",
            f"平台拒绝了 {method or '无法解密的调用'}：{answered.zh}",
        )

    @property
    def fix(self) -> Text:
        """What to change."""
        if self.mistake:
            return self.mistake.remedy
        return correct_call(self.call.kind, self.call.method, self.call.status)


def find_refused_calls(findings: Iterable[Finding]) -> Mapping[str, RefusedCall]:
    """Return the refused call that kept each of these checks from passing, by the check's id.

    The check waited for an effect, and the platform refused the call that would have had it, or
    took no call at all meanwhile. A check that needs another one hangs on that one's call.
    """
    stuck = {each.id: each for each in findings}
    refused = {name: found for name, each in stuck.items() if (found := _find(each))}
    waiting = {name: each.why.check for name, each in stuck.items() if isinstance(each.why, Needs)}
    while reached := {n: refused[check] for n, check in waiting.items() if check in refused}:
        refused |= reached
        waiting = {name: check for name, check in waiting.items() if name not in reached}
    return refused


def _find(finding: Finding) -> RefusedCall | None:
    calls = [Call(each) for each in finding.exchanges if each.get("direction") == "call"]
    if isinstance(finding.why, Refused):
        method, code = finding.why.method, finding.why.code
        own = [call for call in calls if (call.method, call.status) == (method, code)]
        return RefusedCall(own[-1], _proven(own[-1].entry)) if own else None
    if any(call.accepted and call.method != _TOKEN for call in calls):
        return None
    own = [call for call in calls if call.status not in ("200", _TOKEN_IS_OVER)]
    made = [RefusedCall(call, _proven(call.entry)) for call in own if not call.entry["faults"]]
    if proven := next((each for each in made if each.mistake), None):
        return proven if isinstance(finding.why, (*_WITHOUT_EFFECT, Observed)) else None
    return made[-1] if made and isinstance(finding.why, _WITHOUT_EFFECT) else None


def _proven(entry: Mapping[str, Any]) -> Mistake | None:
    certain = [note for note in entry["notes"] if note.get("certain")]
    return next(iter(read_mistakes(certain)), None)
