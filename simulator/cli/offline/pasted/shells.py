"""Splits a command as the shell does in which it was written: bash, cmd or PowerShell."""

import re
import shlex

from simulator.errors import SimulatorError

_LINE_END = r"[ \t]*\r?\n"
#: bash's $'…', in which a backslash begins an escape.
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_NAMED = {"n": "\n", "r": "\r", "t": "\t", "0": "\x00"}
#: What ends a command, or sends its output somewhere.
_ENDS = frozenset({"|", "||", "&&", ";", "&", ">", ">>", "2>&1", "2>/dev/null"})


def split(command: str) -> list[str]:
    """Return a command's words.

    Raises:
        SimulatorError: a quote is not closed.
    """
    if re.search(rf"\^(?:{_LINE_END}|[\"%&])", command):
        command = re.sub(r"\^(.)", r"\1", re.sub(rf"\^{_LINE_END}", " ", command))
        words = _split(command, quotes='"', escape="\\")
    elif re.search(rf"`(?:{_LINE_END}|[\"$])|\bcurl\.exe\b", command):
        command = re.sub(r"`([$'])", r"\1", re.sub(rf"`{_LINE_END}", " ", command))
        words = _split(command.replace('\\"', '`"'), quotes="'\"", escape="`")
    else:
        command = re.sub(r"\\\r?\n", " ", command)
        words = _split(_ANSI.sub(_undo_ansi, command), quotes="'\"", escape="\\")
    end = next((place for place, word in enumerate(words) if word in _ENDS), len(words))
    return words[:end]


def _split(command: str, quotes: str, escape: str) -> list[str]:
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.quotes, lexer.escape = quotes, escape
    try:
        return list(lexer)
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
