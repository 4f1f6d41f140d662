"""What happened in a test, an exchange a line: shown where a test fails."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator import clock
from simulator.fault_tag import FaultTag
from simulator.testing.listener import AppError

_ARROWS = {"call": "→", "push": "←", "page": "⇠", "download": "⇣"}
_GOOD = ("200", "acknowledged")
_MOST = 60


def timeline(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the newest exchanges: account time, direction, interface, about, status, why."""
    # A push is written when it ended, behind the calls that it led to.
    entries = sorted(entries, key=lambda entry: float(entry["wall"]))
    left_out = len(entries) - _MOST
    lines = [f"... ({left_out} earlier ones 更早的 {left_out} 条)"] if left_out > 0 else []
    return "\n".join([*lines, *(_line(entry) for entry in entries[-_MOST:])])


def _line(entry: Mapping[str, Any]) -> str:
    at = entry["wall"] if entry["at"] is None else entry["at"]
    method = (entry["sent"].get("params") or {}).get("method", "")
    parts = [
        clock.spoken(at)[11:],
        _ARROWS.get(entry["direction"], entry["direction"]),
        entry["interface"] or "-",
        method,
        entry["about"] or "",
        entry["status"],
    ]
    told = " ".join(part for part in parts if part)
    if entry["status"] not in _GOOD:
        told += "".join(f"\n         {note['en']} {note['zh']}" for note in entry["notes"])
    return told + "".join(f" [{FaultTag.from_json(tag)}]" for tag in entry["faults"])


def failures(errors: Sequence[AppError]) -> Iterator[str]:
    """Give each exception of the app with the request that it handled, and its traceback."""
    for error in errors:
        yield f"{error.request}\n{error.text.rstrip()}"
