"""Tables for people; kept apart because rich takes its time to be imported."""

import sys
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from simulator.cli.render import Column, shown

#: Wide enough that nothing is folded where no person's screen sets the width.
_UNBOUNDED = 2000


def draw(rows: Sequence[Any], columns: Sequence[Column], lang: str) -> None:
    """Print a table to stdout, without the columns that no row has a value in.

    What a screen is too narrow for is folded, never cut.
    """
    columns = [c for c in columns if any(shown(c.value(row), lang) for row in rows)]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(
            column.heading(lang), justify="right" if column.right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(shown(column.value(row), lang) for column in columns))
    console = Console(
        file=sys.stdout,
        width=None if sys.stdout.isatty() else _UNBOUNDED,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(table)
