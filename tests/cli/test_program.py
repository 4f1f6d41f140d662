"""How the program names itself in the commands that it suggests."""

import sys
from pathlib import Path

import pytest

from simulator.cli import program


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `conzhu-sim` of a virtual environment below the working folder, which PATH lacks."""
    path = tmp_path / ".venv" / "bin" / "conzhu-sim"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(sys, "argv", [str(path)])
    return path


def test_the_name_is_enough_where_the_path_has_it(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(script.parent))

    assert program.program() == "conzhu-sim"


def test_else_it_is_the_script_from_the_working_folder_on(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program.program() == ".venv/bin/conzhu-sim"

    monkeypatch.chdir(script.parent)
    assert program.program() == "./conzhu-sim"
    monkeypatch.chdir("/")
    assert program.program().lstrip("/") == str(script).lstrip("/")


def test_what_is_no_script_is_called_by_name(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["-c"])

    assert program.program() == "conzhu-sim"


def test_a_path_with_a_space_is_quoted(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = script.parents[2] / "my venv" / "python"
    monkeypatch.setattr(sys, "executable", str(place))

    assert program.python() == "'my venv/python'"
