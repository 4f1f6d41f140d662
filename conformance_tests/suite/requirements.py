"""The sentences of the manuals that bind an institution, and that each has a check or a reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from conformance_tests.suite.checks import Check
from simulator.errors import SimulatorError

FILE = Path(__file__).resolve().parent.parent / "requirements.yaml"


@dataclass(frozen=True)
class Clause:
    """A binding sentence: its id, the Chinese original, and why no check judges it, if none."""

    id: str
    quote: str
    excuse: str | None


@cache
def clauses() -> Mapping[str, Clause]:
    """Return all clauses by their ids, in the manuals' order."""
    listed = yaml.safe_load(FILE.read_text("utf-8"))
    found = [Clause(each["id"], each["quote"], each.get("excuse")) for each in listed]
    by_id = {clause.id: clause for clause in found}
    if len(by_id) != len(found):
        raise ValueError(f"{FILE.name}: a clause is listed twice")
    return by_id


def check_coverage(checks: Iterable[Check]) -> None:
    """Refuse a check of an unknown clause, and one id for two checks.

    Raises:
        SimulatorError: names the check.
    """
    seen: set[str] = set()
    for check in checks:
        if check.clause not in clauses():
            raise SimulatorError(
                f"The check {check.id} names a clause that {FILE.name} does not list.",
                f"检查项 {check.id} 引用了 {FILE.name} 中没有的条款。",
            )
        if check.id in seen:
            raise SimulatorError(f"There are two checks {check.id}.", f"检查项 {check.id} 重复。")
        seen.add(check.id)


def uncovered(checks: Iterable[Check], kind: str) -> list[str]:
    """Return the clauses of a kind that have neither a check nor a written reason."""
    covered = {check.clause for check in checks}
    return [
        clause.id
        for clause in clauses().values()
        if clause.id.startswith(f"{kind}/") and clause.excuse is None and clause.id not in covered
    ]
