"""The report of a run: a JSON document, and the JUnit XML and the HTML page made from it."""

import shlex
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from conformance_tests.scenarios.play.results import OUTCOME_NAMES, PlayResult
from conformance_tests.scenarios.play.running import RunRequest, RunResult
from conformance_tests.scenarios.report import timeline_text
from conformance_tests.suite.report.findings import mask
from simulator import __version__, clock

_FORMAT = 1
_LANGUAGES = ("en", "zh")


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
    root = ElementTree.Element("testsuites", name="conzhu-sim scenario")
    if report["exit_code"] > 1 and not report["counts"]["error"]:
        _add_halt(root, report["conclusion"])
    for kind in report["targets"]:
        plays = [play for play in report["plays"] if play["kind"] == kind]
        _add_suite(root, kind, plays, report["run"]["began"])
    _write(place, bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)))


def _add_halt(root: ElementTree.Element, conclusion: dict[str, str]) -> None:
    """Add a stopped run as an error, so that no CI takes it for an empty success."""
    suite = ElementTree.SubElement(root, "testsuite", name="run", tests="1", errors="1")
    case = ElementTree.SubElement(suite, "testcase", classname="run", name="run")
    ElementTree.SubElement(case, "error", message=conclusion["en"]).text = conclusion["zh"]


def _add_suite(
    root: ElementTree.Element, kind: str, plays: Sequence[dict[str, Any]], began: str
) -> None:
    outcomes = [play["outcome"] for play in plays]
    suite = ElementTree.SubElement(
        root,
        "testsuite",
        name=kind,
        tests=str(len(plays)),
        failures=str(outcomes.count("failed")),
        errors=str(outcomes.count("error")),
        skipped=str(outcomes.count("skipped")),
        time=f"{sum(play['seconds'] for play in plays):.3f}",
        timestamp=began[:19],
    )
    elements = {"failed": "failure", "error": "error", "skipped": "skipped"}
    for play in plays:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=f"scenario.{kind}",
            name=play["name"],
            file=play["file"],
            time=f"{play['seconds']:.3f}",
        )
        if play["outcome"] in elements:
            failures = [f"{play['file']}:{each['line']}: {each['en']}" for each in play["failures"]]
            first = failures[0] if failures else (play["why"] or {"en": ""})["en"]
            element = ElementTree.SubElement(
                case, elements[play["outcome"]], message=_drop_controls(first)
            )
            purpose = f"{play['purpose']['en']} / {play['purpose']['zh']}"
            lines = timeline_text.render_lines(play["timeline"], "en")
            whole = [purpose, *failures, f"repeat: {play['repeat']}", "", *lines]
            element.text = _drop_controls("\n".join(whole))


def _drop_controls(text: str) -> str:
    """Replace the characters that XML cannot contain."""
    return "".join(letter if letter >= " " or letter in "\n\t" else "\ufffd" for letter in text)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_page(report: dict[str, Any], place: Path) -> None:
    """Write the report as one self-contained page in both languages."""
    page = _environment().get_template("scenarios.html")
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
