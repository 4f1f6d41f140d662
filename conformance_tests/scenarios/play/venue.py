"""Where scenarios are played: one platform and one target, used by one play after another."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.scenes import kinds
from conformance_tests.suite.target.stage import Stage, TargetUnreachable
from simulator import ids


class Venue:
    """A platform with one account, and the target that has its letter.

    A target has one account, so it is emptied before every play. The numbers of a play follow
    from its seed and never collide with those that the target knows from before.
    """

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        scene = kinds.scene_of(stage)
        self.platform = scene.platform
        self.target = scene.target

    def prepare(self, seed: str, name: str, switches: Mapping[str, Any]) -> str:
        """Empty the account for a play and freeze its clock; return the account's seed.

        Raises:
            TargetUnreachable: the target is gone and cannot be started again.
        """
        if not self.stage.reachable() and self.target.can("restart"):
            self.target.restart()
        self.stage.require_target()
        own = ids.letters(seed, f"scenario|{name}", 1, 32)
        self.platform.post("reset", seed=own)
        self.platform.freeze()
        if switches:
            self.platform.switch(**switches)
        self.platform.begin_check()
        return own

    def clear(self) -> None:
        """Remove what would affect the next play, such as fault rules."""
        self.platform.end_check()


__all__ = ["TargetUnreachable", "Venue"]
