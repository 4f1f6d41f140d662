"""`conzhu-sim bid`: the trading centre moves a bid opening."""

import click

from simulator.cli.command import command, group
from simulator.cli.output import announcements
from simulator.cli.output.terminal import Terminal

bid = group(
    "bid",
    "Bid openings that are changed or delayed (2.10).",
    "开标变更与延期（2.10）。",
    'bid delay TEST-FZ-0001-01 "2030-01-31 09:30:00"',
)


_block_name = click.option(
    "--block-name", help="For a block whose number is empty. 标段编号为空时填写标段名称。"
)


def _move(
    terminal: Terminal, block_number: str, kind: str, time: str, block_name: str | None
) -> None:
    named = {} if block_name is None else {"block_name": block_name}
    row = terminal.account_client.post(
        "bid-openings",
        block_number=block_number,
        type=kind,
        open_tender_time=time,
        **named,
    )
    terminal.done(
        row,
        f"The bid opening of {block_number} is now {time}; the push is {row['id']} "
        f"({row['state']}).",
        f"标段 {block_number} 的开标时间改为 {time}；推送编号 {row['id']}（{row['state']}）。",
    )
    announcements.report(terminal, row["about"], row["id"] - 1)


@command("change", "变更标段的开标时间。", 'bid change TEST-FZ-0001-01 "2030-01-31 09:30:00"', bid)
@click.argument("block_number")
@click.argument("time", metavar="TIME")
@_block_name
def change(terminal: Terminal, block_number: str, time: str, block_name: str | None) -> None:
    """Change a block's bid opening."""
    _move(terminal, block_number, "change", time, block_name)


@command("delay", "标段延期开标。", 'bid delay TEST-FZ-0001-01 "2030-01-31 09:30:00"', bid)
@click.argument("block_number")
@click.argument("time", metavar="TIME")
@_block_name
def delay(terminal: Terminal, block_number: str, time: str, block_name: str | None) -> None:
    """Delay a block's bid opening."""
    _move(terminal, block_number, "delay", time, block_name)
