"""The report of a run: a JSON document, and the JUnit XML and the HTML page made from it."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from conformance_tests.scenarios.play.results import OUTCOME_NAMES, PlayResult
from conformance_tests.scenarios.play.running import RunRequest, RunResult
from conformance_tests.scenarios.report import timeline_text
from conformance_tests.suite.report.findings import mask
from conformance_tests.suite.report.html import open_templates
from conformance_tests.suite.report.junit_xml import add_outcome, add_suite, build_root, dump
from simulator import __version__, clock

_FORMAT = 1
_LANGUAGES = ("en", "zh")
#: The JUnit element of each outcome but a passed play.
_ELEMENTS = {"failed": "failure", "error": "error", "skipped": "skipped"}


def build_document(request: RunRequest, result: RunResult, began: float) -> dict[str, Any]:
    """Return the report of a run that began at a wall time; persons and secrets are masked."""
    return {
        "format": _FORMAT,
        "simulator": {"version": __version__},
        "run": {
            "scenarios": shlex.join(request.given),
            "seed": request.seed,
            "began": clock.to_moment(began).isoformat(timespec="seconds"),
            "seconds": result.seconds,
            "command": build_command(request, *request.given),
        },
        "targets": {kind: request.target_of(kind).name for kind in request.kinds},
        "left_out": request.left_out,
        "counts": result.counts,
        "exit_code": int(result.code),
        "conclusion": result.conclusion.as_json(),
        "plays": [_build_play(request, played) for played in result.played],
    }


def _build_play(request: RunRequest, played: PlayResult) -> dict[str, Any]:
    scenario = played.scenario
    masked: dict[str, Any] = {
        "why": played.why.as_json() if played.why else None,
        "failures": [failure.as_json() for failure in played.failures],
    }
    return {
        "name": played.name,
        "file": scenario.place,
        "kind": scenario.kind,
        "purpose": scenario.purpose.as_json(),
        "row": dict(played.row),
        "outcome": str(played.outcome),
        "seconds": played.seconds,
        "repeat": build_command(request, scenario.argument),
        **mask(masked, ()),
        "timeline": played.timeline,
    }


def build_command(request: RunRequest, *names: str) -> str:
    """Return the command that repeats a play with the same numbers."""
    words = ["conzhu-sim", "scenario", "run", *names]
    if request.target != "reference":
        words += ["--target", request.target]
    return shlex.join([*words, "--seed", request.seed])


def write_junit(report: dict[str, Any], place: Path) -> None:
    """Write the report as JUnit XML: a suite for each kind, a case for each play."""
    root = build_root("conzhu-sim scenario", report)
    for kind in report["targets"]:
        plays = [play for play in report["plays"] if play["kind"] == kind]
        _add_kind(root, kind, plays, report["run"]["began"])
    _write(place, dump(root))


def _add_kind(
    root: ElementTree.Element, kind: str, plays: Sequence[dict[str, Any]], began: str
) -> None:
    elements = [_ELEMENTS.get(play["outcome"]) for play in plays]
    suite = add_suite(root, kind, elements, sum(play["seconds"] for play in plays), began)
    for play, element in zip(plays, elements, strict=True):
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"scenario.{kind}",
            name=play["name"],
            file=play["file"],
            time=f"{play['seconds']:.3f}",
        )
        if element is not None:
            failures = [f"{play['file']}:{each['line']}: {each['en']}" for each in play["failures"]]
            first = failures[0] if failures else (play["why"] or {"en": ""})["en"]
            purpose = f"{play['purpose']['en']} / {play['purpose']['zh']}"
            lines = timeline_text.render_lines(play["timeline"], "en")
            whole = [purpose, *failures, f"repeat: {play['repeat']}", "", *lines]
            add_outcome(case, element, first, "\n".join(whole))


def write_page(report: dict[str, Any], place: Path) -> None:
    """Write the report as one self-contained page in both languages."""
    page = open_templates(Path(__file__).parent / "templates").get_template("scenarios.html")
    html = page.render(
        report=report,
        outcome_names={name: word.as_json() for name, word in OUTCOME_NAMES.items()},
        rows={
            play["name"]: {
                lang: timeline_text.build_rows(play["timeline"], lang) for lang in _LANGUAGES
            }
            for play in report["plays"]
        },
    )
    _write(place, html.encode())


def _write(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
