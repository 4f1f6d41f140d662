"""`conzhu-sim account`: endpoints, allow-list and switches. Completes the group of `account`."""

import re
from typing import Any

import click

from simulator.cli import letters
from simulator.cli.account import account
from simulator.cli.command import Signed, command
from simulator.cli.render import Column, literal
from simulator.cli.terminal import Terminal
from simulator.domain.switches import SWITCHES
from simulator.errors import SimulatorError

_ENDPOINTS = (
    Column("push", "推送", lambda row: row[0]),
    Column("URL", "地址", lambda row: row[1], rest=True),
)


def _show_endpoints(terminal: Terminal, row: dict[str, Any]) -> None:
    terminal.show(row, lambda: terminal.draw_table(list(row["endpoints"].items()), _ENDPOINTS))


@command(
    "endpoint",
    "登记或删除一个推送的接收地址。",
    "account endpoint demo order_status http://127.0.0.1:9000/order-status",
    account,
    False,
)
@click.argument("name")
@click.argument("push")
@click.argument("url", required=False)
@click.option("--remove", is_flag=True, help="Remove it. 删除。")
def endpoint(terminal: Terminal, name: str, push: str, url: str | None, remove: bool) -> None:
    """Register the URL that a push goes to, or remove it."""
    if remove == (url is not None):
        raise SimulatorError("Give either a URL or --remove.", "请给出 URL 或 --remove（二选一）。")
    _show_endpoints(terminal, terminal.client.patch("accounts", name, endpoints={push: url}))


@command(
    "endpoints",
    "按参考机构的路径登记全部接收地址。",
    "account endpoints demo http://127.0.0.1:9000",
    account,
    False,
)
@click.argument("name")
@click.argument("base_url")
def endpoints(terminal: Terminal, name: str, base_url: str) -> None:
    """Register a URL for every push, with the paths of the reference institution."""
    kind = terminal.client.get("accounts", name)["kind"]
    pushes = terminal.client.get("lookup")["pushes"][kind]
    urls = letters.reference_endpoints(base_url, pushes)
    _show_endpoints(terminal, terminal.client.patch("accounts", name, endpoints=urls))


@command(
    "allow", "设置 IP 白名单（不给出则不限制）。", "account allow demo 10.0.0.0/8", account, False
)
@click.argument("name")
@click.argument("addresses", nargs=-1)
def allow(terminal: Terminal, name: str, addresses: tuple[str, ...]) -> None:
    """Set the addresses that may call; none allows all."""
    row = terminal.client.patch("accounts", name, allow_list=list(addresses))
    listed = ", ".join(row["allow_list"])
    terminal.done(
        row,
        f"{row['name']} may call from {listed or 'everywhere'}.",
        f"{row['name']} 允许的来源：{listed or '不限'}。",
    )


@command("switch", "设置一个开关。", "account switch demo plaintext query", account, False, Signed)
@click.argument("name")
@click.argument("key")
@click.argument("value")
def switch(terminal: Terminal, name: str, key: str, value: str) -> None:
    """Set a switch of an account."""
    row = terminal.client.patch("accounts", name, switches={key: _switch_value(key, value)})
    now = literal(row["switches"][key])
    terminal.done(row, f"{key} is {now}.", f"{key} 已设为 {now}。")


def _switch_value(key: str, written: str) -> Any:
    known = SWITCHES.get(key)
    if known is None:
        return written
    if known.choices is None:
        number = re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", written)
        return written if not number else float(written) if number[1] else int(written)
    return next((c for c in known.choices if literal(c) == written), written)


_SWITCHES = (
    Column("switch", "开关", "name"),
    Column("decision", "决定", "decision"),
    Column("value", "当前值", lambda row: literal(row["value"])),
    Column("choices", "可选值", lambda row: _choices(row["choices"])),
    Column("meaning", "含义", lambda row: {"en": row["en"], "zh": row["zh"]}, rest=True),
)


def _choices(listed: list[Any] | None) -> Any:
    if listed is None:
        return {"en": "seconds", "zh": "秒数"}
    return ", ".join(literal(choice) for choice in listed)


@command(
    "switches",
    "列出开关的决定编号、当前值、可选值和含义。",
    "account switches demo",
    account,
    False,
)
@click.argument("name")
def switches(terminal: Terminal, name: str) -> None:
    """List the switches of an account: decision, value, choices and meaning."""
    values = terminal.client.get("accounts", name)["switches"]
    known = terminal.client.get("lookup")["switches"]
    rows = [{"name": key, "value": values[key], **described} for key, described in known.items()]
    terminal.table(rows, _SWITCHES)
