"""Compare values with what a file expects: a text, a pattern, one of several, or none of them."""

import re
from collections.abc import Mapping
from typing import Any

from conformance_tests.scenarios.files import references
from conformance_tests.scenarios.play.play import Play, text_of
from simulator.errors import Text

_ANY = "any"


def fits(play: Play, wanted: Any, value: Any) -> bool:
    """Return whether a value is what is wanted; values are compared as text."""
    text = text_of(value)
    if not isinstance(wanted, Mapping):
        return play.text(wanted) == text
    if "not" in wanted:
        return play.text(wanted["not"]) != text
    if "one_of" in wanted:
        return text in [play.text(each) for each in wanted["one_of"]]
    return re.fullmatch(_pattern(play, str(wanted["matches"])), text) is not None


def _pattern(play: Play, text: str) -> str:
    """Return a pattern in which the values of references are taken literally."""
    return references.fill(text, lambda found: re.escape(play.text(str(found))))  # type: ignore[no-any-return]


def describe(play: Play, wanted: Any) -> Text:
    """Describe what is wanted."""
    if not isinstance(wanted, Mapping):
        text = repr(play.text(wanted))
        return Text(text, text)
    if "not" in wanted:
        text = repr(play.text(wanted["not"]))
        return Text(f"anything but {text}", f"不等于 {text}")
    if "one_of" in wanted:
        listed = ", ".join(repr(play.text(each)) for each in wanted["one_of"])
        return Text(f"one of {listed}", f"{listed} 之一")
    text = str(wanted["matches"])
    return Text(f"a text like {text!r}", f"符合 {text!r} 的文本")


def differences(play: Play, wanted: Mapping[str, Any], found: Mapping[str, Any]) -> list[Text]:
    """Return how the members of an object differ from what is wanted.

    A name with dots refers to nested objects.
    """
    different = []
    for name, each in wanted.items():
        try:
            value = references.member_at(found, tuple(name.split(".")))
        except (LookupError, ValueError):
            value = None
        if not fits(play, each, value):
            text = describe(play, each)
            shown = "missing" if value is None else repr(text_of(value))
            shown_zh = "缺失" if value is None else repr(text_of(value))
            different.append(
                Text(f"{name} is {shown}, not {text.en}", f"{name} 为 {shown_zh}，应为 {text.zh}")
            )
    return different


def count_fits(play: Play, wanted: Any, number: int) -> bool:
    """Return whether a number is as many as wanted."""
    if not isinstance(wanted, Mapping):
        return number == int(play.text(wanted))
    least = int(play.text(wanted.get("least", 0)))
    most = int(play.text(wanted["most"])) if "most" in wanted else number
    return least <= number <= most


def is_upward(wanted: Any) -> bool:
    """Return whether more would be fine as well, so that nothing has to be waited out."""
    return isinstance(wanted, Mapping) and "most" not in wanted


def describe_count(play: Play, wanted: Any) -> Text:
    """Describe how many are wanted."""
    if not isinstance(wanted, Mapping):
        text = play.text(wanted)
        return Text(f"exactly {text}", f"恰好 {text} 次")
    parts, parts_zh = [], []
    for name, zh in (("least", "至少"), ("most", "至多")):
        if name in wanted:
            number = play.text(wanted[name])
            parts.append(f"at {name} {number}")
            parts_zh.append(f"{zh} {number} 次")
    return Text(" and ".join(parts), "、".join(parts_zh))


def is_any(wanted: Any) -> bool:
    """Return whether any value will do."""
    return bool(wanted == _ANY)
