"""Splits a command as the shell does in which it was written: bash, cmd or PowerShell."""

import re
import shlex

from simulator.errors import SimulatorError

_LINE_END = r"[ \t]*\r?\n"
#: How shells begin a command's further lines on the screen, where it was copied from.
_PROMPT = r"(?:>{1,2} |More\? )?"
#: A line that begins with an option goes on with the command, whatever became of its joint.
_OPTION_LINE = re.compile(rf"\r?\n[ \t]*{_PROMPT}(?=-)")
#: bash's $'…', in which a backslash begins an escape.
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\x00"}
#: What ends a command, or sends its output somewhere, where no quotes are around it.
_ENDS = ";|<>\n"


def split(command: str) -> list[str]:
    """Return the words of the first command.

    Raises:
        SimulatorError: a quote is not closed.
    """
    if re.search(rf"\^(?:{_LINE_END}|[\"%&])", command):
        command = re.sub(r"\^(.)", r"\1", _join(command, r"\^"))
        return _split(command, quotes='"', escape="\\")
    if re.search(rf"`(?:{_LINE_END}|[\"$])|\bcurl\.exe\b", command):
        command = re.sub(r"`([$'])", r"\1", _join(command, "`"))
        return _split(command.replace('\\"', '`"'), quotes="'\"", escape="`")
    command = _ANSI.sub(_undo_ansi, _join(command, r"\\"))
    return _split(command, quotes="'\"", escape="\\")


def _join(command: str, joint: str) -> str:
    """Write a command in one line."""
    return _OPTION_LINE.sub(" ", re.sub(rf"{joint}(?:{_LINE_END}{_PROMPT}|[ \t]*\Z)", " ", command))


def _split(command: str, quotes: str, escape: str) -> list[str]:
    lexer = shlex.shlex(command.strip(), posix=True, punctuation_chars=_ENDS)
    lexer.whitespace_split = True
    lexer.whitespace = lexer.whitespace.replace("\n", "")
    lexer.commenters = ""
    lexer.quotes, lexer.escape = quotes, escape
    words: list[str] = []
    try:
        for word in lexer:
            if word and not word.strip(_ENDS):
                # 2>file: the number belongs to the sign.
                return words[:-1] if word[0] == ">" and words[-1:] in (["1"], ["2"]) else words
            if word in ("&", "&&", "#"):
                break
            words.append(word)
        return words
    except ValueError:
        raise SimulatorError(
            "The command ends within a quote: paste it whole.",
            "命令在引号内结束：请完整粘贴。",
        ) from None


def _undo_ansi(found: re.Match[str]) -> str:
    return shlex.quote(_ESCAPE.sub(_undo_escape, found[1]))


def _undo_escape(found: re.Match[str]) -> str:
    written = found[1]
    if written[0] in "xu" and len(written) > 1:
        return chr(int(written[1:], 16))
    if written.isdigit() and written != "0":
        return chr(int(written, 8)) if written[0] in "01234567" else written
    return _NAMED.get(written, written)
