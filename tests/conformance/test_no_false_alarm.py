"""No correct insurer is accused: the reference in every form, and variants of it."""

from pathlib import Path

import pytest
from conformance.proving import Run, run_suite, target_of

REFERENCE = ["reference_institution"]


def _unfair(run: Run) -> dict[str, str]:
    return {
        check: f"{outcome}: {run.messages[check]}"
        for check, outcome in run.outcomes.items()
        if outcome not in ("passed", "warned", "informed")
    }


@pytest.mark.parametrize("key_bits", [1024, 2048])
@pytest.mark.parametrize("plaintext", ["json", "json-ascii", "query"])
def test_the_reference_passes_everything_in_every_form(
    plaintext: str, key_bits: int, tmp_path: Path
) -> None:
    account = {"key_bits": key_bits, "switches": {"plaintext": plaintext}}

    run = run_suite(target_of(tmp_path, REFERENCE, account=account, patience=5), tmp_path)

    assert {c: o for c, o in run.outcomes.items() if o != "passed"} == {}, run.messages
    assert run.code == 0, run.printed


def test_it_passes_when_repeats_come_byte_for_byte(tmp_path: Path) -> None:
    account = {"switches": {"repeat": "identical", "plaintext": "json-ascii"}}

    run = run_suite(target_of(tmp_path, REFERENCE, account=account, patience=5), tmp_path)

    assert {c: o for c, o in run.outcomes.items() if o != "passed"} == {}, run.messages


@pytest.mark.parametrize("variant", ["background", "strict", "lenient"])
def test_a_correct_variant_is_not_accused(variant: str, tmp_path: Path) -> None:
    target = target_of(tmp_path, ["correct_variants", variant], patience=5, settle=0.4)

    run = run_suite(target, tmp_path)

    assert _unfair(run) == {}
    assert run.code == 0, run.printed


def test_what_may_be_remarked_of_the_variants_is_remarked(tmp_path: Path) -> None:
    lenient = run_suite(target_of(tmp_path, ["correct_variants", "lenient"], patience=5), tmp_path)

    assert "informed" in lenient.outcomes.values(), "a lower-case sign informs (P43)"
