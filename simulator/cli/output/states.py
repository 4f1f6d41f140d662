"""The words of states and outcomes in Chinese, and a clock's distance from the wall clock."""

from collections.abc import Mapping
from typing import Any

from simulator import texts
from simulator.errors import Text

#: States and outcomes in both languages; in English they are what filters take.
STATES: Mapping[str, Text] = texts.load("states")
_UNITS = ((86_400, "d", "天"), (3_600, "h", "小时"), (60, "min", "分"), (1, "s", "秒"))


def describe_state(state: str | None) -> Text:
    """Return a state or an outcome; in Chinese with its word before the one that filters take."""
    known = STATES.get(state or "")
    return Text(state or "", f"{known.zh} {state}" if known else state or "")


def describe_clock(clock: dict[str, Any]) -> dict[str, str]:
    """Return whether a clock stands still, and else how far it is from the wall clock."""
    if clock["mode"] == "frozen":
        return {"en": "frozen", "zh": "冻结"}
    ahead = round(clock.get("ahead") or 0)
    if not ahead:
        return {"en": "running, real time", "zh": "运行，与实际时间一致"}
    far = describe_duration(abs(ahead))
    return {
        "en": f"running, {far.en} {'ahead of' if ahead > 0 else 'behind'} the wall clock",
        "zh": f"运行，比实际时间{'快' if ahead > 0 else '慢'} {far.zh}",
    }


def describe_duration(seconds: int) -> Text:
    """Return whole seconds in the two largest units."""
    parts = []
    for size, en, zh in _UNITS:
        count, seconds = divmod(seconds, size)
        parts.append((count, en, zh))
    first = next(i for i, (count, _, _) in enumerate(parts) if count)
    largest = [part for part in parts[first : first + 2] if part[0]]
    return Text(
        " ".join(f"{count} {en}" for count, en, _ in largest),
        " ".join(f"{count} {zh}" for count, _, zh in largest),
    )
