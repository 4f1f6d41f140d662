"""The kill matrix: what every check came to on every broken institution.

`python tests/conformance/kill_matrix.py` runs what is stale and writes the matrix again; with
`--all` it runs everything. A cell is stale when the source of its defect or of its check is
another than when it was run.
"""

import hashlib
import inspect
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).parent)]

from broken_institutions.defects import Defect, defects
from conformance.proving import ROOT, run_suite, target_of

FILE = ROOT / "tests" / "broken_institutions" / "kill_matrix.json"
#: What a check comes to when its rule is broken, by its level.
WORST = {"MUST": "failed", "SHOULD": "warned", "INFORM": "informed"}
#: Runs at a time: each is two processes that wait for each other.
_AT_ONCE = 2
_REFERENCE = "reference"


def collected(kind: str) -> dict[str, dict[str, Any]]:
    """Return the checks of a kind by their ids: level, interface, needs, hash of the source."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "listing.json"
        command = [sys.executable, "-m", "pytest", "conformance_tests", "--collect-only", "-q"]
        command += ["-p", "no:cacheprovider", "-p", "conformance.listing", "--kind", kind]
        environment = {**os.environ, "LISTING": str(place), "PYTHONPATH": str(ROOT / "tests")}
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        if ended.returncode != 0:
            raise RuntimeError(ended.stdout.decode() + ended.stderr.decode())
        return {each["id"]: each for each in json.loads(place.read_text("utf-8"))}


def source_of(defect: Defect) -> str:
    """Return the hash of a defect's function."""
    return hashlib.sha256(inspect.getsource(defect.break_it).encode()).hexdigest()[:16]


def read() -> dict[str, Any]:
    """Return the matrix as it was written; empty where there is none."""
    return dict(json.loads(FILE.read_text("utf-8"))) if FILE.exists() else {}


def stale_cells(matrix: Mapping[str, Any], kind: str) -> dict[str, list[str]]:
    """Return, for each row that is not up to date, the checks that must meet it again.

    All of them where the defect is new or another, else those that are new or other.
    """
    sources = {name: check["source"] for name, check in collected(kind).items()}
    rows = matrix.get(kind, {})
    wanted = {name: source_of(defect) for name, defect in defects().items() if defect.kind == kind}
    wanted[_REFERENCE] = ""
    stale = {}
    for name, source in wanted.items():
        row = rows.get(name, {"source": None, "checks": {}})
        known = row["checks"] if row["source"] == source else {}
        if known != sources:
            stale[name] = [each for each in sources if known.get(each) != sources[each]]
    return stale


def run_row(name: str, kind: str, row: Mapping[str, Any], wanted: list[str]) -> dict[str, Any]:
    """Run checks against one broken institution and return its row; passes are left out of it."""
    sources = {check: each["source"] for check, each in collected(kind).items()}
    module = ["reference_institution"] if name == _REFERENCE else ["broken_institutions", name]
    some = [part for check in wanted for part in ("--check", check)]
    options = some if len(wanted) < len(sources) else []
    kept = {c: o for c, o in row.get("outcomes", {}).items() if c in sources and c not in wanted}
    if wanted:
        with tempfile.TemporaryDirectory() as folder:
            run = run_suite(target_of(Path(folder), module, kind), Path(folder), *options)
        kept |= {check: out for check, out in run.outcomes.items() if out != "passed"}
    return {
        "source": "" if name == _REFERENCE else source_of(defects()[name]),
        "checks": sources,
        "outcomes": kept,
    }


def write(matrix: Mapping[str, Any]) -> None:
    """Write the matrix, one line for each row."""
    FILE.write_text(json.dumps(matrix, indent=1, sort_keys=True) + "\n", "utf-8")


def update(kind: str, everything: bool = False) -> dict[str, Any]:
    """Run what is stale (or everything), write the matrix after each row, and return it."""
    matrix = read()
    rows = matrix.setdefault(kind, {})
    if everything:
        rows.clear()
    known = {_REFERENCE, *(name for name, defect in defects().items() if defect.kind == kind)}
    for gone in set(rows) - known:
        del rows[gone]
    stale = stale_cells(matrix, kind)

    def run(name: str) -> tuple[str, dict[str, Any]]:
        return name, run_row(name, kind, rows.get(name, {}), stale[name])

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for name, row in pool.map(run, sorted(stale)):
            rows[name] = row
            write(matrix)
            broken = ", ".join(f"{c} {o}" for c, o in row["outcomes"].items()) or "all passed"
            print(f"{name}: {broken}", flush=True)
    write(matrix)
    return matrix


if __name__ == "__main__":
    for one in sorted({defect.kind for defect in defects().values()}):
        update(one, "--all" in sys.argv)
