"""The picture of a report: the manual's sections, their clauses, and what each check came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.requirements import place_of
from simulator.errors import Text

#: Sections that are no interface; both manuals have the same chapter 5.
_OTHER: Mapping[str, Text] = {
    "0": Text("Before chapter 1", "第 1 章之前"),
    "1": Text("Preparations", "接入前准备"),
    "2": Text("Chapter 2", "第 2 章"),
    "3": Text("Chapter 3", "第 3 章"),
    "5.1": Text("Rules of the sign", "签名规则说明"),
    "5.2": Text("Encryption", "加密方法"),
    "5.3": Text("Status codes", "状态码"),
    "5.4": Text("States of an order", "保函申请订单状态"),
    "5.5": Text("Codes of a verification", "保函验真状态码"),
    "5.6": Text("Codes of a query", "保函查验状态码"),
    "5.7": Text("States of a claim", "理赔状态"),
    "5.8": Text("Fields", "字段解释"),
}


@dataclass(frozen=True)
class Section:
    """A section of the manual, and the checks of each of its clauses."""

    number: str
    title: Text
    clauses: Mapping[str, list[Mapping[str, Any]]]


def sections_of(report: Mapping[str, Any]) -> list[Section]:
    """Return what was judged of the manual, in its order."""
    by_clause: dict[str, list[Mapping[str, Any]]] = {}
    for finding in sorted(report["findings"], key=lambda each: place_of(each["clause"])):
        by_clause.setdefault(finding["clause"], []).append(finding)
    sections: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
    for clause, findings in by_clause.items():
        sections.setdefault(clause.split("/")[1], {})[clause] = findings
    kind = report["manual"]["kind"]
    interfaces = [*catalogue().of_kind(kind, "call"), *catalogue().of_kind(kind, "push")]
    titles = {each.section: each.title for each in interfaces}
    return [
        Section(number, titles.get(number) or _OTHER.get(number, Text("", "")), clauses)
        for number, clauses in sections.items()
    ]


def not_judged(report: Mapping[str, Any]) -> list[tuple[Text, int]]:
    """Return how many checks were not judged, by what was in the way."""
    counts, run = report["counts"], report["suite"]["checks"] - len(report["findings"])
    told = [
        (Text("the target file declares too little", "目标文件未声明"), Outcome.NOT_APPLICABLE),
        (Text("an earlier step did not work", "前置步骤未成功"), Outcome.BLOCKED),
    ]
    listed = [(text, int(counts[outcome])) for text, outcome in told]
    listed.append((Text("they were not selected for this run", "本次未选中"), run))
    return [(text, number) for text, number in listed if number > 0]
