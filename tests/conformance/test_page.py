"""The page's first screen: a square for each check, what was not judged, and how to find one."""

import re

import pytest
from conformance.prepared import finding, reported

from conformance_tests.suite.report import coverage, page
from conformance_tests.suite.rules.outcomes import LEVELS, Level, Outcome
from conformance_tests.suite.rules.reasons import Breakdown, NoCall, Undeclared
from simulator.errors import Text

FOUND = [
    finding("f", Outcome.FAILED, Breakdown("http://h:1/x", "timeout", 0).explain(Text("e", "中"))),
    finding("b", Outcome.BLOCKED, NoCall("offer", "m", "auto")),
    finding("n", Outcome.NOT_APPLICABLE, Undeclared("probes", ("orders",))),
    finding("p", Outcome.PASSED),
]


@pytest.fixture(scope="module")
def html() -> str:
    """The page of a run with something of everything."""
    return page.render({**reported(FOUND), "suite": {"version": "1", "checks": 10}})


def test_each_check_is_a_square_with_its_end_and_rule_in_words(html: str) -> None:
    squares = re.findall(
        r'<a class="(\w+)[^"]*" href="#([^"]+)"><span class="sr"><span lang="en">([^<]+)</span>'
        r'<span lang="zh">([^<]+)</span></span></a>',
        html,
    )

    assert sorted(squares) == sorted(
        [
            (each.outcome, each.id, f"{each.id}: {en}. {each.title['en']}", f"{each.id}：{zh}。{z}")
            for each, en, zh in zip(
                FOUND,
                ("failed", "blocked", "not applicable", "passed"),
                ("失败", "受阻", "不适用", "通过"),
                strict=True,
            )
            for z in [each.title["zh"]]
        ]
    )
    assert all(f'id="{each.id}"' in html for each in FOUND)


def test_the_picture_has_the_manuals_sections_in_its_order() -> None:
    (section,) = coverage.sections_of(reported(FOUND))

    assert section.number == "2.2"
    assert section.title == Text("Order status changed", "保函申请订单状态更新（异步推送）")
    assert [len(findings) for findings in section.clauses.values()] == [4]


def test_what_was_not_judged_is_counted_by_what_was_in_the_way(html: str) -> None:
    assert "1 check: an earlier step did not work" in html
    assert "6 个检查项：本次未选中" in html
    assert "<code>probes.orders</code>" in html, "what one more line would bring"


def test_a_check_is_found_by_outcome_section_clause_level_and_word(html: str) -> None:
    assert set(re.findall(r'data-field="(\w+)"', html)) == {"text", "section", "clause", "level"}
    assert (
        'data-outcome="failed" data-section="2.2" data-clause="insurer/2.2/2" data-level="MUST"'
        in html
    )
    assert set(LEVELS) == set(Level)


def test_no_word_of_the_chinese_page_is_left_in_english(html: str) -> None:
    chinese = " ".join(re.findall(r'<span lang="zh">(.*?)</span>', html))

    for raw in ("timeout", "MUST", "default", "left to the target", " s<", "not_applicable"):
        assert raw not in chinese
    assert "h:1 的接收地址没有应答（应答超时）" in chinese
