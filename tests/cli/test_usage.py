"""A command line that does not fit is told in the language that it asks for."""

import gettext
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cli.command_line import Cli

from simulator import texts
from simulator.cli import usage
from simulator.texts import compiling


def fail(cli: Cli, *arguments: str) -> str:
    """Run a command line that does not fit; return the last line of what it says."""
    result = cli.run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("order", "show"), "缺少参数 'ORDER_NO'。"),
        (("snapshot", "save"), "缺少选项 '--out'。"),
        (("snapshot", "save", "--out"), "选项 '--out' 需要一个值。"),
        (("order", "list", "--nix"), "没有选项 '--nix'。"),
        (("snapshot", "save", "--jurnal", "1"), "没有选项 '--jurnal'。是否应为 '--journal'？"),
        (("order", "list", "--json=1"), "选项 '--json' 不带值。"),
        (("order", "list", "x", "y"), "多余的参数：x y。"),
        (("ordre",), "没有命令 'ordre'。"),
        (("order", "nix"), "没有命令 'nix'。"),
        (
            ("snapshot", "save", "--out", "x", "--journal", "-1"),
            "'--journal' 的值无效：-1 不在范围 x>=0 内。",
        ),
        (
            ("snapshot", "save", "--out", "x", "--journal", "x"),
            "'--journal' 的值无效：'x' 不是有效的整数。",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_does_not_fit_is_told_in_chinese(
    cli: Cli, arguments: tuple[str, ...], sentence: str
) -> None:
    assert fail(cli, "--lang", "zh", *arguments) == f"错误：{sentence}"


def test_the_usage_and_the_way_to_help_are_chinese(cli: Cli) -> None:
    lines = cli.run("--lang", "zh", "order", "show").stderr.splitlines()

    assert lines[0].startswith("用法：root order show [OPTIONS] ORDER_NO")
    assert lines[1] == "查看帮助：root order show --help"


@pytest.mark.parametrize(
    "arguments",
    [
        ("order", "show", "--nix", "--lang", "zh"),
        ("order", "show", "--lang=zh", "--nix"),
        ("--nix", "--lang", "zh", "order", "show"),
        ("--lang", "en", "order", "show", "--nix", "--lang", "zh"),
    ],
    ids=" ".join,
)
def test_the_language_is_found_wherever_it_stands(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert fail(cli, *arguments) == "错误：没有选项 '--nix'。"


def test_a_language_that_there_is_not_is_told(cli: Cli) -> None:
    assert fail(cli, "--lang", "fr", "version").startswith("Error: Invalid value for '--lang': ")


@pytest.mark.parametrize("name", ["CONZHU_LANG", "LC_ALL"])
def test_the_environment_chooses_too(name: str) -> None:
    value = {"CONZHU_LANG": "zh", "LC_ALL": "zh_CN.UTF-8"}[name]
    kept = {each: text for each, text in os.environ.items() if each != "CONZHU_LANG"}

    done = subprocess.run(
        [sys.executable, "-c", "from simulator.cli import main; main()", "order", "show"],
        env={**kept, name: value, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == "错误：缺少参数 'ORDER_NO'。"


def test_english_stays_what_click_says(cli: Cli) -> None:
    assert fail(cli, "order", "show") == "Error: Missing argument 'ORDER_NO'."


def test_a_group_alone_says_its_help_in_either_language(cli: Cli) -> None:
    helped = [cli.run("--lang", each, "order") for each in ("en", "zh")]

    assert helped[0].output == helped[1].output
    assert "Commands:" in helped[1].output


@pytest.mark.parametrize(
    "sentence",
    [
        "Missing command.",
        "No such option: {name}",
        "{value!r} is not a valid {number_type}.",
        "{value!r} is not {choice}.",
    ],
)
def test_sentences_of_other_versions_of_click(sentence: str) -> None:
    with usage.chinese_messages():
        chinese = gettext.gettext(sentence)

    assert re.search("[\u4e00-\u9fff]", chinese)
    assert gettext.gettext(sentence) == sentence


def test_every_message_in_chinese_is_one_that_click_marks() -> None:
    folder = Path(click.__file__).parent
    sources = "".join(path.read_text("utf-8") for path in folder.glob("*.py"))
    other_versions = {"No such option: {name}", "{value!r} is not a valid integer."}

    messages = {text.en for text in texts.load("click").values()} - other_versions

    assert [each for each in messages if f'"{each}"' not in sources] == []


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    assert compiling.CATALOGUE.read_bytes() == compiling.compiled()
