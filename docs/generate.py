"""Writes the derived pages of docs/ from the schemas, switches and settings: `make docs`.

A test compares the pages with what this writes, so that they cannot fall behind.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from simulator import paths
from simulator.control.api import ROUTES
from simulator.domain import claim, order
from simulator.domain.switches import SWITCHES
from simulator.operations.faults import RULES
from simulator.protocol.catalogue import Catalogue, Interface
from simulator.settings import Settings

_MACHINES = {("insurer", "order"): order.DIRECT_OFFER, ("insurer", "claim"): claim.MACHINE}
_DERIVED = "<!-- Derived by docs/generate.py; do not edit by hand. 由脚本生成，请勿手工修改。 -->"


def pages() -> dict[str, str]:
    """Return the derived pages by their path below docs/."""
    catalogue = Catalogue.load(paths.schemas())
    made = {
        f"reference/{kind}.md": "\n".join(_interfaces(catalogue, kind)) + "\n"
        for kind in catalogue.kinds
    }
    made["reference/codes.md"] = "\n".join(_codes(catalogue)) + "\n"
    made["reference/settings.md"] = "\n".join(_settings()) + "\n"
    made["decisions.md"] = "\n".join(_decisions()) + "\n"
    made["reference/control-api.md"] = "\n".join(_control()) + "\n"
    return made


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|").replace("](", "]\\(").replace("\n", "<br>")


def _row(*cells: object) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _interfaces(catalogue: Catalogue, kind: str) -> Iterator[str]:
    yield _DERIVED
    yield f"# Interfaces of the {kind} manual / {kind} 接口一览\n"
    yield "“Missing” and “invalid” are the codes for a parameter that is absent or has the wrong"
    yield "form; see [codes](codes.md). “P” numbers are [decisions](../decisions.md) that explain a"
    yield "difference from the manual's table.\n"
    yield "“缺失”“错误”为参数缺失或格式错误时的状态码；P 编号说明与手册表格的差异。\n"
    yield "How messages are signed, sealed and posted: [on the wire](../wire.md).\n"
    yield from _states(catalogue, kind)
    for direction, title in (("call", "Calls / 机构调用平台"), ("push", "Pushes / 平台推送机构")):
        yield f"## {title}\n"
        for interface in catalogue.of_kind(kind, direction):  # type: ignore[arg-type]
            yield from _interface(interface)


def _interface(interface: Interface) -> Iterator[str]:
    yield f"### {interface.section} {interface.title.zh} / {interface.title.en}\n"
    called = f"method `{interface.method}`" if interface.method else f"`{interface.name}`"
    kind = interface.delivery or "call"
    yield f"{called} · {interface.transport} · {kind}\n"
    document = interface.description
    tables = [("form", document["form"]), ("request", document["request"])]
    if document["response"]:
        tables.append(("response", document["response"]))
    for name, table in tables:
        heading = {
            "form": "Form / 表单",
            "request": "Encrypted / 加密参数",
            "response": "Answer / 返回",
        }[name]
        yield f"**{heading}** ({table['x-table']})\n"
        yield _row("name", "type", "required", "含义", "meaning", "missing", "invalid", "P")
        yield "|---|---|---|---|---|---|---|---|"
        yield from _members(table, "")
        yield ""


def _states(catalogue: Catalogue, kind: str) -> Iterator[str]:
    headings = {
        "order": "States of an order / 订单状态 (5.4)",
        "claim": "States of a claim / 理赔状态 (5.7)",
    }
    for thing, heading in headings.items():
        yield f"## {heading}\n"
        yield _row("state", "备注", "meaning", "what may happen → next state / 可发生的事件")
        yield "|---|---|---|---|"
        machine = _MACHINES[kind, thing]
        for row in catalogue.states[kind][thing]:
            state = row["state"]
            moves = [f"{event} → {machine.step(state, event)}" for event in machine.allowed(state)]
            yield _row(f"`{state}`", row["zh"], row["en"], "\n".join(moves))
        yield ""
    yield "An offer straight from `WAIT_TUNE_UP` needs the switch `due_diligence: optional`, the"
    yield "default. 从 `WAIT_TUNE_UP` 直接报价需要开关 `due_diligence: optional`（默认）。\n"
    yield "## project_type (5.8.1)\n"
    yield _row("project_type", "说明", "meaning", "gtype")
    yield "|---|---|---|---|"
    for row in catalogue.states["project_type"]:
        yield _row(f"`{row['name']}`", row["zh"], row["en"], row["gtype"])
    yield ""


def _members(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    required = set(table.get("required", ()))
    for name, schema in table["properties"].items():
        codes = schema.get("x-code", {})
        yield _row(
            f"`{prefix}{name}`",
            schema.get("x-type", ""),
            "yes" if name in required else "no",
            schema.get("title", ""),
            schema.get("description", ""),
            codes.get("missing", ""),
            codes.get("invalid", ""),
            schema.get("x-decision", ""),
        )
        inner = schema.get("items", schema)
        if isinstance(inner, dict) and "properties" in inner:
            yield from _members(inner, f"{prefix}{name}.")


def _codes(catalogue: Catalogue) -> Iterator[str]:
    given: dict[int, list[str]] = defaultdict(list)
    for interface in catalogue.interfaces.values():
        for parameter in (*interface.files, *interface.parameters):
            if interface.direction == "call":
                given[parameter.missing].append(f"{interface.section} `{parameter.name}` missing")
                given[parameter.invalid].append(f"{interface.section} `{parameter.name}` invalid")
    yield _DERIVED
    yield "# Codes / 状态码\n"
    yield "## 5.3\n"
    yield _row("code", "insurer 备注", "guarantor 备注", "meaning", "by default given for")
    yield "|---|---|---|---|---|"
    for code in catalogue.codes.platform.values():
        places = given[code.number]
        shown = ", ".join(places[:6]) + (f" … ({len(places)})" if len(places) > 6 else "")
        yield _row(code.number, code.remark["insurer"], code.remark["guarantor"], code.en, shown)
    for title, table in (
        ("5.5 (answers to 2.6 / 对 2.6 的应答)", catalogue.codes.verify),
        ("5.6 (answers to 2.7 / 对 2.7 的应答)", catalogue.codes.query),
    ):
        yield f"\n## {title}\n"
        yield _row("code", "备注")
        yield "|---|---|"
        for number, remark in table.items():
            yield _row(number, remark)


def _settings() -> Iterator[str]:
    yield _DERIVED
    yield "# Settings, switches, fault rules / 设置、开关、故障规则\n"
    yield "## Settings of the server / 服务器设置\n"
    yield "In `conzhu-sim.toml`, as `CONZHU_<NAME>` in the environment, or as an option of"
    yield "`conzhu-sim serve` (`--control-port`); the later one wins.\n"
    yield _row("name", "environment", "default", "meaning", "含义")
    yield "|---|---|---|---|---|"
    for field in fields(Settings):
        shown = f"`{field.default}`" if field.default != "" else ""
        variable, meaning = f"`CONZHU_{field.name.upper()}`", field.metadata["meaning"]
        yield _row(f"`{field.name}`", variable, shown, meaning.en, meaning.zh)
    yield "\nThe commands read `CONZHU_CONTROL` (the control API's address), `CONZHU_ACCOUNT` and"
    yield "`CONZHU_LANG` (en, zh), too. `serve --config FILE` reads another file, `--ephemeral`"
    yield "keeps nothing, `--no-demo` opens no demo account.\n"
    yield "\n## Switches of an account / 账户开关\n"
    yield "Where the real platform may differ from a decision: "
    yield "`conzhu-sim account switch NAME KEY VALUE`.\n"
    yield _row("name", "values (default first)", "P", "meaning", "含义")
    yield "|---|---|---|---|---|"
    for switch in SWITCHES.values():
        choices = switch.choices or (f"{switch.default} (seconds)",)
        yield _row(
            f"`{switch.name}`",
            ", ".join(json.dumps(choice).strip('"') for choice in choices),
            switch.decision,
            switch.meaning.en,
            switch.meaning.zh,
        )
    yield "\n## Fault rules / 故障规则\n"
    yield _row("rule", "meaning", "含义")
    yield "|---|---|---|"
    for name, meaning in RULES.items():
        yield _row(f"`{name}`", meaning.en, meaning.zh)


def _control() -> Iterator[str]:
    yield _DERIVED
    yield "# Control API / 控制接口\n"
    yield "All paths begin with `/control/v1`; the OpenAPI document is at"
    yield '`/control/v1/openapi.json`. Errors are `{"error": {"en": …, "zh": …}}`.\n'
    yield _row("operation", "what it does", "说明", "body", "query")
    yield "|---|---|---|---|---|"
    for route in ROUTES:
        body = ", ".join(
            f"`{name}`" + ("*" if name in route.required else "") for name in route.body
        )
        query = ", ".join(f"`{name}`" for name in route.query)
        yield _row(
            f"`{route.method} {route.path}`", route.summary.en, route.summary.zh, body, query
        )


def _decisions() -> Iterator[str]:
    register = json.loads((paths.schemas() / "decisions.json").read_text("utf-8"))
    yield _DERIVED
    yield "# Decisions / 约定\n"
    yield "Where the manuals are silent, contradict themselves or contain a slip of the pen, this"
    yield "register says what the project does and why. A switch is a setting of the account, for"
    yield "the case that the real platform differs.\n"
    yield "手册未说明、自相矛盾或有笔误之处，本页给出本项目的约定及理由；开关为账户级设置。\n"
    for decision in register["decisions"]:
        yield f"## {decision['id']} {decision['topic']}\n"
        yield f"{decision['en']}\n"
        yield f"{decision['zh']}\n"
        reason = decision["reason"]
        yield f"*Why*: {reason['en']} *理由*：{reason['zh']}\n"
        places = ", ".join(decision["clauses"])
        switches = ", ".join(f"`{name}`" for name in decision["switch"])
        yield f"Clauses: {places}." + (f" Switches: {switches}." if switches else "") + "\n"


def main(folder: Path) -> None:
    """Write the pages below a folder."""
    for name, text in pages().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
