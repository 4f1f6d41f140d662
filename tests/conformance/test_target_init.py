"""`target init`: a commented file that is right as it is, by options or asking, never over one."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from conformance_tests.suite.doctor.target_file import check_target_file
from conformance_tests.suite.scenes.both.actions import ACTIONS
from conformance_tests.suite.target.file import load, parse
from simulator.cli.proving import target
from simulator.cli.root import root

BASE = "http://127.0.0.1:8080/conzhu"


def _init(file: Path, *words: str, typed: str = "") -> Result:
    return CliRunner().invoke(root, ["target", "init", str(file), *words], input=typed)


def _uncommented(text: str) -> str:
    """What a person makes of it who takes the marks from the lines of its last part."""
    at = text.index("# probes:")
    return text[:at] + text[at:].replace("# probes:", "probes:").replace("\n#   ", "\n  ")


@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
@pytest.mark.parametrize("extra", [(), ("--actions", "http://127.0.0.1:8080/test")])
def test_what_it_writes_is_right_as_it_is(
    kind: str, extra: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / "new" / "target.yaml"

    ended = _init(file, "--kind", kind, "--base", BASE, *extra)

    assert ended.exit_code == 0, ended.output
    read = load(str(file))
    check_target_file(read)
    assert read.kind == kind
    assert set(read.endpoints) == set(load("reference", kind).endpoints)
    assert set(read.actions) == (set(ACTIONS[kind]) if extra else set())
    whole = parse(file, _uncommented(file.read_text("utf-8")))
    check_target_file(whole)
    assert set(whole.probes) == set(load("reference", kind).probes)


def test_options_say_where_each_thing_is(tmp_path: Path) -> None:
    file = tmp_path / "target.yaml"
    words = ["--base", BASE, "--name", '名称: "x" # 1', "--start", "java -jar 'my app.jar'"]
    words += ["--letter", "l.json", "--endpoint", "query=http://127.0.0.1:9/q"]
    words += ["--actions", "http://127.0.0.1:8080/test/"]

    assert _init(file, *words).exit_code == 0

    document: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    assert document["name"] == '名称: "x" # 1'
    assert document["start"]["command"] == ["java", "-jar", "my app.jar"]
    assert document["account"] == {"letter": "l.json"}
    assert document["endpoints"]["query"] == "http://127.0.0.1:9/q"
    assert document["actions"]["restart"] == "start"
    assert document["actions"]["offer"]["http"] == {
        "url": "http://127.0.0.1:8080/test/offer",
        "json": {"order_no": "{order_no}", "price": "{price}"},
    }


def test_it_asks_at_a_terminal_for_what_no_option_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "_attended", lambda _: True)
    file = tmp_path / "target.yaml"

    ended = _init(file, "--letter", "", typed=f"guarantor\nOurs\n{BASE}\n\n\n")

    assert ended.exit_code == 0, ended.output
    assert (load(str(file)).kind, load(str(file)).name) == ("guarantor", "Ours")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Give --base"),
        (("--base", "127.0.0.1:8080"), "is wrong at endpoints."),
        (("--base", BASE, "--endpoint", "order=http://x"), "the pushes are order_page"),
        (("--base", BASE, "--start", "java '"), "No closing quotation"),
        (("--base", BASE, "--start", "java {lettr}"), "did you mean {letter}?"),
    ],
)
def test_what_makes_no_right_file_writes_none(
    words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    ended = _init(tmp_path / "target.yaml", *words)

    assert (ended.exit_code, said in ended.output) == (2, True), ended.output
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_left_alone_without_force(tmp_path: Path) -> None:
    file = tmp_path / "target.yaml"
    file.write_text("mine", "utf-8")

    assert _init(file, "--base", BASE).exit_code == 2
    assert file.read_text("utf-8") == "mine"
    assert _init(file, "--base", BASE, "--force").exit_code == 0
    assert load(str(file)).kind == "insurer"
