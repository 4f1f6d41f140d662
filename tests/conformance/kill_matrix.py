"""The kill matrix: what every check came to on every broken institution.

`python tests/conformance/kill_matrix.py` runs what must be there and is missing or stale: each
defect with the checks made for it and the happy path, and the correct reference with all checks.
With `--all` every defect meets every check of one kind, which takes hours: insurers' where it can
be made in one, else guarantors'. `insurer` or `guarantor` runs that kind alone. A cell is stale
when its defect or its check does something else than when it was run, as `behaviour.py` hashes it.

In the file a row has one letter for each check, in the order of `checks`: `.` passed, `F` failed,
`w` warned, `i` informed, `b` blocked, `n` not applicable, `E` the suite's own error, `?` not run.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).parent)]

from broken_institutions.defects import defects
from conformance.behaviour import hash_behaviour
from conformance.proving import ROOT, run_suite, target_of

FILE = ROOT / "tests" / "broken_institutions" / "kill_matrix.json"
#: What a check comes to when its rule is broken, by its level.
WORST = {"MUST": "F", "SHOULD": "w", "INFORM": "i"}
#: Runs at a time: each is two processes that mostly wait, for each other and for a silence.
_AT_ONCE = 2 * (os.cpu_count() or 1)
REFERENCE = "reference"
KINDS = ("guarantor", "insurer")
HAPPY_PATH = "/happy-path"
LETTERS = {
    "passed": ".",
    "failed": "F",
    "warned": "w",
    "informed": "i",
    "blocked": "b",
    "not_applicable": "n",
    "attested": "a",
    "error": "E",
}
_NOT_RUN = "?"


def collected(kind: str) -> dict[str, dict[str, Any]]:
    """Return the checks of a kind by their ids: level, interface, needs, hash of what it does."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "listing.json"
        command = [sys.executable, "-m", "pytest", "conformance_tests", "--collect-only", "-q"]
        command += ["-p", "no:cacheprovider", "-p", "conformance.listing", "--kind", kind]
        environment = {**os.environ, "LISTING": str(place), "PYTHONPATH": str(ROOT / "tests")}
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        if ended.returncode != 0:
            raise RuntimeError(ended.stdout.decode() + ended.stderr.decode())
        return {each["id"]: each for each in json.loads(place.read_text("utf-8"))}


@dataclass
class Row:
    """What the checks came to on one institution, by their ids; `source` is its defect's hash."""

    source: str
    cells: dict[str, str]


@dataclass
class Matrix:
    """A kind's rows, and the hashes of what the checks did when they were run."""

    checks: dict[str, str]
    rows: dict[str, Row]

    def fitted(self, collected: Mapping[str, Mapping[str, Any]], kind: str) -> "Matrix":
        """Return the matrix as far as it still holds, for the checks and defects of today."""
        sources = {name: str(check["source"]) for name, check in sorted(collected.items())}
        rows = {}
        for name, source in _institutions(kind).items():
            row = self.rows.get(name, Row("", {}))
            rows[name] = Row(
                source,
                {
                    check: row.cells.get(check, _NOT_RUN)
                    if row.source == source and self.checks.get(check) == sources[check]
                    else _NOT_RUN
                    for check in sources
                },
            )
        return Matrix(sources, rows)

    def missing(self, kind: str, everything: bool = False) -> dict[str, list[str]]:
        """Return the checks of a kind that each institution must still meet; all on request."""
        found = {}
        for name, row in self.rows.items():
            whole = everything and _meets_all(name, kind)
            wanted = row.cells if whole else _required(name, row.cells)
            if unmet := [check for check in wanted if row.cells[check] == _NOT_RUN]:
                found[name] = unmet
        return found


def read(kind: str) -> Matrix:
    """Return a kind's matrix as it was written; empty where there is none."""
    whole = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    found = whole.get(kind, {"checks": {}, "rows": {}})
    rows = {
        name: Row(row["source"], dict(zip(found["checks"], row["cells"], strict=True)))
        for name, row in found["rows"].items()
    }
    return Matrix(found["checks"], rows)


def _institutions(kind: str) -> dict[str, str]:
    """Return the hash of each broken institution's defect, the correct one among them."""
    of_kind = {name: defect for name, defect in defects().items() if kind in defect.kinds}
    broken = {name: hash_behaviour(defect.break_it) for name, defect in of_kind.items()}
    return {REFERENCE: "correct", **dict(sorted(broken.items()))}


def _required(name: str, checks: Iterable[str]) -> list[str]:
    if name == REFERENCE:
        return list(checks)
    made_for_it = defects()[name].caught_by
    return [check for check in checks if check in made_for_it or check.endswith(HAPPY_PATH)]


def _meets_all(name: str, kind: str) -> bool:
    """Return whether an institution meets every check as this kind; as the other it has."""
    return kind == "insurer" or name == REFERENCE or defects()[name].kinds == {kind}


def run_row(name: str, kind: str, wanted: Sequence[str], some: bool) -> dict[str, str]:
    """Run checks (with `some` only the wanted ones) against one institution; return the cells."""
    module = ["reference_institution"] if name == REFERENCE else ["broken_institutions", name]
    options = [part for check in wanted for part in ("--check", check)] if some else []
    with tempfile.TemporaryDirectory() as folder:
        run = run_suite(target_of(Path(folder), module, kind), Path(folder), *options)
    return {check: LETTERS[outcome] for check, outcome in run.outcomes.items()}


def write(kind: str, matrix: Matrix) -> None:
    """Write a kind's matrix into the file."""
    whole = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    whole[kind] = {
        "checks": matrix.checks,
        "rows": {
            name: {
                "source": row.source,
                "cells": "".join(row.cells.get(check, _NOT_RUN) for check in matrix.checks),
            }
            for name, row in matrix.rows.items()
        },
    }
    FILE.write_text(json.dumps(whole, indent=1) + "\n", "utf-8")


def update(kind: str, everything: bool = False) -> Matrix:
    """Run what is missing (with `everything` all that is), write after each row, return it."""
    matrix = read(kind).fitted(collected(kind), kind)
    missing = matrix.missing(kind, everything)

    def run(name: str) -> tuple[str, dict[str, str]]:
        some = len(missing[name]) < len(matrix.checks)
        return name, run_row(name, kind, missing[name], some)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for ended in as_completed([pool.submit(run, name) for name in missing]):
            name, cells = ended.result()
            matrix.rows[name].cells |= cells
            write(kind, matrix)
            broken = ", ".join(f"{check} {cell}" for check, cell in cells.items() if cell != ".")
            print(f"{name}: {broken or 'all passed'}", flush=True)
    write(kind, matrix)
    return matrix


if __name__ == "__main__":
    for one in [kind for kind in KINDS if kind in sys.argv] or KINDS:
        update(one, "--all" in sys.argv)
