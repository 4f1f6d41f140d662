"""Mistakes in a scenario file: where each is, and what to change."""

import difflib
from collections.abc import Collection, Sequence
from pathlib import Path

from simulator.errors import SimulatorError, Text

#: How many mistakes of a file are reported at a time.
MOST = 10


class FileMistake(SimulatorError):
    """A mistake in a scenario file, found before anything was started."""

    def __init__(self, path: Path, line: int, en: str, zh: str) -> None:
        super().__init__(f"{path}:{line}: {en}", f"{path}:{line}：{zh}")
        self.path = path
        self.line = line


class FileMistakes(FileMistake):
    """Several mistakes in a scenario file, the first `MOST` of them by their lines."""

    def __init__(self, found: Sequence[FileMistake]) -> None:
        texts = [each.text for each in found[:MOST]]
        if len(found) > MOST:
            left = len(found) - MOST
            texts.append(Text(f"... and {left} more.", f"……另有 {left} 处。"))
        # Each text names its file and line already.
        whole = Text.join(texts, "\n", "\n")
        SimulatorError.__init__(self, whole.en, whole.zh)
        self.path = found[0].path
        self.line = found[0].line


def refuse(found: Collection[FileMistake]) -> None:
    """Refuse a file if it has mistakes.

    Raises:
        FileMistake: it has; the text lists them all.
    """
    ordered = sorted({each.text.en: each for each in found}.values(), key=lambda each: each.line)
    if len(ordered) == 1:
        raise ordered[0]
    if ordered:
        raise FileMistakes(ordered)


def suggestion(given: str, known: Collection[str]) -> Text:
    """Return a sentence that names what was probably meant, or else all known names."""
    near = difflib.get_close_matches(given, known, n=3, cutoff=0.6)
    if near:
        return Text(f"Did you mean {' or '.join(near)}?", f"是否应为 {' 或 '.join(near)}？")
    if not known:
        return Text("There are none.", "没有可用的名称。")
    listed = ", ".join(known)
    return Text(f"There are: {listed}.", f"可用：{listed}。")
