"""What changed between two runs, by their findings: fixed, broken, another reason, new, gone."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conformance.prepared import finding, reported

from conformance_tests.suite.report import difference, document
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import NotRead, Refused, Undeclared
from simulator.cli.root import root
from simulator.errors import Text


def _refused(code: str) -> Refused:
    return Refused("offer", "m", code, Text(code, code), "HTTP 200")


BEFORE = [
    finding("breaks", Outcome.PASSED),
    finding("mended", Outcome.FAILED, "HTTP 500"),
    finding("other-code", Outcome.BLOCKED, _refused("1006")),
    finding("warns-now", Outcome.PASSED),
    finding("same-reason", Outcome.BLOCKED, NotRead("12345678")),
    finding("same-words", Outcome.FAILED, "order BH20260801 was offered 2 times in 0.31 s"),
    finding("other-number", Outcome.FAILED, "offered 2 times"),
    finding("declared-now", Outcome.NOT_APPLICABLE, Undeclared("probes", ("orders",))),
    finding("left-out", Outcome.PASSED),
]
AFTER = [
    finding("breaks", Outcome.BLOCKED, NotRead("1")),
    finding("mended", Outcome.WARNED, "HTTP 201"),
    finding("other-code", Outcome.BLOCKED, _refused("1005")),
    finding("warns-now", Outcome.WARNED, "late"),
    finding("same-reason", Outcome.BLOCKED, NotRead("87654321")),
    finding("same-words", Outcome.FAILED, "order BH20260999 was offered 2 times in 0.28 s"),
    finding("other-number", Outcome.FAILED, "offered 3 times"),
    finding("declared-now", Outcome.FAILED, "2 records"),
]


def _names(found: difference.Difference) -> dict[str, list[str]]:
    return {
        name: [each.id.rpartition("/")[2] for each in listed]
        for name, listed in found.groups.items()
    }


def _written(folder: Path, found: list[Finding]) -> Path:
    document.write(reported(found), folder)
    return folder


def _diff(*words: str) -> Any:
    return CliRunner().invoke(root, ["conformance", "diff", *words])


def test_every_change_is_in_the_group_that_it_belongs_to() -> None:
    found = difference.compare(reported(BEFORE), reported(AFTER))

    assert _names(found) == {
        "broken": ["breaks"],
        "fixed": ["mended"],
        "changed": ["other-code", "other-number", "warns-now"],
        "new": ["declared-now"],
        "gone": ["left-out"],
    }
    assert found.same == 2


def test_what_broke_ends_with_1(tmp_path: Path) -> None:
    a, b = _written(tmp_path / "a", BEFORE), _written(tmp_path / "b", AFTER)

    ended = _diff(str(a), str(b / document.DATA))

    assert ended.exit_code == 1
    assert "broken: 1 (passed before" in ended.output


def test_the_page_and_the_json_tell_the_same_in_both_languages(tmp_path: Path) -> None:
    a, b = (_written(tmp_path / name, found) for name, found in (("a", BEFORE), ("b", AFTER)))
    html = tmp_path / "changes.html"

    told = json.loads(_diff(str(a), str(b), "--json", "--html", str(html)).output)
    chinese = _diff(str(a), str(b), "--lang", "zh").output

    assert [each["id"] for each in told["broken"]] == ["insurer/2.2/2/breaks"]
    assert told["same"] == 2
    page = html.read_text("utf-8")
    assert "与之前的比较" in page
    assert 'href="#insurer/2.2/2/breaks"' in page
    assert "新出问题：1 项" in chinese
    assert "受阻" in chinese
    assert 'id="changes"' not in (b / document.PAGE).read_text("utf-8")


def test_a_file_of_findings_will_do_but_has_no_page(tmp_path: Path) -> None:
    files = []
    for name, found in (("a.json", BEFORE[:4]), ("b.json", BEFORE[:4])):
        files.append(tmp_path / name)
        listed = [each.as_json() for each in found]
        files[-1].write_text(json.dumps(listed, ensure_ascii=False), "utf-8")

    plain = _diff(*map(str, files))
    paged = _diff(*map(str, files), "--html", str(tmp_path / "x.html"))

    assert (plain.exit_code, plain.output.strip()) == (0, "the same: 4")
    assert paged.exit_code == 2


@pytest.mark.parametrize("content", ["", "[1]", '{"a": 1}', '{"findings": [{"id": "x"}]}'])
def test_what_is_no_report_ends_with_2(content: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(content, "utf-8")

    assert _diff(str(wrong), str(wrong)).exit_code == 2
    assert _diff(str(tmp_path / "none"), str(wrong)).exit_code == 2
