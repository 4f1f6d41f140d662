"""Results of a play: its steps, the exchanges of each, and the failures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from conformance_tests.scenarios.files.loading import Scenario, Step
from simulator.errors import Text


class Outcome(StrEnum):
    """How a play ended. SKIPPED: the target file does not declare what the scenario needs."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    ERROR = "error"


#: The name of each outcome.
OUTCOME_NAMES: Mapping[str, Text] = {
    Outcome.PASSED: Text("passed", "通过"),
    Outcome.FAILED: Text("failed", "失败"),
    Outcome.SKIPPED: Text("skipped", "跳过"),
    Outcome.ERROR: Text("error", "程序错误"),
}


@dataclass(frozen=True)
class Failure:
    """Something that was not as expected: the step, its line, and what came instead."""

    step: int
    line: int
    text: Text

    def as_json(self) -> dict[str, Any]:
        """Return the failure as reports have it."""
        return {"step": self.step, "line": self.line, **self.text.as_json()}


@dataclass
class StepResult:
    """A step that was taken, with the journal entries that came of it.

    `at` is its begin in seconds of the account's clock since the play began.
    """

    number: int
    step: Step
    at: float
    entries: list[dict[str, Any]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


@dataclass
class PlayResult:
    """A play that ended. `why` is the reason why it was skipped or could not go on."""

    name: str
    scenario: Scenario
    row: Mapping[str, Any]
    seed: str
    outcome: Outcome
    steps: Sequence[StepResult]
    why: Text | None = None
    seconds: float = 0.0
    #: The lines of the timeline, as reports have them.
    timeline: list[dict[str, Any]] = field(default_factory=list)

    @property
    def failures(self) -> list[Failure]:
        """The failures in the order of the steps."""
        return [failure for step in self.steps for failure in step.failures]
