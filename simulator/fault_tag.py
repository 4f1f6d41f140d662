"""The mark that a fault leaves where it struck: on the journal's entry, and on a push's attempt."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class FaultTag:
    """Which fault rule struck, and on whose order.

    `id` is the number of a rule that somebody set; where the hostile profile struck, `exchange` is
    the number of the exchange by its own count instead.
    """

    rule: str
    id: int | None = None
    exchange: int | None = None

    @classmethod
    def from_json(cls, tag: Mapping[str, Any]) -> "FaultTag":
        """Return the tag that `as_json` wrote."""
        return cls(**tag)

    def as_json(self) -> dict[str, Any]:
        """Return the tag as the journal and the control API have it."""
        return asdict(self)

    def __str__(self) -> str:
        """Return the tag as people read it: `lose_ack #3`, `drip hostile #17`."""
        return (
            f"{self.rule} hostile #{self.exchange}"
            if self.id is None
            else f"{self.rule} #{self.id}"
        )
