"""A report as JUnit XML, which every CI reads: what fails no gate is a passed test there."""

from typing import Any
from xml.etree import ElementTree

from conformance_tests.suite.report.junit_xml import (
    add_outcome,
    add_suite,
    build_root,
    clean,
    dump,
)

#: The element of each outcome that is no passed test.
_ELEMENTS = {
    "failed": "failure",
    "error": "error",
    "blocked": "skipped",
    "not_applicable": "skipped",
}


def render(report: dict[str, Any]) -> bytes:
    """Return the report as XML: a suite for each family, a case for each check."""
    root = build_root("conzhu-sim conformance", report)
    by_family: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        by_family.setdefault(finding["family"], []).append(finding)
    causes = {check: cause for cause in report["causes"] for check in cause["checks"]}
    for family, findings in by_family.items():
        elements = [_element(finding, report) for finding in findings]
        seconds = sum(finding["seconds"] for finding in findings)
        suite = add_suite(root, family, elements, seconds, report["run"]["began"])
        for finding, element in zip(findings, elements, strict=True):
            _add_case(suite, finding, element, causes.get(finding["id"]))
    return dump(root)


def _element(finding: dict[str, Any], report: dict[str, Any]) -> str | None:
    if finding["known"]:
        return "skipped"
    if report["certificate"] and finding["outcome"] in ("blocked", "not_applicable"):
        return "failure"
    return _ELEMENTS.get(finding["outcome"])


def _add_case(
    suite: ElementTree.Element,
    finding: dict[str, Any],
    element: str | None,
    cause: dict[str, Any] | None,
) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=finding["clause"],
        name=finding["id"],
        time=f"{finding['seconds']:.3f}",
    )
    properties = ElementTree.SubElement(case, "properties")
    told = {name: finding[name] for name in ("id", "clause", "quote", "level", "outcome")}
    if cause is not None:
        told["cause"] = f"{cause['text']['en']} / {cause['text']['zh']}"
    for name, value in told.items():
        ElementTree.SubElement(properties, "property", name=name, value=clean(value))
    if element is not None:
        lines = _describe(finding, told.get("cause"))
        add_outcome(case, element, finding["message"], "\n".join(lines))
    elif finding["message"]:
        ElementTree.SubElement(case, "system-out").text = clean(finding["message"])


def _describe(finding: dict[str, Any], cause: str | None) -> list[str]:
    known = finding["known"]
    lines = [
        f"{finding['title']['en']} / {finding['title']['zh']}",
        f"{finding['clause']}: {finding['quote']}",
        f"what came: {finding['message']} / {finding['message_zh']}",
        f"what to change: {finding['fix']['en']} / {finding['fix']['zh']}",
        f"repeat: {finding['repeat']}",
    ]
    if cause:
        lines.insert(2, f"cause: {cause}")
    if known:
        lines.append(f"known: {known['reason']} ({known['owner']}, until {known['expires']})")
    return lines
