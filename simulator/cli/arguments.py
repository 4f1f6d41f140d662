"""What is written on the command line, read: `name=value` pairs, stretches of time, JSON."""

import json
import re
from collections.abc import Iterable
from gettext import gettext
from typing import Any

import click

from simulator.errors import SimulatorError

_STRETCH = re.compile(r"(-?\d{1,9}(?:\.\d{1,6})?)([smhd]?)\Z", re.ASCII)
_PARTS = re.compile(r"(?:\d{1,9}[dhms])+\Z", re.ASCII)
_PART = re.compile(r"(\d+)([dhms])", re.ASCII)
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


class Whole(click.IntRange):
    """A whole number within bounds, if there are any."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number; what is none is refused in the language of the command line."""
        try:
            int(value)
        except ValueError:
            self.fail(gettext("{value!r} is not a valid integer.").format(value=value), param, ctx)
        return super().convert(value, param, ctx)

    def _describe_range(self) -> str:
        # Without bounds click would write "x<=None".
        return "" if self.min is None is self.max else super()._describe_range()


def parse_pairs(written: Iterable[str]) -> dict[str, str]:
    """Return `name=value` arguments as a mapping; the value is all that follows the first `=`.

    Raises:
        SimulatorError: one of them has no name or no `=`, or is not UTF-8.
    """
    read = {}
    for text in written:
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise SimulatorError(f"{text!r} is not UTF-8.", f"{text!r} 不是 UTF-8 文本。")
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise SimulatorError(
                f"Write name=value, for example valid_day=90 (got {text!r}).",
                f"请写成 name=value，例如 valid_day=90（收到 {text!r}）。",
            )
        read[name] = value
    return read


def parse_duration(written: str) -> float:
    """Return a stretch of time: `90`, `90s`, `30m`, `2h`, `1d`, or several together: `3h05m`.

    Raises:
        SimulatorError: it is something else.
    """
    if _PARTS.match(written):
        return float(sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(written)))
    found = _STRETCH.match(written)
    if found is None:
        raise SimulatorError(
            f"Give seconds, or a time such as 30m, 2h, 3h05m or 1d (got {written!r}).",
            f"请给出秒数，或 30m、2h、3h05m、1d 这样的时长（收到 {written!r}）。",
        )
    return float(found[1]) * _SECONDS[found[2]]


def parse_whole_or_text(text: str) -> int | str:
    """Return a whole number where the text is one, else the text."""
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else text


def parse_json_or_text(text: str) -> Any:
    """Return what the JSON says, or the text itself where it is not JSON."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return text
