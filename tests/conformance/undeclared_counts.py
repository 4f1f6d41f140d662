"""Counts how many checks each declaration of a target file enables, and writes them down.

`python tests/conformance/undeclared_counts.py` leaves one declaration after the other out of the
reference's file, and counts the checks that are not applicable for want of it; with kinds
and names (`insurer`, `insurer/probes.invoices`) only these. Half an hour for both kinds.
"""

import json
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent), str(Path(__file__).parent)]

from conformance.proving import certificates, forks, run_suite, target_of

from conformance_tests.suite.report.undeclared import COUNTS
from conformance_tests.suite.rules.reasons import Undeclared, from_json
from conformance_tests.suite.target.file import Target, load

_PARTS = ("endpoints", "actions", "probes", "supports")
_KINDS = ("insurer", "guarantor")
#: Runs at a time: each is two processes that wait for each other.
_AT_ONCE = 2


def declarations(target: Target) -> list[str]:
    """Return the place of everything that a target file declares of the target."""
    return [f"{part}.{name}" for part in _PARTS for name in target.document.get(part, {})]


def count(kind: str, name: str) -> int:
    """Return how many checks are not applicable to the reference without a declaration."""
    part, _, member = name.partition(".")
    with tempfile.TemporaryDirectory() as folder:
        target = target_of(Path(folder), ["reference_institution"], kind)
        document = yaml.safe_load(target.read_text("utf-8"))
        del document[part][member]
        target.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        run = run_suite(target, Path(folder))
    if not run.outcomes or "error" in run.outcomes.values():
        raise RuntimeError(f"the run without {name} broke off: {run.printed[-2000:]}")
    return sum(
        isinstance(why, Undeclared) and name in why.declarations
        for check, outcome in run.outcomes.items()
        if outcome == "not_applicable" and (why := from_json(run.reasons[check]))
    )


def update(wanted: Sequence[str]) -> int:
    """Count what is wanted, all of it by default, and write it down after each.

    Returns how many runs broke off; what they would have counted stays as it was.
    """
    everything = {kind: declarations(load("reference", kind)) for kind in _KINDS}
    counted = json.loads(COUNTS.read_text("utf-8")) if COUNTS.exists() else {}
    counted = {
        kind: {name: counted.get(kind, {}).get(name, 0) for name in names}
        for kind, names in everything.items()
    }
    chosen = [
        (kind, name)
        for kind, names in everything.items()
        for name in names
        if not wanted or kind in wanted or f"{kind}/{name}" in wanted
    ]
    certificates()
    forks()
    broken = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        numbers = [(each, pool.submit(count, *each)) for each in chosen]
        for (kind, name), number in numbers:
            try:
                counted[kind][name] = number.result()
            except (RuntimeError, AssertionError) as error:
                broken += 1
                print(f"{kind}/{name}: {error}", flush=True)
                continue
            COUNTS.write_text(json.dumps(counted, indent=1) + "\n", "utf-8")
            print(f"{kind}/{name}: {counted[kind][name]}", flush=True)
    return broken


if __name__ == "__main__":
    sys.exit(update(sys.argv[1:]) and 1)
