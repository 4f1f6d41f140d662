"""What a target file does not declare, and how many more checks each declaration would let run."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.reasons import Undeclared
from conformance_tests.suite.target.file import Target
from simulator.errors import Text

#: How many checks each declaration enables, counted by leaving it out of the reference's file.
COUNTS = Path(__file__).parent / "undeclared.json"


def by_findings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return what the checks of a run lacked: each declaration and their number, most first."""
    lacking = Counter(
        name
        for finding in findings
        if finding.outcome == Outcome.NOT_APPLICABLE and isinstance(finding.why, Undeclared)
        for name in finding.why.declarations
    )
    return _listed(lacking)


def by_file(target: Target) -> list[dict[str, Any]]:
    """Return what a target file does not declare, as it was counted with the reference."""
    return _listed(
        {
            name: number
            for name, number in _counts()[target.kind].items()
            if number and not declares(target, name)
        }
    )


def declares(target: Target, name: str) -> bool:
    """Return whether a target file declares something, by its place: `probes.orders`."""
    part, _, member = name.partition(".")
    match part:
        case "endpoints":
            return member in target.endpoints
        case "actions":
            return member in target.actions
        case "probes":
            return member in target.probes
        case _:
            return target.supports(member) is not None


def describe(each: Mapping[str, Any]) -> Text:
    """Return what a declaration would bring, in a sentence."""
    name, number = each["declaration"], each["checks"]
    more = "1 more check" if number == 1 else f"{number} more checks"
    return Text(
        f"declare `{name}` in the target file to run {more}",
        f"在目标文件中声明 `{name}`，可多运行 {number} 个检查项",
    )


def _listed(counted: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"declaration": name, "checks": number} for name, number in ordered]


@cache
def _counts() -> Mapping[str, Mapping[str, int]]:
    counts: Mapping[str, Mapping[str, int]] = json.loads(COUNTS.read_text("utf-8"))
    return counts
