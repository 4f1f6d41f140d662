"""`conzhu-sim snapshot`: an account's whole state as one file, to hand a bug to a colleague."""

import json
import shlex
from pathlib import Path
from typing import Any

import click

from simulator import given_files
from simulator.cli.accounts import letters
from simulator.cli.arguments import Whole
from simulator.cli.command import command, group
from simulator.cli.output.terminal import Terminal
from simulator.cli.program import program
from simulator.errors import SimulatorError, Text
from simulator.private_files import write_private

snapshot = group(
    "snapshot",
    "Snapshots: an account's whole state as one file.",
    "快照：账户的完整状态保存为一个文件。",
    "snapshot save --out bug.json",
)

_LETTERS = "letters"
#: Bytes that the control API takes in one request, less some for what is around a snapshot.
_MOST = 64 * 1024 * 1024 - 1024
#: Bytes of a snapshot's file that are read at all.
_LARGEST_FILE = 1024 * 1024 * 1024


@command(
    "save",
    "保存账户快照：个人信息脱敏，不含密钥。",
    "snapshot save --account demo --out bug.json",
    snapshot,
)
@click.option("--out", required=True, metavar="FILE", help="The file to write. 写入的文件。")
@click.option(
    "--with-personal-data",
    is_flag=True,
    help="Keep personal values, files and wire forms. 保留个人信息、文件与密文。",
)
@click.option("--journal", type=Whole(min=0), help="Only its newest entries. 仅最新若干条日志。")
def save(terminal: Terminal, out: str, with_personal_data: bool, journal: int | None) -> None:
    """Save an account's whole state: personal values masked, and no credentials in it."""
    asked = {"with_personal_data": int(with_personal_data), "journal": journal}
    document = terminal.account_client.get("snapshot", **asked)
    place = Path(out)
    write_private(place, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    name, size = document["account"]["name"], place.stat().st_size
    listed = _describe(document)
    held = (
        ("with personal values and files as they are", "含未脱敏的个人信息与文件内容")
        if with_personal_data
        else (
            "personal values masked, the contents of files left out (--with-personal-data keeps "
            "them)",
            "个人信息已脱敏，文件内容已略去（--with-personal-data 可保留）",
        )
    )
    terminal.done(
        {"snapshot": str(place), "account": name, "bytes": size, **_counts(document)},
        f"{name} is saved in {place} ({size:,} bytes; {listed.en}): {held[0]}; no credentials.",
        f"{name} 已保存到 {place}（{size:,} 字节；{listed.zh}）：{held[1]}；不含密钥。",
    )


@command(
    "load",
    "将快照加载到新账户；重新生成密钥与开户信，时钟静止。",
    "snapshot load bug.json --account bug-17",
    snapshot,
    False,
)
@click.argument("file")
@click.option(
    "--account",
    "name",
    metavar="NAME",
    help="Load under this name; taken numbers are drawn anew. 以此名称加载，冲突的编号重新生成。",
)
@click.option(
    "--letters",
    "folder",
    default=_LETTERS,
    show_default=True,
    metavar="DIR",
    help="Where the new letter is written. 新开户信写入的目录。",
)
def load(terminal: Terminal, file: str, name: str | None, folder: str) -> None:
    """Load a snapshot into a new account, with new credentials and a new letter.

    Its clock stands still where it was saved: nothing is sent before it is moved or resumed.
    """
    body: dict[str, Any] = {"snapshot": _read(file)}
    if name is not None:
        body["name"] = name
    row = terminal.client.post("snapshots", **body)
    place = letters.write(terminal.client.get("accounts", row["name"], "letter"), Path(folder))
    listed = _describe(body["snapshot"])
    terminal.done(
        {**row, "letter": str(place)},
        f"{row['name']} is loaded (btc_id {row['btc_id']}; {listed.en}); its clock "
        f"stands still at {row['clock']['text']}. Its credentials are new: give the institution "
        f"the letter {place}.",
        f"{row['name']} 已加载（btc_id {row['btc_id']}；{listed.zh}），时钟静止于 "
        f"{row['clock']['text']}。密钥已重新生成：请让机构改用开户信 {place}。",
    )
    _say_endpoints(terminal, row)


def _say_endpoints(terminal: Terminal, row: dict[str, Any]) -> None:
    """Say where pushes go from now on: the addresses may be those of somebody else's machine."""
    listed = ", ".join(f"{name} {url}" for name, url in row["endpoints"].items())
    change = f"`{program()} account endpoint {shlex.quote(row['name'])} PUSH URL`"
    terminal.say(
        f"Its endpoints are those of when it was saved: {listed or 'none'}; {change} changes one.",
        f"接收地址为保存时的地址：{listed or '无'}；可用 {change} 修改。",
    )


def _read(place: str) -> dict[str, Any]:
    try:
        document = json.loads(given_files.read_text(Path(place), _LARGEST_FILE))
    except (ValueError, RecursionError) as error:
        raise SimulatorError(
            f"{place} is no whole snapshot: it cannot be read as JSON ({error}). Save it again.",
            f"{place} 不是完整的快照：无法按 JSON 读取（{error}）。请重新保存。",
        ) from None
    if not isinstance(document, dict):
        raise SimulatorError(
            f"{place} is no snapshot: give a file that `conzhu-sim snapshot save` wrote.",
            f"{place} 不是快照文件：请使用 `conzhu-sim snapshot save` 生成的文件。",
        )
    size = len(json.dumps(document))
    if size > _MOST:
        raise SimulatorError(
            f"{place} is {size:,} bytes on the wire, and {_MOST:,} can be loaded: save it again "
            "with less of the journal (--journal 1000).",
            f"{place} 传输时为 {size:,} 字节，最多可加载 {_MOST:,} 字节：请减少日志重新保存"
            "（--journal 1000）。",
        )
    return document


def _counts(document: dict[str, Any]) -> dict[str, int]:
    exchanges = [entry for entry in document["journal"] if entry["direction"] != "event"]
    return {
        "orders": len(document["orders"]),
        "pushes": len(document["pushes"]),
        "exchanges": len(exchanges),
    }


def _describe(document: dict[str, Any]) -> Text:
    orders, pushes, exchanges = _counts(document).values()
    return Text(
        f"{orders} orders, {pushes} pushes, {exchanges} exchanges",
        f"{orders} 个订单、{pushes} 条推送、{exchanges} 次往来",
    )
