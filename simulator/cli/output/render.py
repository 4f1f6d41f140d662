"""How values are written for a person: times, lists, and no character that moves a cursor."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.clock import spoken
from simulator.errors import Text

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Column:
    """A column of a table or a line of a record: its heading, and where its value comes from.

    A column with `rest` is an explanation, which takes the room that the others leave.
    """

    en: str
    zh: str
    of: str | Callable[[Any], Any]
    right: bool = False
    rest: bool = False

    def heading(self, lang: str) -> str:
        """Return the heading in a language."""
        return self.zh if lang == "zh" else self.en

    def value(self, row: Any) -> Any:
        """Return the row's value."""
        return row.get(self.of) if isinstance(self.of, str) else self.of(row)


def moment(name: str, year: bool = False) -> Callable[[Any], str]:
    """Return what reads a member that is Unix seconds, as `MM-dd HH:mm:ss` in Asia/Shanghai."""
    return lambda row: "" if row.get(name) is None else spoken(row[name])[0 if year else 5 :]


def format_setting(value: Any) -> str:
    """Return a setting's value as it is typed: `true` and `false`, else its text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def escape_controls(text: str) -> str:
    """Return a text whose control characters (line breaks and tabs aside) are escaped."""
    return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def format_value(value: Any, lang: str) -> str:
    """Return a value as a person reads it, in a language where it has one."""
    match value:
        case None:
            return ""
        case bool():
            return {"en": ("no", "yes"), "zh": ("否", "是")}[lang][value]
        case Text():
            return escape_controls(value.zh if lang == "zh" else value.en)
        case {"en": str(en), "zh": str(zh)}:
            return escape_controls(zh if lang == "zh" else en)
        case Mapping():
            return escape_controls(json.dumps(value, ensure_ascii=False))
        case list() | tuple():
            return ", ".join(format_value(item, lang) for item in value)
        case _:
            return escape_controls(str(value))


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def cut(text: str, room: int) -> str:
    """Return a text in one line of so many columns; what does not fit is left out behind `…`."""
    line = " ".join(text.split())
    if width(line) <= room:
        return line
    kept = ""
    for letter in line:
        if width(kept) + width(letter) >= room:
            break
        kept += letter
    return f"{kept.rstrip()}…"


def align_lines(pairs: Sequence[tuple[str, str]], indent: str = "") -> list[str]:
    """Return names and values as aligned lines; further lines of a value stand below it."""
    room = max((width(name) for name, _ in pairs), default=0)
    written = []
    for name, text in pairs:
        first, *others = text.split("\n")
        written.append(f"{indent}{name}{' ' * (room - width(name))}  {first}".rstrip())
        written.extend(f"{indent}{' ' * room}  {other}".rstrip() for other in others)
    return written


def format_members(values: Mapping[str, Any]) -> str:
    """Return an object's members as aligned lines, objects in it below their names."""
    written = []
    for name, value in values.items():
        nested = isinstance(value, Mapping) and value
        text = format_members(value) if nested else escape_controls(_plain(value))
        written.append((escape_controls(name), text))
    return "\n".join(align_lines(written))


def _plain(value: Any) -> str:
    if isinstance(value, (list, Mapping)) or value is None:
        return json.dumps(value, ensure_ascii=False)
    return format_setting(value)
