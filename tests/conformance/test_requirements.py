"""The list of the sentences that bind: whole, in order, in the manual's words, and enforced."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.proving import ROOT

from conformance_tests.suite.rules import requirements
from conformance_tests.suite.rules.checks import Check, catalogue
from conformance_tests.suite.rules.outcomes import Level
from conformance_tests.suite.rules.requirements import Clause, check_coverage, require_covered
from simulator.delivery.schedule import DELAYS
from simulator.errors import SimulatorError, Text

LINES: list[dict[str, Any]] = yaml.safe_load(requirements.FILE.read_text("utf-8"))
IDS = [line["id"] for line in LINES]
CLAUSE = "insurer/2.8/2"
HAN = re.compile(r"[\u4e00-\u9fff]")


def words(node: Any) -> Iterator[str]:
    """Every text of a JSON document."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from words(value)
    elif isinstance(node, list):
        for value in node:
            yield from words(value)


def plain(text: str) -> str:
    """A text without blanks and line breaks, which tables and paragraphs write differently."""
    return re.sub(r"\s", "", text)


def rows_of(kind: str, section: str) -> str:
    """All that the project's own data says of a section's tables."""
    return plain("\n".join(words(catalogue().fetch(kind, section).description)))


def check(
    id_: str = f"{CLAUSE}/made-up", level: Level = Level.MUST, decision: str | None = None
) -> Check:
    clause, _, _ = id_.rpartition("/")
    text = Text("Made up", "虚构")
    return Check(id_, clause, level, text, text, None, decision, (), False)


def test_every_clause_is_listed_once_and_sections_stand_in_order() -> None:
    assert len(set(IDS)) == len(IDS)
    places = [requirements.place_of(each) for each in IDS]
    assert places == sorted(places), "sort requirements.yaml by section"


@pytest.mark.parametrize("line", LINES, ids=IDS)
def test_a_line_has_a_quote_in_chinese_and_an_excuse_in_both_languages(
    line: dict[str, Any],
) -> None:
    assert set(line) <= {"id", "quote", "excuse"}
    assert line["quote"] == line["quote"].strip() != ""
    if "excuse" in line:
        assert set(line["excuse"]) == {"en", "zh"}
        assert line["excuse"]["en"].endswith(".")
        assert line["excuse"]["zh"].endswith("。")
        assert len(HAN.findall(line["excuse"]["zh"])) >= 8


TABLES = [line for line in LINES if line["id"].split("/")[2] in ("request", "file", "hash", "vat")]


@pytest.mark.parametrize("line", TABLES, ids=[line["id"] for line in TABLES])
def test_a_table_is_quoted_in_the_words_of_the_schemas(line: dict[str, Any]) -> None:
    kind, section, _ = line["id"].split("/")
    rows = rows_of(kind, section)
    strange = [part for part in line["quote"].split("；") if plain(part) not in rows]
    assert not strange


@pytest.mark.parametrize("line", [line for line in LINES if line["id"].endswith("/codes")])
def test_codes_are_quoted_with_their_remarks(line: dict[str, Any]) -> None:
    document = json.loads((ROOT / "schemas" / "codes.json").read_text("utf-8"))
    known = {
        (str(row["code"]), text)
        for table in document.values()
        for row in table
        for text in words(row["remark"])
    }
    for part in line["quote"].split("；"):
        assert tuple(part.split(" ", 1)) in known


@pytest.mark.parametrize("line", [line for line in LINES if line["id"].endswith("/states")])
def test_states_are_quoted_as_the_project_has_them(line: dict[str, Any]) -> None:
    known = (ROOT / "schemas" / "states.json").read_text("utf-8")
    for part in line["quote"].split("；"):
        assert all(word in known for word in part.split(" ", 1))


@pytest.mark.parametrize("line", [line for line in LINES if "通知频率" in line["quote"]])
def test_the_schedule_is_quoted_as_the_simulator_keeps_it(line: dict[str, Any]) -> None:
    assert "/".join(f"{delay:g}" for delay in DELAYS) in line["quote"]


def test_a_check_of_an_unknown_clause_is_refused() -> None:
    with pytest.raises(SimulatorError, match=r"insurer/9\.9/1/made-up names a clause"):
        check_coverage([check("insurer/9.9/1/made-up")])


def test_two_checks_of_one_id_are_refused() -> None:
    with pytest.raises(SimulatorError, match="two checks"):
        check_coverage([check(), check()])


def test_a_check_of_a_clause_with_an_excuse_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    excused = Clause(CLAUSE, "条款", Text("A reason.", "原因。"))
    monkeypatch.setattr(requirements, "clauses", lambda: {CLAUSE: excused})

    with pytest.raises(SimulatorError, match="has an excuse"):
        check_coverage([check()])


def test_a_clause_with_neither_check_nor_excuse_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    two = {each: Clause(each, "条款") for each in (CLAUSE, "insurer/2.8/99", "guarantor/2.8/1")}
    monkeypatch.setattr(requirements, "clauses", lambda: two)

    with pytest.raises(SimulatorError, match=r"nor an excuse: insurer/2\.8/99\.$"):
        require_covered([check()], "insurer")


@pytest.mark.parametrize("decision", ["P52", "P0", "P33"])
def test_a_decision_must_be_one_of_the_register_about_the_kind(decision: str) -> None:
    with pytest.raises(SimulatorError, match=f"names {decision}, which is no decision"):
        check_coverage([check(decision=decision)])


@pytest.mark.parametrize("decision", requirements.LENIENT)
def test_where_only_a_decision_speaks_nobody_must(decision: str) -> None:
    with pytest.raises(SimulatorError, match="bears no more than"):
        check_coverage([check(decision=decision)])
    check_coverage([check(decision=decision, level=Level.INFORM)])


def test_a_must_may_name_a_decision_beside_its_clause() -> None:
    check_coverage([check(decision="P50")])


def collect(folder: Path, *options: str, extra: str = "") -> tuple[int, str]:
    """Collect a copy of the suite whose list of clauses has more lines."""
    shutil.copytree(ROOT / "conformance_tests", folder / "conformance_tests")
    listed = folder / "conformance_tests" / "requirements.yaml"
    listed.write_text(listed.read_text("utf-8") + extra, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
    ended = subprocess.run(
        [*command, *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        capture_output=True,
        check=False,
    )
    return ended.returncode, ended.stdout.decode() + ended.stderr.decode()


EXTRA = "- id: insurer/5.8/made-up\n  quote: 虚构的条款\n"


@pytest.mark.parametrize("options", [(), ("-k", "claim"), ("--quick",)])
def test_the_whole_suite_is_refused_with_a_clause_that_nothing_judges(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    code, printed = collect(tmp_path, "conformance_tests", *options, extra=EXTRA)

    assert code != 0
    assert "neither a check nor an excuse: insurer/5.8/made-up." in printed


def test_a_single_module_is_collected_whatever_the_others_judge(tmp_path: Path) -> None:
    code, printed = collect(tmp_path, "conformance_tests/insurer/test_flows.py", extra=EXTRA)

    assert code == 0, printed


def test_the_whole_suite_as_it_is_is_collected(tmp_path: Path) -> None:
    code, printed = collect(tmp_path, "conformance_tests")

    assert code == 0, printed
