"""Every import is of a declared dependency, and a missing extra is asked for by its name."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
EXTRAS = PROJECT["project"]["optional-dependencies"]


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=\[ ]", each)[0].lower().replace("-", "_") for each in requirements}


def _imported() -> Iterator[str]:
    for place in (place for name in PACKAGES for place in (ROOT / name).rglob("*.py")):
        for node in ast.walk(ast.parse(place.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module


def test_the_distributions_that_are_imported_are_those_declared() -> None:
    distributions = importlib.metadata.packages_distributions()
    modules = {name.partition(".")[0] for name in _imported()} - set(sys.stdlib_module_names)
    imported = {
        distributions[module][0].lower().replace("-", "_")
        for module in modules - {*PACKAGES, "_pytest"}
    }

    needed = [*EXTRAS["reference"], *EXTRAS["conformance"]]
    declared = _names([*PROJECT["project"]["dependencies"], *needed]) - {"conzhu_sim"}
    assert imported == declared


@pytest.mark.parametrize(
    ("command", "module", "extra"),
    [
        (["demo"], "pyhanko", "reference"),
        (["conformance", "run"], "pytest", "conformance"),
        (["doctor", "target.yaml"], "pytest", "conformance"),
        (["scenario", "list"], "pytest", "conformance"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_command_says_which_extra_it_needs(
    command: list[str], module: str, extra: str, language: str
) -> None:
    program = f"import sys; sys.modules['{module}'] = None; from simulator.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "--lang", language, *command],
        capture_output=True,
        text=True,
        check=False,
    )

    needs = {"en": "packages that are not installed", "zh": "软件包尚未安装"}[language]
    assert (ended.returncode, ended.stdout) == (2, "")
    assert needs in ended.stderr
    assert f"pip install 'conzhu-sim[{extra}]'" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_reference_institution_says_it_in_both_languages() -> None:
    program = (
        "import runpy, sys; sys.modules['reportlab'] = None; "
        "runpy.run_module('reference_institution', run_name='__main__')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    english, chinese = ended.stderr.splitlines()
    assert ended.returncode == 1
    assert english.endswith("pip install 'conzhu-sim[reference]'")
    assert "软件包尚未安装" in chinese
