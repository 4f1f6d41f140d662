"""How programs write numbers and moments, apart from how they were sent."""

import re
import struct
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from simulator.errors import Text
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding
from simulator.protocol.signing import php_number

_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_EXPONENT = re.compile(r"-?\d{1,18}(\.\d{1,18})?[eE][+-]?\d{1,2}", re.ASCII)
_SHANGHAI = timezone(timedelta(hours=8))


def _java(text: str) -> str:
    number = float(text)
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return _positional(number)
    digits, exponent = f"{Decimal(repr(number)).normalize():e}".split("e")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"


def _split(text: str) -> tuple[str, int]:
    """Return a number's digits, with a point after the first, and its power of ten."""
    digits, exponent = f"{Decimal(text).normalize():e}".split("e")
    return digits, int(exponent)


def _big_decimal(text: str) -> str:
    digits, exponent = _split(text)
    return f"{digits}E{exponent:+d}" if exponent else digits


def _go(text: str) -> str:
    digits, exponent = _split(text)
    return f"{digits}e{exponent:+03d}"


def _json_of_float(text: str) -> str:
    digits, exponent = _split(text)
    return f"{digits}e{exponent}"


def _java_exponent(text: str) -> str:
    digits, exponent = _split(text)
    return f"{digits if '.' in digits else f'{digits}.0'}E{exponent}"


def _single(text: str) -> str:
    """Return the number that a float of 32 bits holds for this one, all its digits."""
    return _short(f"{Decimal(struct.unpack('f', struct.pack('f', float(text)))[0]):f}")


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
    "1E+7 (an exponent, as BigDecimal writes it)": _big_decimal,
    "1.0E7 (an exponent, as Double writes it)": _java_exponent,
    "1e+07 (an exponent, as Go writes it)": _go,
    "1e7 (an exponent)": _json_of_float,
    "all digits of a float of 32 bits": _single,
}


def as_sent(_name: str, text: str, _is_number: bool) -> str:
    """Return a number by its literal text."""
    return text


def rewrite_number(text: str, writing: str) -> str:
    """Return a number in another notation; anything else, and endless numbers, as they are."""
    if _EXPONENT.fullmatch(text):
        text = f"{Decimal(text):f}"
        if not _DECIMAL.fullmatch(text):
            return text
    elif not _DECIMAL.fullmatch(text):
        return text
    try:
        return WRITINGS[writing](text)
    except OverflowError:
        return text


def has_exponent(text: str) -> bool:
    """Return whether a text is a number written with an exponent, such as 1.0E7."""
    return _EXPONENT.fullmatch(text) is not None


def explain_number(text: str, accepts: Callable[[str], bool]) -> Finding | None:
    """Say why a number is refused that `accepts` takes in plain digits; None for another fault."""
    plain = f"{Decimal(text):f}" if has_exponent(text) else text
    if plain == text or not accepts(plain):
        return None
    return make_finding("number_with_exponent", Text(f"{text} is {plain}.", f"{text} 即 {plain}。"))


def looks_like_an_amount(name: str, text: str) -> bool:
    """Return whether a text is an amount: it has decimals, or its name says so."""
    named = re.search("amount|price|money|fee|premium", name)
    plain = bool(_DECIMAL.fullmatch(text) and ("." in text or named))
    return plain or has_exponent(text)


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
