"""The report of a run: JSON with a published schema, JUnit XML, and a page to read and print."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conformance_tests.suite.report import causes, junit, undeclared
from conformance_tests.suite.report.conclusion import Conclusion, Course, counts, lacks
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.report.options import RunOptions
from conformance_tests.suite.report.places import hide, relative
from conformance_tests.suite.rules import families
from conformance_tests.suite.rules.outcomes import Level, Outcome
from simulator import __version__, clock

PAGE, XML, DATA = "report.html", "junit.xml", "report.json"
#: The manuals that the checks quote, by the kind of institution; guarantors' bears no version.
MANUALS = {
    "insurer": {"title": "福州市建设工程电子保函服务平台 保险公司接入手册", "version": "V20210326"},
    "guarantor": {"title": "福州市建设工程电子保函服务平台 担保公司接入手册"},
}
_FORMAT = 1


def document(
    options: RunOptions,
    course: Course,
    findings: Sequence[Finding],
    conclusion: Conclusion,
    began: float,
    ended: float,
) -> dict[str, Any]:
    """Return the report of a run, as `report.json` keeps it; no folder of this machine is in it."""
    listed = sorted(findings, key=lambda finding: (families.place_of(finding.family), finding.id))
    made = {
        "format": _FORMAT,
        "suite": {"version": __version__, "checks": len(course.ids)},
        "simulator": {"version": course.platform.get("version", __version__)},
        "manual": {"kind": options.kind, **MANUALS[options.kind]},
        "target": {
            "name": options.target.name,
            "file": relative(options.given),
            "endpoints": dict(options.target.endpoints),
            "account": course.platform.get("account"),
        },
        "run": {
            "mode": options.mode,
            "selected": course.selected,
            "began": clock.to_moment(began).isoformat(timespec="seconds"),
            "ended": clock.to_moment(ended).isoformat(timespec="seconds"),
            "seconds": round(ended - began, 1),
            "command": options.command(*options.options()),
        },
        "conforms": conclusion.conforms,
        "exit_code": int(conclusion.code),
        "conclusion": conclusion.text.as_json(),
        "counts": counts(findings),
        "certificate": _certificate(options, course, findings, conclusion, ended),
        "baseline": options.baseline.compare(findings, None if course.halted else course.ids),
        "undeclared": undeclared.by_findings(listed),
        "causes": [
            {
                "outcome": cause.outcome,
                "text": cause.text.as_json(),
                "fix": cause.fix.as_json(),
                "checks": [finding.id for finding in cause.findings],
            }
            for cause in causes.causes_of(listed)
        ],
        "families": {
            name: families.title_of(name).as_json()
            for name in dict.fromkeys(finding.family for finding in listed)
        },
        "findings": [
            {
                **finding.as_json(),
                "known": _known(options, finding),
                "repeat": _repeat(options, finding),
            }
            for finding in listed
        ],
    }
    return hide(made, [options.target.path.parent])


def _known(options: RunOptions, finding: Finding) -> dict[str, str] | None:
    line = options.baseline.excuses(finding.id, finding.outcome)
    if line is None:
        return None
    return {"reason": line.reason, "owner": line.owner, "expires": line.expires}


def _repeat(options: RunOptions, finding: Finding) -> str:
    return options.command("--check", finding.id)


def _certificate(
    options: RunOptions,
    course: Course,
    findings: Sequence[Finding],
    conclusion: Conclusion,
    ended: float,
) -> dict[str, Any] | None:
    """Return what `--certify` adds: whether there is a certificate, what it rests on or lacks."""
    if not options.certify:
        return None
    binding = [finding for finding in findings if finding.level == Level.MUST]
    return {
        "granted": conclusion.conforms,
        "date": clock.to_moment(ended).date().isoformat(),
        "checks": len(findings),
        "binding": len(binding),
        "attested": [f.id for f in findings if f.outcome == Outcome.ATTESTED],
        "remarks": [f.id for f in findings if f.outcome in (Outcome.WARNED, Outcome.INFORMED)],
        "lacks": [text.as_json() for text in lacks(findings, course)]
        or ([] if conclusion.conforms else [conclusion.text.as_json()]),
    }


def write(made: dict[str, Any], folder: Path) -> None:
    """Write a report's three files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATA).write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", "utf-8")
    (folder / XML).write_bytes(junit.render(made))
    (folder / PAGE).write_text(_page(made), "utf-8")


def _page(made: dict[str, Any]) -> str:
    # Needed by nothing but this page, and not at once.
    from conformance_tests.suite.report import page

    return page.render(made)
