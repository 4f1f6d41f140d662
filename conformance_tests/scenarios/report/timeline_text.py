"""A timeline as text: when, who called whom, the content, and the verdict."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.files import durations
from simulator.errors import Text

#: The direction of each kind of exchange.
_ARROWS: Mapping[str, Text] = {
    "push": Text("platform → institution", "平台 → 机构"),
    "call": Text("institution → platform", "机构 → 平台"),
    "page": Text("platform → browser", "平台 → 浏览器"),
    "download": Text("institution downloads", "机构下载"),
}
_GOOD = ("200", "acknowledged")


@dataclass(frozen=True)
class Row:
    """A line of a timeline in one language; `content` is the request and its answer, in JSON."""

    at: str
    what: str
    text: str
    verdict: str
    good: bool
    content: str
    failures: tuple[str, ...] = ()


def build_rows(timeline: Sequence[Mapping[str, Any]], lang: str) -> list[Row]:
    """Return the lines of a timeline."""
    return [
        _build_step(e, lang) if e["what"] == "step" else _build_exchange(e, lang) for e in timeline
    ]


def _build_step(entry: Mapping[str, Any], lang: str) -> Row:
    failures = tuple(str(each[lang]) for each in entry["failures"])
    text = f"{entry['number']}. {entry['title']}"
    return Row(_format_time(entry["at"]), "step", text, "", not failures, "", failures)


def _build_exchange(entry: Mapping[str, Any], lang: str) -> Row:
    arrow = getattr(_ARROWS[entry["what"]], lang)
    name = entry.get("method") or entry["interface"] or ""
    attempt = f" #{entry['attempt']}" if entry.get("attempt") else ""
    about = f" {entry['about']}" if entry["about"] else ""
    rules = "".join(f" [{rule}]" for rule in entry["faults"])
    notes = [note[lang] for note in entry["verdict"]]
    verdict = " ".join([str(entry["status"]), *(n for n in notes if entry["status"] not in _GOOD)])
    content = {"sent": entry["sent"], "answer": entry["answer"]}
    if entry.get("files"):
        content["files"] = entry["files"]
    return Row(
        at=_format_time(entry["at"]) if "at" in entry else "",
        what=str(entry["what"]),
        text=f"{arrow}: {name}{about}{attempt}{rules}",
        verdict=verdict,
        good=entry["status"] in _GOOD,
        content=json.dumps(content, ensure_ascii=False),
    )


def _format_time(at: float) -> str:
    return f"+{durations.format_seconds(at)}"


def render_lines(
    timeline: Sequence[Mapping[str, Any]], lang: str, contents: bool = True
) -> list[str]:
    """Return a timeline as text; with `contents`, each exchange is followed by its content."""
    return list(_iter_lines(timeline, lang, contents))


def _iter_lines(timeline: Sequence[Mapping[str, Any]], lang: str, contents: bool) -> Iterator[str]:
    for row in build_rows(timeline, lang):
        if row.what == "step":
            yield f"{row.at:>9}  {row.text}"
            for failure in row.failures:
                yield f"{'':>9}  !! {failure}"
        else:
            yield f"{row.at:>9}    {row.text}  {row.verdict}"
            if contents:
                yield f"{'':>9}      {row.content}"
