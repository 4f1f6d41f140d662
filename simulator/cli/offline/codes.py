"""`conzhu-sim codes`: the documented status codes, read from the schemas; needs no server."""

import json
import re
from typing import Any

import click

from simulator import paths
from simulator.cli.command import command, group
from simulator.cli.output.render import Column
from simulator.cli.output.terminal import Terminal
from simulator.cli.program import program
from simulator.cli.steering.provoke import KIND, provoke
from simulator.errors import NotFound, Text
from simulator.protocol.interface_files import read_interfaces


class _Codes(click.Group):
    """`codes 1006` is `codes show 1006`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Take a number for the code to show."""
        if args and re.fullmatch("[0-9]+", args[0]):
            args = ["show", *args]
        return super().resolve_command(ctx, args)


codes = group(
    "codes",
    "The documented status codes (no server needed).",
    "状态码表（无需服务器）。",
    "codes show 2303",
    _Codes,
)
codes.add_command(provoke)

#: Why a parameter gives a code, by the names in `x-code`.
_REASONS = {"missing": Text("missing", "缺失"), "invalid": Text("wrong", "错误")}
#: What is given alike by more interfaces than these is given by all that take the parameter.
_FEW = 6
_ALL = Text("all calls", "所有调用")
#: The tables of `codes.json`, and their sections in the manual.
_TABLES = {"platform": "5.3", "verify": "5.5", "query": "5.6"}
_LIST = (
    Column("code", "状态码", "code", right=True),
    Column("table", "表", "table"),
    Column("remark", "说明", "remark", rest=True),
    Column("meaning", "英文含义", "en", rest=True),
)
_USES = (
    Column("interface", "接口", "interface"),
    Column("name", "名称", "name"),
    Column("parameter", "参数", "parameter"),
    Column("given when it is", "原因", "when"),
)


def _load_rows(kind: str) -> list[dict[str, Any]]:
    document = json.loads((paths.schemas() / "codes.json").read_text("utf-8"))
    rows = []
    for table, section in _TABLES.items():
        for row in document[table]:
            remark = row["remark"][kind] if isinstance(row["remark"], dict) else row["remark"]
            rows.append({"code": row["code"], "table": section, "remark": remark, "en": row["en"]})
    return rows


def _find_uses(kind: str, code: int) -> list[dict[str, Any]]:
    """Return the parameters that give a code, in the order of the manual."""
    documents = read_interfaces(paths.schemas(), kind)
    documents.sort(key=lambda document: [int(part) for part in document["section"].split(".")])
    return [
        {
            "interface": f"{kind}/{document['section']}",
            "name": document["name"],
            "parameter": name,
            "when": reason,
        }
        for document in documents
        for part in ("form", "request")
        for name, schema in document[part]["properties"].items()
        for reason in _REASONS
        if schema.get("x-code", {}).get(reason) == code
    ]


def _merge_alike(uses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the uses with a row for each parameter; one row for what most calls give alike."""
    reasons: dict[tuple[str, str, str], list[Text]] = {}
    for use in uses:
        place = (use["interface"], use["name"], use["parameter"])
        reasons.setdefault(place, []).append(_REASONS[use["when"]])
    givers: dict[tuple[str, Text], list[tuple[str | Text, str]]] = {}
    for (interface, name, parameter), given in reasons.items():
        when = Text.join(given, ", ", "、")
        givers.setdefault((parameter, when), []).append((interface, name))
    rows: list[dict[str, Any]] = []
    for (parameter, when), places in givers.items():
        if len(places) > _FEW:
            places = [(_ALL, "")]
        rows.extend(
            {"interface": interface, "name": name, "parameter": parameter, "when": when}
            for interface, name in places
        )
    return rows


@command("list", "列出状态码。", "codes list --find order_no", codes, False)
@KIND
@click.option("--find", default="", help="A text in the row. 查找文字。")
def list_codes(terminal: Terminal, kind: str, find: str) -> None:
    """List the codes with their printed remarks and a meaning in English."""
    wanted = find.casefold()
    terminal.table(
        [
            row
            for row in _load_rows(kind)
            if wanted in f"{row['code']} {row['remark']} {row['en']}".casefold()
        ],
        _LIST,
    )


@command("show", "查看状态码及其来源参数。", "codes show 2303", codes, False)
@click.argument("code")
@KIND
def show(terminal: Terminal, code: str, kind: str) -> None:
    """Show a code, and which parameters of which interfaces give it."""
    rows = [row for row in _load_rows(kind) if str(row["code"]) == code]
    if not rows:
        raise NotFound(
            f"There is no code {code}; see `{program()} codes list`.",
            f"没有状态码 {code}；参见 `{program()} codes list`。",
        )
    uses = _find_uses(kind, int(code))

    def draw() -> None:
        terminal.draw_table(rows, _LIST)
        if uses:
            terminal.draw_table(_merge_alike(uses), _USES, Text("Given by", "来源"))

    terminal.show({"code": int(code), "tables": rows, "parameters": uses}, draw)
