"""The page of a report: one file, in both languages, without any other resource."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

from conformance_tests.suite.report import coverage, undeclared
from conformance_tests.suite.report.difference import GROUPS, Difference
from conformance_tests.suite.report.html import open_templates
from conformance_tests.suite.rules.outcomes import LEVELS, OUTCOMES
from simulator.errors import Text

_LANGUAGES = ("en", "zh")
_BACKTICKS = re.compile("`([^`\n]+)`")
#: How much was to be judged, by the names of `RunOptions.mode`.
MODES = {
    "default": Text("all checks", "全部检查项"),
    "quick": Text("the quick checks", "快速检查项"),
    "certify": Text("all checks, for a certificate", "全部检查项（出具证书）"),
    "selection": Text("a selection of checks", "选定的检查项"),
}


@cache
def _environment() -> Environment:
    environment = open_templates(Path(__file__).parent / "templates")
    environment.filters["format"] = _format
    # What stands between backticks is every second part.
    environment.filters["parts"] = _BACKTICKS.split
    return environment


def _format(value: Any) -> str:
    """Return a value as it is shown: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)


def render(report: dict[str, Any], changes: Difference | None = None) -> str:
    """Return the report as one HTML page, with what changed since an earlier one where given."""
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            manual=_manual(report["manual"]),
            outcomes={
                str(name): {"word": word.as_json(), "meaning": meaning.as_json()}
                for name, (word, meaning) in OUTCOMES.items()
            },
            levels=_both(LEVELS),
            modes=_both(MODES),
            sections=coverage.sections_of(report),
            not_judged=coverage.not_judged(report),
            undeclared=[undeclared.describe(each).as_json() for each in report["undeclared"]],
            changes=changes,
            groups={
                name: {"word": word.as_json(), "meaning": meaning.as_json()}
                for name, (word, meaning) in GROUPS.items()
            },
            exchanges={
                finding["id"]: [_describe(exchange) for exchange in finding["exchanges"]]
                for finding in report["findings"]
            },
        )
    )


def _both(told: Mapping[str, Text]) -> dict[str, dict[str, str]]:
    return {str(name): text.as_json() for name, text in told.items()}


def _manual(manual: dict[str, str]) -> str:
    """Return a manual by its title, and by its version where it bears one."""
    return " · ".join(manual[name] for name in ("title", "version") if name in manual)


def _describe(exchange: dict[str, Any]) -> dict[str, Any]:
    """Return an exchange as the page shows it: a heading, and what there is to see of it."""
    way = exchange.get("way")
    if way == "action":
        values = {k: v for k, v in exchange.items() if k not in ("way", "wall", "action", "said")}
        return _exchange(
            Text(
                f"Asked of the target: {exchange['action']}", f"要求目标执行：{exchange['action']}"
            ),
            [(Text("with", "参数"), values), (Text("it said", "应答"), exchange["said"])],
        )
    if way == "composed":
        return _exchange(
            Text(
                f"Sent by the suite: {exchange['interface']} to {exchange['to']}",
                f"套件发送：{exchange['interface']} 至 {exchange['to']}",
            ),
            [
                (Text("decrypted", "明文参数"), exchange.get("params")),
                (Text("base string", "待签名串"), exchange.get("base")),
                (Text("wire form", "传输报文"), exchange.get("form")),
                (Text("files (bytes)", "文件（字节）"), exchange.get("files")),
                (Text("answer", "应答"), exchange.get("answer")),
                (Text("verdict", "判定"), exchange.get("verdict")),
            ],
        )
    if way != "journal":
        return _exchange(Text(str(way), str(way)), [(Text("what", "内容"), exchange)])
    sent, received = dict(exchange["sent"]), exchange["received"]
    called = exchange["direction"] == "call"
    about = f"{exchange['interface']} {exchange['about'] or ''}".strip()
    notes = exchange.get("notes") or []
    parts = [
        (Text("decrypted", "明文参数"), sent.pop("params", None)),
        (Text("base string", "待签名串"), sent.pop("base", None)),
        (Text("wire form", "传输报文"), exchange.get("form") or sent.pop("fields", None)),
        (Text("files (bytes)", "文件（字节）"), sent.pop("files", None)),
        (Text("answer", "应答"), received),
        (Text("verdict", "判定"), {"en": _join(notes, "en"), "zh": _join(notes, "zh")}),
    ]
    if called:
        return _exchange(
            Text(
                f"The target called: {about} → {exchange['status']}",
                f"目标调用：{about} → {exchange['status']}",
            ),
            parts,
        )
    return _exchange(
        Text(
            f"The platform pushed: {about} → {exchange['status']}",
            f"平台推送：{about} → {exchange['status']}",
        ),
        parts,
    )


def _join(notes: list[dict[str, str]], lang: str) -> str:
    return " ".join(str(note[lang]) for note in notes)


def _exchange(heading: Text, parts: list[tuple[Text, Any]]) -> dict[str, Any]:
    shown = []
    for name, value in parts:
        if isinstance(value, dict) and set(value) == set(_LANGUAGES):
            if value["en"]:
                shown.append({"name": name.as_json(), "both": value})
        elif value not in (None, "", {}, []):
            shown.append({"name": name.as_json(), "value": value})
    return {"heading": heading.as_json(), "parts": shown}
