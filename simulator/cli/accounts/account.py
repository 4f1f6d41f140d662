"""`conzhu-sim account`: open, show and close accounts, their letters and settings."""

import re
from pathlib import Path
from typing import Any

import click

from simulator import shapes
from simulator.cli.accounts import letters
from simulator.cli.arguments import Whole
from simulator.cli.command import Signed, command, group
from simulator.cli.output.columns import columns
from simulator.cli.output.render import Column, format_members, format_setting
from simulator.cli.output.states import describe_clock
from simulator.cli.output.terminal import Terminal
from simulator.cli.program import program
from simulator.domain.switches import SWITCHES
from simulator.errors import SimulatorError

account = group(
    "account",
    "Accounts, their letters, endpoints and switches.",
    "账户、开户信、接收地址与开关。",
    "account list",
)

_LIST = (
    *columns(shapes.Account, "name", "btc_id", "kind", "company", "key_bits"),
    Column("endpoints", "接收地址数", lambda row: len(row["endpoints"]), right=True),
    *columns(shapes.Account, "disabled", "clock", clock=lambda row: row["clock"]["text"][5:]),
)


def _clock(clock: dict[str, Any]) -> dict[str, str]:
    mode = describe_clock(clock)
    return {"en": f"{clock['text']} ({mode['en']})", "zh": f"{clock['text']}（{mode['zh']}）"}


_RECORD = columns(
    shapes.Account,
    *("name", "btc_id", "kind", "company", "access_party", "key_bits", "disabled"),
    *("allow_list", "clock", "endpoints", "switches"),
    clock=lambda row: _clock(row["clock"]),
    endpoints=lambda row: format_members(row["endpoints"]),
    switches=lambda row: format_members(row["switches"]),
)


@command("list", "列出账户。", "account list", account, False)
def list_accounts(terminal: Terminal) -> None:
    """List the accounts."""
    terminal.table(terminal.client.get("accounts"), _LIST)


@command(
    "create", "开户。", "account create alpha --company 示例财产保险股份有限公司", account, False
)
@click.argument("name")
@click.option("--kind", help="Kind of institution. 机构类型。")
@click.option("--company", help="The institution's whole name. 机构全称。")
@click.option("--key-bits", type=Whole(), help="1024 or 2048 bits. 密钥位数。")
@click.option("--seed", help="Makes ids and secrets repeatable. 固定编号与密钥的种子。")
def create(terminal: Terminal, name: str, **given: Any) -> None:
    """Open an account."""
    body = {member: value for member, value in given.items() if value is not None}
    row = terminal.client.post("accounts", name=name, **body)
    terminal.done(
        row,
        f"The account {row['name']} is open (btc_id {row['btc_id']}); its letter: "
        f"{program()} account letter {row['name']}",
        f"账户 {row['name']} 已开通（btc_id {row['btc_id']}）；开户信："
        f"{program()} account letter {row['name']}",
    )


@command("show", "查看账户。", "account show demo", account, False)
@click.argument("name")
def show(terminal: Terminal, name: str) -> None:
    """Show an account without its credentials."""
    row = terminal.client.get("accounts", name)
    terminal.show(row, lambda: terminal.draw_record(row, _RECORD))


@command(
    "letter", "查看或保存开户信（含密钥）。", "account letter demo --out letters", account, False
)
@click.argument("name")
@click.option("--out", help="Write JSON and PEM files there. 写入该目录。", metavar="DIR")
def letter(terminal: Terminal, name: str, out: str | None) -> None:
    """Show the account letter, credentials included, or write it to files."""
    content = terminal.client.get("accounts", name, "letter")
    if out is None:
        terminal.json(content)
        return
    place = letters.write(content, Path(out))
    terminal.done({"letter": str(place)}, f"The letter is {place}.", f"开户信已写入 {place}。")


@command("keys", "更换密钥与 api_secret。", "account keys demo --bits 1024", account, False)
@click.argument("name")
@click.option("--bits", type=Whole(), help="1024 or 2048; as before by default. 密钥位数。")
def keys(terminal: Terminal, name: str, bits: int | None) -> None:
    """Give an account a new key pair and api_secret; its tokens end."""
    body = {} if bits is None else {"key_bits": bits}
    made = terminal.client.post("accounts", name, "keys", **body)
    terminal.done(
        made,
        f"{made['name']} has new keys of {made['key_bits']} bits and a new api_secret; fetch the "
        "new letter.",
        f"{made['name']} 已更换 {made['key_bits']} 位密钥和 api_secret；请重新获取开户信。",
    )


@command("disable", "停用账户。", "account disable demo", account, False)
@click.argument("name")
def disable(terminal: Terminal, name: str) -> None:
    """Disable an account: it gets no tokens, and its calls are refused."""
    row = terminal.client.patch("accounts", name, disabled=True)
    terminal.done(row, f"The account {row['name']} is disabled.", f"账户 {row['name']} 已停用。")


@command("enable", "恢复账户。", "account enable demo", account, False)
@click.argument("name")
def enable(terminal: Terminal, name: str) -> None:
    """Enable an account again."""
    row = terminal.client.patch("accounts", name, disabled=False)
    terminal.done(row, f"The account {row['name']} is enabled.", f"账户 {row['name']} 已启用。")


@command("reset", "清空账户的业务数据。", "account reset demo", account, False)
@click.argument("name")
def reset(terminal: Terminal, name: str) -> None:
    """Empty an account; credentials, endpoints, allow-list and switches stay."""
    row = terminal.client.post("accounts", name, "reset")
    terminal.done(row, f"The account {row['name']} is empty.", f"账户 {row['name']} 已清空。")


@command("close", "销户。", "account close alpha", account, False)
@click.argument("name")
def close(terminal: Terminal, name: str) -> None:
    """Close an account; all that belongs to it is removed."""
    terminal.done(
        terminal.client.delete("accounts", name),
        f"The account {name} is closed.",
        f"账户 {name} 已销户。",
    )


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
    now = format_setting(row["switches"][key])
    terminal.done(row, f"{key} is {now}.", f"{key} 已设为 {now}。")


def _switch_value(key: str, written: str) -> Any:
    known = SWITCHES.get(key)
    if known is None:
        return written
    if known.choices is None:
        number = re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,6})?", written)
        return written if not number else float(written) if number[1] else int(written)
    return next((c for c in known.choices if format_setting(c) == written), written)


_SWITCHES = (
    Column("switch", "开关", "name"),
    Column("decision", "决定", "decision"),
    Column("value", "当前值", lambda row: format_setting(row["value"])),
    Column("choices", "可选值", lambda row: _choices(row["choices"])),
    Column("meaning", "含义", lambda row: {"en": row["en"], "zh": row["zh"]}, rest=True),
)


def _choices(listed: list[Any] | None) -> Any:
    if listed is None:
        return {"en": "seconds", "zh": "秒数"}
    return ", ".join(format_setting(choice) for choice in listed)


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
