"""A run: which scenarios on which target, played one after another, and what they come to."""

import shlex
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from conformance_tests.scenarios.files import loading
from conformance_tests.scenarios.files.loading import Scenario
from conformance_tests.scenarios.play import player
from conformance_tests.scenarios.play.results import Outcome, Played
from conformance_tests.scenarios.play.venue import Venue
from conformance_tests.suite.report.conclusion import Exit
from conformance_tests.suite.target import file as targets
from conformance_tests.suite.target.file import Target
from conformance_tests.suite.target.stage import Stage, TargetUnreachable
from simulator import clock, ids
from simulator.errors import SimulatorError, Text


class Watcher:
    """Is told how a run goes on; the methods do nothing, to be overridden."""

    def begins(self, name: str, scenario: Scenario) -> None:
        """A play begins."""

    def step(self, number: int, title: str) -> None:
        """A step is about to be taken."""

    def ended(self, played: Played) -> None:
        """A play ended."""


@dataclass(frozen=True)
class Asked:
    """What a run was asked for. `left_out` is how many files are of another kind of institution."""

    given: str
    target: str
    seed: str
    seed_given: bool
    scenarios: Sequence[Scenario]
    left_out: int = 0

    @property
    def kinds(self) -> list[str]:
        """The kinds of institution whose scenarios are played."""
        return list(dict.fromkeys(each.kind for each in self.scenarios))

    def target_of(self, kind: str) -> Target:
        """Return the target on which a kind's scenarios are played.

        Raises:
            SimulatorError: its file is wrong.
        """
        return targets.load(self.target, kind)

    @property
    def number(self) -> int:
        """How many plays there are."""
        return sum(len(each.plays) for each in self.scenarios)


@dataclass
class Ended:
    """What a run came to. `halt` says why it could not begin or had to stop."""

    played: list[Played] = field(default_factory=list)
    halt: Text | None = None
    halt_code: Exit | None = None
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """How many plays came to each outcome."""
        counted = Counter(each.outcome for each in self.played)
        return {str(outcome): counted[outcome] for outcome in Outcome}

    @property
    def code(self) -> Exit:
        """The exit code."""
        if self.halt_code is not None:
            return self.halt_code
        counts = self.counts
        if counts[Outcome.ERROR]:
            return Exit.SUITE_ERROR
        passed = counts[Outcome.PASSED] and not counts[Outcome.FAILED]
        return Exit.CONFORMS if passed else Exit.DOES_NOT

    @property
    def conclusion(self) -> Text:
        """What the run came to, in one sentence."""
        if self.halt is not None:
            return self.halt
        counts, number = self.counts, len(self.played)
        if counts[Outcome.FAILED]:
            failed = counts[Outcome.FAILED]
            return Text(
                f"{failed} of {_plays(number)} did not go as expected.",
                f"{number} 个场景中有 {failed} 个与预期不符。",
            )
        if counts[Outcome.ERROR]:
            return Text(
                "The simulator itself failed: nothing is said about the target there.",
                "程序自身出错：不对目标作结论。",
            )
        if not counts[Outcome.PASSED]:
            return Text("Nothing could be played on this target.", "该目标上没有可运行的场景。")
        skipped = counts[Outcome.SKIPPED]
        besides = (f", {skipped} skipped", f"，跳过 {skipped} 个") if skipped else ("", "")
        return Text(
            f"{_plays(counts[Outcome.PASSED])} went as expected{besides[0]}.",
            f"{counts[Outcome.PASSED]} 个场景与预期一致{besides[1]}。",
        )


def _plays(number: int) -> str:
    return "1 scenario" if number == 1 else f"{number} scenarios"


def ask(given: Sequence[str], target: str = targets.REFERENCE, seed: str = "") -> Asked:
    """Read the files that a run was given; nothing is started before all of them are right.

    Raises:
        SimulatorError: a file is wrong, or none of them fits the target.
    """
    found: dict[Path, None] = {}
    for each in given:
        found.update(dict.fromkeys(loading.find(each)))
    scenarios = [loading.load(path) for path in found]
    fitting = scenarios
    if target != targets.REFERENCE:
        kind = targets.load(target).kind
        fitting = [each for each in scenarios if each.kind == kind]
        if not fitting:
            other = scenarios[0]
            raise SimulatorError(
                f"The target {target} is of the kind {kind}, the scenario {other.name} of the "
                f"kind {other.kind}.",
                f"目标 {target} 的类型为 {kind}，而场景 {other.name} 的类型为 {other.kind}。",
            )
    return Asked(
        given=shlex.join(given),
        target=target,
        seed=seed or ids.new_seed()[:12],
        seed_given=bool(seed),
        scenarios=sorted(fitting, key=lambda each: (each.kind != "insurer", each.name)),
        left_out=len(scenarios) - len(fitting),
    )


def run(asked: Asked, watcher: Watcher | None = None) -> Ended:
    """Play the scenarios, those of each kind on one platform and one target."""
    watcher = watcher or Watcher()
    ended = Ended()
    began = clock.monotonic()
    stopping = threading.Event()
    # What was played before a kind's target was lost belongs into the report as well.
    played: dict[str, list[Played]] = {kind: [] for kind in asked.kinds}
    try:
        with ThreadPoolExecutor(max(1, len(played))) as pool:
            kinds = [
                pool.submit(_of_kind, asked, kind, watcher, stopping, plays)
                for kind, plays in played.items()
            ]
            try:
                wait(kinds, return_when=FIRST_EXCEPTION)
            finally:
                stopping.set()
            for each in kinds:
                each.result()
    except TargetUnreachable as error:
        ended.halt, ended.halt_code = error.text, Exit.UNREACHABLE
    except SimulatorError as error:
        ended.halt, ended.halt_code = error.text, Exit.USAGE
    ended.played = [play for plays in played.values() for play in plays]
    ended.seconds = round(clock.monotonic() - began, 1)
    return ended


def _of_kind(
    asked: Asked, kind: str, watcher: Watcher, stopping: threading.Event, ended: list[Played]
) -> None:
    """Play the scenarios of a kind, adding each that ended; the kinds go on side by side."""
    with Stage(asked.target_of(kind)) as stage:
        stage.require_target()
        venue = Venue(stage)
        for scenario in asked.scenarios:
            for name, row in scenario.plays if scenario.kind == kind else ():
                if stopping.is_set():
                    return
                watcher.begins(name, scenario)
                play = partial(player.play, venue, scenario, name, row, asked.seed, watcher.step)
                ended.append(_guarded(play, name, scenario, asked.seed))
                watcher.ended(ended[-1])


def _guarded(play: Callable[[], Played], name: str, scenario: Scenario, seed: str) -> Played:
    """Play; our own fault is never the target's."""
    try:
        return play()
    except SimulatorError:
        raise
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
        why = Text(
            f"The player itself failed ({said}); please report it.",
            f"程序内部错误（{said}）；请反馈。",
        )
        return Played(name, scenario, {}, seed, Outcome.ERROR, [], why)
