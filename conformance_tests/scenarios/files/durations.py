"""Durations as people write them: `15s`, `30m`, `3h05m`, `2d`."""

import re

from simulator.errors import SimulatorError

#: The form of a duration; the schema has the same pattern.
PATTERN = r"^(?=.)(\d{1,4}d)?(\d{1,4}h)?(\d{1,4}m)?(\d{1,7}s)?$"
_FORM = re.compile(PATTERN.replace("$", r"\Z"))
_SECONDS = (86400, 3600, 60, 1)


def parse(text: str) -> int:
    """Return a duration in seconds.

    Raises:
        SimulatorError: the text is no duration.
    """
    match = _FORM.match(text)
    if match is None:
        raise SimulatorError(
            f"{text!r} is no duration: write it as 15s, 30m, 2h or 3h05m.",
            f"{text!r} 不是时长：请写成 15s、30m、2h 或 3h05m。",
        )
    parts = zip(match.groups(), _SECONDS, strict=True)
    return sum(int(part[:-1]) * size for part, size in parts if part)


def format_seconds(seconds: float) -> str:
    """Return seconds as a duration: 11100 is `3h05m`."""
    left = round(seconds)
    parts: list[str] = []
    for letter, size in zip("dhms", _SECONDS, strict=True):
        number, left = divmod(left, size)
        if number or (letter == "s" and not parts):
            parts.append(f"{number:02}{letter}" if parts else f"{number}{letter}")
    return "".join(parts)
