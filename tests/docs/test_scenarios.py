"""docs/scenarios.md, executed: its files are written, its commands run, its outputs looked for.

Every fenced ```yaml block is written to the file that its first line names. Every ```sh block runs
in one folder with them, against a simulator on which an order was just cancelled. The
lines of an ```expect block must appear in the output of the ```sh block before it, in this order.
"""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.platform import Platform

from simulator.driver import ControlClient

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = _BLOCK.findall(PAGE.read_text("utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the page's files, and `conzhu-sim` in its path."""
    for language, text in BLOCKS:
        if language == "yaml":
            name = text.splitlines()[0].removeprefix("# ")
            assert re.fullmatch(r"[a-z]+\.yaml", name), "a file begins with its name"
            (tmp_path / name).write_text(text, "utf-8")
    command = tmp_path / "bin" / "conzhu-sim"
    command.parent.mkdir()
    program = "from simulator.cli import main; main()"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{program}" "$@"\n', "utf-8")
    command.chmod(0o755)
    return tmp_path


def _happen(platform: Platform) -> None:
    order_no = platform.create_order()["order_no"]
    platform.post("orders", order_no, "cancel", note="项目终止")


@pytest.mark.timeout(300)
def test_the_page_does_what_it_says(
    folder: Path, control: ControlClient, platform: Platform
) -> None:
    _happen(platform)
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PAGE.parents[1]),
        "CONZHU_LANG": "en",
        "CONZHU_CONTROL": control.url,
        "CONZHU_ACCOUNT": platform.name,
    }
    printed = ""
    for language, text in BLOCKS:
        if language == "sh":
            ended = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text],
                cwd=folder,
                env=environment,
                capture_output=True,
                check=False,
            )
            printed = (ended.stdout + ended.stderr).decode()
            assert ended.returncode == 0, printed
        elif language == "expect":
            at = 0
            for line in text.splitlines():
                found = printed.find(line, at)
                assert found >= 0, f"{line!r} is not printed:\n{printed}"
                at = found + len(line)


def test_every_expectation_belongs_to_a_command() -> None:
    languages = [language for language, _ in BLOCKS]
    assert languages.count("sh") >= 5
    for before, language in itertools.pairwise(languages):
        assert language != "expect" or before == "sh"
