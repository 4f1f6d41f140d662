"""The summary of a run for a CI's job: in one language, without markup of the target's."""

import json
from pathlib import Path

import pytest
from conformance.house import House, run
from conformance.prepared import finding, reported

from conformance_tests.suite.report import markdown
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import Undeclared
from simulator.errors import Text

FOUND = [
    *(
        finding(f"f{n}", Outcome.FAILED, "HTTP 404", Text("Mask <it> | *all*.", "请脱敏 <它>。"))
        for n in range(7)
    ),
    finding("p", Outcome.PASSED),
    finding("n", Outcome.NOT_APPLICABLE, Undeclared("probes", ("orders",))),
]


def test_it_tells_the_verdict_the_causes_and_what_was_not_judged() -> None:
    told = markdown.render(reported(FOUND), "en")

    assert told.startswith("## ❌ Conformance: ")
    assert "**The target does not conform: 7 checks failed.**" in told
    assert "| failed | not applicable | passed |\n| --- | --- | --- |\n| 7 | 1 | 1 |" in told
    assert "**failed × 7** Rule f0; and 6 more" in told
    assert "→ Mask \\<it\\> \\| \\*all\\*." in told
    assert told.count("`insurer/2.2/2/f") == 5
    assert "… and 2 more" in told
    assert "- declare `probes.orders` in the target file to run 1 more check" in told
    assert "`conzhu-sim conformance run reference --kind insurer`" in told


def test_code_in_a_sentence_stays_code_and_a_lone_mark_none() -> None:
    fixes = Text("See `a_b --all` and a*b.", "见 `a_b`。"), Text("A lone ` and a_b.", "单个 `。")
    found = [finding(f"f{n}", Outcome.FAILED, "HTTP 404", fix) for n, fix in enumerate(fixes)]

    told = markdown.render(reported(found), "en")

    assert "See `a_b --all` and a\\*b." in told
    assert "A lone \\` and a\\_b." in told


def test_it_tells_the_same_in_chinese() -> None:
    told = markdown.render(reported(FOUND), "zh")

    assert "**目标不符合要求：7 个检查项失败。**" in told
    assert "**失败 × 7** 规则 f0；及其他 6 条规则" in told
    assert "……另有 2 项" in told
    assert "在目标文件中声明 `probes.orders`" in told


@pytest.mark.parametrize("by_github", [True, False])
def test_a_run_writes_it_where_it_was_asked_to(
    by_github: bool, small: House, tmp_path: Path
) -> None:
    place = tmp_path / "summary.md"
    place.write_text("earlier\n", "utf-8")
    words = ["conformance", "run", str(small.target()), "--json", "--report", str(tmp_path)]
    words += ["--check", "insurer/2.2/encryption/valid"]
    words += [] if by_github else ["--markdown", str(place)]
    environment = {"GITHUB_STEP_SUMMARY": str(place)} if by_github else {}

    ended = run(*words, folder=tmp_path, **environment)

    said = markdown.render(json.loads(ended.out), "en")
    assert place.read_text("utf-8") == ("earlier\n" if by_github else "") + said + "\n"
    assert str(tmp_path) not in said
