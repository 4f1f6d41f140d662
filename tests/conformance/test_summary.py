"""What the terminal says at the end of a run: each cause once, few ids, no line too wide."""

import io
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from conformance.prepared import finding, reported
from rich.console import Console

from conformance_tests.suite.report import causes, undeclared
from conformance_tests.suite.report.conclusion import checks_of
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import (
    Needs,
    Reason,
    Refused,
    SuiteError,
    Unattended,
    Undeclared,
)
from simulator.cli.output.render import width
from simulator.cli.output.terminal import Terminal
from simulator.cli.proving import conformance_summary
from simulator.cli.proving.conformance_summary import command_lines, wrapped
from simulator.errors import Text

WIDE = 120
LONG = "what came was far too long to be read at a glance, as an error page is; " * 8


def _drawn(found: Sequence[Finding], lang: str = "en", columns: int = 2000) -> str:
    file = io.StringIO()
    console = Console(file=file, width=columns, markup=False, highlight=False, emoji=False)
    terminal = Terminal(lang=lang)
    conformance_summary.draw(terminal, console, reported(found), Path("build"))
    return file.getvalue()


def _some(outcome: Outcome, count: int, why: Reason | Text | str, **how: Text) -> list[Finding]:
    return [finding(f"{outcome}-{number:02}", outcome, why, **how) for number in range(count)]


def _error(said: str) -> SuiteError:
    return SuiteError("RuntimeError", "here.py:there", Text(said, said))


def _refused(code: str) -> Refused:
    return Refused("issue", "insurer_push_guarantee", code, Text(code, code), "HTTP 200")


EVERYTHING = [
    *_some(Outcome.FAILED, 12, Text(LONG, "收到的内容过长，" * 60)),
    *_some(Outcome.WARNED, 7, "could be better"),
    *_some(Outcome.BLOCKED, 40, Needs("insurer/2.2/2/first")),
    *_some(Outcome.ERROR, 6, _error("the harness broke")),
    *_some(Outcome.NOT_APPLICABLE, 3, Undeclared("probes", ("invoices",))),
]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 100, 2000])
def test_no_line_is_wider_than_120_or_than_the_screen(lang: str, columns: int) -> None:
    drawn = _drawn(EVERYTHING, lang, columns)

    assert max(width(line) for line in drawn.splitlines()) <= min(columns, WIDE)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("4 个检查项无法判定：请修复。", ["4 个检查项无法", "判定：请修复。"]),
        ("按“密钥”分段加密并拼接（见附录）", ["按“密钥”分段加", "密并拼接（见附", "录）"]),
        ("answer the notice at once", ["answer the", "notice at once"]),
        ("0123456789abcdefgh", ["0123456789abcde", "fgh"]),
        ("", [""]),
    ],
)
def test_a_text_is_folded_between_words_and_characters(text: str, lines: list[str]) -> None:
    assert wrapped(text, 15) == lines


def test_a_cause_names_five_checks_and_how_many_more() -> None:
    drawn = _drawn(EVERYTHING)

    assert [drawn.count(f"insurer/2.2/2/{outcome}-") for outcome in ("warned", "blocked")] == [5, 5]
    named = {line.split()[-1] for line in drawn.splitlines() if "insurer/2.2/2/failed-" in line}
    assert named == {f"insurer/2.2/2/failed-{number:02}" for number in range(5)}
    for more in (7, 2, 35, 1):
        assert f"… and {more} more" in drawn


def test_the_same_text_is_told_once() -> None:
    drawn = _drawn(EVERYTHING)

    assert drawn.count("could be better") == 1
    assert drawn.count("the harness broke") == 2, "as the cause, and in the one check told in full"
    assert drawn.count("an earlier check did not pass") == 0, "the cause says it"
    assert drawn.count("They need insurer/2.2/2/first") == 1
    assert drawn.count("→ Change it.") == 2


def test_what_came_to_another_check_of_a_cause_is_told_beside_its_id() -> None:
    found = [
        finding("a", Outcome.FAILED, "HTTP 404"),
        finding("b", Outcome.FAILED, "HTTP 404"),
        finding("c", Outcome.FAILED, "HTTP 405"),
    ]

    drawn = _drawn(found)

    assert "    insurer/2.2/2/b\n" in drawn
    assert "    insurer/2.2/2/c: HTTP 405\n" in drawn


def test_errors_and_blocked_checks_of_one_message_are_one_cause() -> None:
    other = Text("Verify the sign.", "请验签。")
    found = [
        finding("a", Outcome.ERROR, _error("the limit is 0.12 s")),
        finding("b", Outcome.ERROR, _error("the limit is 0.57 s"), fix=other),
        finding("c", Outcome.BLOCKED, _refused("2421")),
        finding("d", Outcome.BLOCKED, _refused("2422"), fix=other),
    ]

    grouped = [[each.id[-1] for each in cause.findings] for cause in causes.causes_of(found)]

    assert grouped == [["a", "b"], ["c"], ["d"]], "two codes are two things to change"


def test_what_the_target_file_lacks_is_told_with_the_checks_it_would_enable() -> None:
    found = [
        *_some(Outcome.NOT_APPLICABLE, 12, Undeclared("probes", ("invoices",))),
        finding("x", Outcome.NOT_APPLICABLE, Undeclared("actions", ("cancel",))),
        finding("y", Outcome.NOT_APPLICABLE, Unattended("cancel")),
        finding("z", Outcome.NOT_APPLICABLE, Undeclared("endpoints", ("claim",))),
        finding("v", Outcome.NOT_APPLICABLE, Undeclared("supports", ("verify_file_limit",))),
        finding("w", Outcome.FAILED, Undeclared("probes", ("orders",))),
    ]

    assert undeclared.by_findings(found) == [
        {"declaration": "probes.invoices", "checks": 12},
        {"declaration": "actions.cancel", "checks": 1},
        {"declaration": "endpoints.claim", "checks": 1},
        {"declaration": "supports.verify_file_limit", "checks": 1},
    ]
    drawn = _drawn(found)
    assert "declare `probes.invoices` in the target file to run 12 more checks" in drawn
    assert "declare `actions.cancel` in the target file to run 1 more check\n" in drawn
    assert "声明 `probes.invoices`，可多运行 12 个检查项" in _drawn(found, "zh")


def test_one_check_is_not_told_in_the_plural() -> None:
    assert [checks_of(1), checks_of(2), checks_of(0)] == ["1 check", "2 checks", "0 checks"]
    assert "1 check failed" in _drawn([finding("a", Outcome.FAILED, "HTTP 404")])


def test_a_long_command_is_one_command_for_a_shell() -> None:
    words = ["printf", "%s,", "conformance", "run", "a folder/" + "x" * 60, "--check", "y" * 70]

    lines = command_lines(shlex.join(words), 100)

    assert len(lines) > 1
    assert max(map(len, lines)) <= 100
    said = subprocess.check_output(["sh", "-c", "\n    ".join(lines)], text=True)
    assert said == ",".join(words[2:]) + ","
