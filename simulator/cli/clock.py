"""`conzhu-sim clock`: freeze an account's clock, and let its time pass."""

from typing import Any

import click

from simulator.cli.arguments import seconds
from simulator.cli.command import command, group
from simulator.cli.render import Column, moment
from simulator.cli.terminal import Terminal

clock = group("clock", "The account's clock.", "账户时钟。", "clock advance 30m")

_RECORD = (
    Column("time", "时间", "text"),
    Column("mode", "模式", lambda row: _mode(row["mode"])),
    Column("being moved", "推进中", lambda row: row["moving"] or None),
    Column("next push due", "下次推送", moment("next_due", year=True)),
)
_WALK = (
    Column("time", "时间", moment("at")),
    Column("offset", "偏移", "offset", right=True),
    Column("push", "推送", "push", right=True),
    Column("interface", "接口", "interface"),
    Column("about", "对象", "about"),
    Column("attempt", "次序", "attempt", right=True),
    Column("verdict", "判定", "verdict"),
)


def _mode(mode: str) -> dict[str, str]:
    en, zh = {"real": ("running", "运行"), "frozen": ("frozen", "冻结")}[mode]
    return {"en": en, "zh": zh}


def _act(terminal: Terminal, action: str, **more: Any) -> None:
    moved = terminal.client.post(*terminal.own("clock"), action=action, **more)
    terminal.show(moved, lambda: _draw(terminal, moved))


def _draw(terminal: Terminal, moved: dict[str, Any]) -> None:
    terminal.draw_record(moved["clock"], _RECORD)
    if moved["from"] is None:
        return
    attempts = [
        {**each, "offset": f"+{each['at'] - moved['from']:.0f} s"} for each in moved["attempts"]
    ]
    if attempts:
        terminal.draw_table(attempts, _WALK)
    else:
        terminal.say("Nothing was due.", "期间没有到期的推送。")


@command("show", "查看时钟。", "clock show", clock)
def show(terminal: Terminal) -> None:
    """Show the account's clock and when its next push is due."""
    row = terminal.client.get(*terminal.own("clock"))
    terminal.show(row, lambda: terminal.draw_record(row, _RECORD))


@command("freeze", "冻结时钟。", "clock freeze", clock)
def freeze(terminal: Terminal) -> None:
    """Stop the account's clock where it is."""
    _act(terminal, "freeze")


@command("resume", "恢复时钟运行。", "clock resume", clock)
def resume(terminal: Terminal) -> None:
    """Let the account's clock run on from where it stands."""
    _act(terminal, "resume")


@command("advance", "推进时钟，途中到期的推送依次发出。", "clock advance 30m", clock)
@click.argument("time", metavar="SECONDS")
def advance(terminal: Terminal, time: str) -> None:
    """Move the clock ahead (90, 30m, 2h, 1d); what is due on the way is delivered."""
    _act(terminal, "advance", seconds=seconds(time))


@command("next", "推进到下一次推送并发出。", "clock next", clock)
def next_due(terminal: Terminal) -> None:
    """Move the clock to the next due push, and deliver it."""
    _act(terminal, "next")


@command("run", "推进到没有待发推送为止。", "clock run", clock)
def run(terminal: Terminal) -> None:
    """Move the clock on until no push is waiting."""
    _act(terminal, "run")
