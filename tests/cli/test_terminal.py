"""What all commands share: global options, languages, errors, streams that are not UTF-8."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cli.command_line import Cli
from click.testing import CliRunner
from support.platform import Platform

from simulator.cli.output.terminal import Terminal, language
from simulator.cli.root import root
from simulator.errors import Text


def test_json_is_accepted_before_and_after_the_command(cli: Cli, platform: Platform) -> None:
    order = platform.create_order()

    before = json.loads(cli.text("--json", "order", "list"))
    after = json.loads(cli.text("order", "list", "--json"))

    assert before == after == [platform.order(order["order_no"])]


def test_the_account_is_the_option_or_else_the_environments(cli: Cli, platform: Platform) -> None:
    platform.create_order()

    assert len(cli.json("order", "list")) == 1
    assert len(cli.json("order", "list", "-a", platform.name)) == 1
    assert len(json.loads(cli.text("-a", platform.name, "--json", "order", "list"))) == 1
    assert "There is no account 'nix'" in cli.refused("order", "list", "--account", "nix")


def test_the_simulator_is_the_options(cli: Cli, offline: Cli) -> None:
    assert "No simulator answers at http://127.0.0.1:9" in offline.refused("account", "list")
    offline.text("--control", cli.control, "account", "list")
    offline.text("account", "list", "--control", cli.control)


@pytest.mark.parametrize("address", ["nonsense", "http://127.0.0.1:99999", "http://[::1"])
def test_an_address_that_is_none_is_told_in_a_sentence(cli: Cli, address: str) -> None:
    assert address in cli.refused("--control", address, "order", "list")


@pytest.fixture
def stranger() -> Iterator[str]:
    """A web server that is no simulator, but answers with JSON."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"hello": "world"}')

        def log_message(self, *_arguments: object) -> None:
            """Keep the tests' output quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_an_answer_that_is_not_understood_is_no_stack_trace(cli: Cli, stranger: str) -> None:
    sentence = cli.refused("--control", stranger, "account", "list")

    assert sentence.startswith("conzhu-sim itself failed (")


@pytest.mark.parametrize(
    "arguments", [("--lang", "zh", "order", "list"), ("order", "list", "--lang", "zh")]
)
def test_messages_are_chinese_where_that_is_chosen(
    cli: Cli, platform: Platform, arguments: tuple[str, ...]
) -> None:
    assert cli.text(*arguments) == "无。\n"
    order = platform.create_order()
    heading, _, row = cli.text(*arguments).splitlines()
    assert heading.split()[:3] == ["订单号", "状态", "投保人"]
    assert order["order_no"] in row


def test_errors_are_chinese_where_that_is_chosen(cli: Cli, offline: Cli) -> None:
    assert cli.refused("--lang", "zh", "order", "show", "99") == f"账户 {cli.account} 没有订单 99。"
    assert "上没有模拟器应答" in offline.refused("order", "list", "--lang", "zh")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_language_follows_the_locale(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


def test_a_usage_error_keeps_its_own_exit_code(cli: Cli) -> None:
    assert cli.run("order", "show").exit_code == 2
    assert cli.run("clock", "advance", "1", "--nix").exit_code == 2


def test_nothing_that_moves_a_cursor_reaches_the_screen(cli: Cli, platform: Platform) -> None:
    order = platform.create_order(principal="\x1b[2J\u202e恶意\x07")

    text = cli.text("order", "show", order["order_no"])

    assert "\\u001b[2J\\u202e恶意\\u0007" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text + cli.text("order", "list"))


@pytest.mark.parametrize("charset", ["ascii", "latin-1", "gbk", "utf-8"])
def test_output_fits_the_streams_encoding(cli: Cli, platform: Platform, charset: str) -> None:
    order = platform.create_order(principal="龘鿕公司")
    extra = {"charset": charset}

    table = cli.run("order", "list", **extra)
    document = cli.run("order", "list", "--json", **extra)
    error = cli.run("--lang", "zh", "order", "show", "99", **extra)
    helped = cli.run("order", "--help", **extra)

    assert [r.exit_code for r in (table, document, error, helped)] == [0, 0, 1, 0]
    assert order["order_no"] in table.stdout_bytes.decode(charset)
    [read] = json.loads(document.stdout_bytes.decode(charset))
    assert read["principal"] == "龘鿕公司"
    assert "99" in error.stderr_bytes.decode(charset)


def test_a_table_is_not_folded_where_no_screen_sets_the_width(cli: Cli, platform: Platform) -> None:
    url = "http://127.0.0.1:9/" + "x" * 500
    platform.change(endpoints={"claim": url})

    assert url in cli.text("account", "endpoint", cli.account, "claim", url)


def test_a_closed_pipe_ends_the_command_quietly() -> None:
    program = "import sys\nfrom simulator.cli import main\nsys.exit(main())"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", program, "codes", "list", "--json"],
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (1, "")


def test_what_is_said_to_people_is_not_said_to_machines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Terminal(as_json=True).say("Done.", "完成。")
    Terminal(lang="zh").complain(Text("Wrong.", "错误。"))

    assert tuple(capsys.readouterr()) == ("", "错误。\n")


def test_version(offline: Cli) -> None:
    from simulator import __version__

    assert offline.json("version") == {"version": __version__}
    assert offline.text("version") == offline.text("--version") == f"conzhu-sim {__version__}\n"


def test_without_a_context_the_command_line_still_parses() -> None:
    assert CliRunner().invoke(root, ["--lang", "fr", "version"]).exit_code == 2
