"""How a run of scenarios is shown: each play as it ends, and what happened in it."""

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.text import Text as Line

from conformance_tests.scenarios.files.loading import Scenario
from conformance_tests.scenarios.play.results import OUTCOME_NAMES, Outcome, PlayResult
from conformance_tests.scenarios.play.running import RunRequest, Watcher
from conformance_tests.scenarios.report import timeline_text
from simulator.cli.output.render import cut, escape_controls, width
from simulator.cli.output.terminal import Terminal
from simulator.errors import Text

_COLOURS = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "bold red",
    Outcome.SKIPPED: "yellow",
    Outcome.ERROR: "bold magenta",
}
#: Columns of a line of a timeline.
_WIDE = 160


class Progress(Watcher):
    """Prints each play as it ends, and on a screen which step is under way."""

    def __init__(self, terminal: Terminal, console: Console, number: int) -> None:
        self._terminal = terminal
        self._console = console
        self._number = number
        self._done = 0
        #: The kinds are played side by side, each in a thread of its own.
        self._lock = threading.Lock()
        self._under_way: dict[int, str] = {}
        self._status: Status | None = None
        if console.is_terminal and not terminal.as_json:
            self._status = console.status("")

    def __enter__(self) -> "Progress":
        """Begin to show what is under way."""
        if self._status:
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Show nothing under way any more."""
        if self._status:
            self._status.stop()

    # Told by the run.

    def play_begins(self, name: str, scenario: Scenario) -> None:
        """Show which play begins."""
        with self._lock:
            self._under_way[threading.get_ident()] = name
            self._draw("")

    def step_begins(self, number: int, title: str) -> None:
        """Show which step is about to be taken."""
        with self._lock:
            self._draw(f" {number}. {title}")

    def play_ended(self, played: PlayResult) -> None:
        """Print what a play came to."""
        with self._lock:
            self._done += 1
            if self._terminal.as_json:
                return
            word = self._terminal.translate(OUTCOME_NAMES[played.outcome])
            counter = f"{self._done:>{len(str(self._number))}}/{self._number}"
            line = Line(f"{counter}  ").append(word, _COLOURS[played.outcome])
            line.append(f"{' ' * (8 - width(word))}{escape_controls(played.name)}")
            line.append(f"  {played.seconds:.1f} s", "dim")
            self._console.print(line, soft_wrap=True)

    def _draw(self, step: str) -> None:
        if self._status:
            name = self._under_way.get(threading.get_ident(), "")
            text = cut(escape_controls(f"{name}{step}"), self._console.width - 4)
            self._status.update(Line(text))

    # Before and after.

    def open_with(self, request: RunRequest) -> None:
        """Say what is about to be played, and on what."""
        names = ", ".join(request.target_of(kind).name for kind in request.kinds)
        self._terminal.say(
            f"Playing {request.number} on {names}; seed {request.seed}.",
            f"在 {names} 上运行 {request.number} 个场景；种子 {request.seed}。",
        )
        if request.left_out:
            files = "1 file" if request.left_out == 1 else f"{request.left_out} files"
            self._terminal.say(
                f"Left out, of the other kind of institution: {files}.",
                f"已略过 {request.left_out} 个其他机构类型的文件。",
            )

    def close_with(self, report: Mapping[str, Any], everything: bool) -> None:
        """Print the timelines - all of them, or of what failed - and what the run came to."""
        for play in report["plays"]:
            failed = play["outcome"] in ("failed", "error")
            if everything or failed:
                self._print_timeline(play)
            if failed or play["outcome"] == "skipped":
                self._print_play(play)
        good = report["exit_code"] == 0
        self._console.print()
        self._print(self._translate(report["conclusion"]), "bold green" if good else "bold red")

    def _print_timeline(self, play: Mapping[str, Any]) -> None:
        self._console.print()
        self._print(f"{play['name']}: {self._translate(play['purpose'])}", "bold")
        room = min(self._console.width, _WIDE)
        for row in timeline_text.build_rows(play["timeline"], self._terminal.lang):
            indent = "" if row.what == "step" else "  "
            line = Line(f"{row.at:>9}  {indent}")
            line.append(escape_controls(row.text), "" if row.what == "step" else "cyan")
            if row.verdict:
                line.append(f"  {escape_controls(row.verdict)}", "green" if row.good else "yellow")
            self._console.print(line, soft_wrap=True)
            for failure in row.failures:
                self._print(f"{'':>11}!! {failure}", "bold red")
            if row.content:
                self._print(cut(f"{row.content}", room - 15), "dim", 15)

    def _print_play(self, play: Mapping[str, Any]) -> None:
        self._console.print()
        word = self._terminal.translate(OUTCOME_NAMES[Outcome(play["outcome"])])
        self._print(f"{word}: {play['name']}", _COLOURS[Outcome(play["outcome"])])
        for failure in play["failures"]:
            self._print(f"{play['file']}:{failure['line']}: {self._translate(failure)}", "", 2)
        if not play["failures"] and play["why"]:
            self._print(self._translate(play["why"]), "", 2)
        again = Text("again:", "重新运行：")
        self._print(f"{self._terminal.translate(again)} {play['repeat']}", "dim", 2)

    def _translate(self, said: Mapping[str, Any]) -> str:
        return str(said[self._terminal.lang])

    def _print(self, text: str, style: str, indent: int = 0) -> None:
        self._console.print(Line(f"{' ' * indent}{escape_controls(text)}", style), soft_wrap=True)
