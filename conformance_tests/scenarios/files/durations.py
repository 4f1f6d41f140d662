"""Stretches of time as people write them: `15s`, `30m`, `3h05m`, `2d`."""

import re

from simulator.errors import SimulatorError

#: What a stretch of time looks like, for the schema as well.
PATTERN = r"^(?=.)(\d{1,4}d)?(\d{1,4}h)?(\d{1,4}m)?(\d{1,7}s)?$"
_FORM = re.compile(PATTERN.replace("$", r"\Z"))
_SECONDS = (86400, 3600, 60, 1)


def seconds(text: str) -> int:
    """Return a stretch of time in seconds.

    Raises:
        SimulatorError: it is not written as one.
    """
    match = _FORM.match(text)
    if match is None:
        raise SimulatorError(
            f"{text!r} is no stretch of time: write it as 15s, 30m, 2h or 3h05m.",
            f"{text!r} 不是时长：请写成 15s、30m、2h 或 3h05m。",
        )
    parts = zip(match.groups(), _SECONDS, strict=True)
    return sum(int(part[:-1]) * size for part, size in parts if part)


def written(length: float) -> str:
    """Return seconds as a stretch of time: 11100 is `3h05m`."""
    left = round(length)
    parts: list[str] = []
    for letter, size in zip("dhms", _SECONDS, strict=True):
        number, left = divmod(left, size)
        if number or (letter == "s" and not parts):
            parts.append(f"{number:02}{letter}" if parts else f"{number}{letter}")
    return "".join(parts)
