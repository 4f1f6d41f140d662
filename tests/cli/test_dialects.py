"""`--dialect`: what a command says is wrong comes with the right code in a language of choice."""

import json
from typing import Any

import pytest
from calls.insurer import Insurer
from cli.command_line import Cli
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.cli.output.entries import tell
from simulator.cli.output.terminal import Terminal
from simulator.protocol import envelope
from simulator.texts.dialects import DIALECTS, load_snippets

CALL = {"method": "insurer_get_guarantee_info", "timestamp": "20260105100000", "order_no": "1"}


@pytest.fixture
def explain(offline: Cli, platform: Platform, letter_file: str) -> Any:
    """Explain a call whose sign is in lower case."""
    signed = envelope.signed(CALL, platform.letter()["api_secret"])
    material = json.dumps({**signed, "sign": str(signed["sign"]).lower()})
    command = ("explain", "--letter", letter_file, "--json-params", "-")
    return lambda *options: offline.text(*command, *options, stdin=material)


def test_explain_shows_the_code_in_the_chosen_language(
    explain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, dialect in DIALECTS.items():
        said = explain("--dialect", name)
        assert f"Right in {dialect.title}:" in said
        assert load_snippets(name)["sign"].splitlines()[0] in said
    assert explain("--lang", "zh", "--dialect", "php").count("PHP 正确写法：") == 1
    monkeypatch.setenv("CONZHU_DIALECT", "go")
    assert "sort.Strings(names)" in explain()


def test_without_a_language_it_says_how_to_choose_one(explain: Any, offline: Cli) -> None:
    last = explain().splitlines()[-1]

    assert last == (
        "`--dialect NAME` or CONZHU_DIALECT (java, php, node, python, csharp, go) adds the code "
        "that does it right."
    )
    assert offline.run("--dialect", "perl", "version").exit_code == 2


def test_the_journal_shows_the_code_for_a_call(
    cli: Cli, platform: Platform, institution: Institution
) -> None:
    insurer = Insurer(platform, institution)
    signed = insurer.sign("insurer_get_guarantee_info", order_no="1")
    insurer.institution.send({**signed, "sign": signed["sign"].lower()})
    entry = insurer.entry()

    assert entry["notes"][-1]["mistake"] == "lower_case"
    assert 'digest("hex").toUpperCase()' in cli.text(
        "journal", "show", str(entry["id"]), "--dialect", "node"
    )
    assert "CONZHU_DIALECT" in cli.text("journal", "show", str(entry["id"]))


def test_a_screen_shows_the_code_for_a_mistake_once(capsys: pytest.CaptureFixture[str]) -> None:
    note = {"en": "The sign is in lower case.", "zh": "sign 为小写。", "mistake": "lower_case"}
    call = {"at": 1.0, "direction": "call", "interface": None, "about": None, "status": "1003"}
    terminal = Terminal(dialect="python")

    tell(terminal, [{**call, "notes": [note], "faults": []}] * 2)

    said = capsys.readouterr().out
    assert said.count("The sign is in lower case.") == 2
    assert said.count("hexdigest().upper()") == 1


def test_push_explain_shows_the_code_that_opens_a_push(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    complaint = "RSA_PKCS1_PADDING is no longer supported for private decryption"
    endpoint.answers = [(500, json.dumps({"error": complaint}).encode())]
    platform.post("orders", order["order_no"], "cancel", note="测试")
    platform.advance(1)
    number = str(platform.pushes()[-1]["id"])

    assert cli.json("push", "explain", number)["verdict"]["snippet"] == "open"
    assert "RSA_NO_PADDING" in cli.text("push", "explain", number, "--dialect", "node")
