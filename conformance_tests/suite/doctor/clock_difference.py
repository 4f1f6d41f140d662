"""By how much the target's clock differs from ours, by what it sent."""

from datetime import datetime
from email.utils import parsedate_to_datetime

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.seen import Call
from simulator import clock

#: Seconds by which the target's clock may differ.
TOLERANCE = 60
_HOUR = 3600


def ahead_by_call(call: Call) -> float | None:
    """Return by how many seconds the target's clock is ahead, by a call's timestamp."""
    try:
        moment = datetime.strptime(f"{call.params['timestamp']}+0800", "%Y%m%d%H%M%S%z")
    except (KeyError, ValueError):
        return None
    return moment.timestamp() - float(call.entry["wall"])


def ahead_by_answer(answer: Answer) -> float | None:
    """Return by how many seconds it is ahead, by an answer's Date header."""
    headers = {name.lower(): value for name, value in answer.received.headers.items()}
    try:
        return parsedate_to_datetime(headers["date"]).timestamp() - clock.wall_now()
    except (KeyError, ValueError, TypeError):
        return None


def zone_hint(ahead: float) -> tuple[str, str]:
    """Return what to change about a clock that is so many seconds ahead, in both languages."""
    if abs(ahead / _HOUR - round(ahead / _HOUR)) * _HOUR < TOLERANCE and round(ahead / _HOUR):
        return (
            "whole hours: write `timestamp` in Asia/Shanghai (UTC+8).",
            "相差整数小时：`timestamp` 请使用 Asia/Shanghai（UTC+8）。",
        )
    return (
        "set it by NTP; a timestamp that is far off may be refused.",
        "请用 NTP 校时；偏差过大的 timestamp 可能被拒绝。",
    )
