"""How programs write numbers and moments, apart from how they were sent."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from simulator.protocol.signing import php_number

_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_SHANGHAI = timezone(timedelta(hours=8))


def _java(text: str) -> str:
    number = float(text)
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return _positional(number)
    digits, exponent = f"{Decimal(repr(number)).normalize():e}".split("e")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def _positional(number: float) -> str:
    text = f"{Decimal(repr(number)):f}"
    return text if "." in text else f"{text}.0"


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


#: How a program writes a number, by the name of the notation.
WRITINGS: dict[str, Callable[[str], str]] = {
    "1000": _short,
    "1000.00": lambda text: f"{Decimal(text):.2f}",
    "1000.0, 1.0E7 (Java's Double)": _java,
    "1000.0 (Python's float)": lambda text: repr(float(text)),
    "1000, 1.0E+15 (PHP)": php_number,
    "1,000.00": lambda text: f"{Decimal(text):,.2f}",
    "1000.0000": lambda text: f"{Decimal(text):.4f}",
}


def as_sent(_name: str, text: str, _is_number: bool) -> str:
    """Return a number by its literal text."""
    return text


def rewrite_number(text: str, writing: str) -> str:
    """Return a number in another notation; anything else, and endless numbers, as they are."""
    if _DECIMAL.fullmatch(text):
        return WRITINGS[writing](text)
    return text


def looks_like_an_amount(name: str, text: str) -> bool:
    """Return whether a text is an amount: it has decimals, or its name says so."""
    named = re.search("amount|price|money|fee|premium", name)
    return bool(_DECIMAL.fullmatch(text) and ("." in text or named))


def moments_near(timestamp: str) -> list[tuple[int, str]]:
    """Return the timestamps up to three seconds off, with the seconds; none for no timestamp."""
    moment = _moment(timestamp)
    if moment is None or not 1900 < moment.year < 9000:
        return []
    return [
        (seconds, f"{moment + timedelta(seconds=seconds):%Y%m%d%H%M%S}")
        for seconds in (-1, 1, -2, 2, -3, 3)
    ]


def other_writings(timestamp: str) -> list[tuple[str, str]]:
    """Return a timestamp as programs write it otherwise, with the name of the notation."""
    if re.fullmatch(r"\d{12}", timestamp, re.ASCII):
        return [("YmdHis", f"20{timestamp}"), ("YmdHis", f"{timestamp}00")]
    moment = _moment(timestamp)
    if moment is None or not 1970 < moment.year < 9000:
        return []
    seconds = int(moment.timestamp())
    return [
        ("yyyy-MM-dd HH:mm:ss", f"{moment:%Y-%m-%d %H:%M:%S}"),
        ("yyMMddHHmmss", timestamp[2:]),
        ("yyyyMMddHHmm", timestamp[:12]),
        ("Unix seconds", str(seconds)),
        ("Unix milliseconds", f"{seconds}000"),
        ("ISO 8601", f"{moment:%Y-%m-%dT%H:%M:%S}"),
    ]


def _moment(timestamp: str) -> datetime | None:
    if not re.fullmatch(r"\d{14}", timestamp, re.ASCII):
        return None
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=_SHANGHAI)
    except ValueError:
        return None
