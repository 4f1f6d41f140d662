"""Prepares what others wrote for being kept: free of credentials, and of a bounded size."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from simulator.protocol.masking import fingerprint
from simulator.store import credentials

#: Letters of a text; if all texts of a value together have more than `_MOST_LETTERS`, of each.
_LONGEST, _SHORTER = 20_000, 200
_MOST_LETTERS = 60_000
#: Letters of a member's name, and members of one object.
_LONGEST_NAME, _MOST_MEMBERS = 60, 200

#: Changes a text that may have so many letters.
_Change = Callable[[str, int], str]


def mask(session: Session, texts: Mapping[str, str]) -> dict[str, str]:
    """Return texts by their names, with the credentials of all accounts masked in the texts."""
    found = credentials.find(session, _render(texts))
    if not found:
        return dict(texts)
    pattern = credentials.compile_pattern(found)
    return {name: _mask_text(pattern, text) for name, text in texts.items()}


def clean(session: Session, value: Any, secrets: Collection[str] = ()) -> Any:
    """Return a JSON value as it may be kept: credentials masked, long texts and names cut.

    `secrets` are masked besides the credentials that all accounts have.
    """
    longest, text = _LONGEST, _render(value)
    is_short = len(text) <= _LONGEST and _has_short_names(value)
    if not is_short:
        text = _render(_change_texts(value, _shorten, longest))
        if len(text) > _MOST_LETTERS:
            longest = _SHORTER
            text = _render(_change_texts(value, _shorten, longest))
    found = credentials.find(session, text)
    found.update(secret for secret in secrets if _render(secret)[1:-1] in text)
    if is_short and not found:
        return value
    pattern = credentials.compile_pattern(found) if found else None
    return _change_texts(value, partial(_clean_text, pattern), longest)


def _render(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _has_short_names(value: Any) -> bool:
    if isinstance(value, dict):
        return len(value) <= _MOST_MEMBERS and all(
            len(name) <= _LONGEST_NAME and _has_short_names(each) for name, each in value.items()
        )
    return not isinstance(value, (list, tuple)) or all(map(_has_short_names, value))


def _change_texts(value: Any, change: _Change, longest: int) -> Any:
    if isinstance(value, str):
        return change(value, longest)
    if isinstance(value, Mapping):
        changed = {
            change(name, _LONGEST_NAME): _change_texts(each, change, longest)
            for name, each in islice(value.items(), _MOST_MEMBERS)
        }
        if len(value) > _MOST_MEMBERS:
            changed["…"] = len(value) - _MOST_MEMBERS
        return changed
    if isinstance(value, (list, tuple)):
        return [_change_texts(each, change, longest) for each in value]
    return value


def _shorten(text: str, longest: int) -> str:
    """Return as much of a text as may be kept, and the rest of what may begin there."""
    return text[: longest + credentials.LONGEST]


def _clean_text(pattern: re.Pattern[str] | None, text: str, longest: int) -> str:
    masked = _mask_text(pattern, _shorten(text, longest)) if pattern else text
    if len(text) <= longest + credentials.LONGEST:
        return masked if len(masked) <= longest else cut(masked, longest)
    # What begins in the last letters may be half a credential, which was not found.
    kept = masked[: min(longest, len(masked) - credentials.LONGEST)] if pattern else text[:longest]
    return f"{kept}… ({len(text)} letters)"


def _mask_text(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: f"[credential #{fingerprint(found[0])}]", text)


def cut(text: str, longest: int) -> str:
    """Return a text's first letters, at most so many, and how many it had."""
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} letters)"
