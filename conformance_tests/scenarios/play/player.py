"""Play one scenario on a venue, step by step, and keep the result of each."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance_tests.scenarios.files.loading import Scenario, Step
from conformance_tests.scenarios.files.shape import StepKind
from conformance_tests.scenarios.play import acting, expecting, pushing, timeline
from conformance_tests.scenarios.play.play import Play, Unexpected
from conformance_tests.scenarios.play.results import Failure, Outcome, PlayResult, StepResult
from conformance_tests.scenarios.play.venue import TargetUnreachable, Venue
from conformance_tests.suite.report.findings import readable
from conformance_tests.suite.rules.outcomes import EarlyEnd, NotApplicable
from simulator import clock
from simulator.errors import SimulatorError, Text

#: Failures after which a play is given up: each may have cost the target's whole patience.
_MOST_FAILURES = 10
#: Called with the number and the title of each step before it is taken.
Listener = Callable[[int, str], None]
_DOING: Mapping[StepKind, Callable[[Play, Mapping[str, Any]], None]] = {
    StepKind.ACT: acting.act,
    StepKind.PUSH: pushing.push,
    StepKind.ADVANCE: pushing.advance,
    StepKind.FAULT: pushing.fault,
}


def play(
    venue: Venue,
    scenario: Scenario,
    name: str,
    row: Mapping[str, Any],
    seed: str,
    listener: Listener = lambda number, title: None,
) -> PlayResult:
    """Play a scenario once.

    Raises:
        TargetUnreachable: the target does not run.
    """
    started = clock.monotonic()
    own = venue.prepare(seed, name, scenario.switches)
    try:
        player = _Player(Play(venue, scenario.kind, row, own), scenario, listener)
        outcome, why = player.run()
        result = PlayResult(name, scenario, row, seed, outcome, player.done, why)
        result.timeline = timeline.build(player.play, player.done)
    finally:
        venue.clear()
    result.seconds = round(clock.monotonic() - started, 3)
    return result


class _Player:
    def __init__(self, play: Play, scenario: Scenario, listener: Listener) -> None:
        self.play = play
        self.done: list[StepResult] = []
        self._scenario = scenario
        self._listener = listener
        self._read = play.start

    def run(self) -> tuple[Outcome, Text | None]:
        """Take the steps; return the outcome, and the reason if the play could not go on."""
        try:
            for number, step in enumerate(self._scenario.steps, 1):
                self._take(number, step)
                if sum(len(done.failures) for done in self.done) >= _MOST_FAILURES:
                    break
            self._collect()
        except NotApplicable as undeclared:
            self._collect()
            return Outcome.SKIPPED, undeclared.text
        except (Unexpected, EarlyEnd) as stopped:
            self._fail(stopped.text)
            self._collect()
            return Outcome.FAILED, stopped.text
        except TargetUnreachable:
            raise
        except SimulatorError as error:
            self._fail(error.text)
            self._collect()
            return Outcome.FAILED, error.text
        failed = any(done.failures for done in self.done)
        return (Outcome.FAILED if failed else Outcome.PASSED), None

    def _take(self, number: int, step: Step) -> None:
        self._listener(number, step.title)
        if step.acts:
            self._collect()
            self.play.step = self._read
        at = max(0.0, round(self.play.at - self.play.began_at, 3))
        self.done.append(StepResult(number, step, at))
        if step.kind is StepKind.EXPECT:
            missing = expecting.expect(self.play, step.spec[step.kind])
            if missing is not None:
                self._fail(missing)
            return
        _DOING[step.kind](self.play, step.spec)
        if not self._scenario.swift and step.kind in (StepKind.PUSH, StepKind.ADVANCE):
            self.play.settle()

    def _fail(self, text: Text) -> None:
        if self.done:
            last = self.done[-1]
            line = Text(*(" ".join(readable(each).split()) for each in (text.en, text.zh)))
            last.failures.append(Failure(last.number, last.step.line, line))

    def _collect(self) -> None:
        """Add the new entries of the journal to the last step that acts."""
        if not self._scenario.swift and self.done:
            self.play.settle()
        entries = self.play.entries(self._read)
        if not entries:
            return
        self._read = int(entries[-1]["id"])
        latest = next((done for done in reversed(self.done) if done.step.acts), None)
        if latest is not None:
            latest.entries += entries
