"""Runs the suite, as a user does, against the reference or against a spoiled one."""

import atexit
import gc
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance import forking

from reference_institution.certificates import open_seal
from simulator import paths

ROOT = Path(__file__).resolve().parent.parent.parent
#: Seconds; a spoiled institution often does nothing, and nobody should wait long for that.
_PATIENCE = 1.5
_ONE_AT_A_TIME = threading.Lock()
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["tests.conformance.warm"])


@dataclass(frozen=True)
class Run:
    """A run of the suite: pytest's exit code, what it printed, and what each check came to."""

    code: int
    printed: str
    outcomes: dict[str, str]
    messages: dict[str, str]
    reasons: dict[str, dict[str, Any] | None]


def target_of(folder: Path, module: Sequence[str], kind: str = "insurer", **changes: Any) -> Path:
    """Write a target file like the reference's, started by another Python module."""
    document = yaml.safe_load(
        (paths.fixtures() / "targets" / f"reference-{kind}.yaml").read_text("utf-8")
    )
    command = document["start"]["command"]
    arguments = command[command.index("reference_institution") + 1 :]
    fork = [sys.executable, "-I", "-S", str(Path(forking.__file__)), str(forks())]
    document["start"]["command"] = [*fork, *module, *arguments]
    document["start"]["environment"] = {"CERTIFICATES": str(certificates())}
    document["name"] = " ".join(module)
    document["account"]["key_bits"] = 1024
    document["patience"] = _PATIENCE
    for name, value in changes.items():
        document[name] = {**document.get(name, {}), **value} if isinstance(value, dict) else value
    place = folder / "target.yaml"
    place.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return place


def run_suite(
    target: Path | str, folder: Path, *options: str, files: Sequence[str] = ("conformance_tests",)
) -> Run:
    """Run the suite in a process of its own; its findings come from the report that it writes.

    The process is forked from one that `warm.py` has prepared: what a run imports would cost more
    than a run of a few checks.
    """
    report, printed = folder / "findings.json", folder / "printed.txt"
    # As `conformance run` does: without the settings and plugins of this project's own tests.
    arguments = [*files, "-q", "-c", os.devnull, "--rootdir", str(ROOT), "-W", "error"]
    arguments += ["--import-mode", "importlib", "-p", "no:cacheprovider"]
    # The suite is imported before pytest, which would rewrite its plugin.
    arguments += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    arguments += ["--target", str(target)]
    arguments += ["--findings", str(report), *options]
    process = _FORKING.Process(target=_run, args=(arguments, str(printed)))
    process.start()
    process.join()
    said = printed.read_text("utf-8", "replace")
    assert report.exists(), said
    findings = json.loads(report.read_text("utf-8"))
    return Run(
        process.exitcode or 0,
        said,
        {each["id"]: each["outcome"] for each in findings},
        {each["id"]: each["message"] for each in findings},
        {each["id"]: each["reason"] for each in findings},
    )


def _run(arguments: list[str], printed: str) -> None:
    # What a run makes lives as long as the run: looking for garbage all the time finds little.
    gc.set_threshold(100_000, 50, 50)
    os.chdir(ROOT)
    with Path(printed).open("wb") as file:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(file.fileno(), stream.fileno())
    for name in [name for name in os.environ if name.startswith("PYTEST_")]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    code = pytest.main(arguments)
    sys.stdout.flush()
    os._exit(code)


def forks() -> Path:
    """Return where institutions are forked; the process that forks them ends with this one."""
    address = Path(tempfile.gettempdir()) / f"conzhu-proof-forks-{os.getpid()}"
    with _ONE_AT_A_TIME:
        if not address.exists():
            _FORKING.Process(target=forking.serve, args=(str(address),), daemon=True).start()
            atexit.register(address.unlink, missing_ok=True)
            while not address.exists():
                time.sleep(0.01)
    return address


def certificates() -> Path:
    """Return certificates that every spoiled institution may start with: making them takes long."""
    folder = Path(tempfile.gettempdir()) / f"conzhu-proof-certificates-{os.getpid()}"
    if not folder.exists():
        open_seal(folder, "一致性测试保险公司")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
