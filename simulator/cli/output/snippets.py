"""The code that does it right, in the reader's programming language (`--dialect`)."""

from collections.abc import Iterable, Mapping
from textwrap import indent
from typing import Any

from simulator.cli.output.terminal import Terminal
from simulator.texts.dialects import DIALECTS, load_snippets


def find_snippets(entry: Mapping[str, Any]) -> list[str]:
    """Return the names of the snippets for the mistakes that a journal entry names."""
    if not any("mistake" in note for note in entry["notes"]):
        return []
    # Brings the ciphers along, which most entries do not need.
    from simulator.protocol.diagnosis import read_mistakes

    return [mistake.snippet for mistake in read_mistakes(entry["notes"])]


def draw_snippets(terminal: Terminal, names: Iterable[str | None]) -> None:
    """Print snippets by their names, each once; in no dialect, how to choose one."""
    wanted = [name for name in dict.fromkeys(names) if name]
    if wanted and not terminal.dialect:
        others = ", ".join(DIALECTS)
        terminal.say(
            f"\n`--dialect NAME` or CONZHU_DIALECT ({others}) adds the code that does it right.",
            f"\n用 `--dialect 语言` 或 CONZHU_DIALECT（{others}）可显示正确的代码。",
        )
        return
    for name in wanted:
        title, code = DIALECTS[terminal.dialect].title, load_snippets(terminal.dialect)[name]
        shown = indent(code, "    ")
        terminal.say(f"\nRight in {title}:\n\n{shown}", f"\n{title} 正确写法：\n\n{shown}")


def draw_new_snippets(terminal: Terminal, entry: Mapping[str, Any]) -> None:
    """Print the snippets for an entry that were not printed in this run before."""
    if terminal.dialect:
        new = [name for name in find_snippets(entry) if name and name not in terminal.drawn]
        draw_snippets(terminal, new)
        if new:
            terminal.say("", "")
        terminal.drawn.update(new)
