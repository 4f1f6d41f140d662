"""A report as JUnit XML, which every CI reads: what fails no gate is a passed test there."""

import re
from typing import Any
from xml.etree import ElementTree

#: What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: The element of each outcome that is no passed test.
_ELEMENTS = {
    "failed": "failure",
    "error": "error",
    "blocked": "skipped",
    "not_applicable": "skipped",
}


def render(report: dict[str, Any]) -> bytes:
    """Return the report as XML: a suite for each family, a case for each check."""
    root = ElementTree.Element("testsuites", name="conzhu-sim conformance")
    by_family: dict[str, list[dict[str, Any]]] = {}
    for finding in report["findings"]:
        by_family.setdefault(finding["family"], []).append(finding)
    if report["exit_code"] > 1 and not report["counts"]["error"]:
        _add_halt(root, report)
    for family, findings in by_family.items():
        elements = [_element(finding, report) for finding in findings]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=family,
            tests=str(len(findings)),
            failures=str(elements.count("failure")),
            errors=str(elements.count("error")),
            skipped=str(elements.count("skipped")),
            time=f"{sum(finding['seconds'] for finding in findings):.3f}",
            timestamp=report["run"]["began"][:19],
        )
        for finding, element in zip(findings, elements, strict=True):
            _add_case(suite, finding, element)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_halt(root: ElementTree.Element, report: dict[str, Any]) -> None:
    """Show a run that stopped as an error, so that no CI takes it for an empty success."""
    suite = ElementTree.SubElement(root, "testsuite", name="run", tests="1", errors="1")
    case = ElementTree.SubElement(suite, "testcase", classname="run", name="run")
    said = report["conclusion"]
    ElementTree.SubElement(case, "error", message=_clean(said["en"])).text = _clean(said["zh"])


def _element(finding: dict[str, Any], report: dict[str, Any]) -> str | None:
    if finding["known"]:
        return "skipped"
    if report["certificate"] and finding["outcome"] in ("blocked", "not_applicable"):
        return "failure"
    return _ELEMENTS.get(finding["outcome"])


def _add_case(suite: ElementTree.Element, finding: dict[str, Any], element: str | None) -> None:
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=finding["clause"],
        name=finding["id"],
        time=f"{finding['seconds']:.3f}",
    )
    properties = ElementTree.SubElement(case, "properties")
    for name in ("id", "clause", "level", "outcome"):
        ElementTree.SubElement(properties, "property", name=name, value=finding[name])
    if element is not None:
        said = ElementTree.SubElement(case, element, message=_clean(finding["message"]))
        said.text = _clean("\n".join(_describe(finding)))
    elif finding["message"]:
        ElementTree.SubElement(case, "system-out").text = _clean(finding["message"])


def _describe(finding: dict[str, Any]) -> list[str]:
    known = finding["known"]
    lines = [
        f"{finding['title']['en']} / {finding['title']['zh']}",
        f"{finding['clause']}: {finding['quote']}",
        f"what came: {finding['message']} / {finding['message_zh']}",
        f"what to change: {finding['fix']['en']} / {finding['fix']['zh']}",
        f"repeat: {finding['repeat']}",
    ]
    if known:
        lines.append(f"known: {known['reason']} ({known['owner']}, until {known['expires']})")
    return lines


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
