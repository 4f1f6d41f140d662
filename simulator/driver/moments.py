"""Moments as the driver shows them."""

from datetime import datetime

from simulator import clock


def read_moment(seconds: float) -> datetime:
    """Return Unix seconds as Asia/Shanghai's time, in whole milliseconds: so the clock is shown."""
    return clock.to_moment(round(seconds, 3))
