"""The only module that reads the wall clock.

There are two clocks (P46). An account's clock decides what is due or has expired; it is computed
from the offset and the frozen moment in the account's row. Times in messages are wall time in
Asia/Shanghai. All moments are Unix seconds as floats.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def wall_now() -> float:
    """Return the wall clock's time in Unix seconds."""
    return time.time()


def monotonic() -> float:
    """Return seconds from an arbitrary start, for measuring durations."""
    return time.monotonic()


@dataclass(frozen=True)
class AccountClock:
    """The clock of one account, as stored in its row.

    `offset` is in seconds ahead of the wall clock; `frozen_at` is the account's time in Unix
    seconds while the clock is frozen, else None.
    """

    offset: float = 0.0
    frozen_at: float | None = None

    def now(self, wall: float) -> float:
        """Return the account's time in Unix seconds at the wall time `wall`."""
        return wall + self.offset if self.frozen_at is None else self.frozen_at

    def freeze(self, wall: float) -> "AccountClock":
        """Return this clock, frozen at its present time."""
        return AccountClock(self.offset, self.now(wall))

    def resume(self, wall: float) -> "AccountClock":
        """Return this clock, running from its present time."""
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
