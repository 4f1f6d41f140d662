"""No correct institution is accused: the reference in every form, and variants of it."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.proving import Run, run_suite, target_of
from correct_variants.guarantor import UNDECLARED

from conformance_tests.suite.rules.reasons import Undeclared, from_json

REFERENCE = ["reference_institution"]
#: Nobody correct is hurried: a busy machine is no reason to accuse.
_CALM = {"patience": 5}
#: What the remarks say on the parts of 2.1's answer that need not be there.
_OPTIONAL = ("is not REDIRECT", "names no redirect_url", "names no order_status")
_FAIR = ("passed", "warned", "informed")
pytestmark = pytest.mark.timeout(600)


def _unfair(run: Run, undeclared: Collection[str] = ()) -> dict[str, str]:
    actions = {f"actions.{each}" for each in undeclared}

    def left_out(check: str) -> bool:
        why = from_json(run.reasons[check])
        if isinstance(why, Undeclared):
            return set(why.declarations) <= actions
        return any(each in run.messages[check] for each in _OPTIONAL)

    return {
        check: f"{outcome}: {run.messages[check]}"
        for check, outcome in run.outcomes.items()
        if outcome not in _FAIR and not (outcome == "not_applicable" and left_out(check))
    }


FORMS: list[dict[str, Any]] = [
    *(
        {"key_bits": bits, "switches": {"plaintext": plaintext}}
        for bits in (1024, 2048)
        for plaintext in ("json", "json-ascii", "query")
    ),
    {"switches": {"repeat": "identical", "plaintext": "json-ascii"}},
    {"switches": {"first_state": "WAIT_OFFER"}},
    {"switches": {"due_diligence": "required"}},
]
#: Every value of those that the reference does not pass everything with, in two runs.
_MIXED: list[dict[str, Any]] = [
    {"switches": {"plaintext": "json-ascii", "repeat": "identical", "first_state": "WAIT_OFFER"}},
    {"switches": {"plaintext": "query", "due_diligence": "required"}},
]


def _assert_that_everything_passed(run: Run) -> None:
    assert {c: o for c, o in run.outcomes.items() if o != "passed"} == {}, run.messages
    assert run.code == 0, run.printed


@pytest.mark.parametrize("kind", ["insurer", pytest.param("guarantor", marks=pytest.mark.slow)])
def test_the_reference_passes_everything(kind: str, tmp_path: Path) -> None:
    target = target_of(tmp_path, REFERENCE, kind, account={"key_bits": 2048}, **_CALM)

    run = run_suite(target, tmp_path)

    _assert_that_everything_passed(run)


@pytest.mark.parametrize("account", _MIXED, ids=str)
def test_it_passes_the_quick_checks_in_every_form(account: dict[str, Any], tmp_path: Path) -> None:
    target = target_of(tmp_path, REFERENCE, account=account, **_CALM)

    _assert_that_everything_passed(run_suite(target, tmp_path, "--quick"))


@pytest.mark.slow
@pytest.mark.parametrize("account", FORMS, ids=str)
@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
def test_it_passes_everything_in_every_form(
    kind: str, account: dict[str, Any], tmp_path: Path
) -> None:
    target = target_of(tmp_path, REFERENCE, kind, account=account, **_CALM)

    _assert_that_everything_passed(run_suite(target, tmp_path))


_OPTIONS = pytest.mark.parametrize(
    "options", [("--quick",), pytest.param((), marks=pytest.mark.slow)], ids=["quick", "everything"]
)
_VARIANTS = pytest.mark.parametrize("variant", ["background", "strict", "lenient"])
#: A lower-case sign informs (P43), an acknowledgement without effect warns (P50).
_REMARKED = {"background": "warned", "strict": "passed", "lenient": "informed"}


@_OPTIONS
@_VARIANTS
def test_a_correct_insurer_of_another_kind_is_not_accused(
    variant: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    target = target_of(tmp_path, ["correct_variants", variant], **_CALM, settle=0.4)

    run = run_suite(target, tmp_path, *options)

    assert _unfair(run) == {}
    assert run.code == 0, run.printed
    assert options or _REMARKED[variant] in run.outcomes.values()


@_OPTIONS
def test_an_insurer_that_offers_after_its_due_diligence_only_passes_everything(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    target = target_of(tmp_path, ["correct_variants", "careful"], **_CALM)

    _assert_that_everything_passed(run_suite(target, tmp_path, *options))


@_OPTIONS
@_VARIANTS
def test_a_correct_guarantor_of_another_kind_is_not_accused(
    variant: str, options: tuple[str, ...], tmp_path: Path
) -> None:
    target = target_of(tmp_path, ["correct_variants", variant], "guarantor", **_CALM, settle=0.4)
    _leave_out(target, UNDECLARED[variant])

    run = run_suite(target, tmp_path, *options)

    assert _unfair(run, UNDECLARED[variant]) == {}
    assert run.code == 0, run.printed
    assert options or _REMARKED[variant] in run.outcomes.values()


def _leave_out(target: Path, actions: Collection[str]) -> None:
    document = yaml.safe_load(target.read_text("utf-8"))
    for action in actions:
        del document["actions"][action]
    target.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
