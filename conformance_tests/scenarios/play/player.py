"""Plays one scenario on a venue, step by step, and keeps what came of each."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from conformance_tests.scenarios.files.loading import Scenario, Step
from conformance_tests.scenarios.play import acting, expecting, pushing, timeline
from conformance_tests.scenarios.play.play import Play, Unexpected
from conformance_tests.scenarios.play.results import Done, Failure, Outcome, Played
from conformance_tests.scenarios.play.venue import TargetUnreachable, Venue
from conformance_tests.suite.report.findings import readable
from conformance_tests.suite.rules.outcomes import EarlyEnd, NotApplicable
from simulator import clock
from simulator.errors import SimulatorError, Text

#: Differences after which a play is given up: each may have cost the target's whole patience.
_MOST_FAILURES = 10
#: Told of each step before it is taken: its place, and what it does.
Listener = Callable[[int, str], None]
_DOING: Mapping[str, Callable[[Play, Mapping[str, Any]], None]] = {
    "act": acting.act,
    "push": pushing.push,
    "advance": pushing.advance,
    "fault": pushing.fault,
}


def play(
    venue: Venue,
    scenario: Scenario,
    name: str,
    row: Mapping[str, Any],
    seed: str,
    listener: Listener = lambda number, title: None,
) -> Played:
    """Play a scenario once.

    Raises:
        TargetUnreachable: the target does not run.
    """
    started = clock.monotonic()
    own = venue.prepare(seed, name, scenario.switches)
    try:
        player = _Player(Play(venue, scenario.kind, row, own), scenario, listener)
        outcome, why = player.run()
        ended = Played(name, scenario, row, seed, outcome, player.done, why)
        ended.timeline = timeline.lines(player.play, player.done)
    finally:
        venue.clear()
    ended.seconds = round(clock.monotonic() - started, 3)
    return ended


class _Player:
    def __init__(self, play: Play, scenario: Scenario, listener: Listener) -> None:
        self.play = play
        self.done: list[Done] = []
        self._scenario = scenario
        self._listener = listener
        self._read = play.start

    def run(self) -> tuple[Outcome, Text | None]:
        """Take the steps; return what they came to, and why they could not go on, if so."""
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
        title = title_of(step)
        self._listener(number, title)
        moves = step.what != "expect" or "silence" in step.says["expect"]
        if moves:
            self._collect()
            self.play.step = self._read
        at = max(0.0, round(self.play.at - self.play.began_at, 3))
        self.done.append(Done(number, step.line, title, at, moves))
        if step.what == "expect":
            missing = expecting.expect(self.play, step.says["expect"])
            if missing is not None:
                self._fail(missing)
            return
        _DOING[step.what](self.play, step.says)
        if not self._scenario.swift and step.what in ("push", "advance"):
            self.play.settle()

    def _fail(self, text: Text) -> None:
        if self.done:
            last = self.done[-1]
            said = Text(*(" ".join(readable(each).split()) for each in (text.en, text.zh)))
            last.failures.append(Failure(last.number, last.line, said))

    def _collect(self) -> None:
        """Keep what came since the last step that did something, with that step."""
        if not self._scenario.swift and self.done:
            self.play.settle()
        entries = self.play.entries(self._read)
        if not entries:
            return
        self._read = int(entries[-1]["id"])
        latest = next((done for done in reversed(self.done) if done.moves), None)
        if latest is not None:
            latest.entries += entries


def title_of(step: Step) -> str:
    """Return a step in one line, as it stands in its file."""
    says = step.says[step.what]
    if isinstance(says, str):
        others = {name: value for name, value in step.says.items() if name != step.what}
        return f"{step.what} {says}{_written(others)}"
    first = next(iter(says))
    others = {name: value for name, value in says.items() if name != first}
    return f"{step.what} {first} {_plain(says[first])}{_written(others)}"


def _written(values: Mapping[str, Any]) -> str:
    return "".join(f", {name} {_plain(value)}" for name, value in values.items())


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
