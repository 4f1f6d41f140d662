"""What click says of a command line that does not fit, in Chinese: click itself speaks English."""

import re
from collections.abc import Sequence
from typing import IO, Any

import click

#: Pieces of click's sentences, as its versions 8.1 to 8.5 write them. Those that hold another
#: (`Invalid value for '--times': 'x' is not a valid integer.`) are met one after the other.
_PIECES: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"^Missing argument ('.+?')\.", r"缺少参数 \1。"),
        (r"^Missing option ('.+?')\.", r"缺少选项 \1。"),
        (r"^Missing parameter[: ] ?(\S+?)\.?$", r"缺少参数 \1。"),
        (r"^Missing command\.", "缺少子命令。"),
        (r"^No such option:? (\S+?)\.?(?=\s|$)", r"没有选项 \1。"),
        (r"^No such command ('.*?')\.", r"没有命令 \1。"),
        (r"^Got unexpected extra arguments? \((.*)\)", r"多余的参数：\1。"),
        (r"^Option ('.+?') requires an argument\.", r"选项 \1 需要一个值。"),
        (r"^Option ('.+?') does not take a value\.", r"选项 \1 不带值。"),
        (r"^Invalid value for ('.+?'): ", r"\1 的值无效："),
        (r"(\S+) is not in the range (.+)\.$", r"\1 不在范围 \2 内。"),
        (r"('.*') is not a valid integer( range)?\.$", r"\1 不是有效的整数。"),
        (r"('.*') is not a valid float( range)?\.$", r"\1 不是有效的数字。"),
        (r"('.*') is not a valid boolean\..*$", r"\1 不是有效的布尔值。"),
        (r"('.*') is not one of (.+)\.$", r"\1 不在可选值之中：\2。"),
        (r"(?s)\s*Choose from:\s*(.+)$", r"可选值：\1"),
        (r"\s*\(?Did you mean one of: (.+?)\?\)?$", r"是否应为其中之一：\1？"),
        (r"\s*Did you mean (.+?)\?$", r"是否应为 \1？"),
        (r"\s*\(Possible options: (.+)\)$", r"是否应为其中之一：\1？"),
    )
]


def chinese(sentence: str) -> str:
    """Return a sentence of click's in Chinese; what is not known of it stays as it is."""
    for pattern, said in _PIECES:
        sentence = pattern.sub(said, sentence)
    return sentence


class ChineseUsageError(click.UsageError):
    """A usage error whose sentences are Chinese; it ends the program as the other one would."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(chinese(error.format_message()), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print how the command is used, where its help is, and what is wrong."""
        if self.ctx is not None:
            usage = self.ctx.get_usage().replace("Usage: ", "用法：", 1)
            click.echo(f"{usage}\n查看帮助：{self.ctx.command_path} --help\n", file, err=True)
        click.echo(f"错误：{self.message}", file, err=True)


def chosen(arguments: Sequence[str]) -> str | None:
    """Return the `--lang` of a command line that could not be read, wherever it stands."""
    found = None
    for place, word in enumerate(arguments):
        if word == "--lang" and place + 1 < len(arguments):
            found = arguments[place + 1]
        elif word.startswith("--lang="):
            found = word.partition("=")[2]
    return found
