"""`conzhu-sim push`: pushes, every attempt in words, and sending again by hand."""

from typing import Any

import click

from simulator import shapes
from simulator.cli.arguments import Whole
from simulator.cli.command import command, group
from simulator.cli.observing.push_explain import explain
from simulator.cli.output.columns import columns
from simulator.cli.output.render import format_members
from simulator.cli.output.states import describe_state
from simulator.cli.output.terminal import Terminal
from simulator.errors import Text
from simulator.fault_tag import FaultTag

push = group(
    "push", "Pushes and their attempts.", "推送及每次尝试。", "push list --interface order_status"
)
push.add_command(explain)

_LIST = columns(
    shapes.Push,
    *("id", "created_at", "interface", "name", "about", "state", "attempts_made", "due"),
    state=lambda row: describe_state(row["state"]),
)


def _verdict(attempt: dict[str, Any]) -> dict[str, str] | None:
    verdict = attempt["verdict"]
    return {"en": verdict["en"], "zh": verdict["zh"]} if verdict else None


_ATTEMPTS = columns(
    shapes.Attempt,
    *("number", "started_at", "by_hand", "outcome", "verdict", "next_due", "faults"),
    rest=("verdict",),
    by_hand=lambda row: row["by_hand"] or None,
    outcome=lambda row: describe_state(row["outcome"]),
    verdict=_verdict,
    faults=lambda row: [str(FaultTag.from_json(tag)) for tag in row["faults"]],
)


@command("list", "列出推送。", "push list --state pending", push)
@click.option("--interface", help="An id or a name, e.g. order_status. 接口。")
@click.option("--about", help="An order, claim or invoice number. 对象编号。")
@click.option("--state", help="One or several: pending,held. 状态，可用逗号分隔多个。")
@click.option("--limit", type=Whole(min=1), help="At most so many. 最多条数。")
def list_pushes(terminal: Terminal, **query: Any) -> None:
    """List the newest pushes that match, oldest first."""
    terminal.table(terminal.account_client.get("pushes", **query), _LIST)


@command("show", "查看推送及每次尝试。", "push show 1 --full", push)
@click.argument("number")
@click.option("--full", is_flag=True, help="Also what was sent and came back. 含收发内容。")
def show(terminal: Terminal, number: str, full: bool) -> None:
    """Show a push and all its attempts."""
    row = terminal.account_client.get("pushes", number)
    terminal.show(row, lambda: _draw(terminal, row, full))


@command("resend", "立即手动重发。", "push resend 1", push)
@click.argument("number")
def resend(terminal: Terminal, number: str) -> None:
    """Send a push again by hand, now."""
    show_exchange(terminal, terminal.account_client.post("pushes", number, "resend"))


def show_exchange(terminal: Terminal, row: dict[str, Any]) -> None:
    """Show a push that was just sent: its last attempt, and the answer if there was one."""

    def draw() -> None:
        terminal.draw_table([row], _LIST)
        terminal.draw_table(row["attempts"][-1:], _ATTEMPTS, Text("Attempt", "本次发送"))
        if row["answer"]:
            _section(terminal, Text("Answer", "应答"), row["answer"])

    terminal.show(row, draw)


def _draw(terminal: Terminal, row: dict[str, Any], full: bool) -> None:
    terminal.draw_table([row], _LIST)
    _section(terminal, Text("Content", "内容"), row["content"])
    terminal.draw_table(row["attempts"], _ATTEMPTS, Text("Attempts", "各次尝试"))
    for attempt in row["attempts"] if full else ():
        _draw_exchange(terminal, attempt)
    if row["answer"]:
        _section(terminal, Text("Answer", "应答"), row["answer"])


def _section(terminal: Terminal, title: Text, values: dict[str, Any]) -> None:
    terminal.say(f"\n{title.en}", f"\n{title.zh}")
    print(
        format_members(
            {name: value for name, value in values.items() if value not in (None, "", {})}
        )
    )


def _draw_exchange(terminal: Terminal, attempt: dict[str, Any]) -> None:
    number, sent, received = attempt["number"], attempt["sent"], attempt["received"]
    files = sent.get("files", {}).items()
    _section(
        terminal,
        Text(f"Attempt {number}: what was sent", f"第 {number} 次：发送内容"),
        {
            "URL": sent.get("url"),
            "params": sent.get("params"),
            "files": {field: f"{file['name']} ({file['bytes']} B)" for field, file in files},
            "base": sent.get("base"),
            "param": sent.get("param"),
        },
    )
    _section(
        terminal,
        Text(f"Attempt {number}: what came back", f"第 {number} 次：收到内容"),
        {
            "HTTP": received.get("status"),
            "failure": received.get("detail"),
            "ms": received.get("milliseconds"),
            "headers": received.get("headers"),
            "body": received.get("body"),
        },
    )
