"""The simulator is killed two hundred times in the middle of everything: nothing is lost."""

from pathlib import Path

import pytest
from durability.killing import trial


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    done = trial(tmp_path, kills=200, seed=200)

    print(done)
    assert done.kills >= 200
    assert done.found.orders > 200
    assert done.found.interrupted > 20, "hardly any attempt was in flight at a kill"
    assert done.found.duplicates > 0, "no acknowledgement was lost by a kill"
