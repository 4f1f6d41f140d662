"""Every broken institution is caught by the checks made for it, and every check catches one.

Here each defect meets the checks made for it, their valid twins and the happy path; all defects
against all checks stand in the kill matrix, which the slow tests write.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from broken_institutions.defects import Defect, defects
from conformance import kill_matrix
from conformance.proving import run_suite, target_of

KINDS = sorted({defect.kind for defect in defects().values()})
_HAPPY_PATH = "happy-path"
_VALID = "valid"


@pytest.fixture(scope="module")
def collected() -> Mapping[str, Mapping[str, Any]]:
    """The checks of both kinds."""
    return {name: each for kind in KINDS for name, each in kill_matrix.collected(kind).items()}


def _beside(defect: Defect, collected: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Return the valid twins of the checks made for a defect, what they need, the happy path."""
    made_for_it = [collected[name] for name in defect.caught_by]
    needed = {need for check in made_for_it for need in check["needs"]}
    interfaces = {check["interface"] for check in made_for_it} - {None}
    twins = {
        name
        for name, check in collected.items()
        if name.endswith(f"/{_VALID}") and check["interface"] in interfaces
    }
    happy = {n for n in collected if n.endswith(_HAPPY_PATH) and n.startswith(f"{defect.kind}/")}
    assert happy, "the suite has a check for the happy path"
    return needed | twins | happy


@pytest.mark.parametrize("name", sorted(defects()))
def test_a_defect_is_caught_by_the_checks_made_for_it(
    name: str, collected: Mapping[str, Mapping[str, Any]], tmp_path: Path
) -> None:
    defect = defects()[name]
    assert set(defect.caught_by) <= set(collected), "a defect names a check that there is"
    wanted = sorted({*defect.caught_by, *_beside(defect, collected)})
    options = [part for check in wanted for part in ("--check", check)]

    target = target_of(tmp_path, ["broken_institutions", name], defect.kind)
    run = run_suite(target, tmp_path, *options)

    worst = {check: kill_matrix.WORST[collected[check]["level"]] for check in defect.caught_by}
    assert {check: run.outcomes[check] for check in defect.caught_by} == worst, run.messages
    assert "error" not in run.outcomes.values(), run.messages


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrix_is_as_new_as_what_it_tells_of(kind: str) -> None:
    stale = kill_matrix.stale_cells(kill_matrix.read(), kind)

    assert not stale, "run tests/conformance/kill_matrix.py: these rows are older"


@pytest.mark.parametrize("kind", KINDS)
def test_every_check_reaches_its_worst_outcome_on_some_defect(
    kind: str, collected: Mapping[str, Mapping[str, Any]]
) -> None:
    rows = kill_matrix.read()[kind].values()

    survivors = [
        check
        for check, each in collected.items()
        if check.startswith(f"{kind}/")
        and not any(row["outcomes"].get(check) == kill_matrix.WORST[each["level"]] for row in rows)
    ]
    assert not survivors, "these checks have never failed anyone"


@pytest.mark.parametrize("kind", KINDS)
def test_the_correct_reference_reaches_none(kind: str) -> None:
    assert kill_matrix.read()[kind]["reference"]["outcomes"] == {}
