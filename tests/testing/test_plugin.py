"""The plugin in runs of pytest of its own: installed by entry point, harmless where unused."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from testing.running import Run, run_pytest

from simulator.testing import Server

pytestmark = pytest.mark.timeout(120)


def run(folder: Path, text: str, *options: str) -> Run:
    """Run one file of tests."""
    (folder / "test_it.py").write_text(text, "utf-8")
    return run_pytest(folder, *options)


def test_a_test_that_asks_for_no_platform_loads_none_of_it(tmp_path: Path) -> None:
    text = """
import sys

def test_nothing_is_loaded(pytestconfig):
    assert pytestconfig.pluginmanager.hasplugin("conzhu")
    loaded = {name for name in sys.modules if name.partition(".")[0] == "simulator"}
    assert loaded == {"simulator", "simulator.testing", "simulator.testing.plugin"}
    assert not {"flask", "requests", "sqlalchemy"} & set(sys.modules)
"""

    assert run(tmp_path, text, "-p", "no:pytest_flask").counts == {"passed": 1}


def test_serving_needs_no_pytest() -> None:
    code = (
        "import sys, simulator.app, simulator.cli.serve, simulator.cli.root; "
        "sys.exit(' '.join(name for name in sys.modules if 'pytest' in name) or None)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_marker_and_factory_choose_the_account(tmp_path: Path) -> None:
    text = """
import pytest

pytestmark = pytest.mark.conzhu(kind="guarantor", company="测试担保有限公司")

def test_by_default_of_the_module(conzhu_platform):
    assert conzhu_platform.letter.kind == "guarantor"
    assert conzhu_platform.letter.company == "测试担保有限公司"
    assert conzhu_platform.letter.key_bits == 2048

@pytest.mark.conzhu(kind="insurer", key_bits=1024, seed="7", switches={"strict_ack": True})
def test_by_its_own(conzhu_platform, conzhu_platform_factory):
    assert conzhu_platform.letter.kind == conzhu_platform.kind == "insurer"
    assert conzhu_platform.letter.key_bits == 1024
    assert conzhu_platform.get()["switches"]["strict_ack"] is True
    other = conzhu_platform_factory(kind="guarantor")
    assert other.letter.btc_id != conzhu_platform.letter.btc_id
    assert other.letter.platform.endswith("/api/guarantor/v1")
    assert conzhu_platform.get("clock")["mode"] == other.get("clock")["mode"] == "frozen"

def test_each_is_fresh(conzhu_platform, conzhu_server):
    assert conzhu_platform.journal() == []
    assert conzhu_platform.letter.platform.startswith(conzhu_server.url)
"""

    assert run(tmp_path, text).counts == {"passed": 3}


MISFITS = {
    'conzhu("guarantor")': "The marker conzhu takes names only",
    'conzhu(kind="bank")': "There are no accounts of kind 'bank'",
    "conzhu(key_bits=512)": "Keys have 1024 or 2048 bits",
    'conzhu(switches={"x": 1})': "There is no switch 'x'",
    "conzhu(kinds=1)": (
        "The marker conzhu has no option 'kinds'; did you mean kind? Its options are: kind, "
        "key_bits, company, seed, switches. 标记 conzhu 没有选项 'kinds'，是否应为 kind？"
    ),
    "conzhu(zzz=1)": "The marker conzhu has no option 'zzz'. Its options are: kind, ",
}


def test_a_marker_that_does_not_fit_is_named(tmp_path: Path) -> None:
    text = "import pytest\n" + "".join(
        f"\n@pytest.mark.{marker}\ndef test_{number}(conzhu_platform):\n    pass\n"
        for number, marker in enumerate(MISFITS)
    )

    ended = run(tmp_path, text)

    assert ended.counts == {"errors": len(MISFITS)}
    for complaint in MISFITS.values():
        assert complaint in ended.printed
    assert "Traceback" not in ended.printed
    assert "def " not in ended.printed


def test_a_refusal_shows_the_line_of_the_test_and_the_sentence_alone(tmp_path: Path) -> None:
    text = """
import pytest

@pytest.fixture
def order(conzhu_platform):
    return conzhu_platform.create_order("nix")

def test_it(conzhu_platform):
    conzhu_platform.fault("nix")  # here

def test_of_a_fixture(order):
    pass
"""

    ended = run(tmp_path, text)

    assert ended.counts == {"failed": 1, "error": 1}
    assert '>       conzhu_platform.fault("nix")  # here\n' in ended.printed
    assert '>       return conzhu_platform.create_order("nix")\n' in ended.printed
    assert re.search(r"^E +simulator.errors.SimulatorError: .*'nix'", ended.printed, re.M)
    assert re.search(r"^E +rule 不正确：'nix'", ended.printed, re.M)
    assert re.search(r"^test_it.py:9: SimulatorError$", ended.printed, re.M)
    assert re.search(r"^test_it.py:6: SimulatorError$", ended.printed, re.M)
    for own in ("client.py", "platform.py", "raise SimulatorError"):
        assert own not in ended.printed
    assert "client.py" in run(tmp_path, text, "--full-trace").printed


def test_a_defect_of_ours_keeps_its_traceback(tmp_path: Path) -> None:
    text = """
def test_it(conzhu_platform, monkeypatch):
    monkeypatch.setattr(conzhu_platform, "name", None)
    conzhu_platform.switch(strict_ack=True)
"""

    assert "client.py" in run(tmp_path, text).printed


def test_a_setting_that_is_no_number_is_named(tmp_path: Path) -> None:
    text = "def test_it(conzhu_platform):\n    pass\n"

    ended = run(tmp_path, text, "-o", "conzhu_patience=long")

    assert "conzhu_patience is a number of seconds (got 'long')" in ended.printed
    assert ended.code != 0


def test_a_failure_shows_what_happened_and_what_the_app_failed_with(tmp_path: Path) -> None:
    text = """
def app(environment, start_response):
    raise LookupError("no such table")

def test_it(conzhu_platform):
    conzhu_platform.connect(app, order_status="/status")
    notice = conzhu_platform.create_order().cancel()
    assert notice.acknowledged

def test_the_next_one_starts_anew(conzhu_platform):
    assert conzhu_platform.app_errors == []
    assert 0
"""

    ended = run(tmp_path, text, "-o", "conzhu_patience=0.1")

    first, second = ended.printed.split("test_the_next_one_starts_anew", 1)
    assert ended.counts == {"failed": 2}
    assert "where False = <push order_status about " in first
    assert "pending; HTTP 500: answer HTTP 200 with" in first
    assert "what happened 平台往来" in first
    assert "← insurer/2.2 " in first
    assert "errors of the app 应用异常" in first
    assert "POST /status\nTraceback (most recent call last):" in first
    assert "LookupError: no such table" in first
    assert "no such table" not in second
    assert "nothing 无" in second


def test_the_patience_is_a_setting_of_the_project(tmp_path: Path) -> None:
    text = """
import pytest
from simulator.testing import NoSuchCall

def test_it(conzhu_platform):
    with pytest.raises(NoSuchCall, match=r"within 0\\.1 s"):
        conzhu_platform.wait_for_call("insurer_push_guarantee")
"""

    assert run(tmp_path, text, "-o", "conzhu_patience=0.1").counts == {"passed": 1}


def test_each_worker_of_xdist_has_a_platform_of_its_own(tmp_path: Path) -> None:
    text = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(6))
def test_it(conzhu_platform, conzhu_server, number):
    order = conzhu_platform.create_order()
    assert conzhu_platform.get("orders") == [dict(order.record)]
    seen = pathlib.Path(__file__).with_name("seen") / os.environ["PYTEST_XDIST_WORKER"]
    with seen.open("a") as file:
        print(conzhu_server.url, file=file)
"""
    seen = tmp_path / "seen"
    seen.mkdir()

    ended = run(tmp_path, text, "-n", "2")

    assert ended.counts == {"passed": 6}, ended.printed
    urls = [set(file.read_text().split()) for file in seen.iterdir()]
    assert [len(each) for each in urls] == [1, 1]
    assert len(set.union(*urls)) == 2


def test_late_calls_of_an_ended_test_are_still_answered(tmp_path: Path) -> None:
    text = """
late = []

def test_one(conzhu_platform):
    late.append(conzhu_platform)

def test_two(conzhu_platform):
    [before] = late
    assert conzhu_platform.name != before.name
    assert before.get("clock")["mode"] == "frozen"
    assert before.create_order().state == "WAIT_TUNE_UP"
"""

    assert run(tmp_path, text).counts == {"passed": 2}


def test_accounts_of_ended_tests_do_not_pile_up() -> None:
    with Server() as server:
        for _ in range(8):
            server.open_platform(key_bits=1024).close()
        left = [account["name"] for account in server.control.get("accounts")]

        assert left == ["test-5", "test-6", "test-7", "test-8"]
        server.control.delete("accounts", "test-5")
        server.open_platform(key_bits=1024).close()
        with server.open_platform(kind="guarantor", seed="x") as platform:
            assert repr(platform) == "<platform, account test-10>"
            assert platform.kind == "guarantor"


def test_the_same_seed_gives_the_same_numbers() -> None:
    numbers = []
    for _ in range(2):
        with Server() as server, server.open_platform(seed="7") as platform:
            letter = platform.letter
            numbers.append((letter.api_key, letter.api_secret, platform.create_order().order_no))

    assert numbers[0] == numbers[1]


def test_names_are_given_when_they_are_asked_for() -> None:
    import simulator.testing

    for name in simulator.testing.__all__:
        assert getattr(simulator.testing, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Insurer'"):
        simulator.testing.Insurer  # noqa: B018
