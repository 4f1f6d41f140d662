"""The sentences of the manuals that bind an institution, and that each has a check or a reason."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from conformance_tests.suite.rules.checks import Check
from conformance_tests.suite.rules.outcomes import Level
from simulator import paths
from simulator.errors import SimulatorError, Text

#: libyaml's reader where it is installed: ten times as fast, and this is read in every run.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILE = Path(__file__).resolve().parents[2] / "requirements.yaml"
#: The heaviest level of a check that names such a decision: where the manual can be read two
#: ways, or says nothing, nobody fails (P36).
LENIENT = {
    "P11": Level.SHOULD,
    "P39": Level.INFORM,
    "P43": Level.INFORM,
    "P48": Level.INFORM,
}
_WEIGHT = {Level.INFORM: 0, Level.SHOULD: 1, Level.MUST: 2}


@dataclass(frozen=True)
class Clause:
    """A binding sentence: its id, the Chinese original, and why no check judges it, if none."""

    id: str
    quote: str
    excuse: Text | None = None


@cache
def clauses() -> Mapping[str, Clause]:
    """Return all clauses by their ids, in the manuals' order."""
    found = [_clause(each) for each in yaml.load(FILE.read_text("utf-8"), _LOADER)]
    by_id = {clause.id: clause for clause in sorted(found, key=lambda each: place_of(each.id))}
    if len(by_id) != len(found):
        raise ValueError(f"{FILE.name}: a clause is listed twice")
    return by_id


def _clause(line: Mapping[str, Any]) -> Clause:
    excuse = line.get("excuse")
    return Clause(
        id=line["id"],
        quote=line["quote"],
        excuse=None if excuse is None else Text(excuse["en"], excuse["zh"]),
    )


def place_of(clause_id: str) -> tuple[str, tuple[int, ...]]:
    """Return where a clause stands: by kind, then by section, number by number (2.9 < 2.10)."""
    kind, section = clause_id.split("/")[:2]
    return kind, tuple(int(part) for part in section.split("."))


@cache
def decisions() -> Mapping[str, Mapping[str, Any]]:
    """Return the ambiguity register (schemas/decisions.json) by P-number."""
    document = json.loads((paths.schemas() / "decisions.json").read_text("utf-8"))
    return {each["id"]: each for each in document["decisions"]}


def check_coverage(checks: Iterable[Check]) -> None:
    """Refuse a check whose grounds do not hold, and one id for two checks.

    Its clause must be listed, without an excuse; its decision must be in the register, and bear
    its level.

    Raises:
        SimulatorError: names the check.
    """
    seen: set[str] = set()
    for check in checks:
        clause = clauses().get(check.clause)
        if clause is None:
            raise SimulatorError(
                f"The check {check.id} names a clause that {FILE.name} does not list.",
                f"检查项 {check.id} 引用了 {FILE.name} 中没有的条款。",
            )
        if clause.excuse is not None:
            raise SimulatorError(
                f"The check {check.id} judges a clause that has an excuse in {FILE.name}: "
                "take the excuse out.",
                f"检查项 {check.id} 的条款在 {FILE.name} 中注明了不检查的原因，请删除该原因。",
            )
        if check.id in seen:
            raise SimulatorError(f"There are two checks {check.id}.", f"检查项 {check.id} 重复。")
        seen.add(check.id)
        if check.decision is not None:
            _check_decision(check, check.decision)


def _check_decision(check: Check, decision: str) -> None:
    kind = check.id.split("/")[0]
    if decision not in decisions() or kind not in decisions()[decision]["kinds"]:
        raise SimulatorError(
            f"The check {check.id} names {decision}, which is no decision about the {kind}.",
            f"检查项 {check.id} 引用了 {decision}，但它不是针对该类机构的决定。",
        )
    most = LENIENT.get(decision, Level.MUST)
    if _WEIGHT[check.level] > _WEIGHT[most]:
        raise SimulatorError(
            f"The check {check.id} is a {check.level}, but {decision} bears no more than {most}.",
            f"检查项 {check.id} 的级别为 {check.level}，但 {decision} 最高只能为 {most}。",
        )


def require_covered(checks: Iterable[Check], kind: str) -> None:
    """Refuse a whole suite that leaves a clause of a kind without a check and without a reason.

    Raises:
        SimulatorError: names the clauses.
    """
    missing = uncovered(checks, kind)
    if missing:
        listed = ", ".join(missing)
        raise SimulatorError(
            f"{FILE.name} lists clauses that have neither a check nor an excuse: {listed}.",
            f"{FILE.name} 中有既无检查项又无说明的条款：{listed}。",
        )


def uncovered(checks: Iterable[Check], kind: str) -> list[str]:
    """Return the clauses of a kind that have neither a check nor a written reason."""
    covered = {check.clause for check in checks}
    return [
        clause.id
        for clause in clauses().values()
        if clause.id.startswith(f"{kind}/") and clause.excuse is None and clause.id not in covered
    ]
