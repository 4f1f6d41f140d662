"""The baseline file: known failures, so that a gate fails on regressions only."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from conformance_tests import yaml_files
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.rules.outcomes import Outcome
from simulator import clock, given_files, paths
from simulator.errors import SimulatorError, Text

#: What a known failure may be: a broken rule, or one that could not be judged.
_FAILING = (Outcome.FAILED, Outcome.BLOCKED)
#: What a line can come to in a run, and what is to be done about it.
STATES = {
    "known": Text("fails as it is known to", "已知失败"),
    "expired": Text(
        "the line has expired: the failure counts again; put it right, or agree on a new date",
        "基线已过期，失败重新计入：请修复，或商定新的到期日",
    ),
    "unexpected_pass": Text(
        "the check passes now: take the line out of the baseline",
        "检查项已通过：请从基线中删除该行",
    ),
    "unknown": Text(
        "there is no such check: correct its id (`conzhu-sim conformance list`)",
        "没有此检查项：请更正编号（`conzhu-sim conformance list`）",
    ),
    "not_judged": Text("the check was not run or not judged this time", "本次未运行或未能判定"),
}


@dataclass(frozen=True)
class KnownFailure:
    """A known failure: of which check, why it is left so, who answers for it, and until when."""

    check: str
    reason: str
    owner: str
    expires: str

    def expired(self) -> bool:
        """Return whether its last day is over, in Asia/Shanghai."""
        return clock.to_moment(clock.wall_now()).date() > date.fromisoformat(self.expires)

    def state(self, finding: Finding | None, known_ids: Collection[str] | None) -> str:
        """Return what the line came to: one of `STATES`; without ids no line is unknown."""
        if known_ids is not None and self.check not in known_ids:
            return "unknown"
        if finding is None:
            return "not_judged"
        if finding.outcome in _FAILING:
            return "expired" if self.expired() else "known"
        judged = finding.outcome not in (Outcome.ERROR, Outcome.NOT_APPLICABLE)
        return "unexpected_pass" if judged else "not_judged"


@dataclass(frozen=True)
class Baseline:
    """The known failures by their checks' ids; `place` is where they were read."""

    place: str = ""
    lines: Mapping[str, KnownFailure] = field(default_factory=dict)

    def excuses(self, check: str, outcome: str) -> KnownFailure | None:
        """Return the living line that makes this end of a check a known failure."""
        line = self.lines.get(check)
        return line if line and outcome in _FAILING and not line.expired() else None

    def compare(
        self, findings: Iterable[Finding], ids: Collection[str] | None
    ) -> list[dict[str, Any]]:
        """Return each line with what it came to; `ids` are all checks, None if not all are known.

        A run that broke off may not have seen all of them.
        """
        found = {finding.id: finding for finding in findings}
        compared = []
        for line in self.lines.values():
            state = line.state(found.get(line.check), ids)
            compared.append({**asdict(line), "state": state, "said": STATES[state].as_json()})
        return compared


@cache
def _schema() -> Draft202012Validator:
    document = json.loads((paths.schemas() / "baseline.schema.json").read_text("utf-8"))
    return Draft202012Validator(document)


class _Plain(yaml.SafeLoader):
    """Reads a date as the text that it is."""


_Plain.yaml_implicit_resolvers = {
    letter: [(tag, form) for tag, form in resolvers if not tag.endswith(":timestamp")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load(given: str) -> Baseline:
    """Read a baseline file; none is an empty one.

    Raises:
        SimulatorError: it cannot be read or breaks the schema; says where and what to change.
    """
    if not given:
        return Baseline()
    try:
        text = given_files.read_text(Path(given))
    except OSError as error:
        raise SimulatorError(
            f"The baseline {given} cannot be read: {error.strerror}.",
            f"无法读取基线文件 {given}：{error.strerror}。",
        ) from error
    document = yaml_files.load(
        text,
        _Plain,
        lambda en, zh: SimulatorError(
            f"The baseline {given} cannot be read as YAML: {en}.",
            f"基线文件 {given} 无法按 YAML 读取：{zh}。",
        ),
    )
    for broken in _schema().iter_errors(document):
        _refuse(given, ".".join(str(step) for step in broken.absolute_path), broken.message)
    lines: dict[str, KnownFailure] = {}
    for number, members in enumerate(document["known_failures"] or ()):
        line = KnownFailure(**members)
        place = f"known_failures.{number}"
        if line.check in lines:
            _refuse(given, f"{place}.check", f"{line.check} stands there twice")
        try:
            date.fromisoformat(line.expires)
        except ValueError:
            _refuse(given, f"{place}.expires", f"{line.expires} is no day (2026-12-31)")
        lines[line.check] = line
    return Baseline(given, lines)


def _refuse(given: str, place: str, reason: str) -> None:
    raise SimulatorError(
        f"The baseline {given} is wrong at {place or 'the file itself'}: {reason}.",
        f"基线文件 {given} 的 {place or '文件本身'} 有误：{reason}。",
    )
