"""The simulator is killed in the middle of everything: nothing is lost (the short trial)."""

from pathlib import Path

from durability.killing import trial


def test_eight_kills_lose_nothing(tmp_path: Path) -> None:
    done = trial(tmp_path, kills=8, seed=8)

    print(done)
    assert done.found.orders > 0
    assert done.found.interrupted > 0, "no attempt was in flight at any kill"
