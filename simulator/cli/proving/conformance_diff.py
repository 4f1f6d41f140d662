"""`conzhu-sim conformance diff`: what changed from one run to a later one."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.command import command
from simulator.cli.output.render import cut, escape_controls
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError, Text

if TYPE_CHECKING:
    from conformance_tests.suite.report.difference import Change, Difference

_BROKE, _USAGE = 1, 2
#: Columns of a line; the report and `--json` have the whole.
_WIDE = 120


@command(
    "diff",
    "比较两次运行：已修复、新出问题、原因有变。",
    "conformance diff before/ after/ --html changes.html",
    account=False,
)
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option(
    "--html",
    default="",
    metavar="FILE",
    help="Write the page of B with the changes in it. 写出含变化的报告页面。",
)
def diff(terminal: Terminal, before: str, after: str, html: str) -> None:
    """Compare two reports: fixed, broken, changed in reason, new, gone.

    A and B are report folders, report.json files or files of findings, the older one first. The
    exit code is 1 if a check that passed does not any more, 2 if a file is no report, else 0.
    """
    from conformance_tests.suite.report import difference

    try:
        old, new = difference.read(before), difference.read(after)
        found = difference.compare(old, new)
        if html:
            _write_page(new, found, html)
    except SimulatorError as error:
        terminal.complain(error.text)
        raise SystemExit(_USAGE) from error
    if terminal.as_json:
        terminal.json(found.as_json())
    else:
        _draw(terminal, found)
    raise SystemExit(_BROKE if found.broke else 0)


def _write_page(report: dict[str, object], found: "Difference", html: str) -> None:
    from conformance_tests.suite.report import page

    if "conclusion" not in report:
        raise SimulatorError(
            "--html needs the whole report as B: its folder or its report.json.",
            "--html 要求 B 为完整报告：报告目录或 report.json。",
        )
    try:
        Path(html).write_text(page.render(report, found), "utf-8")
    except OSError as error:
        raise SimulatorError(
            f"The page cannot be written to {html}: {error.strerror}.",
            f"无法写入页面 {html}：{error.strerror}。",
        ) from error


def _draw(terminal: Terminal, found: "Difference") -> None:
    from conformance_tests.suite.report.difference import GROUPS

    for group, (name, meaning) in GROUPS.items():
        changes = found.groups[group]
        if changes:
            number = len(changes)
            terminal.say(
                f"{name.en}: {number} ({meaning.en})", f"{name.zh}：{number} 项（{meaning.zh}）"
            )
        for each in changes:
            _draw_change(terminal, each)
    terminal.say(f"the same: {found.same}", f"无变化：{found.same} 项")


def _draw_change(terminal: Terminal, change: "Change") -> None:
    from conformance_tests.suite.rules.outcomes import OUTCOMES

    nothing = Text("not run", "未运行")
    before, after = (
        terminal.translate(OUTCOMES[end][0] if end else nothing)
        for end in (change.before, change.after)
    )
    terminal.say(*[f"  {change.id}: {before} → {after}"] * 2)
    for reason in (change.reason_before, change.reason_after):
        if said := reason[terminal.lang]:
            mark = "-" if reason is change.reason_before else "+"
            terminal.say(*[f"    {mark} {cut(escape_controls(said), _WIDE)}"] * 2)
