"""What is said of a scenario file that is wrong: file, line, and what to change."""

import difflib
from collections.abc import Collection
from pathlib import Path

from simulator.errors import SimulatorError, Text


class Wrong(SimulatorError):
    """A scenario file is wrong; nothing was started."""

    def __init__(self, path: Path, line: int, en: str, zh: str) -> None:
        super().__init__(f"{path}:{line}: {en}", f"{path}:{line}：{zh}")
        self.path = path
        self.line = line


def suggestion(given: str, known: Collection[str]) -> Text:
    """Return a sentence that names what was probably meant, else all that there is."""
    near = difflib.get_close_matches(given, known, n=3, cutoff=0.6)
    if near:
        return Text(f"Did you mean {' or '.join(near)}?", f"是否应为 {' 或 '.join(near)}？")
    if not known:
        return Text("There are none.", "没有可用的名称。")
    listed = ", ".join(known)
    return Text(f"There are: {listed}.", f"可用：{listed}。")
