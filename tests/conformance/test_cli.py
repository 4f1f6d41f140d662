"""`conzhu-sim conformance`: its exit codes, what it prints, and that it works outside of here."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from conformance.house import House, house, python, run, run_checks
from conformance.proving import ROOT, target_of

from conformance_tests.suite.target.file import load
from simulator import paths
from simulator.cli.output.render import width

#: A check that is quick and that the house passes.
VALID = "insurer/2.2/encryption/valid"
_INSURERS = paths.fixtures() / "targets" / "reference-insurer.yaml"
#: The suite with its own fault: it cannot send.
BROKEN_SUITE = """
from conformance_tests.suite.platform.insurer import Platform
def send(self, notice): raise RuntimeError("the harness broke")
Platform.send = send
from simulator.cli import main
main()
"""


def _conformance(*words: str, folder: Path) -> list[str]:
    return ["conformance", "run", *words, "--report", str(folder / "report")]


def test_a_target_that_conforms_ends_with_0(small: House, tmp_path: Path) -> None:
    words = _conformance(str(small.target()), "--check", VALID, folder=tmp_path)

    ended = run(*words, folder=tmp_path)

    assert (ended.code, ended.err) == (0, "")
    assert "Testing the house clause by clause" in ended.out
    assert re.search(r"^Sign and seal +1/1", ended.out, re.MULTILINE)
    assert "The target conforms, by 1 check that judged it." in ended.out
    assert "Report: report/report.html" in ended.out
    assert "====" not in ended.out, "pytest's own noise"
    assert sorted(each.name for each in (tmp_path / "report").iterdir()) == [
        "junit.xml",
        "report.html",
        "report.json",
    ]
    assert not (tmp_path / ".pytest_cache").exists()


def test_a_target_that_does_not_ends_with_1_and_says_what_to_change(tmp_path: Path) -> None:
    def front(app: Any) -> Any:
        def answer(environ: Any, start_response: Any) -> Any:
            if environ["PATH_INFO"] != "/order-status":
                return app(environ, start_response)
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b'{"code":"ok"}']

        return answer

    with house(tmp_path, front=front) as opened:
        target = str(opened.target())
        first = run(*_conformance(target, "--check", VALID, folder=tmp_path), folder=tmp_path)
        assert first.code == 1
        assert f"check   {VALID}" in first.out
        assert "came    " in first.out
        assert "→ " in first.out
        assert "验签" in first.out, "the clause in Chinese"
        repeat = re.search(r"repeat +((?:.*\\\n)*.+)", first.out)
        assert repeat
        program, *words = shlex.split(repeat[1].replace("\\\n", " "))
        again = run(*words, "--report", str(tmp_path / "again"), folder=tmp_path)
        chinese = run("--lang", "zh", *words, "--report", str(tmp_path / "zh"), folder=tmp_path)

    assert program.endswith("conzhu-sim")
    assert again.code == 1
    report = json.loads((tmp_path / "again" / "report.json").read_text("utf-8"))
    assert [each["id"] for each in report["findings"]] == [VALID], "exactly this check"
    assert "目标不符合要求：1 个检查项失败。" in chinese.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["no-such.yaml"], "cannot be read"),
        (["reference", "--baseline", "no-such.yaml"], "cannot be read"),
        (["reference", "--certify", "--quick"], "leave --quick out"),
        (["reference", "--check", "insurer/9.9"], "there is no check insurer/9.9"),
        (["reference", "--check", "guarantor/2.1"], "Those of this target begin with insurer/"),
        (["reference", "--no-such-option"], "No such option"),
        ([str(_INSURERS), "--kind", "guarantor"], "of kind insurer, not guarantor"),
    ],
)
def test_what_is_asked_for_wrongly_ends_with_2(words: list[str], said: str, tmp_path: Path) -> None:
    ended = run(*_conformance(*words, folder=tmp_path), folder=tmp_path)

    assert ended.code == 2
    assert said in ended.out + ended.err
    assert "Traceback" not in ended.out + ended.err


def test_a_wrong_check_names_near_ones_and_leaves_the_last_report(
    small: House, tmp_path: Path
) -> None:
    target, report = str(small.target()), tmp_path / "report" / "report.json"
    run(*_conformance(target, "--check", VALID, folder=tmp_path), folder=tmp_path)
    before = {each.name: each.read_bytes() for each in report.parent.iterdir()}
    known = tmp_path / "baseline.yaml"
    known.write_text(
        "known_failures:\n  - {check: insurer/2.2/no-such, reason: later, owner: me, "
        "expires: 2020-01-01}\n",
        "utf-8",
    )
    wrong = ["--check", "insurer/2.2/encryption/valit", "--baseline", str(known)]

    ended = run(*_conformance(target, *wrong, folder=tmp_path), folder=tmp_path)

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "there is no check insurer/2.2/encryption/valit" in ended.err
    assert VALID in ended.err
    for not_said in ("report.html", "baseline", "expired"):
        assert not_said not in ended.out + ended.err
    assert {each.name: each.read_bytes() for each in report.parent.iterdir()} == before


def test_plain_pytest_leaves_the_last_report_too(small: House, tmp_path: Path) -> None:
    source = """
@check("insurer/2.2/2", "passes", zh="通过", fix=FIX)
def test_that_passes(scene):
    pass
"""

    ended = run_checks(small.target(), tmp_path, source, "--check=insurer/2.2/2/pases")

    assert ended.code == 2
    assert "insurer/2.2/2/passes" in ended.out + ended.err
    assert "report.html" not in ended.out
    assert not (tmp_path / "report").exists()


def test_several_processes_for_one_target_end_with_2(small: House, tmp_path: Path) -> None:
    ended = run(*_conformance(str(small.target()), "-n", "2", folder=tmp_path), folder=tmp_path)

    assert ended.code == 2
    assert "one target has one account" in ended.err


def test_the_suites_own_error_ends_with_3(small: House, tmp_path: Path) -> None:
    words = _conformance(str(small.target()), "--check", VALID, folder=tmp_path)

    ended = python(BROKEN_SUITE, *words, folder=tmp_path)

    assert ended.code == 3
    assert "The suite itself failed in 1 check (" in ended.out
    assert "the harness broke" in ended.out


def test_a_target_that_is_not_there_ends_with_4(tmp_path: Path) -> None:
    with house(tmp_path) as opened:
        target = opened.target()

    ended = run(*_conformance(str(target), folder=tmp_path), folder=tmp_path)

    assert ended.code == 4
    assert ended.out.count("accepts no connections") == 1, "once, not for every check"


def test_a_run_that_is_terminated_stops_its_target_and_says_so(tmp_path: Path) -> None:
    target = target_of(tmp_path, ["reference_institution"])
    words = ["-c", "from simulator.cli import main; main()"]
    words += _conformance(str(target), "-n", "1", folder=tmp_path)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "printed.txt").open("wb") as printed:
        process = subprocess.Popen([sys.executable, *words], env=environment, stdout=printed)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (started := children.read_text().split()) and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)

    assert code == 130
    assert started
    end = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in started):
        assert time.monotonic() < end, "what the run started goes on"
        time.sleep(0.05)
    report = json.loads((tmp_path / "report" / "report.json").read_text("utf-8"))
    assert (report["conforms"], report["exit_code"]) == (False, 130)


def test_json_is_the_report_and_nothing_else(small: House, tmp_path: Path) -> None:
    words = _conformance(str(small.target()), "--check", VALID, "--json", folder=tmp_path)

    report = json.loads(run(*words, folder=tmp_path).out)

    assert report["exit_code"] == 0
    assert report == json.loads((tmp_path / "report" / "report.json").read_text("utf-8"))


def test_the_list_has_every_check_with_its_clause() -> None:
    listed = json.loads(run("conformance", "list", "--json").out)

    by_id = {each["id"]: each for each in listed}
    assert len(by_id) == len(listed) > 100
    assert by_id[VALID]["level"] == "MUST"
    assert "验签" in by_id[VALID]["quote"]
    assert set(by_id[VALID]["title"]) == {"en", "zh"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_list_is_a_line_for_each_check_that_fits_120_columns(lang: str) -> None:
    *lines, empty, last = run("--lang", lang, "conformance", "list").out.splitlines()

    ids = [line.split()[0] for line in lines]
    assert len(set(ids)) == len(ids) > 100
    assert max(map(width, lines)) <= 120
    assert (empty, re.findall(r"\d+", last)) == ("", [str(len(ids))])


def test_the_list_is_shorter_below_a_section_and_for_quick_checks() -> None:
    def listed(*words: str) -> set[str]:
        return {each["id"] for each in json.loads(run("conformance", "list", *words, "--json").out)}

    below, quick = listed("insurer/2.8"), listed("--quick")
    assert below
    assert all(each.startswith("insurer/2.8/") for each in below)
    assert VALID in quick
    assert listed("insurer/2.8", "--quick") == below & quick
    assert listed("insurer/2.2/encryption/valid") == {VALID}


def test_a_list_of_nothing_names_what_may_have_been_meant() -> None:
    ended = run("conformance", "list", "insurer/2.2/encryption/valit")

    assert (ended.code, ended.out) == (2, "")
    assert VALID in ended.err


def test_quick_takes_the_reference_in_seconds_and_two_workers_agree(tmp_path: Path) -> None:
    target = target_of(tmp_path, ["reference_institution"], patience=5)
    options = _conformance(str(target), "--quick", "-n", "2", folder=tmp_path)

    ended = run(*options, folder=tmp_path, PYTHONPATH=str(ROOT))

    report = json.loads((tmp_path / "report" / "report.json").read_text("utf-8"))
    assert ended.code == 0, ended.out
    assert report["run"]["mode"] == "quick"
    assert report["counts"]["passed"] == len(report["findings"]) == report["run"]["selected"] > 10


def test_it_works_from_where_it_is_installed(small: House, tmp_path: Path) -> None:
    """As the wheel lays it out, with nothing of the checkout beside it, in a folder of tests."""
    site, folder = tmp_path / "site", tmp_path / "elsewhere"
    for package in ("simulator", "reference_institution", "conformance_tests"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, site / package, ignore=ignored)
    for data in ("schemas", "fixtures"):
        shutil.copytree(ROOT / data, site / "simulator" / data)
    folder.mkdir()
    (folder / "conftest.py").write_text("raise RuntimeError('not ours')", "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")

    program = (
        "import conformance_tests, simulator.cli\n"
        f"assert conformance_tests.__file__.startswith({str(site)!r})\n"
        "simulator.cli.main()"
    )
    words = _conformance(str(small.target()), "--check", VALID, folder=tmp_path)
    environment = {"PYTHONPATH": str(site), "PYTEST_ADDOPTS": "--no-such-option"}

    ended = python(program, *words, folder=folder, **environment)

    assert (ended.code, ended.err) == (0, "")
    assert sorted(each.name for each in folder.iterdir()) == ["conftest.py", "pytest.ini"]


@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
def test_the_example_target_is_valid_and_declares_all_there_is(kind: str) -> None:
    example = load(str(ROOT / "examples" / f"target-{kind}.yaml"))
    reference = load("reference", kind)

    assert example.kind == kind
    assert set(example.endpoints) == set(reference.endpoints)
    assert set(example.actions) == set(reference.actions)
    assert set(example.probes) == set(reference.probes)
    text = example.path.read_text("utf-8")
    assert text.startswith("# yaml-language-server: $schema=../schemas/target.schema.json\n")


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_the_ci_examples_are_yaml_with_commands_that_there_are(name: str) -> None:
    text = (ROOT / "examples" / "ci" / name).read_text("utf-8")
    said = json.dumps(yaml.safe_load(text))

    assert "conzhu-sim doctor conformance/target.yaml --public-url" in said
    options = set(re.findall(r"(--[a-z-]+)", said[said.index("conzhu-sim conformance run") :]))
    ours = {"--public-url", "--baseline", "--report", "--markdown"}
    assert options <= {*ours, "--detach", "--wait", "--fail", "--header", "--data-urlencode"}
