"""`conzhu-sim push`, `journal` and `clock`."""

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from cli.command_line import Cli
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.cli.output.states import STATES, describe_clock
from simulator.cli.root import root
from simulator.clock import spoken
from simulator.operations import outgoing


@pytest.fixture
def push(platform: Platform, endpoint: Endpoint, order: dict[str, Any]) -> dict[str, Any]:
    """A push that failed once, and was acknowledged 15 seconds later."""
    endpoint.answers = [(500, b"oops"), (200, b'{"status":200}')]
    platform.post("orders", order["order_no"], "cancel", note="测试")
    platform.run()
    [made] = platform.pushes()
    return dict(platform.push(made["id"]))


def test_push_list(cli: Cli, push: dict[str, Any]) -> None:
    row = cli.text("push", "list", "--interface", "order_status").splitlines()[2]

    assert "insurer/2.2" in row
    assert "acknowledged" in row
    assert spoken(push["created_at"])[5:] in row
    assert len(cli.json("push", "list", "--about", push["about"], "--limit", "1")) == 1
    assert cli.text("push", "list", "--state", "exhausted") == "None.\n"
    assert cli.run("push", "list", "--limit", "0").exit_code == 2


def test_push_show_tells_each_attempt(cli: Cli, push: dict[str, Any]) -> None:
    text = cli.text("push", "show", str(push["id"]))

    first, second = (spoken(each["started_at"])[5:] for each in push["attempts"])
    [failed] = [line for line in text.splitlines() if "HTTP 500" in line]
    assert first in failed
    assert second in failed
    assert 'HTTP 500: answer HTTP 200 with {"status":200}.' in failed
    assert "acknowledged." in text
    assert "param" not in text
    assert cli.json("push", "show", str(push["id"])) == push
    assert "应返回 HTTP 200" in cli.text("push", "show", str(push["id"]), "--lang", "zh")
    assert "has no push 99" in cli.refused("push", "show", "99999999")


def test_push_show_in_full(cli: Cli, push: dict[str, Any], platform: Platform) -> None:
    text = cli.text("push", "show", str(push["id"]), "--full")

    sent = push["attempts"][0]["sent"]
    assert sent["param"] in text
    assert sent["base"] in text
    assert "[api_secret]" in text
    assert platform.letter()["api_secret"] not in text
    assert "order_status_old  WAIT_TUNE_UP" in text
    assert "HTTP     500" in text
    assert "body     oops" in text


def test_push_resend(cli: Cli, push: dict[str, Any], endpoint: Endpoint) -> None:
    text = cli.text("push", "resend", str(push["id"]))

    assert "acknowledged." in text
    assert "yes" in text
    assert len(cli.json("push", "resend", str(push["id"]))["attempts"]) == 4
    assert len(endpoint.posts) == 4


def test_journal_list(cli: Cli, push: dict[str, Any], institution: Institution) -> None:
    institution.post({"param": "x"})
    institution.call("insurer_get_guarantee_info", order_no="99")

    text = cli.text("journal", "list", "--direction", "push", "--interface", "order_status")
    assert [line.split()[3:7] for line in text.splitlines()[2:4]] == [
        ["push", "insurer/2.2", push["about"], status] for status in ("failed", "acknowledged")
    ]
    [found] = cli.json("journal", "list", "--status", "1101")
    assert found["about"] == "99"
    assert len(cli.json("journal", "list", "--about", push["about"], "--limit", "1")) == 1
    assert len(cli.json("journal", "list", "--text", "oops", "--about", push["about"])) == 1
    assert "推送" in cli.text("journal", "list", "--lang", "zh")
    statuses = {row["status"] for row in cli.json("journal", "list", "--all-accounts")}
    assert "1000" in statuses
    assert cli.text("journal", "list", "--status", "9").strip() == "None."


def test_journal_show(cli: Cli, push: dict[str, Any], platform: Platform) -> None:
    entry = platform.journal(direction="push")[0]

    text = cli.text("journal", "show", str(entry["id"]))

    assert "HTTP 500" in text
    assert "order_status_old  WAIT_TUNE_UP" in text
    assert "body          oops" in text
    assert cli.json("journal", "show", str(entry["id"])) == entry
    assert cli.refused("journal", "show", "99999999") == "The journal has no entry 99999999."


def test_journal_wait(cli: Cli, push: dict[str, Any], platform: Platform) -> None:
    found = cli.json("journal", "wait", "--status", "acknowledged", "--timeout", "5")

    assert [entry["about"] for entry in found] == [push["about"]]
    assert push["about"] in cli.text("journal", "wait", "--interface", "order_status")
    newest = str(platform.journal()[-1]["id"])
    assert cli.refused("journal", "wait", "--after", newest, "--timeout", "0.1") == (
        "No entry matched within 0.1 s."
    )


@contextmanager
def _following(
    cli: Cli, *arguments: str, ended_by: signal.Signals = signal.SIGINT
) -> Iterator[subprocess.Popen[str]]:
    """Run `journal follow` in a process of its own; it must end quietly by a signal.

    It inherits an ignored SIGINT, as everything does that a shell starts in the background.
    """
    environment = {
        **os.environ,
        "CONZHU_CONTROL": cli.control,
        "CONZHU_ACCOUNT": cli.account,
        "CONZHU_LANG": "en",
    }
    ignoring = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    program = f"{ignoring}from simulator.cli import main\nmain()"
    with subprocess.Popen(
        [sys.executable, "-c", program, "journal", "follow", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
            process.send_signal(ended_by)
            assert process.wait(10) == 128 + ended_by
            assert process.stderr is not None
            assert process.stderr.read() == ""
        finally:
            process.kill()


@contextmanager
def _calls_again_and_again(institution: Institution) -> Iterator[None]:
    # When `follow` has begun to look cannot be seen from outside, so there is always news.
    over = threading.Event()

    def call() -> None:
        while not over.wait(0.1):
            institution.call("insurer_get_guarantee_info", order_no="99")

    thread = threading.Thread(target=call)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("which", [(), ("--all-accounts",)])
def test_journal_follow(cli: Cli, institution: Institution, which: tuple[str, ...]) -> None:
    with (
        _calls_again_and_again(institution),
        _following(cli, "--interface", "insurer/2.3", *which) as process,
    ):
        assert process.stdout is not None
        said = process.stdout.readline()
        line = process.stdout.readline()

    assert said == "Waiting for exchanges… (Ctrl-C stops)\n"
    assert "  call  insurer/2.3  99  1101  There is no order 99." in line


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM])
def test_journal_follow_as_json(
    cli: Cli, institution: Institution, ended_by: signal.Signals
) -> None:
    following = _following(cli, "--json", ended_by=ended_by)
    with _calls_again_and_again(institution), following as process:
        assert process.stdout is not None
        first, second = (json.loads(process.stdout.readline()) for _ in range(2))

    assert second["id"] > first["id"]


def test_clock(cli: Cli, platform: Platform) -> None:
    assert cli.json("clock", "show")["mode"] == "frozen"
    assert "frozen" in cli.text("clock", "show")
    assert "running" in cli.text("clock", "resume")
    assert cli.json("clock", "freeze")["clock"]["mode"] == "frozen"
    assert "冻结" in cli.text("clock", "freeze", "--lang", "zh")
    assert "Nothing was due." in cli.text("clock", "advance", "1")


@pytest.mark.parametrize(
    ("written", "seconds"), [("90", 90), ("1.5s", 1.5), ("30m", 1800), ("2h", 7200), ("1d", 86400)]
)
def test_clock_advance(cli: Cli, written: str, seconds: float) -> None:
    walked = cli.json("clock", "advance", written)

    assert walked["to"] - walked["from"] == pytest.approx(seconds)


@pytest.mark.parametrize("written", ["soon", "1w", "nan", "１５", "99999999999"])
def test_a_wrong_time_is_told_in_a_sentence(cli: Cli, written: str) -> None:
    assert "30m, 2h, 3h05m or 1d" in cli.refused("clock", "advance", written)


def test_clock_run_tells_the_walk(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    endpoint.answers = [(500, b"oops"), (200, b"<html>"), (200, b'{"status":200}')]
    platform.post("orders", order["order_no"], "cancel")
    start = platform.get("clock")["now"]

    first = cli.text("clock", "next").splitlines()[-1]
    *others, last = cli.text("clock", "run").splitlines()

    assert "+0 s" in first
    assert "HTTP 500" in first
    assert ["+15 s" in others[0], "+30 s" in others[1]] == [True, True]
    assert spoken(start + 30)[5:] in others[1]
    assert "acknowledged." in others[1]
    assert last == f"Nothing more is due; it is {spoken(start + 30)}."
    assert cli.refused("clock", "next") == "Nothing is due: no push is waiting."
    assert cli.json("clock", "run")["attempts"] == []
    assert cli.text("clock", "run") == "Nothing is due: no push is waiting.\n"
    assert "没有等待" in cli.text("clock", "run", "--lang", "zh")


def test_clock_run_prints_each_attempt_as_it_is_made(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    posts_when_said: list[int] = []
    endpoint.answers = [(500, b""), (500, b""), (200, b'{"status":200}')]
    platform.post("orders", order["order_no"], "cancel")

    class Watched(io.StringIO):
        def write(self, text: str) -> int:
            if "attempt " in text:
                posts_when_said.append(len(endpoint.posts))
            return super().write(text)

    with contextlib.redirect_stdout(Watched()):
        root.main(
            ["--control", cli.control, "-a", cli.account, "--lang", "en", "clock", "run"],
            standalone_mode=False,
        )

    assert posts_when_said == [1, 2, 3]


def test_clock_run_as_json_is_one_object(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    endpoint.answers = [(500, b""), (200, b'{"status":200}')]
    platform.post("orders", order["order_no"], "cancel")

    walked = cli.json("clock", "run")

    assert set(walked) == {"clock", "attempts", "from", "to"}
    assert [each["attempt"] for each in walked["attempts"]] == [1, 2]
    assert walked["to"] - walked["from"] == pytest.approx(15)


def test_offsets_count_from_the_first_attempt_of_each_push(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    endpoint.answers = [(500, b""), (500, b""), (200, b'{"status":200}')]
    platform.post("orders", order["order_no"], "cancel")

    offsets = [re.findall(r"\+\d+ s", cli.text("clock", "next")) for _ in range(3)]

    assert offsets == [["+0 s"], ["+15 s"], ["+30 s"]]


@pytest.mark.parametrize(
    ("clock", "en", "zh"),
    [
        ({"mode": "real"}, "running, real time", "运行，与实际时间一致"),
        ({"mode": "real", "ahead": 0.2}, "running, real time", "运行，与实际时间一致"),
        (
            {"mode": "real", "ahead": 10_980.0},
            "running, 3 h 3 min ahead of the wall clock",
            "运行，比实际时间快 3 小时 3 分",
        ),
        ({"mode": "real", "ahead": 86_400}, "running, 1 d ahead of the wall clock", "快 1 天"),
        (
            {"mode": "real", "ahead": -61},
            "running, 1 min 1 s behind the wall clock",
            "慢 1 分 1 秒",
        ),
        ({"mode": "frozen", "ahead": None}, "frozen", "冻结"),
    ],
)
def test_a_clock_tells_how_far_ahead_it_is(clock: dict[str, Any], en: str, zh: str) -> None:
    assert describe_clock(clock)["en"] == en
    assert describe_clock(clock)["zh"].endswith(zh)


def test_clock_and_account_show_how_far_ahead_the_clock_is(cli: Cli, platform: Platform) -> None:
    platform.advance(10_980)
    platform.post("clock", action="resume")

    for show in (("clock", "show"), ("account", "show", cli.account)):
        assert re.search(r"running, 3 h 2 min|running, 3 h 3 min", cli.text(*show)), show
        assert "比实际时间快 3 小时" in cli.text(*show, "--lang", "zh")


def test_a_negative_time_reaches_the_server(cli: Cli) -> None:
    sentence = cli.refused("clock", "advance", "-5")

    assert "-5" in sentence
    assert "30m, 2h" not in sentence
    assert cli.refused("clock", "advance", "-2h", "-a", cli.account).count("-7200") == 1


def test_journal_list_says_where_the_rest_is(cli: Cli, push: dict[str, Any]) -> None:
    footer = "`journal show ID` has all of it, the base string too."
    listed = ("journal", "list", "--interface", "order_status")

    assert cli.text(*listed).splitlines()[-1] == footer
    assert cli.text(*listed, "--lang", "zh").splitlines()[-1].startswith("`journal show ID` 可查看")
    assert footer not in cli.text("journal", "list", "--status", "9")
    assert isinstance(cli.json(*listed), list)


def test_outcomes_have_their_chinese_words(cli: Cli, push: dict[str, Any]) -> None:
    zh = ("--lang", "zh")

    assert "已确认 acknowledged" in cli.text("push", "list", *zh)
    shown = cli.text("push", "show", str(push["id"]), *zh)
    assert "失败 failed" in shown
    assert "已确认 acknowledged" in shown
    listed = cli.text("journal", "list", *zh)
    assert "失败 failed" in listed
    assert "已确认 acknowledged" in listed


def test_every_state_has_a_chinese_word() -> None:
    states = {
        value for name, value in vars(outgoing).items() if name.isupper() and isinstance(value, str)
    }

    assert states | {"failed", "interrupted", "offered"} <= set(STATES)


def test_the_time_of_a_call_of_nobodys_is_the_wall_clocks(
    cli: Cli, institution: Institution
) -> None:
    institution.post({"param": "nobody"})
    entry = cli.json("journal", "list", "--all-accounts", "--status", "1000")[-1]

    assert entry["at"] is None
    assert abs(entry["wall"] - time.time()) < 60
    assert spoken(entry["wall"])[5:] in cli.text("journal", "show", str(entry["id"]))


def test_journal_list_shows_a_call_that_belongs_to_no_account(
    cli: Cli, institution: Institution
) -> None:
    institution.post({"param": "AAAA", "access_token": "nobody's"})

    entries = cli.json("journal", "list", "--status", "1006", "--limit", "1000")

    assert any(entry["btc_id"] is None for entry in entries)


def test_journal_show_finds_an_entry_by_its_number(cli: Cli, institution: Institution) -> None:
    institution.call("insurer_get_branch_insurers", insurer_name="某某")
    [entry] = cli.json("journal", "list", "--limit", "1")

    assert cli.json("journal", "show", str(entry["id"])) == entry
    assert "no entry 999999999" in cli.refused("journal", "show", "999999999")
