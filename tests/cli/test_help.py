"""Help: every command explains itself in both languages, with an example that can be typed."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from simulator.cli.root import root

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        # `demo` is somebody else's, and written apart from these.
        if name == "demo":
            continue
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


COMMANDS = list(_commands(root))


def _help(*path: str) -> str:
    result = CliRunner().invoke(root, [*path, "--help"])
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_every_command_has_help_in_both_languages_with_an_example(path: tuple[str, ...]) -> None:
    text = _help(*path)
    said = text.partition("Options:")[0]

    assert _CHINESE.search(said)
    assert re.search(r"\n\n  [A-Z]([^\n]|\n(?!\n))+[.]\n\n", said)
    assert "Example: conzhu-sim " in said


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_example_is_accepted_by_the_parser(path: tuple[str, ...]) -> None:
    found = re.search(r"Example: conzhu-sim (.+)", _help(*path))
    assert found
    name, *rest = words = shlex.split(found[1])
    assert tuple(words[: len(path)]) == path

    command = root.get_command(click.Context(root), name)
    while isinstance(command, click.Group):
        command = command.get_command(click.Context(command), rest.pop(0))

    assert command is not None
    command.make_context(name, rest)


def test_the_commands_are_those_that_are_listed() -> None:
    listed = _help()
    names = {path[0] for path in COMMANDS}

    assert {"serve", "account", "order", "sign", "seal", "open", "codes", "version"} <= names
    assert all(re.search(rf"^  {name} ", listed, re.MULTILINE) for name in names)


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], ["rich", "requests", "flask", "sqlalchemy", "Crypto", "jsonschema"]),
        (["codes", "list"], ["requests", "flask", "sqlalchemy", "Crypto", "simulator.app"]),
        (["sign", "--secret", "s", "a=1"], ["requests", "flask", "sqlalchemy", "jsonschema"]),
        (["order", "--help"], ["flask", "sqlalchemy", "jsonschema"]),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else None,
)
def test_a_command_imports_only_what_it_needs(arguments: list[str], unwanted: list[str]) -> None:
    program = (
        "import sys\n"
        "from simulator.cli import main\n"
        "try:\n    main()\nexcept SystemExit as ended:\n    assert not ended.code, ended\n"
        f"print('loaded:', [name for name in {unwanted!r} if name in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "loaded: []"


@pytest.mark.parametrize("name", ["sign", "seal", "open"])
def test_an_example_with_a_letter_uses_the_one_that_serve_writes(name: str) -> None:
    assert "--letter .simulator/letters/demo.json" in _help(name)


def test_the_help_of_a_fault_says_where_the_rules_are() -> None:
    assert _help("fault", "add").partition("Options:")[0].count("fault rules") == 2


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(root, ["ordre"])

    assert result.exit_code == 2
    assert "ordre" in result.stderr
