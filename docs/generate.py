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

import troubleshooting
from tables import DERIVED, format_row

from simulator import paths, texts
from simulator.control.routes import ROUTES
from simulator.domain.hostility import ONE_IN
from simulator.domain.institution import KINDS
from simulator.domain.machine import Machine
from simulator.domain.product import Product
from simulator.domain.switches import SWITCHES
from simulator.operations.faults.fault_rules import RULES
from simulator.operations.faults.hostility import PROFILE
from simulator.protocol.catalogue import Catalogue, Interface
from simulator.recipes.book import Book
from simulator.settings import Settings
from simulator.texts.dialects import DIALECTS, Dialect

DOCS = Path(__file__).parent

_TABLES = {"form": "Form / 表单", "request": "Encrypted / 加密参数", "response": "Answer / 返回"}
_FROM_HERE = "<!-- Derived from here on: docs/generate.py. 以下由脚本生成。 -->"


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
    made["troubleshooting.md"] = "\n".join(troubleshooting.lines(catalogue)) + "\n"
    written, mark, _ = (DOCS / "wire.md").read_text("utf-8").partition(_FROM_HERE)
    folded = "\n".join(_fold(name, dialect) for name, dialect in DIALECTS.items())
    made["wire.md"] = f"{written}{mark}\n\n{folded}"
    made["reference/control-api.md"] = "\n".join(_control()) + "\n"
    return made


def _fold(name: str, dialect: Dialect) -> str:
    code = f"```{name}\n{dialect.source}```"
    return f"<details>\n<summary>{dialect.title}</summary>\n\n{code}\n\n</details>\n"


def _interfaces(catalogue: Catalogue, kind: str) -> Iterator[str]:
    yield DERIVED
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
    called = f"`{interface.name}`"
    if interface.direction == "call":
        called = f"method `{interface.method}`"
    elif interface.method:
        called += f", request_method `{interface.method}`"
    yield f"{called} · {interface.transport} · {interface.delivery or 'call'}\n"
    document = interface.description
    for name, heading in _TABLES.items():
        table = document[name]
        if not table:
            continue
        yield f"**{heading}** ({table['x-table']})\n"
        yield format_row("name", "type", "required", "含义", "meaning", "missing", "invalid", "P")
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
        yield format_row("state", "备注", "meaning", "what may happen → next state / 可发生的事件")
        yield "|---|---|---|---|"
        for row in catalogue.states[kind][thing]:
            products = KINDS[kind].products
            named = [each for each in products if each.title.zh == row.get("product")]
            # The last product of a kind has the claims of all.
            product = (named or products)[-1]
            state = f"`{row['state']}`" + (f" ({product.title.zh})" if named else "")
            moves = "\n".join(dict.fromkeys(_moves(_machines(product)[thing], row["state"])))
            yield format_row(state, row["zh"], row["en"], moves)
        yield ""
    yield from _STATE_NOTES[kind](catalogue)


def _machines(product: Product) -> dict[str, Machine]:
    return {"order": product.machines["optional"], "claim": product.claims.machine}


def _moves(machine: Machine, state: str) -> Iterator[str]:
    """Say what leads on from a state; a claim's may depend on the phase behind the stroke."""
    for place in machine.states:
        if place.partition("/")[0] == state:
            for event in machine.allowed_events(place):
                yield f"{event} → {machine.step(place, event)}"


def _of_insurers(catalogue: Catalogue) -> Iterator[str]:
    yield "An offer straight from `WAIT_TUNE_UP` needs the switch `due_diligence: optional`, the"
    yield "default. 从 `WAIT_TUNE_UP` 直接报价需要开关 `due_diligence: optional`（默认）。\n"
    yield "## project_type (5.8.1)\n"
    yield format_row("project_type", "说明", "meaning", "gtype")
    yield "|---|---|---|---|"
    for row in catalogue.states["project_type"]:
        yield format_row(f"`{row['name']}`", row["zh"], row["en"], row["gtype"])
    yield ""


def _of_guarantors(_catalogue: Catalogue) -> Iterator[str]:
    yield "`to …` and `back to …` are 2.3 (`is_withdraw` 1 for back), or the answer to 2.1;"
    yield "`cancel_order` is 2.11, `cancel` the principal's. In claims `2/3` is the `do_type` and"
    yield "the `status` of 3.2, and a state's phase stands behind the stroke; 2/3 and 3/4 are for"
    yield "分离式 only (P32).\n"
    yield "`to`、`back to` 即 2.3（退回时 `is_withdraw` 为 1）或 2.1 的应答；`cancel_order` 为"
    yield "2.11，`cancel` 为投保人取消。理赔中 `2/3` 为 3.2 的 `do_type` 和 `status`，斜线后为所处"
    yield "阶段；2/3、3/4 仅用于分离式（P32）。\n"


_STATE_NOTES = {"insurer": _of_insurers, "guarantor": _of_guarantors}


def _members(table: Mapping[str, Any], prefix: str) -> Iterator[str]:
    required = set(table.get("required", ()))
    for name, schema in table["properties"].items():
        codes = schema.get("x-code", {})
        yield format_row(
            f"`{prefix}{name}`",
            schema.get("x-type", ""),
            "yes" if name in required else "no",
            schema.get("title", ""),
            schema.get("description", ""),
            codes.get("missing", ""),
            codes.get("invalid", ""),
            schema.get("x-decision", ""),
        )
        inner = schema.get("contentSchema", schema)
        inner = inner.get("items", inner)
        if isinstance(inner, dict) and "properties" in inner:
            yield from _members(inner, f"{prefix}{name}.")


def _codes(catalogue: Catalogue) -> Iterator[str]:
    given: dict[int, list[str]] = defaultdict(list)
    for interface in catalogue.interfaces.values():
        for parameter in (*interface.files, *interface.parameters):
            if interface.direction == "call":
                given[parameter.missing].append(f"{interface.id} `{parameter.name}` missing")
                given[parameter.invalid].append(f"{interface.id} `{parameter.name}` invalid")
    yield DERIVED
    yield "# Codes / 状态码\n"
    yield "## 5.3\n"
    yield "`conzhu-sim codes provoke CODE` has a running simulator say a code, in an account made"
    yield "for that. The steps are in `schemas/recipes.json`, and so is why some are never given."
    yield "`conzhu-sim codes provoke 状态码` 可在临时账户中触发该状态码；步骤与不会返回的原因见"
    yield "`schemas/recipes.json`。\n"
    titles = ("code", "insurer 备注", "guarantor 备注", "meaning", "by default given for")
    books = [Book.load(kind) for kind in catalogue.kinds]
    yield format_row(*titles, *(f"provoked by / 触发方式 ({book.kind})" for book in books))
    yield "|---|---|---|---|---|---|---|"
    for code in catalogue.codes.platform.values():
        places = given[code.number]
        shown = ", ".join(places[:6]) + (f" … ({len(places)})" if len(places) > 6 else "")
        remarks = (code.remark["insurer"], code.remark["guarantor"])
        provoked = [_provoked(book, code.number) for book in books]
        yield format_row(code.number, *remarks, code.en, shown, *provoked)
    for title, table in (
        ("5.5 (answers to 2.6 / 对 2.6 的应答)", catalogue.codes.verify),
        ("5.6 (answers to 2.7 / 对 2.7 的应答)", catalogue.codes.query),
    ):
        yield f"\n## {title}\n"
        yield format_row("code", "备注")
        yield "|---|---|"
        for number, remark in table.items():
            yield format_row(number, remark)


def _provoked(book: Book, code: int) -> str:
    recipe = book.recipes.get(code)
    if recipe:
        return f"{recipe.purpose.en} {recipe.purpose.zh}"
    excuse = book.excuses[code]
    return f"*never / 不会返回* (`{excuse.reason}`): {excuse.why.en} {excuse.why.zh}"


def _settings() -> Iterator[str]:
    yield DERIVED
    yield "# Settings, switches, fault rules / 设置、开关、故障规则\n"
    yield "## Settings of the server / 服务器设置\n"
    yield "In `conzhu-sim.toml`, as `CONZHU_<NAME>` in the environment, or as an option of"
    yield "`conzhu-sim serve` (`--control-port`); the later one wins.\n"
    yield format_row("name", "environment", "default", "meaning", "含义")
    yield "|---|---|---|---|---|"
    for field in fields(Settings):
        shown = f"`{field.default}`" if field.default != "" else ""
        variable, meaning = f"`CONZHU_{field.name.upper()}`", texts.load("settings")[field.name]
        yield format_row(f"`{field.name}`", variable, shown, meaning.en, meaning.zh)
    yield "\nCommands read `CONZHU_CONTROL` (the control API's URL), `CONZHU_TOKEN` (its token),"
    yield "`CONZHU_ACCOUNT`, `CONZHU_LANG` (en, zh), `CONZHU_DIALECT` (java …). `serve --config F`"
    yield "reads another file, `--ephemeral` keeps nothing, `--no-demo` opens no account demo.\n"
    yield "\n## Switches of an account / 账户开关\n"
    yield "Where the real platform may differ from a decision: "
    yield "`conzhu-sim account switch NAME KEY VALUE`.\n"
    yield format_row("name", "values (default first)", "P", "meaning", "含义")
    yield "|---|---|---|---|---|"
    for switch in SWITCHES.values():
        choices = switch.choices or (f"{switch.default} (seconds)",)
        shown, meaning = ", ".join(json.dumps(it).strip('"') for it in choices), switch.meaning
        yield format_row(f"`{switch.name}`", shown, switch.decision, meaning.en, meaning.zh)
    yield "\n## Fault rules / 故障规则\n"
    yield "`conzhu-sim fault add RULE --interface NAME --times N --value NAME=VALUE`. The journal"
    yield "tags what a rule struck with its name and number. Of the rules that fit, the oldest"
    yield "strikes a call, once it was admitted; but for `drip` and `lose_answer` it is not done.\n"
    yield "日志以规则名称与编号标记被触发的往来。调用通过准入后由最早的匹配规则触发；"
    yield "除 `drip` 与 `lose_answer` 外，调用均不产生效果。\n"
    yield format_row("rule", "strikes / 作用于", "meaning", "含义")
    yield "|---|---|---|---|"
    for name, rule in RULES.items():
        yield format_row(f"`{name}`", rule.strikes, rule.meaning.en, rule.meaning.zh)
    yield "\n## The hostile profile / 故障模式\n"
    yield "`conzhu-sim serve --hostile [--seed S] [--most K]` strikes all accounts: about one of"
    yield f"{ONE_IN} exchanges, never more than K in a row of an account's interface. The seed and"
    yield "the number of an exchange decide, so the same seed strikes the same again; the tag says"
    yield "`hostile` and that number. Questions and pages are left alone.\n"
    yield f"对所有账户随机施加轻微故障：约每 {ONE_IN} 次一次，同一账户同一接口最多连续 K 次；"
    yield "由种子和序号决定，可重现；日志标记为 `hostile`。验真、查验与页面除外。\n"
    yield format_row("strikes / 作用于", "rule", "value / 取值")
    yield "|---|---|---|"
    for strikes, faults in PROFILE.items():
        for name, value in faults:
            shown = ", ".join(f"{key} = {given}" for key, given in value.items())
            yield format_row(strikes, f"`{name}`", shown)


def _control() -> Iterator[str]:
    yield DERIVED
    yield "# Control API / 控制接口\n"
    yield "All paths begin with `/control/v1`; the OpenAPI document is at"
    yield '`/control/v1/openapi.json`. Errors are `{"error": {"en": …, "zh": …}}`.\n'
    yield "On loopback it is open; elsewhere it asks for `Authorization: Bearer` and the token that"
    yield "`conzhu-sim serve` prints. A foreign `Host` or `Origin` is refused with 403."
    yield "在本机回环地址上无需令牌；否则请求须带 `Authorization: Bearer` 和启动时显示的令牌。"
    yield "`Host` 或 `Origin` 不是其自身地址的请求以 403 拒绝。\n"
    yield format_row("operation", "what it does", "说明", "body", "query")
    yield "|---|---|---|---|---|"
    for route in ROUTES:
        body = ", ".join(f"`{name}`" + "*" * (name in route.required) for name in route.body)
        query = ", ".join(f"`{name}`" for name in route.query)
        said = route.summary
        yield format_row(f"`{route.method} {route.path}`", said.en, said.zh, body, query)


def _decisions() -> Iterator[str]:
    register = json.loads((paths.schemas() / "decisions.json").read_text("utf-8"))
    yield DERIVED
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
