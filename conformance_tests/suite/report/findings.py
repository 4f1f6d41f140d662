"""What each check of a run came to, with all that a report needs; JSON, so that workers pass it."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conformance_tests.suite.report.judging import Judgement
from conformance_tests.suite.rules import reasons
from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.reasons import Reason
from conformance_tests.suite.rules.requirements import clauses
from simulator.errors import Text
from simulator.protocol import masking, personal

#: A letter as JSON in ASCII writes it; no surrogates, which come in pairs.
_ESCAPED = re.compile(r"\\u((?!d[89a-f])[0-9a-f]{4})", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One check's end. `quote` is the clause in Chinese, `exchanges` what was sent and came.

    `reason` is why it did not simply pass, None where it did; `message` says it in one sentence,
    `message_zh` the same in Chinese. `title` is the rule with the case it was judged for. `fix` is
    what to change. `seconds` is how long the check took.
    """

    id: str
    clause: str
    quote: str
    family: str
    interface: str | None
    level: str
    outcome: str
    title: dict[str, str]
    rule: dict[str, str]
    reason: dict[str, Any] | None
    message: str
    message_zh: str
    fix: dict[str, str]
    decision: str | None
    needs: Sequence[str]
    seconds: float
    exchanges: Sequence[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> "Finding":
        """Return the finding that a JSON object is."""
        return cls(**members)

    @property
    def why(self) -> Reason | None:
        """The reason as a value."""
        return None if self.reason is None else reasons.from_json(self.reason)


def of(
    check: Check,
    family: str,
    end: Judgement,
    seconds: float,
    exchanges: Sequence[dict[str, Any]],
    secrets: Collection[str] = (),
) -> Finding:
    """Return the finding of a check; no credential and no person's data are left in it."""
    message = end.reason.text if end.reason else Text("", "")
    return Finding(
        id=check.id,
        clause=check.clause,
        quote=clauses()[check.clause].quote,
        family=family,
        interface=check.interface,
        level=str(check.level),
        outcome=str(end.outcome),
        title=check.title.as_json(),
        rule=check.rule.as_json(),
        fix=end.fix.as_json(),
        decision=check.decision,
        needs=list(check.needs),
        seconds=round(seconds, 3),
        **mask(
            {
                "reason": end.reason.as_json() if end.reason else None,
                "message": readable(message.en),
                "message_zh": readable(message.zh),
                "exchanges": list(exchanges),
            },
            secrets,
        ),
    )


def describe(finding: Finding) -> list[str]:
    """Return what is to be said of a check that did not pass, in lines."""
    return [
        f"{finding.id}: {finding.title['en']} / {finding.title['zh']}",
        f"clause: {finding.quote}",
        f"came: {finding.message} / {finding.message_zh}",
        f"change: {finding.fix['en']} / {finding.fix['zh']}",
    ]


def readable(message: str) -> str:
    """Return a message with the letters that an answer's JSON escaped, without line ends."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), message).strip()


def mask(members: dict[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """Return JSON members as a report may show them: no credential, nothing about a person."""
    shown = masking.redact(masking.mask(members), secrets)
    known = personal.find(shown)
    escaped = {json.dumps(value)[1:-1] for value in known}
    return dict(personal.mask(shown, known | escaped))
