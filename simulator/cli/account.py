"""`conzhu-sim account`: open, show and close accounts, and hand out their letters."""

from pathlib import Path
from typing import Any

import click

from simulator.cli.command import command, group
from simulator.cli.program import program
from simulator.cli.render import Column, members
from simulator.cli.terminal import Terminal
from simulator.cli.words import clock_mode

account = group(
    "account",
    "Accounts, their letters, endpoints and switches.",
    "账户、开户信、接收地址与开关。",
    "account list",
)

_LIST = (
    Column("account", "账户", "name"),
    Column("btc_id", "btc_id", "btc_id", right=True),
    Column("kind", "类型", "kind"),
    Column("company", "公司", "company"),
    Column("key bits", "密钥位数", "key_bits", right=True),
    Column("endpoints", "接收地址数", lambda row: len(row["endpoints"]), right=True),
    Column("disabled", "停用", "disabled"),
    Column("clock", "时钟", lambda row: row["clock"]["text"][5:]),
)


def _clock(clock: dict[str, Any]) -> dict[str, str]:
    mode = clock_mode(clock)
    return {"en": f"{clock['text']} ({mode['en']})", "zh": f"{clock['text']}（{mode['zh']}）"}


_RECORD = (
    *(column for column in _LIST if column.of in ("name", "btc_id", "kind", "company")),
    Column("access party", "接入商", "access_party"),
    Column("key bits", "密钥位数", "key_bits"),
    Column("disabled", "停用", "disabled"),
    Column("allow-list", "IP 白名单", "allow_list"),
    Column("clock", "时钟", lambda row: _clock(row["clock"])),
    Column("endpoints", "接收地址", lambda row: members(row["endpoints"])),
    Column("switches", "开关", lambda row: members(row["switches"])),
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
@click.option("--key-bits", type=int, help="1024 or 2048 bits. 密钥位数。")
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
    from simulator.cli import letters

    place = letters.write(content, Path(out))
    terminal.done({"letter": str(place)}, f"The letter is {place}.", f"开户信已写入 {place}。")


@command("keys", "更换密钥与 api_secret。", "account keys demo --bits 1024", account, False)
@click.argument("name")
@click.option("--bits", type=int, help="1024 or 2048; as before by default. 密钥位数。")
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
