"""What is said of a scenario file that is wrong: file, line, and what to change."""

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path

from simulator.errors import SimulatorError, Text

#: Mistakes of a file that are told at a time.
MOST = 10


class Wrong(SimulatorError):
    """A scenario file is wrong; nothing was started."""

    def __init__(self, path: Path, line: int, en: str, zh: str) -> None:
        super().__init__(f"{path}:{line}: {en}", f"{path}:{line}：{zh}")
        self.path = path
        self.line = line


class SeveralWrong(Wrong):
    """A scenario file has several mistakes: told in the order of their lines, the first ones."""

    def __init__(self, found: Sequence[Wrong]) -> None:
        said = [each.text for each in found[:MOST]]
        if len(found) > MOST:
            left = len(found) - MOST
            said.append(Text(f"... and {left} more.", f"……另有 {left} 处。"))
        # Each of them says its file and line itself.
        told = Text.join(said, "\n", "\n")
        SimulatorError.__init__(self, told.en, told.zh)
        self.path = found[0].path
        self.line = found[0].line


def refuse(found: Collection[Wrong]) -> None:
    """Refuse a file that has mistakes.

    Raises:
        Wrong: it has; tells all of them.
    """
    ordered = sorted({each.text.en: each for each in found}.values(), key=lambda each: each.line)
    if len(ordered) == 1:
        raise ordered[0]
    if ordered:
        raise SeveralWrong(ordered)


def suggestion(given: str, known: Collection[str]) -> Text:
    """Return a sentence that names what was probably meant, else all that there is."""
    near = difflib.get_close_matches(given, known, n=3, cutoff=0.6)
    if near:
        return Text(f"Did you mean {' or '.join(near)}?", f"是否应为 {' 或 '.join(near)}？")
    if not known:
        return Text("There are none.", "没有可用的名称。")
    listed = ", ".join(known)
    return Text(f"There are: {listed}.", f"可用：{listed}。")
