"""`conzhu-sim clock`: freeze an account's clock, and let its time pass."""

from typing import Any

import click

from simulator import shapes
from simulator.cli.arguments import parse_duration
from simulator.cli.command import Signed, command, group
from simulator.cli.output.columns import columns
from simulator.cli.output.render import Column, format_value, moment
from simulator.cli.output.states import describe_clock
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError
from simulator.shapes.steering import WalkAttempt

clock = group("clock", "The account's clock.", "账户时钟。", "clock advance 30m")

_RECORD = columns(
    shapes.Clock,
    *("text", "mode", "moving", "next_due"),
    mode=describe_clock,
    moving=lambda row: row["moving"] or None,
    next_due=moment("next_due", year=True),
)
_WALK = (
    *columns(WalkAttempt, "at"),
    Column("offset", "偏移", "offset", right=True),
    *columns(WalkAttempt, "push", "interface", "about", "attempt", "verdict", rest=("verdict",)),
)


def _move(terminal: Terminal, action: str, **more: Any) -> Any:
    return terminal.account_client.post("clock", action=action, **more)


def _act(terminal: Terminal, action: str, **more: Any) -> None:
    moved = _move(terminal, action, **more)
    terminal.show(moved, lambda: _draw(terminal, moved))


def _draw(terminal: Terminal, moved: dict[str, Any]) -> None:
    terminal.draw_record(moved["clock"], _RECORD)
    if moved["from"] is None:
        return
    if moved["attempts"]:
        terminal.draw_table(_since_the_first(terminal, moved["attempts"], {}), _WALK)
    else:
        terminal.say("Nothing was due.", "期间没有到期的推送。")


def _since_the_first(
    terminal: Terminal, attempts: list[dict[str, Any]], firsts: dict[int, float]
) -> list[dict[str, Any]]:
    """Return attempts with their distance from the first one of their push.

    `firsts` has the moments of first attempts that are known, and gets the others.
    """
    rows = []
    for each in attempts:
        push = each["push"]
        if push not in firsts:
            found = terminal.account_client.get("pushes", str(push))
            firsts[push] = found["attempts"][0]["started_at"]
        rows.append({**each, "offset": f"+{each['at'] - firsts[push]:.0f} s"})
    return rows


@command("show", "查看时钟。", "clock show", clock)
def show(terminal: Terminal) -> None:
    """Show the account's clock and when its next push is due."""
    row = terminal.account_client.get("clock")
    terminal.show(row, lambda: terminal.draw_record(row, _RECORD))


@command("freeze", "冻结时钟。", "clock freeze", clock)
def freeze(terminal: Terminal) -> None:
    """Stop the account's clock where it is."""
    _act(terminal, "freeze")


@command("resume", "恢复时钟运行。", "clock resume", clock)
def resume(terminal: Terminal) -> None:
    """Let the account's clock run on from where it stands."""
    _act(terminal, "resume")


@command("advance", "推进时钟，途中到期的推送依次发出。", "clock advance 30m", clock, cls=Signed)
@click.argument("time", metavar="SECONDS")
def advance(terminal: Terminal, time: str) -> None:
    """Move the clock ahead (90, 30m, 2h, 1d); what is due on the way is delivered."""
    _act(terminal, "advance", seconds=parse_duration(time))


@command("next", "推进到下一次推送并发出。", "clock next", clock)
def next_due(terminal: Terminal) -> None:
    """Move the clock to the next due push, and deliver it."""
    _act(terminal, "next")


@command("run", "推进到没有待发推送为止。", "clock run", clock)
def run(terminal: Terminal) -> None:
    """Move the clock on until no push is waiting."""
    if terminal.as_json:
        _act(terminal, "run")
        return
    # What is due already is sent first; it also ends the attempts that are under way.
    moved, said, firsts = _move(terminal, "advance", seconds=0), False, dict[int, float]()
    while True:
        for row in _since_the_first(terminal, moved["attempts"], firsts):
            _say_attempt(terminal, row)
            said = True
        if moved["clock"]["next_due"] is None:
            break
        moved = _next_or_what_is_due(terminal)
    if said:
        time = moved["clock"]["text"]
        terminal.say(f"Nothing more is due; it is {time}.", f"已没有待发推送；时间为 {time}。")
    else:
        terminal.say("Nothing is due: no push is waiting.", "没有等待发送的推送。")


def _next_or_what_is_due(terminal: Terminal) -> Any:
    try:
        return _move(terminal, "next")
    except SimulatorError:
        # While a clock runs, the last push may have gone by itself since the step before.
        moved = _move(terminal, "advance", seconds=0)
        if moved["clock"]["next_due"] is None:
            return moved
        raise


def _say_attempt(terminal: Terminal, row: dict[str, Any]) -> None:
    from simulator.cli.output.tables import NARROW, screen

    cells = [format_value(column.value(row), terminal.lang) for column in _WALK]
    time, offset, push, interface, about, attempt, verdict = cells
    number = f"第 {attempt} 次" if terminal.lang == "zh" else f"attempt {attempt}"
    place = f"{time}  {offset:>8}  {push:>3}  {interface:<12}  {about}  {number}"
    between = "\n    " if screen().width < NARROW else "  "
    print(f"{place}{between}{verdict}", flush=True)
