"""Tables for people; kept apart because rich takes its time to be imported."""

import sys
from collections.abc import Sequence
from typing import Any, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from simulator.cli.output.render import Column, format_value

#: Wide enough that nothing is folded where no person's screen sets the width.
_UNBOUNDED = 2000
#: Columns of a screen below which explanations stand under their rows.
NARROW = 100
#: Columns that an explanation needs beside its row.
_LEAST = 30
_GAP = 3
_INDENT = 4


def screen(stream: TextIO | None = None) -> Console:
    """Return where tables are drawn: stdout, if no other stream is given."""
    file = stream or sys.stdout
    return Console(
        file=file,
        width=None if file.isatty() else _UNBOUNDED,
        markup=False,
        highlight=False,
        emoji=False,
    )


def draw(rows: Sequence[Any], columns: Sequence[Column], lang: str) -> None:
    """Print a table to stdout, without the columns that no row has a value in.

    Only explanations (`Column.rest`) are folded. What a screen is too narrow for stands under
    its row; nothing is cut.
    """
    console = screen()
    cells = {
        column: texts
        for column in columns
        if any(texts := [format_value(column.value(row), lang) for row in rows])
    }
    sizes = {
        column: max(
            cell_len(line) for text in (column.heading(lang), *texts) for line in text.split("\n")
        )
        for column, texts in cells.items()
    }
    beside = _beside(sizes, console.width)
    under = [column for column in cells if column not in beside]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in beside:
        table.add_column(
            column.heading(lang),
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=not column.rest and sizes[column] <= console.width,
        )
    for number in range(len(rows)):
        texts = [cells[column][number] for column in beside]
        table.add_row(*([text.replace("\n", " ") for text in texts] if under else texts))
    if not under:
        console.print(table)
        return
    with console.capture() as drawn:
        console.print(table)
    heading, rule, *lines = drawn.get().splitlines()
    for line in (heading, rule):
        print(line, file=console.file)
    for number, line in enumerate(lines):
        print(line, file=console.file)
        for column in under:
            _explain(console, column, cells[column][number], under, lang)


def _beside(sizes: dict[Column, int], room: int) -> list[Column]:
    """Return the columns that stand beside each other; the others go under their rows."""
    beside = list(sizes)
    if _total(sizes, beside) <= room:
        return beside
    fixed = [column for column in beside if not column.rest] or beside[:1]
    explained = sum(1 for column in beside if column not in fixed)
    needed = _total(sizes, fixed) + explained * (_LEAST + _GAP)
    if explained and room >= NARROW and needed <= room:
        return beside
    while len(fixed) > 1 and _total(sizes, fixed) > room:
        fixed.pop()
    return fixed


def _total(sizes: dict[Column, int], columns: Sequence[Column]) -> int:
    return sum(sizes[column] for column in columns) + _GAP * (len(columns) - 1)


def _explain(
    console: Console, column: Column, text: str, under: Sequence[Column], lang: str
) -> None:
    if not text:
        return
    alone = column.rest and sum(1 for each in under if each.rest) == 1
    named = text if alone else f"{column.heading(lang)}: {text}"
    console.print(Padding(Text(named, overflow="fold"), (0, 0, 0, _INDENT)))
