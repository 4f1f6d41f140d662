"""`conzhu-sim scenario`: QA timelines as files, played on an institution, and recorded."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.command import command, group
from simulator.cli.output.render import Column
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError, Text

if TYPE_CHECKING:
    from conformance_tests.scenarios.play.running import RunRequest

_USAGE, _STOPPED = 2, 130

scenario = group(
    "scenario",
    "Scenarios: write, play and record timelines.",
    "场景：编写、运行和录制业务时间线。",
    "scenario run happy-path --target target.yaml",
)

_LIST = (
    Column("name", "名称", "name"),
    Column("plays", "次数", "plays", right=True),
    Column("purpose", "目的", "purpose", rest=True),
)


@command("list", "列出自带或某目录中的场景。", "scenario list", scenario, account=False)
@click.argument("given", nargs=-1, metavar="[NAME|FILE|DIR]...")
def list_scenarios(terminal: Terminal, given: tuple[str, ...]) -> None:
    """List the scenarios that come along, or those of a folder."""
    from conformance_tests.scenarios.files import loading

    found = [
        path for each in given or (str(loading.shipped_folder()),) for path in loading.find(each)
    ]
    read = [loading.load(path) for path in found]
    rows = [
        {
            "name": each.name,
            "kind": each.kind,
            "file": each.place,
            "plays": len(each.plays),
            "purpose": each.purpose.as_json(),
        }
        for each in read
    ]
    terminal.table(rows, _LIST)
    number = len(rows)
    terminal.say(
        f"\n{number} scenarios; `scenario show NAME` has the steps.",
        f"\n共 {number} 个场景；`scenario show 名称` 可查看步骤。",
    )


@command("show", "查看场景的步骤。", "scenario show insurer/happy-path", scenario, account=False)
@click.argument("given", metavar="NAME|FILE")
def show(terminal: Terminal, given: str) -> None:
    """Show the steps of a scenario, each with its line in the file."""
    from conformance_tests.scenarios.files import loading

    found = loading.find(given)
    if len(found) > 1:
        raise SimulatorError(
            f"{given} has {len(found)} scenarios: `scenario list {given}` names them.",
            f"{given} 中有 {len(found)} 个场景：`scenario list {given}` 可列出名称。",
        )
    read = loading.load(found[0])
    steps = [{"line": step.line, "step": step.title} for step in read.steps]

    def draw() -> None:
        terminal.say(
            f"{read.name} ({read.kind}): {read.purpose.en}",
            f"{read.name}（{read.kind}）：{read.purpose.zh}",
        )
        terminal.say(read.place, read.place)
        for row in read.rows:
            terminal.say(f"for each: {row}", f"逐行：{row}")
        for each in steps:
            terminal.say(*[f"{each['line']:>5}  {each['step']}"] * 2)

    terminal.show(
        {
            "name": read.name,
            "kind": read.kind,
            "file": read.place,
            "purpose": read.purpose.as_json(),
            "for_each": list(read.rows),
            "steps": steps,
        },
        draw,
    )


@command(
    "run",
    "在目标上运行场景。",
    "scenario run insurer --target target.yaml --html report.html",
    scenario,
    account=False,
)
@click.argument("given", nargs=-1, metavar="NAME|FILE|DIR...", required=True)
@click.option(
    "--target",
    default="reference",
    metavar="FILE",
    help="A target file; without it the reference institution. 目标文件。",
)
@click.option("--seed", default="", metavar="TEXT", help="For the same numbers again. 随机种子。")
@click.option("--junit", default="", metavar="FILE", help="Write JUnit XML. 输出 JUnit XML。")
@click.option("--html", default="", metavar="FILE", help="Write a page. 输出 HTML 报告。")
@click.option("--timeline", is_flag=True, help="Print every timeline. 打印全部时间线。")
def run(
    terminal: Terminal,
    given: tuple[str, ...],
    target: str,
    seed: str,
    junit: str,
    html: str,
    timeline: bool,
) -> None:
    """Play scenarios on a target, and show what happened.

    The exit code is 0 if all went as expected, 1 if not, 2 for a wrong option or file, 3 for an
    error of the simulator's own, 4 if the target cannot be reached.
    """
    from conformance_tests.scenarios.play import running

    try:
        request = running.prepare(given, target, seed)
        for place in filter(None, (junit, html)):
            Path(place).parent.mkdir(parents=True, exist_ok=True)
            # A report that cannot be written is refused before anything is played.
            Path(place).open("ab").close()
    except SimulatorError as error:
        terminal.complain(error.text)
        raise SystemExit(_USAGE) from error
    except OSError as error:
        terminal.complain(
            Text(
                f"The report cannot be written: {error.strerror} ({error.filename}).",
                f"无法写入报告：{error.strerror}（{error.filename}）。",
            )
        )
        raise SystemExit(_USAGE) from error
    raise SystemExit(_play(terminal, request, junit, html, timeline))


def _play(terminal: Terminal, request: "RunRequest", junit: str, html: str, timeline: bool) -> int:
    # What plays scenarios takes a second to import, which `--help` should not.
    from conformance_tests.scenarios.play import running
    from conformance_tests.scenarios.report import report
    from simulator import clock
    from simulator.cli.output.tables import screen
    from simulator.cli.proving.scenario_progress import Progress

    console = screen(sys.stderr if terminal.as_json else sys.stdout)
    began = clock.wall_now()
    with Progress(terminal, console, request.number) as progress:
        if not terminal.as_json:
            progress.open_with(request)
        try:
            result = running.run(request, progress)
        except KeyboardInterrupt:
            return _STOPPED
    made = report.build_document(request, result, began)
    if junit:
        report.write_junit(made, Path(junit))
    if html:
        report.write_page(made, Path(html))
    if terminal.as_json:
        terminal.json(made)
    else:
        progress.close_with(made, timeline or len(made["plays"]) == 1)
    return int(result.code)


@command(
    "record",
    "把日志中的一段录制为场景文件。",
    "scenario record --since '2026-08-01 10:00' --out recorded.yaml",
    scenario,
)
@click.option(
    "--since", default="", metavar="PLACE", help="An entry's number, or a time. 起始编号或时刻。"
)
@click.option("--until", default="", metavar="PLACE", help="The last one. 截止编号或时刻。")
@click.option("--out", required=True, metavar="FILE", help="The file to write. 输出文件。")
@click.option("--force", is_flag=True, help="Write over a file that is there. 覆盖已有文件。")
def record(terminal: Terminal, since: str, until: str, out: str, force: bool) -> None:
    """Make a scenario of a stretch of a running simulator's journal.

    What people did becomes steps, what the institution did becomes its actions with the calls
    expected of them; numbers become references, so that it can be played on any target.
    """
    from conformance_tests.scenarios.record import journals, recording

    if Path(out).exists() and not force:
        # People go on writing at what was recorded: that is not lost by recording once more.
        raise SimulatorError(
            f"There is a file {out} already: give another --out, or --force to write over it.",
            f"文件 {out} 已存在：请另选 --out，或用 --force 覆盖。",
        )
    stretch = journals.read(terminal.account_client, since, until)
    made = recording.record(stretch)
    journals.write(made, Path(out))
    steps = len(made.document["steps"])
    if not terminal.as_json:
        for each in made.left_out:
            terminal.say(f"Left out: {each}", f"未录制：{each}")
    terminal.done(
        {
            "file": out,
            "exchanges": made.exchanges,
            "steps": steps,
            "left_out": list(map(str, made.left_out)),
        },
        f"{made.exchanges} exchanges became {steps} steps in {out}; "
        f"play it with `conzhu-sim scenario run {out}`.",
        f"{made.exchanges} 次往来已录制为 {steps} 个步骤，写入 {out}；"
        f"可用 `conzhu-sim scenario run {out}` 重放。",
    )
