"""What a diagnosis found, as a command shows it: a summary, then each mistake and its remedy."""

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.cli.output.terminal import Terminal
from simulator.errors import Text
from simulator.protocol.diagnosis import Finding
from simulator.protocol.diagnosis.findings import perhaps


def describe_findings(found: Sequence[Finding], summary: Text) -> dict[str, Any]:
    """Return the summary and the findings as JSON."""
    return {
        "summary": summary.as_json(),
        "findings": [
            {
                "mistake": each.mistake.name,
                "where": each.mistake.where,
                "certain": each.certain,
                "title": each.mistake.title.as_json(),
                "detail": each.detail.as_json(),
                "remedy": each.mistake.remedy.as_json(),
                "snippet": each.mistake.snippet or None,
            }
            for each in found
        ],
    }


def draw_findings(terminal: Terminal, shown: Mapping[str, Any]) -> None:
    """Print the summary and the findings for a person."""
    terminal.say(**shown["summary"])
    for number, each in enumerate(shown["findings"], 1):
        title, detail, remedy = (Text(**each[part]) for part in ("title", "detail", "remedy"))
        first, second = (title, detail) if each["certain"] else (detail, perhaps(title))
        terminal.say(
            f"\n{number}. {first.en}\n   {second.en}\n   What to change: {remedy.en}",
            f"\n{number}. {first.zh}\n   {second.zh}\n   如何修改：{remedy.zh}",
        )
