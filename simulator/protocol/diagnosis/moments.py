"""Why a timestamp is off: another zone, a clock of twelve hours, letters of a pattern mixed up."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from simulator.errors import Text
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding

#: Seconds by which the clocks of two right machines may differ.
TOLERANCE = 300
_HOUR = 3600
_UTC = ("hours", "behind", 8)
_HALF_DAY = 12
_WEEK = 7
#: Hours by which zones differ from Asia/Shanghai, from UTC-12 on; its own 8, added twice, is more.
_ZONES = range(-20, 9)


def explain_moment(sent: datetime, now: datetime) -> Finding | None:
    """Say in which way a timestamp is off (both in Asia/Shanghai); None if it is not."""
    off = (sent - now).total_seconds()
    if abs(off) <= TOLERANCE:
        return None
    for name, detail, mended in _mend(sent, now):
        if abs((mended - now).total_seconds()) <= TOLERANCE:
            return make_finding(name, detail)
    hours = round(off / _HOUR)
    if abs(off - hours * _HOUR) <= TOLERANCE:
        # hh says 12 at midnight, K says 00 at noon; in the morning neither is off.
        if (hours == -_HALF_DAY and now.hour >= _HALF_DAY) or (hours == _HALF_DAY and not now.hour):
            return make_finding("timestamp_on_twelve_hour_clock", _describe_distance(off))
        if hours and hours in _ZONES:
            return make_finding("timestamp_in_another_zone", _describe_distance(off))
    return make_finding("timestamp_off", _describe_distance(off))


def _mend(sent: datetime, now: datetime) -> Iterator[tuple[str, Text, datetime]]:
    """Return the moment that was meant, for each known mistake with a pattern's letters."""
    changes: tuple[tuple[str, Text, Callable[[], datetime]], ...] = (
        (
            "timestamp_with_week_year",
            Text(
                f"It says {sent.year}, in a week that belongs to both years.",
                f"写的是 {sent.year} 年，而这一周跨年。",
            ),
            lambda: sent.replace(year=now.year) if _may_be_week_year(sent.year, now) else sent,
        ),
        (
            "timestamp_letters_exchanged",
            Text("Month and minute are exchanged.", "月与分写反了。"),
            lambda: sent.replace(month=sent.minute, minute=sent.month),
        ),
        (
            "timestamp_letters_exchanged",
            Text("The minute stands where the month belongs.", "月的位置写成了分。"),
            lambda: sent.replace(month=now.month) if sent.month == sent.minute else sent,
        ),
        (
            "timestamp_letters_exchanged",
            Text("The month stands where the minute belongs.", "分的位置写成了月。"),
            lambda: sent.replace(minute=now.minute) if sent.month == sent.minute else sent,
        ),
    )
    for name, detail, make in changes:
        try:
            yield name, detail, make()
        except ValueError:
            continue


def _may_be_week_year(year: int, now: datetime) -> bool:
    """Return whether a year is that of the week of `now`, by any country's weeks."""
    if now.month == 12:
        return year == now.year + 1 and now.day > 31 - _WEEK
    return now.month == 1 and year == now.year - 1 and now.day < _WEEK


_UNITS: Mapping[str, tuple[timedelta, str]] = {
    "days": (timedelta(days=1), "天"),
    "hours": (timedelta(hours=1), "小时"),
    "minutes": (timedelta(minutes=1), "分钟"),
}


def _describe_distance(off: float) -> Text:
    name = next(name for name in _UNITS if abs(off) >= _UNITS[name][0].total_seconds() - TOLERANCE)
    size, chinese = _UNITS[name]
    count = round(abs(off) / size.total_seconds())
    unit = name if count != 1 else name.removesuffix("s")
    is_exact = abs(abs(off) - count * size.total_seconds()) <= TOLERANCE
    about, about_zh = ("", "") if is_exact else ("about ", "约 ")
    where, where_zh = ("ahead of", "快") if off > 0 else ("behind", "慢")
    utc, utc_zh = (", as UTC is", "，即 UTC") if (name, where, count) == _UTC else ("", "")
    return Text(
        f"It is {about}{count} {unit} {where} Asia/Shanghai{utc}.",
        f"比东八区{where_zh} {about_zh}{count} {chinese}{utc_zh}。",
    )
