"""`conzhu-sim order`: what principals and the platform do with orders."""

from typing import Any

import click

from simulator import shapes
from simulator.cli.arguments import parse_json_or_text, parse_pairs
from simulator.cli.command import command, group
from simulator.cli.observing.push import show_exchange
from simulator.cli.output import announcements
from simulator.cli.output.columns import columns
from simulator.cli.output.render import Column, format_members
from simulator.cli.output.terminal import Terminal
from simulator.domain.institution import PRODUCTS
from simulator.errors import Text
from simulator.shapes.business import OrderFile, OrderStep

order = group(
    "order",
    "Orders: a principal applies, submits again, cancels; the platform finishes.",
    "订单：投保人申请、重新提交、取消；平台完成。",
    "order create --fixture standard",
)

_LIST = columns(
    shapes.Order,
    *("order_no", "state", "principal", "block_number", "guarantee_amount", "price"),
    "bid_deadline",
    price=lambda row: row["price"] or row["order_amount"],
)


def _line(row: dict[str, Any]) -> Text:
    title = PRODUCTS[row["ktype"]].title
    return Text(f"{row['ktype']} {title.en}", f"{row['ktype']} {title.zh}")


_RECORD = (
    *_LIST,
    *columns(
        shapes.Order,
        *("ktype", "real_pay", "creditor", "accept_insurer", "block_name"),
        ktype=_line,
    ),
    Column(
        "guaranteed",
        "担保期限",
        lambda row: f"{row['guarantee_start_date']} - {row['guarantee_end_date']}",
    ),
    *columns(shapes.Order, "reply", reply=lambda row: format_members(row["reply"] or {}) or None),
)
_HISTORY = columns(OrderStep, "at", "event", "by", "state", "note", at=lambda row: row["at"][5:])
_FILES = columns(OrderFile, "file_id", "file_name")
#: Members of 2.3 that are not text.
_NOT_TEXT = ("append_content", "accept_insurer_id")


def _draw(terminal: Terminal, row: dict[str, Any]) -> None:
    terminal.draw_record(row, _RECORD)
    terminal.draw_table(row["history"], _HISTORY, Text("History", "经过"))
    terminal.draw_table(row["files"], _FILES, Text("Files", "文件"))


def _happen(terminal: Terminal, order_no: str, event: str, **body: Any) -> None:
    before = announcements.find_newest(terminal, order_no)
    row = terminal.account_client.post("orders", order_no, event, **body)
    number, state = row["order_no"], row["state"]
    terminal.done(row, f"The order {number} is {state}.", f"订单 {number} 状态为 {state}。")
    announcements.report(terminal, number, before)


@command("list", "列出订单。", "order list", order)
def list_orders(terminal: Terminal) -> None:
    """List the orders, oldest first."""
    terminal.table(terminal.account_client.get("orders"), _LIST)


@command("create", "投保人申请：由预置订单生成。", "order create --fixture standard", order)
@click.option(
    "--fixture", default="standard", show_default=True, help="See order fixtures. 预置订单。"
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help="Replace a member of its table. 替换字段。",
)
def create(terminal: Terminal, fixture: str, fields: tuple[str, ...]) -> None:
    """Let a principal apply: an order is made from a ready-made one."""
    changed: dict[str, Any] = dict(parse_pairs(fields))
    for name in set(_NOT_TEXT) & set(changed):
        changed[name] = parse_json_or_text(changed[name])
    row = terminal.account_client.post("orders", fixture=fixture, fields=changed)
    terminal.show(row, lambda: _draw(terminal, row))
    announcements.report(terminal, row["order_no"])


@command("show", "查看订单及其经过。", "order show 1234567890", order)
@click.argument("order_no")
def show(terminal: Terminal, order_no: str) -> None:
    """Show an order, its history and its files."""
    row = terminal.account_client.get("orders", order_no)
    terminal.show(row, lambda: _draw(terminal, row))


@command("submit", "投保人重新提交资料。", "order submit 1234567890", order)
@click.argument("order_no")
def submit(terminal: Terminal, order_no: str) -> None:
    """Let the principal hand in again what the institution sent back."""
    _happen(terminal, order_no, "submit")


@command("cancel", "投保人取消订单（支付前）。", "order cancel 1234567890 --note 不再投标", order)
@click.argument("order_no")
@click.option("--note", default="", help="The reason. 原因。")
def cancel(terminal: Terminal, order_no: str, note: str) -> None:
    """Let the principal cancel, up to the payment."""
    _happen(terminal, order_no, "cancel", note=note)


@command("finish", "平台完成订单。", "order finish 1234567890", order)
@click.argument("order_no")
def finish(terminal: Terminal, order_no: str) -> None:
    """Let the platform finish an issued order."""
    _happen(terminal, order_no, "finish")


@command("open", "不用浏览器执行 2.1 跳转。", "order open 1234567890", order)
@click.argument("order_no")
def open_order(terminal: Terminal, order_no: str) -> None:
    """Make the principal's jump to the insurer (2.1) without a browser."""
    show_exchange(terminal, terminal.account_client.post("orders", order_no, "open"))


_FIXTURES = (
    Column("kind", "类型", "kind"),
    Column("fixture", "预置订单", "name"),
    Column("what it is", "说明", "title", rest=True),
)


@command("fixtures", "列出预置订单。", "order fixtures", order, False)
def fixtures(terminal: Terminal) -> None:
    """List the ready-made orders."""
    known = terminal.client.get("lookup")["fixtures"]
    rows = [
        {"kind": kind, "name": name, "title": title}
        for kind, listed in known.items()
        for name, title in listed.items()
    ]
    terminal.table(rows, _FIXTURES)
