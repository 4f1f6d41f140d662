"""`conzhu-sim journal`: every exchange, decrypted, searchable, and as it comes."""

import signal
import time
from collections.abc import Callable
from typing import Any

import click

from simulator import shapes
from simulator.cli.arguments import Whole
from simulator.cli.command import command, group
from simulator.cli.output import entries
from simulator.cli.output.columns import columns
from simulator.cli.output.render import format_members
from simulator.cli.output.snippets import draw_snippets, find_snippets
from simulator.cli.output.terminal import Terminal
from simulator.errors import SimulatorError

journal = group(
    "journal",
    "The journal: every exchange, decrypted.",
    "日志：全部往来报文（明文）。",
    "journal list --direction call",
)

_LIST = columns(
    shapes.JournalEntry,
    *("id", "at", "direction", "interface", "about", "status", "milliseconds", "notes"),
    rest=("notes",),
    at=entries.time,
    direction=entries.direction,
    status=entries.status,
    notes=entries.why,
)


def _filters(function: Callable[..., None]) -> Callable[..., None]:
    directions = click.Choice(["call", "push", "page", "download", "event"])
    for option in (
        click.option("--text", help="A text in it, Chinese too. 包含的文字。"),
        click.option("--direction", type=directions, help="Which way. 方向。"),
        click.option("--status", help="E.g. 200, 1006, failed. 状态。"),
        click.option("--about", help="An order, claim or invoice number. 对象编号。"),
        click.option("--interface", help="An id or a name. 接口。"),
    ):
        function = option(function)
    return function


@command("list", "检索日志。", "journal list --status 1006", journal)
@_filters
@click.option("--limit", type=Whole(min=1), help="At most so many. 最多条数。")
@click.option("--all-accounts", is_flag=True, help="Those of other accounts too. 含其他账户。")
def list_entries(terminal: Terminal, all_accounts: bool, **query: Any) -> None:
    """List the newest entries that match, oldest first; also calls that belong to no account."""
    found = _search(terminal, all_accounts, **query)
    terminal.table(found, _LIST)
    if any("base" in (entry["sent"] or {}) for entry in found):
        terminal.say(
            "\n`journal show ID` has all of it, the base string too.",
            "\n`journal show ID` 可查看全部内容，含待签名串。",
        )
    elif found:
        terminal.say("\n`journal show ID` has all of it.", "\n`journal show ID` 可查看全部内容。")


def _search(terminal: Terminal, all_accounts: bool, **query: Any) -> Any:
    if all_accounts:
        return terminal.client.get("journal", **query)
    # A call that does not open belongs to no account, and is what a developer looks for most.
    return terminal.account_client.get("journal", strays=1, **query)


@command("show", "查看一条日志。", "journal show 12", journal, False)
@click.argument("number", type=Whole(min=1))
def show(terminal: Terminal, number: int) -> None:
    """Show all of an entry."""
    entry = terminal.client.get("journal", str(number))
    terminal.show(entry, lambda: _draw(terminal, entry))


def _draw(terminal: Terminal, entry: dict[str, Any]) -> None:
    more = columns(shapes.JournalEntry, "push", "attempt", "peer")
    terminal.draw_record(entry, (*_LIST, *more))
    _part(terminal, "Sent", "发送", entry["sent"])
    _part(terminal, "Received", "收到", entry["received"])
    draw_snippets(terminal, find_snippets(entry))


def _part(terminal: Terminal, en: str, zh: str, content: Any) -> None:
    if isinstance(content, dict):
        content = {name: value for name, value in content.items() if value not in (None, {}, [])}
    if isinstance(content, dict) and content:
        terminal.say(f"\n{en}", f"\n{zh}")
        print(format_members(content))


@command("wait", "等待匹配的日志出现。", "journal wait --status acknowledged --timeout 30", journal)
@_filters
@click.option("--after", type=Whole(min=0), help="Only newer than this entry. 起始编号。")
@click.option(
    "--timeout",
    type=click.FloatRange(0, 120),
    default=10,
    show_default=True,
    help="Seconds. 最长等待秒数。",
)
def wait(terminal: Terminal, timeout: float, **query: Any) -> None:
    """Wait until an entry matches, those that are there already among them."""
    found = terminal.account_client.get("journal", "wait", timeout=timeout, **query)
    if not found:
        raise SimulatorError(
            f"No entry matched within {timeout:g} s.", f"{timeout:g} 秒内没有匹配的日志。"
        )
    terminal.table(found, _LIST)


@command("follow", "持续显示新的日志。", "journal follow --interface order_status", journal)
@_filters
@click.option("--all-accounts", is_flag=True, help="Those of other accounts too. 含其他账户。")
def follow(terminal: Terminal, all_accounts: bool, **query: Any) -> None:
    """Print a line for each new entry as it comes, until Ctrl-C."""
    # A runner that starts this in the background lets it inherit an ignored SIGINT.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    seen = entries.newest(_search(terminal, all_accounts, limit=1))
    terminal.say("Waiting for exchanges… (Ctrl-C stops)", "等待往来报文……（按 Ctrl-C 停止）")
    while True:
        time.sleep(entries.PAUSE)
        found = _search(terminal, all_accounts, after=seen, limit=entries.BATCH, **query)
        entries.tell(terminal, found)
        seen = entries.newest(found) or seen


def _end(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
