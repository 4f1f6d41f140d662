"""Chinese time in the two formats of the manual."""

from datetime import datetime
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def timestamp() -> str:
    """Return now as the `timestamp` of a call: `yyyyMMddHHmmss`."""
    return datetime.now(CHINA).strftime("%Y%m%d%H%M%S")


def format_moment(moment: datetime) -> str:
    """Return a moment as `yyyy-MM-dd HH:mm:ss`."""
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def now() -> str:
    """Return now as `yyyy-MM-dd HH:mm:ss`."""
    return format_moment(datetime.now(CHINA))
