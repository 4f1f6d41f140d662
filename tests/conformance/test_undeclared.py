"""What a target file leaves out is not applicable, and what the target spoils blocks: no error."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from conformance import undeclared_counts
from conformance.house import house
from conformance.proving import ROOT, Run, run_suite, target_of

from conformance_tests.suite.report import undeclared
from conformance_tests.suite.rules.reasons import Undeclared
from conformance_tests.suite.scenes.both.actions import ACTIONS
from conformance_tests.suite.target.file import load

#: One check that starts from each of the endpoints that the target does not declare.
_CHECKS = (
    "insurer/2.6/encryption/valid",
    "insurer/2.7/encryption/valid",
    "insurer/2.10/encryption/valid",
    "insurer/3.1/encryption/valid",
    "insurer/3.1/encryption/malformed-answered",
    "insurer/0/functions/happy-path",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run against an insurer that declares three endpoints, without `issue`."""
    folder = tmp_path_factory.mktemp("undeclared")
    target = target_of(folder, ["reference_institution"])
    document = yaml.safe_load(target.read_text("utf-8"))
    for name in ("verify", "query", "bid_opening", "claim"):
        del document["endpoints"][name]
    broken = {"http": {"url": "http://127.0.0.1:{port}/actions/none", "json": {}}}
    document["actions"]["pass_due_diligence"] = broken
    target.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    checks = (*_CHECKS, "insurer/2.2/encryption/valid", "insurer/2.2/2/repeated-one-effect")
    return run_suite(target, folder, *(part for check in checks for part in ("--check", check)))


def test_what_is_not_declared_is_not_applicable(run: Run) -> None:
    outcomes = {check: run.outcomes[check] for check in _CHECKS if check in run.outcomes}

    assert len(outcomes) >= 5
    assert set(outcomes.values()) == {"not_applicable"}, run.messages
    assert "declares no endpoint" in run.messages["insurer/2.6/encryption/valid"]


def test_what_is_declared_is_judged_all_the_same(run: Run) -> None:
    assert run.outcomes["insurer/2.2/encryption/valid"] == "passed"


def test_an_action_that_does_nothing_blocks_what_builds_on_it(run: Run) -> None:
    assert run.outcomes["insurer/2.2/2/repeated-one-effect"] == "blocked"
    assert "error" not in run.outcomes.values()


def test_the_records_of_a_repeat_are_counted_without_the_action_about_it(tmp_path: Path) -> None:
    record, effect = "insurer/2.8/2/repeated-one-record", "insurer/2.8/2/repeated-one-effect"
    with house(tmp_path) as opened:
        document = opened.document()
        del document["actions"]["issue_invoice"]
        target = opened.target()
        target.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        run = run_suite(target, tmp_path, "--check", record, "--check", effect)

    assert run.outcomes == {record: "passed", effect: "not_applicable"}
    assert run.reasons[effect] == Undeclared("actions", ("issue_invoice",)).as_json() | {
        "missing": ["issue_invoice"],
        "instead": [],
    }


@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
def test_every_declaration_is_counted_and_the_reference_makes_all_of_them(kind: str) -> None:
    reference = load("reference", kind)
    counted = json.loads(undeclared.COUNTS.read_text("utf-8"))[kind]

    declared = set(undeclared_counts.declarations(reference))
    assert set(counted) == declared, "run tests/conformance/undeclared_counts.py"
    assert all(isinstance(number, int) and number >= 0 for number in counted.values())
    assert undeclared.by_file(reference) == []


def test_what_a_file_lacks_is_told_with_the_checks_that_were_counted() -> None:
    reference = load("reference")
    counted = json.loads(undeclared.COUNTS.read_text("utf-8"))["insurer"]
    document = {**reference.document, "probes": {}}

    lacking = undeclared.by_file(replace(reference, document=document))

    assert lacking[0]["checks"] == max(v for k, v in counted.items() if k.startswith("probes."))
    assert {each["declaration"] for each in lacking} == {
        name for name, number in counted.items() if name.startswith("probes.") and number
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["probes.invoices", "actions.cancel", "endpoints.bid_opening"])
@pytest.mark.timeout(300)
def test_the_counts_are_those_of_today(name: str) -> None:
    counted = json.loads(undeclared.COUNTS.read_text("utf-8"))["insurer"]

    assert undeclared_counts.count("insurer", name) == counted[name]


@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
def test_the_docs_name_every_action_probe_and_placeholder(kind: str) -> None:
    text = (ROOT / "docs" / "conformance.md").read_text("utf-8")
    reference = load("reference", kind)
    written = json.dumps([reference.document["actions"], reference.document["probes"]])
    placeholders = set(re.findall(r"{\w+}", written + json.dumps(reference.start)))

    assert len(placeholders) > 10
    for name in (*ACTIONS[kind], "restart", *reference.probes, *placeholders):
        assert f"`{name}`" in text, name
