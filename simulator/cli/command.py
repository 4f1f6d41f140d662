"""How commands are declared: English help from the docstring, Chinese and an example beside it."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import click

from simulator.cli.output.terminal import LANGUAGES, Terminal
from simulator.texts.dialects import DIALECTS

_NEGATIVE = re.compile(r"-\.?[0-9]")


class Signed(click.Command):
    """A command whose last argument may be a negative number, which is not taken for options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, with what looks like a negative number at their end."""
        if "--" not in args:
            numbers = [text for text in args if _NEGATIVE.match(text)]
            if numbers:
                args = [*(text for text in args if not _NEGATIVE.match(text)), "--", *numbers]
        return super().parse_args(ctx, args)


def group(
    name: str, en: str, zh: str, example: str, cls: type[click.Group] = click.Group
) -> click.Group:
    """Return an empty group of commands."""
    return cls(name, help=_help(en, zh, example), short_help=f"{en} {zh}")


def command(
    name: str,
    zh: str,
    example: str,
    of: click.Group | None = None,
    account: bool = True,
    cls: type[click.Command] = click.Command,
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a function a command, which gets the `Terminal` before its own parameters.

    With `account` it takes `--account`; all commands take `--json`, `--lang`, `--dialect`,
    `--control` and `--token`.
    """

    def declare(function: Callable[..., None]) -> click.Command:
        en = " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())
        made = click.command(name, cls, help=_help(en, zh, example), short_help=f"{en} {zh}")(
            click.pass_obj(function)
        )
        made.params.extend(_shared_options(account))
        if of is not None:
            of.add_command(made)
        return made

    return declare


def _help(en: str, zh: str, example: str) -> str:
    return f"{en}\n\n{zh}\n\n\b\nExample: conzhu-sim {example}"


def _shared_options(account: bool) -> list[click.Parameter]:
    options: list[click.Parameter] = [
        _option(["--json", "as_json"], is_flag=True, help="Print JSON. 输出 JSON。"),
        _option(["--lang"], type=click.Choice(LANGUAGES), hidden=True),
        _option(["--dialect"], type=click.Choice([*DIALECTS]), hidden=True),
        _option(["--control"], hidden=True),
        _option(["--token"], hidden=True),
    ]
    if account:
        options.insert(
            0, _option(["--account", "-a"], metavar="NAME", help="The account. 操作的账户。")
        )
    return options


def _option(names: list[str], **settings: Any) -> click.Option:
    return click.Option(names, expose_value=False, callback=_remember, **settings)


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    terminal = ctx.find_object(Terminal)
    if value not in (None, False) and terminal is not None and param.name:
        setattr(terminal, param.name, value)
