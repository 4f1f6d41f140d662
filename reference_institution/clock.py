"""Chinese time, in the two ways in which the manual writes it."""

from datetime import datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def timestamp() -> str:
    """Return now as the `timestamp` of a call: `yyyyMMddHHmmss`."""
    return datetime.now(CHINA).strftime("%Y%m%d%H%M%S")


def written(moment: datetime) -> str:
    """Return a moment as `yyyy-MM-dd HH:mm:ss`."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def now() -> str:
    """Return now as `yyyy-MM-dd HH:mm:ss`."""
    return written(datetime.now(CHINA))
