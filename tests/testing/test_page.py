"""docs/testing.md says what there is: its code stands in the example, its names on the objects."""

import re
from pathlib import Path

from testing.conftest import EXAMPLE

from simulator.driver import Account, TimedAccount
from simulator.testing import Order, Platform

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_every_block_of_code_stands_in_the_example() -> None:
    example = "\n".join(path.read_text("utf-8") for path in sorted(EXAMPLE.glob("*.py")))

    assert len(BLOCKS) >= 6
    for block in BLOCKS:
        assert block.strip("\n") in example, block


def test_every_name_of_the_tables_is_there() -> None:
    tables = PAGE.split("| platform | |")[1].split("| order | |")
    for table, owner in zip(tables, (Platform, Order), strict=True):
        rows = [line for line in table.splitlines() if line.startswith("| `")]
        names = re.findall(r"`(\w+)[`(]", "".join(row.split(" | ")[0] for row in rows))
        assert len(names) > 5
        attributes = {*dir(owner), "control"}
        assert [name for name in names if name not in attributes] == []


def test_nothing_public_is_left_out() -> None:
    own = [name for owner in (Platform, Account, TimedAccount) for name in vars(owner)]
    public = {name for name in own if not name.startswith("_")}
    named = set(re.findall(r"\w+", PAGE))

    # The events of the records go by these two.
    assert public - named <= {"happen", "announced"}
