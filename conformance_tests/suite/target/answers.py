"""What an action's or a probe's answer says: whether it was done, and how many records exist."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator.errors import SimulatorError, Text

#: One step of a JSONPath: `.name`, `['name']`, `[0]`, `[*]`, `..name`, `[?(@.name=='value')]`.
_STEP = re.compile(
    r"\.\.(?P<anywhere>[\w-]+)|\.(?P<name>[\w-]+|\*)|\[(?P<index>-?\d+|\*)\]"
    r"|\[(?P<quote>['\"])(?P<quoted>.*?)(?P=quote)\]"
    r"|\[\?\(?\s*@\.(?P<member>[\w.-]+)\s*==\s*(?P<value>'[^']*'|\"[^\"]*\"|[\w.+-]+)\s*\)?\]"
)
#: Members by which many systems say under HTTP 200 that they did nothing.
_DONE = ("ok", "success")
#: Letters of an answer that are shown.
_SHOWN = 300


@dataclass(frozen=True)
class Counted:
    """A probe's number; `absent` says that nothing stands where it was looked for."""

    number: int
    absent: Text | None = None


def says_no(content: Any, text: str, fails: Mapping[str, Any] | None) -> bool:
    """Return whether an answer says that the action was not done.

    `content` is its JSON, `text` the whole of it. `fails` is how the target file says that this
    looks; without it `{"ok": false}` does.
    """
    if fails is None:
        members = content if isinstance(content, Mapping) else {}
        return any(members.get(name) is False for name in _DONE)
    if "at" not in fails and "equals" not in fails:
        return str(fails["contains"]) in text
    found = find(content, str(fails.get("at", "$")))
    if "equals" not in fails and "contains" not in fails:
        return bool(found) and found[0] not in (None, "", [], {})
    return any(_fits(each, fails) for each in found)


def count(content: Any, text: str, way: Mapping[str, Any]) -> Counted:
    """Return the number of records that a probe's answer tells of.

    `content` is its JSON, `text` the whole of it.

    Raises:
        SimulatorError: it tells of none; the target file's probe is wrong.
    """
    place = way.get("count")
    if place is None and "contains" in way:
        return Counted(int(str(way["contains"]) in text))
    found, said = find(content, str(place or "$")), text[:_SHOWN]
    if "equals" in way or "contains" in way:
        listed = found[0] if len(found) == 1 and isinstance(found[0], list) else found
        return Counted(sum(_fits(each, way) for each in listed))
    if place is not None and (not found or found[0] is None):
        return Counted(
            0,
            Text(
                f"its answer holds nothing at {place}, which counts as 0 ({said})",
                f"应答中没有 {place}，按 0 计（{said}）",
            ),
        )
    if len(found) == 1:
        return Counted(_number(found[0], place, said))
    return Counted(len(found))


def _number(found: Any, place: str | None, said: str) -> int:
    if isinstance(found, list):
        return len(found)
    if isinstance(found, Mapping) and place is not None:
        return 1
    try:
        return int(found) if isinstance(found, bool) else int(str(found))
    except ValueError:
        raise SimulatorError(
            f"The probe's answer holds no number at {place or 'its top'} ({said}): correct "
            "`count` in the target file.",
            f"探针的应答在 {place or '顶层'} 处没有数字（{said}）：请更正目标文件中的 count。",
        ) from None


def find(content: Any, place: str) -> list[Any]:
    """Return what stands at a place in JSON: at members (`data.count`) or a JSONPath (`$..id`).

    Raises:
        SimulatorError: the path is none.
    """
    path = place[1:] if place.startswith("$") else f".{place}"
    found, at = [content], 0
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            raise SimulatorError(
                f"`{place}` is no place in JSON: write members (data.count) or a JSONPath "
                "($.data[0].id, $.data[*], $..id, $.data[?(@.status=='OK')]).",
                f"`{place}` 不是 JSON 中的位置：请写成员（data.count）或 JSONPath"
                "（$.data[0].id、$.data[*]、$..id、$.data[?(@.status=='OK')]）。",
            )
        found = [each for value in found for each in _step(value, step)]
        at = step.end()
    return found


def _step(value: Any, step: re.Match[str]) -> list[Any]:
    if name := step["anywhere"]:
        return _anywhere(value, name)
    children = _children(value)
    if member := step["member"]:
        wanted = step["value"].strip("'\"")
        return [
            each for each in children if any(_text(x) == wanted for x in find(each, f"$.{member}"))
        ]
    name = step["name"] or step["quoted"] or step["index"]
    if name == "*":
        return children
    if step["index"] and isinstance(value, list):
        return value[int(name) :][:1]
    return [value[name]] if isinstance(value, Mapping) and name in value else []


def _children(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def _anywhere(value: Any, name: str) -> list[Any]:
    own = [value[name]] if isinstance(value, Mapping) and name in value else []
    return [*own, *(each for child in _children(value) for each in _anywhere(child, name))]


def _fits(value: Any, way: Mapping[str, Any]) -> bool:
    if "equals" in way and _text(value) != _text(way["equals"]):
        return False
    return str(way.get("contains", "")) in _text(value)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
