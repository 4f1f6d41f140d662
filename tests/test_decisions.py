"""The ambiguity register: each decision once, in both languages, and every mention leads to one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.domain.switches import SWITCHES

ROOT = Path(__file__).resolve().parent.parent
REGISTER = ROOT / "schemas" / "decisions.json"
DECISIONS: list[dict[str, Any]] = json.loads(REGISTER.read_text("utf-8"))["decisions"]
IDS = [decision["id"] for decision in DECISIONS]

MENTION = re.compile(r"\bP[0-9]+\b")
HAN = re.compile(r"[\u4e00-\u9fff]")

# The numbered sections of the two manuals, and the unnumbered account of how to begin.
APPENDIX = {f"5.{number}" for number in range(1, 9)}
BOTH = {"接入流程说明", "1.1", *(f"2.{number}" for number in range(1, 12)), "3.1", "3.2", "3.3"}
SECTIONS = {
    "insurer": BOTH | {"4.1", "4.2", "4.3"} | APPENDIX,
    "guarantor": BOTH | {"4.1"} | APPENDIX,
}

every_decision = pytest.mark.parametrize("decision", DECISIONS, ids=IDS)


def values_of(node: Any, key: str) -> Iterator[str]:
    """Every text that stands under a key; a key of that name may also describe itself."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key and isinstance(value, str):
                yield value
            yield from values_of(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from values_of(value, key)


def relative(paths: Iterator[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in sorted(paths)]


def test_the_register_holds_p1_to_p56_once_each_and_in_order() -> None:
    assert [f"P{number}" for number in range(1, 57)] == IDS


@every_decision
def test_a_decision_has_exactly_the_members_of_the_register(decision: dict[str, Any]) -> None:
    assert list(decision) == ["id", "topic", "clauses", "kinds", "en", "zh", "reason", "switch"]
    assert list(decision["reason"]) == ["en", "zh"]


@every_decision
def test_rule_and_reason_are_written_in_both_languages(decision: dict[str, Any]) -> None:
    reason = decision["reason"]
    texts = [decision["topic"], decision["en"], decision["zh"], reason["en"], reason["zh"]]
    assert all(text and text == text.strip() for text in texts)
    for text in (decision["en"], reason["en"]):
        assert text.endswith(".")
    for text in (decision["zh"], reason["zh"]):
        assert text.endswith("。")
        assert len(HAN.findall(text)) >= 10


def test_no_two_decisions_have_the_same_topic() -> None:
    topics = [decision["topic"] for decision in DECISIONS]
    assert len(set(topics)) == len(topics)


@every_decision
def test_a_decision_names_clauses_of_the_manuals_of_its_kinds(decision: dict[str, Any]) -> None:
    kinds, clauses = decision["kinds"], decision["clauses"]
    assert kinds in (["insurer"], ["guarantor"], ["insurer", "guarantor"])
    assert clauses
    assert len(set(clauses)) == len(clauses)
    for clause in clauses:
        kind, _, section = clause.partition(" ")
        assert kind in kinds
        assert section in SECTIONS[kind]


@every_decision
def test_a_decision_mentions_only_decisions_of_the_register(decision: dict[str, Any]) -> None:
    text = json.dumps(decision, ensure_ascii=False)
    assert set(MENTION.findall(text)) <= set(IDS)


@pytest.mark.parametrize("name", SWITCHES)
def test_every_switch_stands_under_the_decision_that_it_names_alone(name: str) -> None:
    holders = [decision["id"] for decision in DECISIONS if name in decision["switch"]]
    assert holders == [SWITCHES[name].decision]


@every_decision
def test_a_decision_lists_no_switch_twice_and_names_each_in_its_rule(
    decision: dict[str, Any],
) -> None:
    switches = decision["switch"]
    assert len(set(switches)) == len(switches)
    assert set(switches) <= set(SWITCHES)
    for name in switches:
        assert f"`{name}`" in decision["en"]
        assert f"`{name}`" in decision["zh"]


@pytest.mark.parametrize("name", relative((ROOT / "schemas").rglob("*.json")))
def test_every_decision_named_in_the_schemas_is_in_the_register(name: str) -> None:
    document = json.loads((ROOT / name).read_text("utf-8"))
    assert set(values_of(document, "x-decision")) <= set(IDS)


def test_schemas_and_simulator_are_really_searched() -> None:
    schema = json.loads((ROOT / "schemas/insurer/2.8-invoice_application.json").read_text("utf-8"))
    assert "P21" in set(values_of(schema, "x-decision"))
    assert "P24" in MENTION.findall((ROOT / "simulator/domain/order.py").read_text("utf-8"))


@pytest.mark.parametrize("name", relative((ROOT / "simulator").rglob("*.py")))
def test_every_decision_mentioned_in_the_simulator_is_in_the_register(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert set(MENTION.findall(text)) <= set(IDS)


def test_the_register_is_written_in_the_one_way_that_keeps_differences_small() -> None:
    written = json.dumps({"decisions": DECISIONS}, ensure_ascii=False, indent=2) + "\n"
    assert REGISTER.read_text("utf-8") == written
