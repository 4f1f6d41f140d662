"""Masks personal data in reports: names, numbers, addresses, e-mail addresses.

A value is recognised by its parameter's name, and in free text by its form. Companies stay
readable.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from types import NoneType
from typing import Any

#: Parameters whose values identify a person, or a bank account or address.
_NAMES = (
    r"principal_name|creditor_name|bidding_agent_name"
    r"|contact_\w+|receiver_\w+|operator_\w+|legal_\w+|identify_number"
    r"|\w*bank_account|\w*bank_no"
    r"|(?:\w+_)?(?:phone|phone_num|phone_number|mobile|telephone|mail|email)|\w+_address"
    r"|\w*_(?:id_card|identity_num|legal_person)|id_card"
)
_PERSONAL = re.compile(_NAMES, re.IGNORECASE)
_MEMBER = re.compile(
    rf"""(?P<head>(?P<q>\\?["'])(?:{_NAMES})(?P=q)\s*:\s*(?P<v>\\?["']))(?P<value>.*?)(?P=v)""",
    re.IGNORECASE,
)
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9Xx](?![0-9])")
#: Possessive, and starting only at the first such character: linear in any text.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_STARS = "***"


@lru_cache(maxsize=4096)
def is_personal(name: str) -> bool:
    """Return whether a parameter of this name holds personal data."""
    return _PERSONAL.fullmatch(name) is not None


def shorten(value: str) -> str:
    """Return the beginning of a value: enough for those who know it to recognise it."""
    if not value or value.endswith(_STARS):
        return value
    if "://" in value:
        return f"{value.partition('?')[0]}?{_STARS}"
    return f"{value[: 3 if value.isdigit() else 1]}{_STARS}"


def find(value: Any) -> set[str]:
    """Return the personal values in a JSON value, as their names show."""
    if isinstance(value, Mapping):
        found: set[str] = set()
        for name, member in value.items():
            if is_personal(str(name)) and not isinstance(member, (Mapping, list, tuple)):
                found.add(str(member))
            else:
                found |= find(member)
        # A single letter occurs everywhere and reveals nothing.
        return {each for each in found if len(each) > 1 and not each.endswith(_STARS)}
    if isinstance(value, (list, tuple)):
        return set().union(*(find(member) for member in value))
    return set()


def mask(value: Any, known: Iterable[str] = ()) -> Any:
    """Return a JSON value with all personal data masked.

    `known` are personal values that are masked wherever they occur, also in base strings and
    answers; `find` finds them.
    """
    return _mask(value, sorted(known, key=len, reverse=True))


def _mask(value: Any, known: Sequence[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            name: shorten(str(member))
            if is_personal(str(name)) and not isinstance(member, (Mapping, list, tuple, NoneType))
            else _mask(member, known)
            for name, member in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [_mask(member, known) for member in value]
    return _mask_text(value, known) if isinstance(value, str) else value


def _mask_text(text: str, known: Sequence[str]) -> str:
    text = _MEMBER.sub(lambda found: f"{found['head']}{shorten(found['value'])}{found['v']}", text)
    for each in known:
        # Most texts have none of them, and searching is quicker than shortening.
        if each in text:
            text = text.replace(each, shorten(each))
    for form in (_MAIL, _IDENTITY, _MOBILE):
        text = form.sub(lambda found: shorten(found[0]), text)
    return text
