"""The code that does it right, in the reader's programming language (`--dialect`)."""

from collections.abc import Iterable
from textwrap import indent

from simulator.cli.output.terminal import Terminal
from simulator.texts.dialects import DIALECTS, load_snippets


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
