"""No correct insurer is accused: the reference in every form, and variants of it."""

from pathlib import Path
from typing import Any

import pytest
from conformance.proving import Run, run_suite, target_of

REFERENCE = ["reference_institution"]
#: Nobody correct is hurried: a busy machine is no reason to accuse.
_CALM = {"patience": 5}
pytestmark = pytest.mark.timeout(600)


def _unfair(run: Run) -> dict[str, str]:
    return {
        check: f"{outcome}: {run.messages[check]}"
        for check, outcome in run.outcomes.items()
        if outcome not in ("passed", "warned", "informed")
    }


FORMS = [
    {"key_bits": bits, "switches": {"plaintext": plaintext}}
    for bits in (1024, 2048)
    for plaintext in ("json", "json-ascii", "query")
]
FORMS.append({"switches": {"repeat": "identical", "plaintext": "json-ascii"}})


def _assert_that_everything_passed(run: Run) -> None:
    assert {c: o for c, o in run.outcomes.items() if o != "passed"} == {}, run.messages
    assert run.code == 0, run.printed


def test_the_reference_passes_everything(tmp_path: Path) -> None:
    run = run_suite(target_of(tmp_path, REFERENCE, account={"key_bits": 2048}, **_CALM), tmp_path)

    _assert_that_everything_passed(run)


@pytest.mark.parametrize("account", FORMS, ids=str)
def test_it_passes_the_quick_checks_in_every_form(account: dict[str, Any], tmp_path: Path) -> None:
    target = target_of(tmp_path, REFERENCE, account=account, **_CALM)

    _assert_that_everything_passed(run_suite(target, tmp_path, "--quick"))


@pytest.mark.slow
@pytest.mark.parametrize("account", FORMS, ids=str)
def test_it_passes_everything_in_every_form(account: dict[str, Any], tmp_path: Path) -> None:
    target = target_of(tmp_path, REFERENCE, account=account, **_CALM)

    _assert_that_everything_passed(run_suite(target, tmp_path))


@pytest.mark.parametrize("variant", ["background", "strict", "lenient"])
def test_a_correct_variant_is_not_accused(variant: str, tmp_path: Path) -> None:
    target = target_of(tmp_path, ["correct_variants", variant], **_CALM, settle=0.4)

    run = run_suite(target, tmp_path)

    assert _unfair(run) == {}
    assert run.code == 0, run.printed
    # A lower-case sign informs (P43), an acknowledgement without effect warns (P50).
    expected = {"background": "warned", "strict": "passed", "lenient": "informed"}
    assert expected[variant] in run.outcomes.values()
