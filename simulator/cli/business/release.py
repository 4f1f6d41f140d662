"""`conzhu-sim release`: beneficiaries revoke the guarantees of a block (guarantor 2.8, 2.10)."""

from typing import Any

import click

from simulator import shapes
from simulator.cli.command import command, group
from simulator.cli.observing.push import show_exchange
from simulator.cli.output import announcements
from simulator.cli.output.columns import columns
from simulator.cli.output.terminal import Terminal

release = group(
    "release",
    "Guarantees of a block, revoked by the beneficiary and released by the guarantor.",
    "标段下保函的撤销与解保。",
    "release create TEST-FZ-0001-01",
)

_LIST = columns(shapes.Release, "revoke_no", "block_number", "block_name", "creditor", "note")


@command("list", "列出撤销批次。", "release list", release)
def list_releases(terminal: Terminal) -> None:
    """List the batches of revoked guarantees, oldest first."""
    terminal.table(terminal.account_client.get("releases"), _LIST)


@command("create", "受益人撤销标段下的保函（2.8）。", "release create TEST-FZ-0001-01", release)
@click.argument("block_number")
@click.option(
    "--block-name", help="For a block whose number is empty. 标段编号为空时填写标段名称。"
)
@click.option("--guarantee", "guarantees", multiple=True, help="Only this one. 仅撤销该保函。")
@click.option("--penalty", multiple=True, help="Keep this one (forfeited). 罚没该保函。")
@click.option("--note", help="What it says. 说明。")
@click.option("--no-declaration", is_flag=True, help="Without the signed PDF. 不附声明文件。")
def create(
    terminal: Terminal,
    block_number: str,
    guarantees: tuple[str, ...],
    penalty: tuple[str, ...],
    no_declaration: bool,
    **given: Any,
) -> None:
    """Let the beneficiary revoke a block's guarantees, or keep some as a penalty (2.8)."""
    body = {name: value for name, value in given.items() if value is not None}
    if guarantees:
        body["guarantee_nos"] = list(guarantees)
    row = terminal.account_client.post(
        "releases",
        block_number=block_number,
        penalty=list(penalty),
        with_declaration=not no_declaration,
        **body,
    )
    terminal.done(
        row,
        f"The batch {row['revoke_no']} revokes guarantees of {row['block_name']}.",
        f"批次 {row['revoke_no']} 撤销标段 {row['block_name']} 的保函。",
    )
    announcements.report(terminal, row["revoke_no"])


@command("search", "请担保公司查询解保情况（2.10）。", "release search BH0001", release)
@click.argument("guarantee_no")
def search(terminal: Terminal, guarantee_no: str) -> None:
    """Ask the guarantor how far a guarantee's release has come (2.10)."""
    push = terminal.account_client.post("guarantees", "release-search", guarantee_no=guarantee_no)
    show_exchange(terminal, push)
