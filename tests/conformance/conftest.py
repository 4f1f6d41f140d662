"""A small target for the tests of what stands around the checks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.house import House, house


@pytest.fixture
def small(tmp_path: Path) -> Iterator[House]:
    """A small target that works."""
    with house(tmp_path) as opened:
        yield opened
