"""`conzhu-sim guarantee`: issued guarantees, and the questions that beneficiaries ask on them."""

import base64
from pathlib import Path

import click

from simulator import shapes
from simulator.cli.command import command, group
from simulator.cli.observing.push import show_exchange
from simulator.cli.output.columns import columns
from simulator.cli.output.terminal import Terminal

guarantee = group(
    "guarantee",
    "Guarantees, and the questions on them.",
    "保函及其验真、查验。",
    "guarantee list",
)

_LIST = columns(
    shapes.Guarantee,
    *("guarantee_no", "serial_num", "order_no", "guarantor", "out_guarantee_time"),
    *("start_date", "end_date", "current", "revoked", "forfeited", "removed_at"),
    revoked=lambda row: row["revoked"] or None,
    forfeited=lambda row: row["forfeited"] or None,
)


@command("list", "列出保函（含已换发的）。", "guarantee list", guarantee)
def list_guarantees(terminal: Terminal) -> None:
    """List the guarantees, oldest first, replaced ones among them."""
    terminal.table(terminal.account_client.get("guarantees"), _LIST)


@command("verify", "请机构验真（2.6）。", "guarantee verify BH0001 --pdf other.pdf", guarantee)
@click.argument("guarantee_no")
@click.option("--pdf", metavar="FILE", help="Ask with this PDF instead. 改用该 PDF。")
def verify(terminal: Terminal, guarantee_no: str, pdf: str | None) -> None:
    """Ask the institution to verify a guarantee (2.6)."""
    body = {"guarantee_no": guarantee_no}
    if pdf is not None:
        body["pdf"] = base64.b64encode(Path(pdf).read_bytes()).decode()
    show_exchange(terminal, terminal.account_client.post("guarantees", "verify", **body))


@command("query", "请机构查验保函信息（2.7）。", "guarantee query BH0001", guarantee)
@click.argument("guarantee_no")
def query(terminal: Terminal, guarantee_no: str) -> None:
    """Ask the institution for a guarantee's particulars (2.7)."""
    push = terminal.account_client.post("guarantees", "query", guarantee_no=guarantee_no)
    show_exchange(terminal, push)
