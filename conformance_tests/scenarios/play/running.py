"""A run: play scenarios on a target, one after another."""

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
from conformance_tests.scenarios.play.results import Outcome, PlayResult
from conformance_tests.scenarios.play.venue import Venue
from conformance_tests.suite.report.conclusion import Exit
from conformance_tests.suite.target import file as targets
from conformance_tests.suite.target.file import Target
from conformance_tests.suite.target.stage import Stage, TargetUnreachable
from simulator import clock, ids
from simulator.errors import SimulatorError, Text


class Watcher:
    """Follows a run: override the methods, which do nothing."""

    def play_begins(self, name: str, scenario: Scenario) -> None:
        """A play begins."""

    def step_begins(self, number: int, title: str) -> None:
        """A step is about to be taken."""

    def play_ended(self, played: PlayResult) -> None:
        """A play ended."""


@dataclass(frozen=True)
class RunRequest:
    """What is to be played. `left_out` counts the files of another kind of institution."""

    given: Sequence[str]
    target: str
    seed: str
    scenarios: Sequence[Scenario]
    left_out: int = 0

    @property
    def kinds(self) -> list[str]:
        """The kinds of institution whose scenarios are played."""
        return list(dict.fromkeys(each.kind for each in self.scenarios))

    def target_of(self, kind: str) -> Target:
        """Return the target on which a kind's scenarios are played.

        Raises:
            SimulatorError: its file has mistakes.
        """
        return targets.load(self.target, kind)

    @property
    def number(self) -> int:
        """The number of plays."""
        return sum(len(each.plays) for each in self.scenarios)


@dataclass
class RunResult:
    """The result of a run. `halt` is the reason why it could not begin or had to stop."""

    played: list[PlayResult] = field(default_factory=list)
    halt: Text | None = None
    halt_code: Exit | None = None
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """The number of plays of each outcome."""
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
        """The result in one sentence."""
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
                "The simulator itself failed: that says nothing about the target.",
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


def prepare(given: Sequence[str], target: str = targets.REFERENCE, seed: str = "") -> RunRequest:
    """Read the given files; nothing is started before all of them are correct.

    Raises:
        SimulatorError: a file has mistakes, or none of them fits the target.
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
                f"The target {target} is of the kind {kind}, but the scenario {other.name} is of "
                f"the kind {other.kind}.",
                f"目标 {target} 的类型为 {kind}，而场景 {other.name} 的类型为 {other.kind}。",
            )
    return RunRequest(
        given=tuple(given),
        target=target,
        seed=seed or ids.new_seed()[:12],
        scenarios=sorted(fitting, key=lambda each: (each.kind != "insurer", each.name)),
        left_out=len(scenarios) - len(fitting),
    )


def run(request: RunRequest, watcher: Watcher | None = None) -> RunResult:
    """Play the scenarios; those of one kind share a platform and a target."""
    watcher = watcher or Watcher()
    result = RunResult()
    began = clock.monotonic()
    stopping = threading.Event()
    # Plays that ended before a target was lost belong in the report as well.
    played: dict[str, list[PlayResult]] = {kind: [] for kind in request.kinds}
    try:
        with ThreadPoolExecutor(max(1, len(played))) as pool:
            kinds = [
                pool.submit(_play_kind, request, kind, watcher, stopping, plays)
                for kind, plays in played.items()
            ]
            try:
                wait(kinds, return_when=FIRST_EXCEPTION)
            finally:
                stopping.set()
            for each in kinds:
                each.result()
    except TargetUnreachable as error:
        result.halt, result.halt_code = error.text, Exit.UNREACHABLE
    except SimulatorError as error:
        result.halt, result.halt_code = error.text, Exit.USAGE
    result.played = [play for plays in played.values() for play in plays]
    result.seconds = round(clock.monotonic() - began, 1)
    return result


def _play_kind(
    request: RunRequest,
    kind: str,
    watcher: Watcher,
    stopping: threading.Event,
    results: list[PlayResult],
) -> None:
    """Play the scenarios of a kind, adding to `results`; kinds run in parallel."""
    with Stage(request.target_of(kind)) as stage:
        stage.require_target()
        venue = Venue(stage)
        for scenario in request.scenarios:
            for name, row in scenario.plays if scenario.kind == kind else ():
                if stopping.is_set():
                    return
                watcher.play_begins(name, scenario)
                play = partial(
                    player.play, venue, scenario, name, row, request.seed, watcher.step_begins
                )
                results.append(_play_guarded(play, name, scenario, request.seed))
                watcher.play_ended(results[-1])


def _play_guarded(
    play: Callable[[], PlayResult], name: str, scenario: Scenario, seed: str
) -> PlayResult:
    """Play; an error of our own is not reported as a failure of the target."""
    try:
        return play()
    except SimulatorError:
        raise
    except Exception as error:
        error_text = f"{type(error).__name__}: {error}"
        why = Text(
            f"The player itself failed ({error_text}); please report it.",
            f"程序内部错误（{error_text}）；请反馈。",
        )
        return PlayResult(name, scenario, {}, seed, Outcome.ERROR, [], why)
