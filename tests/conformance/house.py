"""A small insurer in this process, right or spoiled, and its target file: starts in no time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from conformance.proving import ROOT

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator import paths
from simulator.app import Listener

Members = dict[str, Any]
#: Changes the letter before the insurer gets it.
Spoil = Callable[[Members], Members]
#: Stands before the insurer's application.
Front = Callable[[Any], Any]


def _as_it_is(letter: Members) -> Members:
    return letter


def _pass_through(app: Any) -> Any:
    return app


class House:
    """The reference insurer behind a port of this process; reads its letter at its first request.

    The suite writes that letter when it opens an account, which is after the house was opened.
    """

    def __init__(
        self, folder: Path, spoil: Spoil = _as_it_is, front: Front = _pass_through
    ) -> None:
        self.letter = folder / "letter.json"
        self._store = folder / "store"
        self._spoil, self._front = spoil, front
        self._read = ""
        self._app: Any = None
        self._listener = Listener("127.0.0.1", 0, 8)
        self._listener.start(self._serve)
        self.url = f"http://127.0.0.1:{self._listener.port}"

    def _serve(self, environ: Any, start_response: Any) -> Any:
        written = self.letter.read_text("utf-8")
        if written != self._read:
            self._read = written
            letter = AccountLetter.from_json(self._spoil(json.loads(written)))
            store = self._store / str(letter.btc_id) / str(abs(hash(written)))
            self._app = self._front(create_app(letter, store))
        return self._app(environ, start_response)

    def close(self) -> None:
        """Stop listening."""
        self._listener.stop()

    def document(self, **changes: Any) -> Members:
        """Return a target file of the house; what is None in the changes is taken out."""
        reference = paths.fixtures() / "targets" / "reference-insurer.yaml"
        text = reference.read_text("utf-8").replace("http://127.0.0.1:{port}", self.url)
        document: Members = yaml.safe_load(text)
        del document["start"]
        del document["actions"]["restart"]
        document["name"] = "the house"
        document["account"] = {"key_bits": 1024, "write_letter": str(self.letter)}
        document["platform"] = {"port": 0}
        document["patience"], document["settle"] = 1.0, 0.05
        for name, value in changes.items():
            if value is None:
                document.pop(name)
            elif isinstance(value, Mapping):
                document[name] = {**document.get(name, {}), **value}
            else:
                document[name] = value
        return document

    def target(self, **changes: Any) -> Path:
        """Write that file, and return where."""
        place = self.letter.parent / "target.yaml"
        place.write_text(yaml.safe_dump(self.document(**changes), allow_unicode=True), "utf-8")
        return place


@contextmanager
def house(folder: Path, spoil: Spoil = _as_it_is, front: Front = _pass_through) -> Iterator[House]:
    """Open a house for a while."""
    opened = House(folder, spoil, front)
    try:
        yield opened
    finally:
        opened.close()


@dataclass(frozen=True)
class Ended:
    """A program that ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


def run(*words: str, folder: Path | None = None, **environment: str) -> Ended:
    """Run `conzhu-sim` in a process of its own, as a user does, and elsewhere than here."""
    return python("from simulator.cli import main; main()", *words, folder=folder, **environment)


#: In a CI's job the summaries of these runs are not the job's own.
_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "CONZHU_LANG": "en", "GITHUB_STEP_SUMMARY": ""}


def python(program: str, *words: str, folder: Path | None = None, **environment: str) -> Ended:
    """Run a program in Python, with these arguments."""
    ended = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=folder or ROOT,
        env={**os.environ, **_ENVIRONMENT, **environment},
        capture_output=True,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


_HEAD = """
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import *
FIX = ("Change it.", "请修改。")
"""


def run_checks(target: Path | str, folder: Path, source: str, *options: str) -> Ended:
    """Run small checks, written for the purpose, with the suite's plugin; report in `report/`."""
    place = folder / "test_flows_small.py"
    place.write_text(_HEAD + source, "utf-8")
    return python(
        "import sys, pytest; raise SystemExit(pytest.main(sys.argv[1:]))",
        *("-c", os.devnull, "--rootdir", str(folder), "--import-mode", "importlib", "-q"),
        *("-p", "no:cacheprovider", "-p", "conformance_tests.suite.run.plugin", str(place)),
        *(f"--target={target}", f"--report={folder / 'report'}", *options),
        folder=folder,
    )


def report_in(folder: Path) -> dict[str, Any]:
    """Return the JSON report of a run."""
    return dict(json.loads((folder / "report" / "report.json").read_text("utf-8")))


def outcomes_in(folder: Path) -> dict[str, str]:
    """Return the outcome of each check by the last word of its id."""
    found = report_in(folder)["findings"]
    return {each["id"].rpartition("/")[2]: each["outcome"] for each in found}
