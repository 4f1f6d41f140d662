"""What changed between two runs: what was fixed, what broke, what has another reason now."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from conformance_tests.suite.report.conclusion import PASSES
from conformance_tests.suite.report.document import DATA
from conformance_tests.suite.rules import reasons
from conformance_tests.suite.rules.outcomes import Outcome
from simulator import given_files
from simulator.errors import SimulatorError, Text

#: Each group of changes, the gravest first: what it is called, and which checks are in it.
GROUPS: Mapping[str, tuple[Text, Text]] = {
    "broken": (
        Text("broken", "新出问题"),
        Text("passed before, and does not now", "之前通过，现在未通过"),
    ),
    "fixed": (
        Text("fixed", "已修复"),
        Text("did not pass before, and passes now", "之前未通过，现在通过"),
    ),
    "changed": (
        Text("changed in reason", "原因有变"),
        Text("ends otherwise, or for another reason", "结果或原因与之前不同"),
    ),
    "new": (Text("new", "新增判定"), Text("was not judged before", "之前未判定")),
    "gone": (Text("gone", "不再判定"), Text("is not judged any more", "现在未判定")),
}
#: Bytes of a report: it has what was sent and came of everything that did not pass.
_LARGEST = 256 * 1024 * 1024
#: What a run makes up anew: long numbers, ids, and how long something took.
_OF_THE_RUN = re.compile(r"[\w-]*\d{5,}[\w-]*|:\d{4,5}\b|\d+(?:\.\d+)? ?(?:s\b|ms\b|秒|毫秒)")


@dataclass(frozen=True)
class Change:
    """A check that did not come to the same in both runs; an end is None where it was not run."""

    id: str
    title: Mapping[str, str]
    before: str | None
    after: str | None
    reason_before: Mapping[str, str]
    reason_after: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """The changes of each group of `GROUPS`, and how many checks came to the same."""

    groups: Mapping[str, Sequence[Change]]
    same: int

    @property
    def broke(self) -> bool:
        """Whether a check that passed does not pass any more."""
        return bool(self.groups["broken"])

    def as_json(self) -> dict[str, Any]:
        """Return the difference as JSON."""
        listed = {name: [asdict(each) for each in self.groups[name]] for name in GROUPS}
        return {"same": self.same, **listed}


def read(given: str) -> dict[str, Any]:
    """Return the report in a file or a folder; a bare list of findings is one with no more in it.

    Raises:
        SimulatorError: it cannot be read, or is no report.
    """
    place = Path(given)
    place = place / DATA if place.is_dir() else place
    try:
        content = json.loads(given_files.read_text(place, _LARGEST))
        report: dict[str, Any] = {"findings": content} if isinstance(content, list) else content
        for finding in report["findings"]:
            finding["id"], Outcome(finding["outcome"]), _reason_of(finding)
    except OSError as error:
        raise SimulatorError(
            f"The report {given} cannot be read: {error.strerror}.",
            f"无法读取报告 {given}：{error.strerror}。",
        ) from error
    except (ValueError, LookupError, TypeError) as error:
        raise SimulatorError(
            f"{given} is no report of a conformance run: give its folder or its {DATA}.",
            f"{given} 不是一致性测试报告：请指定报告目录或其中的 {DATA}。",
        ) from error
    return report


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """Return what changed from one report to a later one.

    Raises:
        SimulatorError: no check is in both of them.
    """
    old, new = ({each["id"]: each for each in report["findings"]} for report in (before, after))
    if old and new and not old.keys() & new.keys():
        raise SimulatorError(
            "The reports have no check in common: are they of two kinds of institution?",
            "两份报告没有相同的检查项：是否属于不同的机构类型？",
        )
    groups: dict[str, list[Change]] = {name: [] for name in GROUPS}
    same = 0
    for check in new | old:
        group = _group(old.get(check), new.get(check))
        if group is None:
            same += 1
        else:
            groups[group].append(_change(check, old.get(check), new.get(check)))
    return Difference(groups, same)


def _group(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str | None:
    judged_before, judged_now = _judged(old), _judged(new)
    if old is None or new is None or judged_before != judged_now:
        return "new" if judged_now else "gone" if judged_before else None
    before, after = old["outcome"], new["outcome"]
    if (before in PASSES) != (after in PASSES):
        return "fixed" if after in PASSES else "broken"
    return None if (before, _essence(old)) == (after, _essence(new)) else "changed"


def _judged(finding: Mapping[str, Any] | None) -> bool:
    return finding is not None and finding["outcome"] != Outcome.NOT_APPLICABLE


def _essence(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a reason is, without what every run makes up anew."""
    why = _reason_of(finding)
    return tuple(_OF_THE_RUN.sub("", part) for part in why.cause) if why else ()


def _reason_of(finding: Mapping[str, Any]) -> reasons.Reason | None:
    return reasons.from_json(finding["reason"]) if finding.get("reason") else None


def _change(check: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change:
    title = (new or old or {})["title"]
    ends = [(None, {"en": "", "zh": ""}) if each is None else _end(each) for each in (old, new)]
    (before, reason_before), (after, reason_after) = ends
    return Change(check, title, before, after, reason_before, reason_after)


def _end(finding: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    return finding["outcome"], {"en": finding["message"], "zh": finding["message_zh"]}
