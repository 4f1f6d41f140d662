"""A report as Markdown, for the summary of a CI job: GitHub's and GitLab's alike."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conformance_tests.suite.report import undeclared
from conformance_tests.suite.rules.outcomes import OUTCOMES
from simulator.errors import Text

#: What is told of a report: causes, checks of each, declarations; and letters of a sentence.
_CAUSES, _CHECKS, _DECLARATIONS, _LETTERS = 20, 5, 5, 400
#: What Markdown or HTML would take for more than a letter.
_MARKUP = re.compile(r"([\\`*_\[\]<>|~#&!$])")
#: States of a baseline's line that somebody has to look at.
_ATTENTION = ("expired", "unexpected_pass", "unknown")


def render(report: Mapping[str, Any], lang: str) -> str:
    """Return what a run came to in one language: its verdict, counts, causes, what was not judged.

    What came from the target is text in it, never markup.
    """
    return "\n".join([*_head(report, lang), *_causes(report, lang), *_rest(report, lang), ""])


def append(report: Mapping[str, Any], lang: str, place: Path) -> None:
    """Add a report to a file that other steps of a job write to as well."""
    with place.open("a", encoding="utf-8") as file:
        file.write(render(report, lang) + "\n")


def _head(report: Mapping[str, Any], lang: str) -> list[str]:
    mark = "✅" if report["conforms"] else "❌"
    title = Text("Conformance", "一致性测试")
    shown = [
        (told[0], number) for name, told in OUTCOMES.items() if (number := report["counts"][name])
    ]
    return [
        f"## {mark} {_say(title, lang)}: {_plain(report['target']['name'])}",
        "",
        f"**{_plain(report['conclusion'][lang])}**",
        "",
        f"| {' | '.join(_say(word, lang) for word, _ in shown)} |",
        f"|{' --- |' * len(shown)}",
        f"| {' | '.join(str(number) for _, number in shown)} |",
    ]


def _causes(report: Mapping[str, Any], lang: str) -> list[str]:
    causes = report["causes"]
    if not causes:
        return []
    lines = ["", f"### {_say(Text('What to change, by cause', '按原因汇总的修改建议'), lang)}", ""]
    for cause in causes[:_CAUSES]:
        word = _say(OUTCOMES[cause["outcome"]][0], lang)
        checks = cause["checks"]
        ids = ", ".join(f"`{check}`" for check in checks[:_CHECKS])
        lines += [
            f"- **{word} × {len(checks)}** {_plain(cause['text'][lang])}  ",
            f"  → {_plain(cause['fix'][lang])}  ",
            f"  {ids}{_more(len(checks) - _CHECKS, lang)}",
        ]
    return [*lines, *([f"- {more}"] if (more := _more(len(causes) - _CAUSES, lang)) else [])]


def _rest(report: Mapping[str, Any], lang: str) -> list[str]:
    lacking = report["undeclared"]
    lines = []
    if lacking:
        heading = Text("Not declared in the target file", "目标文件未声明")
        lines += ["", f"### {_say(heading, lang)}", ""]
        lines += [f"- {_say(undeclared.describe(each), lang)}" for each in lacking[:_DECLARATIONS]]
        more = _more(len(lacking) - _DECLARATIONS, lang)
        lines += [f"- {more}"] if more else []
    due = [line for line in report["baseline"] if line["state"] in _ATTENTION]
    if due:
        lines += ["", f"### {_say(Text('Baseline', '基线'), lang)}", ""]
        lines += [f"- `{line['check']}`: {_plain(line['said'][lang])}" for line in due]
    return [*lines, "", f"`{report['run']['command']}`"]


def _say(text: Text, lang: str) -> str:
    return text.as_json()[lang]


def _plain(said: str) -> str:
    line = " ".join(said.split())
    parts = (line if len(line) <= _LETTERS else f"{line[:_LETTERS]}…").split("`")
    if len(parts) % 2 == 0:
        return _MARKUP.sub(r"\\\1", "`".join(parts))
    # Every second one is code, in which nothing is markup.
    return "`".join(
        _MARKUP.sub(r"\\\1", part) if n % 2 == 0 else part for n, part in enumerate(parts)
    )


def _more(number: int, lang: str) -> str:
    more = Text(f" … and {number} more", f"……另有 {number} 项")
    return _say(more, lang) if number > 0 else ""
