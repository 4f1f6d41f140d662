"""Every broken institution is caught by the checks made for it, and every check catches one.

Here one defect for each clause of an insurer meets the first check made for it and what that check
needs; all others do among the slow tests.
What it comes to with all checks made for it stands in the kill matrix, which must be as new as
they are. The slow tests let every defect meet every check.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from broken_institutions.defects import defects
from conformance import kill_matrix
from conformance.proving import Run, certificates, run_suite, target_of

KINDS = kill_matrix.KINDS


def _kills() -> Iterator[Any]:
    """Yield each defect with each kind in which it is made.

    All would take as long as all other tests together: the matrix holds what they came to. One
    insurer's for each clause is run always, the others are slow tests.
    """
    clauses: set[str] = set()
    for kind in KINDS:
        for name in sorted(defects()):
            if kind in defects()[name].kinds:
                clause = defects()[name].made_for(kind)[0].rpartition("/")[0]
                slow = kind == "guarantor" or clause in clauses
                clauses.add(clause)
                yield pytest.param(kind, name, marks=[pytest.mark.slow] if slow else [])


#: Runs at a time, here in one process of the tests.
_AT_ONCE = 2


@pytest.fixture(scope="module")
def collected() -> Mapping[str, Mapping[str, Any]]:
    """The checks of both kinds."""
    return {name: each for kind in KINDS for name, each in kill_matrix.collected(kind).items()}


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest,
    collected: Mapping[str, Mapping[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Mapping[tuple[str, str], Future[Run]]]:
    """The runs of the defects that are tested here, a few at a time: each mostly waits."""
    kills = [
        (item.callspec.params["kind"], item.callspec.params["name"])
        for item in request.session.items
        if _is_kill(item)
    ]
    certificates()

    def run(kind: str, name: str, folder: Path) -> Run:
        check = defects()[name].made_for(kind)[0]
        wanted = sorted({check, *collected[check]["needs"]})
        options = [part for each in wanted for part in ("--check", each)]
        files = sorted({collected[each]["file"] for each in wanted})
        target = target_of(folder, ["broken_institutions", name], kind)
        return run_suite(target, folder, *options, files=files)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield {
            (kind, name): pool.submit(run, kind, name, tmp_path_factory.mktemp(name))
            for kind, name in kills
        }
        pool.shutdown(cancel_futures=True)


def _is_kill(item: Any) -> bool:
    return "runs" in getattr(item, "fixturenames", ())


@pytest.mark.parametrize(("kind", "name"), list(_kills()))
def test_a_defect_is_caught_by_the_check_made_for_it(
    kind: str,
    name: str,
    runs: Mapping[tuple[str, str], Future[Run]],
    collected: Mapping[str, Mapping[str, Any]],
) -> None:
    check = defects()[name].made_for(kind)[0]

    run = runs[kind, name].result()

    outcome = kill_matrix.LETTERS[run.outcomes[check]]
    assert outcome == kill_matrix.WORST[collected[check]["level"]], run.messages
    assert "error" not in run.outcomes.values(), run.messages


@pytest.mark.parametrize("kind", KINDS)
def test_the_matrix_is_as_new_as_what_it_tells_of(
    kind: str, collected: Mapping[str, Mapping[str, Any]]
) -> None:
    today = {name: each for name, each in collected.items() if name.startswith(f"{kind}/")}

    missing = kill_matrix.read(kind).fitted(today, kind).missing(kind)

    assert not missing, "run tests/conformance/kill_matrix.py: these were not run as they are now"


@pytest.mark.parametrize("kind", KINDS)
def test_every_defect_is_caught_by_all_the_checks_made_for_it(
    kind: str, collected: Mapping[str, Mapping[str, Any]]
) -> None:
    rows = kill_matrix.read(kind).rows

    escaped = [
        (defect.name, check)
        for defect in defects().values()
        for check in defect.made_for(kind)
        if rows[defect.name].cells[check] != kill_matrix.WORST[collected[check]["level"]]
    ]
    assert not escaped


@pytest.mark.parametrize("kind", KINDS)
def test_every_check_reaches_its_worst_outcome_on_some_defect(
    kind: str, collected: Mapping[str, Mapping[str, Any]]
) -> None:
    rows = kill_matrix.read(kind).rows.values()

    survivors = [
        check
        for check, each in collected.items()
        if check.startswith(f"{kind}/")
        and not any(row.cells[check] == kill_matrix.WORST[each["level"]] for row in rows)
    ]
    assert not survivors, "these checks have never failed anyone"


@pytest.mark.parametrize("kind", KINDS)
def test_the_correct_reference_reaches_none(kind: str) -> None:
    assert set(kill_matrix.read(kind).rows[kill_matrix.REFERENCE].cells.values()) == {"."}
