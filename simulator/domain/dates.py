"""Dates as the manual writes them: unpadded ones are accepted, padded ones are sent (P10)."""

from datetime import date, datetime, timedelta

#: Days that the guarantee outlasts the bid's validity (insurer 2.3, P28).
AFTER_VALIDITY = 28


def read_date(text: str) -> date | None:
    """Return a `yyyy-MM-dd` date; None if there is no such day."""
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        return None


def read_moment(text: str, form: str = "%Y-%m-%d %H:%M:%S") -> datetime | None:
    """Return a moment without time zone (Asia/Shanghai is meant); None if it is not valid."""
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the manual's texts carry no zone
    except ValueError:
        return None


def guarantee_period(bid_deadline: str, valid_day: str) -> tuple[str, str]:
    """Return the guarantee's first and last day for a bid deadline `yyyy-MM-dd HH:mm` (P28).

    The period starts on the deadline's day and ends `valid_day` + 28 days later.

    Raises:
        ValueError: the deadline is not a date, or the days are not a number.
    """
    first = read_date(bid_deadline[:10])
    if first is None:
        raise ValueError(f"{bid_deadline} is no date")
    last = first + timedelta(days=int(valid_day) + AFTER_VALIDITY)
    return first.isoformat(), last.isoformat()
