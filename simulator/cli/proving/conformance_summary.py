"""What the terminal says of a conformance run: before it, and after it."""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text as Line

from conformance_tests.suite.report import document as reports
from conformance_tests.suite.report import undeclared
from conformance_tests.suite.rules.outcomes import OUTCOMES
from simulator.cli.output.render import cut, escape_controls, width
from simulator.cli.output.terminal import Terminal
from simulator.cli.program import program, shorten_path
from simulator.cli.proving.conformance_progress import COLOURS
from simulator.errors import Text

if TYPE_CHECKING:
    from conformance_tests.suite.report.options import RunOptions

#: The outcomes of which one check of each cause is told in full; of the others the cause alone.
_TOLD = ("failed", "error")
_BRIEFLY = ("blocked", "warned", "informed")
#: Columns of a line, ids of a cause, and declarations that are missing.
_WIDE = 120
_IDS = 5
_DECLARATIONS = 10
#: Lines of a text; the report has the whole.
_LINES = 4
_INDENT = 4
#: What stays in one line: a blank, or a word or one Chinese character with its punctuation.
_PIECES = re.compile(r"\s|[（“《]*(?:[!-~\u00a0-\u1fff]+|[^\s])[，。；：、）”》！？…]*")


def is_manual(way: Any) -> bool:
    """Return whether an action is done by a person."""
    return way == "manual" or (isinstance(way, Mapping) and "manual" in way)


def open_with(terminal: Terminal, asked: "RunOptions") -> None:
    """Say what is about to be done."""
    manual = reports.MANUALS[asked.kind]
    version = f" {manual['version']}" if "version" in manual else ""
    name = asked.target.name
    where = asked.platform
    terminal.say(
        f"Testing {name} clause by clause ({asked.kind} manual{version}).",
        f"逐条测试 {name}（{manual['title'].split()[-1]}{version}）。",
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
    summary.undeclared()
    summary.baseline()
    summary.conclusion()
    terminal.say(
        f"Report: {shorten_path(folder / reports.PAGE)}",
        f"报告：{shorten_path(folder / reports.PAGE)}",
    )


def wrapped(text: str, room: int, most: int = _LINES) -> list[str]:
    """Return a text in lines of so many columns, and no more of them than so many.

    A line may break at a blank and beside a Chinese character, but not before what ends a clause.
    """
    folded = [line for part in escape_controls(text).split("\n") for line in _folded(part, room)]
    return (
        folded if len(folded) <= most else [*folded[: most - 1], cut(f"{folded[most - 1]} …", room)]
    )


def _folded(text: str, room: int) -> list[str]:
    lines = [""]
    for piece in _PIECES.findall(text):
        if width(lines[-1] + piece.rstrip()) > room and lines[-1]:
            lines.append("")
        for letter in piece if lines[-1] else piece.lstrip():
            if width(lines[-1] + letter) > room:
                lines.append("")
            lines[-1] += letter
    return [line.rstrip() for line in lines]


def command_lines(command: str, room: int) -> list[str]:
    r"""Return a command in lines of so many columns that a shell joins again by `\`."""
    written = [""]
    for word in map(shlex.quote, shlex.split(command)):
        longer = f"{written[-1]} {word}".strip()
        if written[-1] and width(longer) > room - 2:
            written.append(word)
        else:
            written[-1] = longer
    return [f"{line} \\" for line in written[:-1]] + written[-1:]


def _and_more(number: int) -> Text:
    return Text(f"… and {number} more", f"……另有 {number} 项")


class _Summary:
    def __init__(self, terminal: Terminal, console: Console, report: Mapping[str, Any]) -> None:
        self._console = console
        self._report = report
        self._by_id = {finding["id"]: finding for finding in report["findings"]}
        self._lang = terminal.lang
        self._room = min(console.width, _WIDE)

    def _print(self, line: str, style: str = "", indent: int = 0) -> None:
        self._console.print(Line(f"{' ' * indent}{line}", style), soft_wrap=True)

    def _say(self, text: str, style: str = "", indent: int = 0) -> None:
        for line in wrapped(text, self._room - indent):
            self._print(line, style, indent)

    def _word(self, text: Text | Mapping[str, str]) -> str:
        both = text.as_json() if isinstance(text, Text) else text
        return both[self._lang]

    def _message(self, finding: Mapping[str, Any]) -> str:
        return str(finding["message" if self._lang == "en" else "message_zh"])

    def counts(self) -> None:
        """Print how many checks came to each outcome."""
        line = Line("\n")
        for outcome, (word, _) in reversed(list(OUTCOMES.items())):
            number = self._report["counts"][outcome]
            if number:
                line.append(f"{number} {self._word(word)}   ", COLOURS[outcome])
        self._console.print(line)

    def _causes(self, outcome: str) -> list[Mapping[str, Any]]:
        return [cause for cause in self._report["causes"] if cause["outcome"] == outcome]

    def told(self, outcome: str) -> None:
        """Print the causes of one outcome: of each one check in full, and which others."""
        for cause in self._causes(outcome):
            self._cause(cause, "bold")
            first, *others = (self._by_id[check] for check in cause["checks"])
            self._print("")
            self._finding(first, cause)
            self._ids(others, self._message(first), _IDS - 1)

    def briefly(self, outcome: str) -> None:
        """Print the causes of one outcome, and which checks they are of."""
        for cause in self._causes(outcome):
            self._cause(cause, "")
            findings = [self._by_id[check] for check in cause["checks"]]
            # Why a check is blocked is the cause itself.
            said = self._message(findings[0]) if outcome == "blocked" else ""
            self._ids(findings, said, _IDS)

    def _cause(self, cause: Mapping[str, Any], style: str) -> None:
        outcome = cause["outcome"]
        number = len(cause["checks"])
        many = f"{number} × " if number > 1 else ""
        word = self._word(OUTCOMES[outcome][0])
        self._print("")
        self._say(f"{word}: {many}{self._word(cause['text'])}", COLOURS[outcome])
        if outcome != "informed":
            self._say(f"→ {self._word(cause['fix'])}", style, 2)

    def _ids(self, findings: Sequence[Mapping[str, Any]], said: str, most: int) -> None:
        """Print which checks share a cause; what came, where that was not said yet."""
        for finding in findings[:most]:
            message = self._message(finding)
            own = "" if message == said else f": {message}"
            said = message
            self._print(
                cut(escape_controls(f"{finding['id']}{own}"), self._room - _INDENT), "", _INDENT
            )
        more = len(findings) - most
        if more > 0:
            self._print(self._word(_and_more(more)), "", _INDENT)

    def _finding(self, finding: Mapping[str, Any], cause: Mapping[str, Any]) -> None:
        en = self._lang == "en"
        pairs = [
            ("check" if en else "检查项", finding["id"]),
            ("rule" if en else "规则", self._word(finding["title"])),
            ("clause" if en else "条款", finding["quote"]),
            ("came" if en else "实际", self._message(finding)),
        ]
        if finding["outcome"] == "failed" and finding["fix"] != cause["fix"]:
            pairs.append(("change" if en else "修改", self._word(finding["fix"])))
        known = finding["known"]
        if known:
            said = f"{known['reason']} ({known['owner']}, {known['expires']})"
            pairs.append(("known" if en else "已知", said))
        names = max(width(name) for name, _ in pairs) + 2
        room = self._room - _INDENT - names
        for name, text in pairs:
            self._pair(name, wrapped(text, room), names)
        command = f"{program()}{finding['repeat'].removeprefix('conzhu-sim')}"
        self._pair("repeat" if en else "重复", command_lines(command, room), names)

    def _pair(self, name: str, texts: Sequence[str], room: int) -> None:
        for number, text in enumerate(texts):
            shown = name if number == 0 else ""
            self._print(f"{shown}{' ' * (room - width(shown))}{text}", "", _INDENT)

    def undeclared(self) -> None:
        """Print which declarations in the target file would let more checks run."""
        listed = self._report["undeclared"]
        if not listed:
            return
        word = self._word(OUTCOMES["not_applicable"][0])
        self._print("")
        for each in listed[:_DECLARATIONS]:
            self._say(f"{word}: {self._word(undeclared.describe(each))}", COLOURS["not_applicable"])
        more = len(listed) - _DECLARATIONS
        if more > 0:
            self._say(self._word(_and_more(more)), COLOURS["not_applicable"])

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
        self._print("")
        self._say(self._word(self._report["conclusion"]), colour)
        certificate = self._report["certificate"]
        if certificate and certificate["granted"]:
            told = Text("A certificate stands in the report.", "报告中附有证书。")
            self._say(self._word(told), colour)
