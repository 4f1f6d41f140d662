"""What click says of a command line that does not fit, in Chinese.

Click marks its messages for gettext; `texts/click.json` has them in Chinese.
"""

import gettext
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import click

_DOMAIN = "click"
#: Not before click 8.2.
_NO_ARGUMENTS: Any = getattr(click.exceptions, "NoArgsIsHelpError", ())


@contextmanager
def chinese_messages() -> Iterator[None]:
    """Let click speak Chinese."""
    from simulator import texts

    before = os.environ.get("LANGUAGE"), gettext.textdomain()
    os.environ["LANGUAGE"] = "zh"
    gettext.bindtextdomain(_DOMAIN, str(texts.FOLDER))
    gettext.textdomain(_DOMAIN)
    try:
        yield
    finally:
        gettext.textdomain(before[1])
        if before[0] is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before[0]


class ChineseUsageError(click.UsageError):
    """A usage error whose pieces click puts together with English punctuation otherwise."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(_build_sentence(error), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print how the command is used, where its help is, and what is wrong."""
        if self.ctx is not None:
            path, pieces = self.ctx.command_path, self.ctx.command.collect_usage_pieces(self.ctx)
            click.echo(f"用法：{' '.join((path, *pieces))}", file, err=True)
            click.echo(f"查看帮助：{path} --help\n", file, err=True)
        click.echo(f"错误：{self.message}", file, err=True)


def localize(error: click.UsageError) -> click.UsageError:
    """Return an error as it is printed in the language that click speaks now."""
    # A group that was given nothing says its help, which has both languages.
    if gettext.textdomain() != _DOMAIN or isinstance(error, _NO_ARGUMENTS):
        return error
    return ChineseUsageError(error)


def _build_sentence(error: click.UsageError) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        missing = gettext.gettext(f"Missing {error.param.param_type_name}")
        return f"{missing} {error.param.get_error_hint(error.ctx)}。"
    near = getattr(error, "possibilities", None)
    if near:
        return f"{error.message}是否应为 {' 或 '.join(map(repr, near))}？"
    return error.format_message()


def find_language(arguments: Sequence[str]) -> str | None:
    """Return the `--lang` of a command line that may not be readable, wherever it stands."""
    found = None
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            found = arguments[place + 1]
        elif word.startswith("--lang="):
            found = word.partition("=")[2]
    return found
