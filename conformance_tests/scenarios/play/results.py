"""What became of a play: its steps with what was seen in each, and what was not as expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conformance_tests.scenarios.files.loading import Scenario, Step
from simulator.errors import Text


class Outcome(StrEnum):
    """The end of a play. SKIPPED: the target file does not declare what it needs."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


#: What each outcome is called.
WORDS: Mapping[str, Text] = {
    Outcome.PASSED: Text("passed", "通过"),
    Outcome.FAILED: Text("failed", "失败"),
    Outcome.SKIPPED: Text("skipped", "跳过"),
    Outcome.ERROR: Text("error", "程序错误"),
}


@dataclass(frozen=True)
class Failure:
    """Something that was not as expected: at which step, in which line, what came instead."""

    step: int
    line: int
    text: Text

    def as_json(self) -> dict[str, Any]:
        """Return it as reports keep it."""
        return {"step": self.step, "line": self.line, **self.text.as_json()}


@dataclass
class Done:
    """A step that was taken: when it began on the account's clock, and the entries that came.

    `at` is in seconds since the play began.
    """

    number: int
    step: Step
    at: float
    entries: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass
class Played:
    """A play that ended. `why` says why it was skipped, or could not go on."""

    name: str
    scenario: Scenario
    row: Mapping[str, Any]
    seed: str
    outcome: Outcome
    steps: Sequence[Done]
    why: Text | None = None
    seconds: float = 0.0
    #: The lines of the timeline, as reports show them.
    timeline: list[dict[str, Any]] = field(default_factory=list)

    @property
    def failures(self) -> list[Failure]:
        """What was not as expected, in the order of the steps."""
        return [failure for step in self.steps for failure in step.failures]
