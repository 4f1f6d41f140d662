"""`conzhu-sim outage`: which pushes an outage of the institution would have cost."""

import math
from typing import Any

import click

from simulator import shapes
from simulator.cli.arguments import parse_duration
from simulator.cli.command import command
from simulator.cli.output.columns import columns
from simulator.cli.output.states import describe_duration
from simulator.cli.output.terminal import Terminal
from simulator.clock import spoken
from simulator.errors import SimulatorError

_FATES = {"lost": "丢失", "late": "迟到", "untouched": "不受影响"}


def _format_delay(by: float | None) -> Any:
    return None if by is None else describe_duration(max(round(by), 1))


_LIST = columns(
    shapes.OutagePush,
    *("push", "interface", "name", "about", "first_due", "missed", "fate", "arrives", "late"),
    fate=lambda row: {"en": row["fate"], "zh": _FATES[row["fate"]]},
    late=lambda row: _format_delay(row["late"]),
)


@command(
    "outage",
    "假设机构在某段时间内无应答：哪些推送会丢失、迟到或不受影响（不实际发送）。",
    "outage --from '2026-08-01 10:00' --for 3h05m",
)
@click.option(
    "--from",
    "begin",
    required=True,
    metavar="TIME",
    help="When it begins, by the account's clock: 'yyyy-MM-dd HH:mm' or Unix seconds. 开始时刻。",
)
@click.option(
    "--for", "length", required=True, metavar="TIME", help="How long: 90, 30m, 3h05m. 持续时长。"
)
@click.option("--all", "everything", is_flag=True, help="Also the untouched ones. 含不受影响的。")
def outage(terminal: Terminal, begin: str, length: str, everything: bool) -> None:
    """Say which pushes an institution that was down would have lost; nothing is sent."""
    lasts = parse_duration(length)
    if not 0 < lasts < 1e9:
        raise SimulatorError(
            f"An outage takes some time (got {length!r}).", f"中断时长应大于 0（收到 {length!r}）。"
        )
    query: dict[str, Any] = {"from": begin, "for": math.ceil(lasts)}
    found = terminal.account_client.get("outage", **query)
    terminal.show(found, lambda: _draw(terminal, found, everything))


def _draw(terminal: Terminal, found: dict[str, Any], everything: bool) -> None:
    rows = [row for row in found["pushes"] if everything or row["fate"] != "untouched"]
    start, end = spoken(found["from"]), spoken(found["to"])
    terminal.say(f"Without an answer from {start} to {end}:", f"如果 {start} 至 {end} 期间无应答：")
    if rows:
        terminal.draw_table(rows, _LIST)
    lost, late, untouched = found["lost"], found["late"], found["untouched"]
    worst = max((row["late"] for row in found["pushes"] if row["fate"] == "late"), default=0)
    by = describe_duration(max(round(worst), 1))
    terminal.say(
        f"{lost} lost, {late} late{f' (up to {by.en})' if late else ''}, {untouched} untouched.",
        f"丢失 {lost} 条，迟到 {late} 条{f'（最多 {by.zh}）' if late else ''}，"
        f"不受影响 {untouched} 条。",
    )
    if found["unscheduled"]:
        terminal.say(
            f"{found['unscheduled']} more wait for an endpoint or are held back: no attempt of "
            "theirs is due.",
            f"另有 {found['unscheduled']} 条无接收地址或被扣住，没有待发送的尝试。",
        )
