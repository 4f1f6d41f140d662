"""`conzhu-sim scenario`, as a person and a CI job use it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from conformance.house import House, run
from support.lived import Lived

pytestmark = pytest.mark.timeout(120)
Write = Callable[[str], Path]
_READ = "steps:\n  - act: principal.apply\n  - act: principal.open\n"


def test_the_list_and_the_steps_are_shown() -> None:
    listed = json.loads(run("scenario", "list", "insurer", "--json").out)
    shown = run("scenario", "show", "insurer/outage")
    chinese = run("scenario", "list", "insurer", CONZHU_LANG="zh")

    assert {row["kind"] for row in listed} == {"insurer"}
    assert next(row for row in listed if row["name"] == "insurer/outage")["plays"] == 4
    assert "act principal.cancel" in shown.out
    assert "'away': '3h05m'" in shown.out
    assert "正常流程" in chinese.out
    assert (shown.code, shown.err) == (0, "")


def test_a_run_writes_its_reports_and_ends_with_0(target: House, tmp_path: Path) -> None:
    junit, page = tmp_path / "out" / "junit.xml", tmp_path / "out" / "report.html"

    ended = run(
        *("scenario", "run", "insurer/lost-acknowledgements", "--seed", "seven"),
        *("--target", str(target.target()), "--junit", str(junit), "--html", str(page)),
    )

    assert (ended.code, ended.err) == (0, "")
    assert "seed seven." in ended.out
    assert "3/3" in ended.out
    assert ended.out.rstrip().endswith("3 scenarios went as expected.")
    [suite] = ElementTree.parse(junit).getroot()
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("insurer", "3", "0")
    text = page.read_text("utf-8")
    assert "lost=9,made=10" in text
    assert "3 个场景与预期一致。" in text
    assert "http://" not in text.replace("http://127.0.0.1", "")
    for secret in ("测试丙", "13800000"):
        assert secret not in text


def test_a_failure_ends_with_1_and_tells_file_line_and_what_came(
    target: House, write: Write, tmp_path: Path
) -> None:
    file = write(_READ + "  - act: institution.offer\n  - expect: {state: WAIT_OFFER}\n")
    junit = tmp_path / "junit.xml"

    ended = run(
        "scenario", "run", str(file), "--target", str(target.target()), "--junit", str(junit)
    )

    assert ended.code == 1
    assert f"{file}:7: the order " in ended.out
    assert "it is WAIT_PAY, not WAIT_OFFER" in ended.out
    assert "again: conzhu-sim scenario run" in ended.out
    assert "!! the order" in ended.out
    [case] = ElementTree.parse(junit).getroot().iter("testcase")
    failure = case.find("failure")
    assert failure is not None
    assert str(failure.get("message")).startswith(f"{file}:7: the order ")
    assert "institution → platform: insurer_apply_guarantee_result" in str(failure.text)


def test_json_has_the_whole_report(target: House, write: Write) -> None:
    file = write(_READ + "  - act: principal.cancel\n  - push: order_status\n")

    ended = run("scenario", "run", str(file), "--target", str(target.target()), "--json")
    report: dict[str, Any] = json.loads(ended.out)

    assert (ended.code, report["exit_code"]) == (0, 0)
    [play] = report["plays"]
    assert play["outcome"] == "passed"
    pushes = [line for line in play["timeline"] if line["what"] == "push"]
    assert [line["interface"] for line in pushes] == ["insurer/2.1", "insurer/2.2"]
    assert pushes[1]["sent"]["order_status"] == "CANCEL"
    assert pushes[1]["answer"] == {"status": 200}
    assert report["run"]["command"].endswith(f"--seed {report['run']['seed']}")


def test_a_wrong_file_ends_with_2_before_anything_is_started(write: Write) -> None:
    file = write("steps:\n  - act: principal.aply\n")

    ended = run("scenario", "run", str(file), "--target", os.devnull)

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"{file}:4: there is no act 'principal.aply'")


def test_every_mistake_of_a_file_is_told_in_a_line_of_its_own(write: Write) -> None:
    file = write(_READ + "  - push: order_statuz\n  - act: institution.ofer\n")

    ended = run("scenario", "run", str(file))
    chinese = run("scenario", "show", str(file), CONZHU_LANG="zh")

    assert (ended.code, ended.out) == (2, "")
    assert [line.partition(": ")[0] for line in ended.err.splitlines()] == [
        f"{file}:6",
        f"{file}:7",
    ]
    assert "是否应为 institution.offer" in chinese.err


def test_a_file_that_is_not_there_is_told_in_one_line() -> None:
    ended = run("scenario", "run", "nowhere.yaml")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        "There is no scenario, file or folder 'nowhere.yaml': `conzhu-sim scenario list` shows "
        "all shipped ones.\n"
    )


def test_a_target_of_the_other_kind_ends_with_2(target: House) -> None:
    ended = run("scenario", "run", "guarantor", "--target", str(target.target()))

    assert ended.code == 2
    assert "of the kind insurer" in ended.err


def test_files_of_the_other_kind_are_left_out_and_counted(target: House, tmp_path: Path) -> None:
    for kind in ("insurer", "guarantor"):
        text = yaml.safe_dump(
            {
                "kind": kind,
                "purpose": {"en": "One.", "zh": "一。"},
                "steps": [{"act": "principal.apply"}],
            }
        )
        (tmp_path / "mixed").mkdir(exist_ok=True)
        (tmp_path / "mixed" / f"{kind}.yaml").write_text(text, "utf-8")

    ended = run("scenario", "run", str(tmp_path / "mixed"), "--target", str(target.target()))

    assert ended.code == 0
    assert "Left out, of the other kind of institution: 1 file." in ended.out


def test_a_target_that_is_not_there_ends_with_4(target: House, write: Write) -> None:
    file = write(_READ)
    # Nothing listens at the port of `discard`.
    gone = dict.fromkeys(target.document()["endpoints"], "http://127.0.0.1:9/gone")
    path = target.target(endpoints=gone)

    ended = run("scenario", "run", str(file), "--target", str(path))

    assert ended.code == 4
    assert "accepts no connections" in ended.out


def test_a_running_simulator_is_recorded(
    lived: Lived, control: Any, tmp_path: Path, target: House
) -> None:
    order_no = lived.platform.create_order()["order_no"]
    lived.platform.post("orders", order_no, "open")
    assert lived.act("offer", order_no=order_no, price="500.00") == 200
    place = tmp_path / "recorded.yaml"

    made = run(
        *("--control", control.url, "scenario", "record", "--out", str(place)),
        *("--account", lived.platform.name),
    )
    again = run("scenario", "run", str(place), "--target", str(target.target()))

    assert (made.code, made.err) == (0, "")
    assert "exchanges became" in made.out
    assert "act: institution.offer" in place.read_text("utf-8")
    assert again.code == 0, again.out


def test_a_recording_writes_over_a_file_only_where_that_is_asked_for(
    lived: Lived, control: Any, tmp_path: Path
) -> None:
    lived.platform.create_order()
    place = tmp_path / "recorded.yaml"
    place.write_text("# mine\n", "utf-8")
    record = ("scenario", "record", "--out", str(place), "--account", lived.platform.name)

    # Nothing is asked of the simulator: none runs at this address.
    kept = run("--control", "http://127.0.0.1:9", *record)
    chinese = run("--control", "http://127.0.0.1:9", *record, CONZHU_LANG="zh")

    assert (kept.code, kept.out) == (1, "")
    assert kept.err.startswith(f"There is a file {place} already: give another --out, or --force")
    assert "已存在" in chinese.err
    assert place.read_text("utf-8") == "# mine\n"

    assert run("--control", control.url, *record, "--force").code == 0
    assert "principal.apply" in place.read_text("utf-8")
