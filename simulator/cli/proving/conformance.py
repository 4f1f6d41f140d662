"""`conzhu-sim conformance`: prove an institution's integration, clause by clause."""

import importlib.util
import io
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.arguments import Whole
from simulator.cli.command import command, group
from simulator.cli.output.render import cut, width
from simulator.cli.output.terminal import Terminal
from simulator.cli.proving.conformance_diff import diff
from simulator.domain.institution import KINDS
from simulator.errors import SimulatorError, Text

if TYPE_CHECKING:
    import pytest

    from conformance_tests.suite.report.options import RunOptions

_USAGE, _SUITE_ERROR, _STOPPED = 2, 3, 130
_PYTEST_USAGE, _PYTEST_NOTHING = 4, 5
#: Workers for a target of which each can start its own.
_WORKERS = 2
#: Columns of a line of the list, and those of a rule in it at least.
_WIDE, _LEAST = 120, 20

conformance = group(
    "conformance",
    "Prove an integration, clause by clause.",
    "逐条验证机构的接入是否符合手册。",
    "conformance run target.yaml",
)
conformance.add_command(diff)


@dataclass(frozen=True)
class Places:
    """Where a run writes: the folder of its report, and the file of its summary for CI if any."""

    report: Path
    summary: Path | None


_KIND = click.option(
    "--kind",
    type=click.Choice(["insurer", "guarantor"]),
    default=None,
    show_default="insurer",
    help="The institution's, without a TARGET. 未指定目标时的机构类型。",
)


@command(
    "run", "测试目标并生成报告。", "conformance run target.yaml --quick", conformance, account=False
)
@click.argument("target", default="reference")
@_KIND
@click.option(
    "--platform",
    default="",
    metavar="URL",
    help="Control API of a running simulator. 使用已运行的模拟器。",
)
@click.option(
    "--public-url",
    default="",
    metavar="URL",
    help="How the target reaches the platform. 目标访问平台的地址。",
)
@click.option("--quick", is_flag=True, help="The quick checks only. 仅运行快速检查项。")
@click.option(
    "--certify", is_flag=True, help="Allow no skips; issue a certificate. 不允许跳过，出具证书。"
)
@click.option(
    "--baseline", default="", metavar="FILE", help="Known failures (YAML). 已知失败（基线）。"
)
@click.option(
    "--check",
    "checks",
    multiple=True,
    metavar="ID",
    help="Only this check, or all below a clause. 仅此检查项。",
)
@click.option(
    "--report",
    default="build/conformance",
    show_default=True,
    metavar="DIR",
    help="Where the report goes. 报告目录。",
)
@click.option(
    "--markdown",
    default="",
    metavar="FILE",
    help="A summary for CI; else to GITHUB_STEP_SUMMARY where set. CI 摘要文件。",
)
@click.option(
    "--workers",
    "-n",
    type=Whole(1, 16),
    default=None,
    metavar="N",
    help="Processes; only where the suite starts the target. 并行进程数。",
)
def run(
    terminal: Terminal,
    target: str,
    kind: str | None,
    platform: str,
    public_url: str,
    quick: bool,
    certify: bool,
    baseline: str,
    checks: tuple[str, ...],
    report: str,
    markdown: str,
    workers: int | None,
) -> None:
    """Test a target and write the report.

    TARGET is a target file; without one the reference is tested. The exit code is 0 if the
    target conforms, 1 if not, 2 for a wrong option or target file, 3 for the suite's own error,
    4 if the target cannot be reached.
    """
    try:
        from conformance_tests.suite.report.options import read_options

        asked = read_options(
            target,
            kind=kind or "",
            platform=platform,
            public_url=public_url,
            quick=quick,
            certify=certify,
            checks=checks,
            baseline_file=baseline,
            workers=workers if workers and workers > 1 else None,
        )
        Path(report).mkdir(parents=True, exist_ok=True)
        if markdown:
            Path(markdown).write_text("", "utf-8")
    except SimulatorError as error:
        raise _ended(terminal, _USAGE, error.text) from error
    except OSError as error:
        text = Text(
            f"The report cannot be written to {error.filename}: {error.strerror}.",
            f"无法写入报告 {error.filename}：{error.strerror}。",
        )
        raise _ended(terminal, _USAGE, text) from error
    if terminal.token:
        os.environ["CONZHU_TOKEN"] = terminal.token
    options = [*asked.as_arguments(), f"--report={report}"]
    summary = markdown or os.environ.get("GITHUB_STEP_SUMMARY", "")
    places = Places(Path(report), Path(summary) if summary else None)
    raise SystemExit(_run(terminal, asked, options, places, workers or _workers(asked)))


def _workers(asked: "RunOptions") -> int:
    """Return how many processes test a target where nobody said it."""
    several = (
        asked.target.starts_itself_anew
        and asked.mode in ("default", "certify")
        and (os.cpu_count() or 1) >= _WORKERS
        and importlib.util.find_spec("xdist") is not None
    )
    return _WORKERS if several else 1


def _run(
    terminal: Terminal, asked: "RunOptions", options: list[str], places: Places, workers: int
) -> int:
    # Pytest and the suite take a second to import, which `--help` should not.
    from conformance_tests.suite.run.launch import launch
    from simulator.cli.output.tables import screen
    from simulator.cli.proving import conformance_summary
    from simulator.cli.proving.conformance_progress import Progress

    console = screen(sys.stderr if terminal.as_json else sys.stdout)
    if not terminal.as_json:
        conformance_summary.open_with(terminal, asked)
    by_hand = any(conformance_summary.is_manual(way) for way in asked.target.actions.values())
    progress = Progress(terminal, console, live=console.is_terminal and not by_hand)
    noise = io.StringIO()
    try:
        with redirect_stderr(noise):
            code = launch(options, progress, workers)
    except KeyboardInterrupt:
        return _STOPPED
    ledger = progress.ledger
    if ledger is None or ledger.conclusion is None:
        return _without_conclusion(terminal, code, noise.getvalue())
    if not ledger.document:
        terminal.complain(ledger.conclusion.text)
    elif terminal.as_json:
        terminal.json(ledger.document)
    else:
        conformance_summary.draw(terminal, console, ledger.document, places.report)
    if ledger.document and places.summary:
        _summarize(terminal, ledger.document, places.summary)
    return int(ledger.conclusion.code)


def _summarize(terminal: Terminal, document: Mapping[str, Any], place: Path) -> None:
    """Write the summary for CI; where it cannot be written, the verdict stands all the same."""
    from conformance_tests.suite.report import markdown

    try:
        markdown.append(document, terminal.lang, place)
    except OSError as error:
        terminal.complain(
            Text(
                f"The summary cannot be written to {place}: {error.strerror}.",
                f"无法写入摘要 {place}：{error.strerror}。",
            )
        )


def _without_conclusion(terminal: Terminal, code: int, noise: str) -> int:
    """Say why nothing was run."""
    if code == _PYTEST_NOTHING:
        text = Text("No check was selected.", "没有选中任何检查项。")
    else:
        said = noise.strip() or f"pytest {code}"
        text = Text(f"The suite could not run: {said}", f"套件无法运行：{said}")
    terminal.complain(text)
    return _USAGE if code in (_PYTEST_USAGE, _PYTEST_NOTHING) else _SUITE_ERROR


def _ended(terminal: Terminal, code: int, text: Text) -> SystemExit:
    terminal.complain(text)
    return SystemExit(code)


@command("list", "列出检查项。", "conformance list insurer/2.8", conformance, account=False)
@click.argument("below", default="", metavar="[ID]")
@_KIND
@click.option("--quick", is_flag=True, help="The quick checks only. 仅列出快速检查项。")
def list_checks(terminal: Terminal, below: str, kind: str | None, quick: bool) -> None:
    """List the checks, or those below a clause or a section: `insurer/2.8`.

    A line for each, with its id and its rule; --json has the level and the clause, too.
    """
    from conformance_tests.suite.run.launch import launch
    from simulator.cli.output.tables import screen
    from simulator.cli.proving.conformance_progress import Progress

    named = below.partition("/")[0]
    options = ["--collect-only", f"--kind={named if named in KINDS else kind or ''}"]
    options += [f"--check={below}"] if below else []
    options += ["--quick"] if quick else []
    progress = Progress(terminal, screen(sys.stderr), live=False)
    noise = io.StringIO()
    with redirect_stderr(noise):
        code = launch(options, progress)
    halt = progress.ledger.course.halted if progress.ledger else None
    if halt:
        raise _ended(terminal, halt.code, halt.text)
    if code:
        raise SystemExit(_without_conclusion(terminal, code, noise.getvalue()))
    rows = _listed(progress.items)
    terminal.show(rows, lambda: _draw_list(terminal, rows))


def _listed(items: "Sequence[pytest.Item]") -> list[dict[str, Any]]:
    from conformance_tests.suite.rules import checks
    from conformance_tests.suite.rules.requirements import clauses

    return [
        {
            "id": check.id,
            "level": str(check.level),
            "title": check.title.as_json(),
            "clause": check.clause,
            "quote": clauses()[check.clause].quote,
            "interface": check.interface,
            "quick": check.quick,
        }
        for item in items
        if (check := checks.of_item(item)) is not None
    ]


def _draw_list(terminal: Terminal, rows: Sequence[Mapping[str, Any]]) -> None:
    room = min(shutil.get_terminal_size((_WIDE, 24)).columns, _WIDE)
    ids = max(width(row["id"]) for row in rows)
    for row in rows:
        title = cut(row["title"][terminal.lang], max(room - ids - 2, _LEAST))
        terminal.say(*[f"{row['id']:<{ids}}  {title}"] * 2)
    number = len(rows)
    many = "1 check" if number == 1 else f"{number} checks"
    terminal.say(
        f"\n{many}; `--json` has their levels and clauses.",
        f"\n共 {number} 项；`--json` 含级别与条款原文。",
    )
