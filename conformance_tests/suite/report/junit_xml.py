"""The parts of JUnit XML that the reports of checks and of scenarios share."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

#: What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def build_root(title: str, report: Mapping[str, Any]) -> Element:
    """Return the root of a report's XML.

    A run that stopped is in it as an error, so that no CI takes it for an empty success.
    """
    root = Element("testsuites", name=title)
    if report["exit_code"] > 1 and not report["counts"]["error"]:
        suite = ElementTree.SubElement(root, "testsuite", name="run", tests="1", errors="1")
        case = ElementTree.SubElement(suite, "testcase", classname="run", name="run")
        conclusion = report["conclusion"]
        add_outcome(case, "error", conclusion["en"], conclusion["zh"])
    return root


def add_suite(
    root: Element, name: str, elements: Sequence[str | None], seconds: float, began: str
) -> Element:
    """Add a suite whose cases have these elements (`failure`), None for a passed case."""
    return ElementTree.SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(elements)),
        failures=str(elements.count("failure")),
        errors=str(elements.count("error")),
        skipped=str(elements.count("skipped")),
        time=f"{seconds:.3f}",
        timestamp=began[:19],
    )


def add_outcome(case: Element, element: str, message: str, text: str) -> None:
    """Add to a case why it did not pass."""
    ElementTree.SubElement(case, element, message=clean(message)).text = clean(text)


def clean(text: str) -> str:
    """Return a text in which what XML cannot hold is replaced."""
    return _FORBIDDEN.sub("\ufffd", text)


def dump(root: Element) -> bytes:
    """Return the XML document."""
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
