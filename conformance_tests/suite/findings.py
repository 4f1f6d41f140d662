"""What each check of a run came to, with all that a report needs; JSON, so that workers pass it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from conformance_tests.suite.checks import Check
from conformance_tests.suite.outcomes import Outcome
from conformance_tests.suite.requirements import clauses


@dataclass(frozen=True)
class Finding:
    """One check's end. `quote` is the clause in Chinese, `exchanges` what was sent and came.

    `message` says why it did not pass, in one sentence; `seconds` is how long the check took.
    """

    id: str
    clause: str
    quote: str
    level: str
    outcome: str
    title: dict[str, str]
    message: str
    fix: dict[str, str]
    decision: str | None
    seconds: float
    exchanges: Sequence[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return the finding as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> "Finding":
        """Return the finding that a JSON object is."""
        return cls(**members)


def of(
    check: Check,
    outcome: Outcome,
    message: str,
    seconds: float,
    exchanges: Sequence[dict[str, Any]],
) -> Finding:
    """Return the finding of a check."""
    return Finding(
        id=check.id,
        clause=check.clause,
        quote=clauses()[check.clause].quote,
        level=str(check.level),
        outcome=str(outcome),
        title=check.title.as_json(),
        message=message,
        fix=check.fix.as_json(),
        decision=check.decision,
        seconds=round(seconds, 3),
        exchanges=list(exchanges),
    )
