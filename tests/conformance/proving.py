"""Runs the suite, as a user does, against the reference or against a spoiled one."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from simulator import paths

ROOT = Path(__file__).resolve().parent.parent.parent
#: Seconds; a spoiled institution often does nothing, and nobody should wait long for that.
_PATIENCE = 1.5


@dataclass(frozen=True)
class Run:
    """A run of the suite: pytest's exit code, what it printed, and what each check came to."""

    code: int
    printed: str
    outcomes: dict[str, str]
    messages: dict[str, str]


def target_of(folder: Path, module: Sequence[str], kind: str = "insurer", **changes: Any) -> Path:
    """Write a target file like the reference's, started by another Python module."""
    document = yaml.safe_load(
        (paths.fixtures() / "targets" / f"reference-{kind}.yaml").read_text("utf-8")
    )
    command = document["start"]["command"]
    here = command.index("reference_institution")
    document["start"]["command"] = [*command[:here], *module, *command[here + 1 :]]
    document["start"]["environment"] = {
        "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
    }
    document["name"] = " ".join(module)
    document["account"]["key_bits"] = 1024
    document["patience"] = _PATIENCE
    for name, value in changes.items():
        document[name] = {**document.get(name, {}), **value} if isinstance(value, dict) else value
    place = folder / "target.yaml"
    place.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return place


def run_suite(target: Path | str, folder: Path, *options: str) -> Run:
    """Run the suite in a process of its own; its findings come from the report that it writes."""
    report = folder / "findings.json"
    command = [sys.executable, "-m", "pytest", "conformance_tests", "-q", "-p", "no:cacheprovider"]
    command += ["--target", str(target), "--findings", str(report), *options]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    printed = ended.stdout.decode() + ended.stderr.decode()
    assert report.exists(), printed
    findings = json.loads(report.read_text("utf-8"))
    return Run(
        ended.returncode,
        printed,
        {each["id"]: each["outcome"] for each in findings},
        {each["id"]: each["message"] for each in findings},
    )
