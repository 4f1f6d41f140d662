"""`make audit`: found vulnerabilities fail it; that nothing could be audited is said."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

AUDIT = Path(__file__).parents[1] / ".ci" / "audit.py"
RIGHT = {"name": "flask", "version": "3.1.0", "vulns": []}
WRONG = {"name": "old", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "conzhu-sim", "skip_reason": "distribution marked as editable"}


def audited(folder: Path, stdout: str = "", stderr: str = "", code: int = 0) -> tuple[int, str]:
    """Run the audit with a pip-audit that says this; return how it ended and what it said."""
    command = folder / "pip-audit"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nassert '--skip-editable' in sys.argv\n"
        f"sys.stdout.write({stdout!r})\nsys.stderr.write({stderr!r})\nsys.exit({code})\n"
    )
    command.chmod(0o755)
    return run(command)


def run(command: Path) -> tuple[int, str]:
    ended = subprocess.run(
        [sys.executable, AUDIT, command], capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def report(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_known_vulnerability_fails_it_and_is_named(tmp_path: Path) -> None:
    said = "Found 1 known vulnerability in 1 package\n"

    code, shown = audited(tmp_path, report(RIGHT, WRONG, SKIPPED), said, 1)

    assert code == 1
    assert shown.splitlines()[0] == "old 1.0: PYSEC-1"
    assert "3 packages audited, 1 with known vulnerabilities." in shown
    assert "1 个有已知漏洞" in shown


def test_without_any_it_passes(tmp_path: Path) -> None:
    code, shown = audited(tmp_path, report(RIGHT, SKIPPED), "No known vulnerabilities found\n")

    assert code == 0
    assert "2 packages audited, 0 with known vulnerabilities." in shown


@pytest.mark.parametrize(
    "stdout",
    ["", "[]", "null", '{"error": 1}', "<html>", '{"dependencies": null}', '{"dependencies": [1]}'],
)
@pytest.mark.parametrize("code", [0, 1, 2])
def test_data_that_cannot_be_reached_is_said(tmp_path: Path, stdout: str, code: int) -> None:
    stderr = "Traceback ...\nConnectionError: Max retries exceeded\n"

    ended, shown = audited(tmp_path, stdout, stderr, code)

    assert ended == 0
    [sentence] = shown.splitlines()
    assert "Nothing was audited: pip-audit could not reach its data (ConnectionError: " in sentence
    assert "未做检查" in sentence


def test_a_pip_audit_that_is_not_installed_is_said(tmp_path: Path) -> None:
    code, shown = run(tmp_path / "pip-audit")

    assert code == 0
    assert "Nothing was audited: install pip-audit" in shown
    assert "安装 pip-audit" in shown
