"""What the terminal says of a conformance run: before it, and after it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text as Line

from conformance_tests.suite import report as reports
from conformance_tests.suite.words import OUTCOMES
from simulator.cli.conformance_progress import COLOURS
from simulator.cli.program import near, program
from simulator.cli.render import lines, printable
from simulator.cli.terminal import Terminal
from simulator.errors import Text

if TYPE_CHECKING:
    from conformance_tests.suite.asked import Asked

#: The outcomes that are told check by check; the others are told in a line each.
_TOLD = ("failed", "error")
_BRIEFLY = ("blocked", "warned", "informed")


def is_manual(way: Any) -> bool:
    """Return whether an action is done by a person."""
    return way == "manual" or (isinstance(way, Mapping) and "manual" in way)


def open_with(terminal: Terminal, asked: "Asked") -> None:
    """Say what is about to be done."""
    manual = reports.MANUALS[asked.kind]["version"]
    name = asked.target.name
    where = asked.platform
    terminal.say(
        f"Testing {name} clause by clause ({asked.kind} manual {manual}).",
        f"逐条测试 {name}（手册 {manual}）。",
    )
    if where:
        terminal.say(
            f"On the simulator at {where}, with an account of the target's own.",
            f"使用 {where} 上的模拟器和目标自己的账户。",
        )
    else:
        terminal.say(
            "A simulator of the run's own is started, with its own account and clock.\n",
            "已为本次运行启动独立的模拟器、账户和时钟。\n",
        )


def draw(terminal: Terminal, console: Console, report: Mapping[str, Any], folder: Path) -> None:
    """Print the summary of a report."""
    summary = _Summary(terminal, console, report)
    summary.counts()
    for outcome in _TOLD:
        summary.told(outcome)
    for outcome in _BRIEFLY:
        summary.briefly(outcome)
    summary.baseline()
    summary.conclusion()
    terminal.say(f"Report: {near(folder / reports.PAGE)}", f"报告：{near(folder / reports.PAGE)}")


class _Summary:
    def __init__(self, terminal: Terminal, console: Console, report: Mapping[str, Any]) -> None:
        self._console = console
        self._report = report
        self._by_id = {finding["id"]: finding for finding in report["findings"]}
        self._lang = terminal.lang

    def _say(self, text: str, style: str = "", indent: int = 0) -> None:
        line = Line(f"{' ' * indent}{printable(text)}", style)
        self._console.print(line, soft_wrap=not self._console.is_terminal)

    def _word(self, text: Text | Mapping[str, str]) -> str:
        both = text.as_json() if isinstance(text, Text) else text
        return both[self._lang]

    def counts(self) -> None:
        """Print how many checks came to each outcome."""
        line = Line("\n")
        for outcome, (word, _) in reversed(list(OUTCOMES.items())):
            number = self._report["counts"][outcome]
            if number:
                line.append(f"{number} {self._word(word)}   ", COLOURS[outcome])
        self._console.print(line)

    def told(self, outcome: str) -> None:
        """Print all there is to know of the checks of one outcome, by cause."""
        for cause in self._report["causes"]:
            if cause["outcome"] != outcome:
                continue
            word = self._word(OUTCOMES[outcome][0])
            number = len(cause["checks"])
            many = f"{number} × " if number > 1 else ""
            self._say(f"\n{word}: {many}{self._word(cause['text'])}", COLOURS[outcome])
            self._say(f"→ {self._word(cause['fix'])}", "bold", 2)
            for check in cause["checks"]:
                self._finding(self._by_id[check], cause)

    def _finding(self, finding: Mapping[str, Any], cause: Mapping[str, Any]) -> None:
        en = self._lang == "en"
        message = finding["message"] if en else finding["message_zh"] or finding["message"]
        pairs = [
            ("check" if en else "检查项", finding["id"]),
            ("rule" if en else "规则", self._word(finding["title"])),
            ("clause" if en else "条款", finding["quote"]),
            ("came" if en else "实际", message),
        ]
        if finding["outcome"] == "failed" and finding["fix"] != cause["fix"]:
            pairs.append(("change" if en else "修改", self._word(finding["fix"])))
        known = finding["known"]
        if known:
            said = f"{known['reason']} ({known['owner']}, {known['expires']})"
            pairs.append(("known" if en else "已知", said))
        pairs.append(("repeat" if en else "重复", self._repeat(finding)))
        self._console.print()
        for line in lines(pairs):
            self._console.print(Line(f"    {printable(line)}"), soft_wrap=True)

    def _repeat(self, finding: Mapping[str, Any]) -> str:
        return f"{program()}{finding['repeat'].removeprefix('conzhu-sim')}"

    def briefly(self, outcome: str) -> None:
        """Print what is said of the checks of one outcome, a line each, by cause."""
        for cause in self._report["causes"]:
            if cause["outcome"] != outcome:
                continue
            word = self._word(OUTCOMES[outcome][0])
            self._say(f"\n{word}: {self._word(cause['text'])}", COLOURS[outcome])
            if outcome != "informed":
                self._say(f"→ {self._word(cause['fix'])}", indent=2)
            for check in cause["checks"]:
                finding = self._by_id[check]
                zh = finding["message_zh"] if self._lang == "zh" else ""
                self._say(f"{check}: {zh or finding['message']}", indent=4)

    def baseline(self) -> None:
        """Print the lines of the baseline that want attention."""
        for line in self._report["baseline"]:
            if line["state"] in ("expired", "unexpected_pass", "unknown"):
                head = "baseline" if self._lang == "en" else "基线"
                who = f"{line['owner']}, {line['expires']}"
                self._say(f"{head}: {line['check']} ({who}): {self._word(line['said'])}", "yellow")

    def conclusion(self) -> None:
        """Print what the run came to."""
        good = self._report["conforms"]
        colour = "bold green" if good else "bold red"
        self._say(f"\n{self._word(self._report['conclusion'])}", colour)
        certificate = self._report["certificate"]
        if certificate and certificate["granted"]:
            told = Text("A certificate stands in the report.", "报告中附有证书。")
            self._say(self._word(told), colour)
