"""How a run of the conformance suite is shown while it goes on: a line for each family."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text as Line

from conformance_tests.suite.report.ledger import Ledger
from conformance_tests.suite.rules import families
from conformance_tests.suite.rules.outcomes import OUTCOMES
from conformance_tests.suite.run.plugin import LEDGER
from simulator.cli.output.render import width
from simulator.cli.output.terminal import Terminal

#: How each outcome is coloured.
COLOURS = {
    "passed": "green",
    "failed": "bold red",
    "warned": "yellow",
    "informed": "cyan",
    "not_applicable": "dim",
    "blocked": "yellow",
    "attested": "green",
    "error": "bold magenta",
}


class Progress:
    """A pytest plugin that draws the families, each with its counter, as their checks end.

    On a screen the lines live; elsewhere each is printed once its family is through.
    """

    def __init__(self, terminal: Terminal, console: Console, live: bool) -> None:
        self.ledger: Ledger | None = None
        self.items: Sequence[pytest.Item] = ()
        self._terminal = terminal
        self._console = console
        self._totals: dict[str, int] = {}
        self._done: dict[str, dict[str, str]] = {}
        self._printed: set[str] = set()
        self._live = Live(console=console, refresh_per_second=8, transient=True) if live else None

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Find where the findings are kept."""
        self.ledger = session.config.stash[LEDGER]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is to be run."""
        self.items = session.items
        if session.items:
            self._begin([families.family_of(item.path) for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: Sequence[str]) -> None:
        """Count what the workers are to run."""
        self._begin([families.family_of(Path(each.partition("::")[0])) for each in ids])

    def _begin(self, found: Sequence[str]) -> None:
        self._totals = dict(Counter(found))
        self._done = {family: {} for family in self._totals}
        if self._live and not self._live.is_started:
            self._live.start()
        self._draw()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a check that ended."""
        found = getattr(report, "finding", None)
        if found is None or found["family"] not in self._done:
            return
        family = found["family"]
        self._done[family][found["id"]] = found["outcome"]
        self._draw()
        whole = len(self._done[family]) == self._totals[family]
        if self._live is None and whole and family not in self._printed:
            self._printed.add(family)
            self._console.print(self._line(family), soft_wrap=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Leave the last state of the lines on the screen."""
        if self._live and self._live.is_started:
            self._live.stop()
            self._console.print(self._table())
        elif self._live is None:
            for family in self._totals:
                if self._done[family] and family not in self._printed:
                    self._console.print(self._line(family), soft_wrap=True)

    def _draw(self) -> None:
        if self._live:
            self._live.update(self._table())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for family in self._totals:
            table.add_row(*self._cells(family))
        return table

    def _line(self, family: str) -> Line:
        name, counter, outcomes = self._cells(family)
        room = max(width(self._name(each)) for each in self._totals)
        padding = " " * (room - width(self._name(family)))
        return (
            Line("")
            .append(name)
            .append(f"{padding}  ")
            .append(counter)
            .append("  ")
            .append(outcomes)
        )

    def _name(self, family: str) -> str:
        return self._terminal.translate(families.title_of(family))

    def _cells(self, family: str) -> tuple[Line, Line, Line]:
        done = self._done[family]
        room = len(str(max(self._totals.values())))
        counter = f"{len(done):>{room}}/{self._totals[family]:<{room}}"
        outcomes = Line("")
        for outcome, number in Counter(done.values()).items():
            if outcome != "passed":
                word = self._terminal.translate(OUTCOMES[outcome][0])
                outcomes.append(f"{number} {word}  ", COLOURS[outcome])
        good = len(done) == self._totals[family] and set(done.values()) <= {"passed", "attested"}
        return Line(self._name(family)), Line(counter, "green" if good else ""), outcomes
