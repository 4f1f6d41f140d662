"""`conzhu-sim invoice`: invoices that principals apply for."""

import click

from simulator import shapes
from simulator.cli.arguments import parse_pairs
from simulator.cli.command import command, group
from simulator.cli.output import announcements
from simulator.cli.output.columns import columns
from simulator.cli.output.render import Column
from simulator.cli.output.terminal import Terminal

invoice = group("invoice", "Invoice applications.", "开票申请。", "invoice list")

_PAPER = {"is_electron": "2"}
_LIST = (
    *columns(shapes.Invoice, "invoice_id"),
    Column("orders", "订单号", lambda row: row["fields"].get("order_nos")),
    Column("company", "抬头", lambda row: row["fields"].get("company_name")),
    *columns(shapes.Invoice, "electronic", "issued"),
)


@command("list", "列出开票申请。", "invoice list", invoice)
def list_invoices(terminal: Terminal) -> None:
    """List the invoices, oldest first."""
    terminal.table(terminal.account_client.get("invoices"), _LIST)


@command("apply", "投保人申请开票（2.8）。", "invoice apply 1234567890 --paper", invoice)
@click.argument("order_nos", nargs=-1, required=True)
@click.option("--paper", is_flag=True, help="No electronic invoice. 纸质发票。")
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help="Replace a member of 2.8. 替换字段。",
)
def apply(
    terminal: Terminal, order_nos: tuple[str, ...], paper: bool, fields: tuple[str, ...]
) -> None:
    """Let the principal apply for one invoice over one or several orders (2.8)."""
    changed = {**(_PAPER if paper else {}), **parse_pairs(fields)}
    row = terminal.account_client.post("invoices", order_nos=list(order_nos), fields=changed)
    terminal.done(
        row,
        f"The invoice {row['invoice_id']} is applied for.",
        f"已申请开票，编号 {row['invoice_id']}。",
    )
    announcements.report(terminal, row["invoice_id"])
