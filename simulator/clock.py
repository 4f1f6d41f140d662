"""The only module that asks the wall clock.

Two clocks, one wire (P46): an account's clock decides what is due or over, and is computed from
the offset and the frozen moment that stand in the account's row; what is written on the wire is
wall time in Asia/Shanghai. All moments are Unix seconds as floats.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def wall_now() -> float:
    """Return the wall clock's time in Unix seconds."""
    return time.time()


def monotonic() -> float:
    """Return a reading in seconds for measuring durations; only differences mean something."""
    return time.monotonic()


@dataclass(frozen=True)
class AccountClock:
    """The clock of one account, as stored in its row.

    `offset` is in seconds ahead of the wall clock; `frozen_at` is the account's time in Unix
    seconds while it stands still, else None.
    """

    offset: float = 0.0
    frozen_at: float | None = None

    def now(self, wall: float) -> float:
        """Return the account's time in Unix seconds at the wall time `wall`."""
        return wall + self.offset if self.frozen_at is None else self.frozen_at

    def freeze(self, wall: float) -> "AccountClock":
        """Return this clock, standing still at its present time."""
        return AccountClock(self.offset, self.now(wall))

    def resume(self, wall: float) -> "AccountClock":
        """Return this clock, running on from its present time."""
        return AccountClock(self.now(wall) - wall, None)


def to_moment(seconds: float) -> datetime:
    """Return Unix seconds as an aware datetime in Asia/Shanghai."""
    return datetime.fromtimestamp(seconds, SHANGHAI)


def stamp(seconds: float) -> str:
    """Return Unix seconds as the wire's timestamp `YmdHis` in Asia/Shanghai (P9)."""
    return to_moment(seconds).strftime("%Y%m%d%H%M%S")


def spoken(seconds: float) -> str:
    """Return Unix seconds as `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai."""
    return to_moment(seconds).strftime("%Y-%m-%d %H:%M:%S")
