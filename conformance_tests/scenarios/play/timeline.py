"""The timeline of a play: its decrypted exchanges, in an order that is the same in every run.

What differs between runs is left out: wire forms, tokens, signs, latencies, wall time. The pushes
of a step come first, by the account's clock; its calls follow, sorted by what they are about,
because a target works on several things at a time.
"""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from conformance_tests.scenarios.files import vocabulary
from conformance_tests.scenarios.play.play import Play
from conformance_tests.scenarios.play.results import StepResult
from conformance_tests.suite.report.findings import mask
from simulator import clock

#: Members that differ in every message, and those that name the sender.
_OWN = frozenset(
    {"sign", "timestamp", "access_token", "expired_at", "method", "request_method"}
    | {"btc_id", "enter_institution_type", "api_key", "api_secret"}
)
_DAY = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?!\d)")
_TIME = re.compile(r"(‹day[+-]\d+›)[ T](\d\d:\d\d(?::\d\d)?)")
_HASH = re.compile(r"(?<![0-9a-fA-F])[0-9a-fA-F]{64}(?![0-9a-fA-F])")
_FILE_URL = re.compile(r"https?://[^\s\"'?]+\?(?:param|access_token)=(?:\[[^\]]*\]|[^\s\"'\[\]])+")
_KEY_URL = re.compile(r"https?://[^\s\"']+\?key=[^\s\"']+")
_RULE = re.compile(r"\b([a-z_]+) #\d+")
#: Calls that only read: how often they are made is the target's own business.
_READING = re.compile(r"(?:get_|insurer_get_|guarantor_get_)")


def build(play: Play, steps: Sequence[StepResult]) -> list[dict[str, Any]]:
    """Return a play's timeline: its steps, each followed by the exchanges that came in it."""
    normalizer = _Normalizer(play)
    made = []
    for step in _drop_old_token(steps):
        made.append(
            {
                "what": "step",
                "at": step.at,
                "number": step.number,
                "line": step.step.line,
                "title": step.step.title,
                "failures": [failure.as_json() for failure in step.failures],
            }
        )
        made += normalizer.exchanges(step)
    masked = mask({"lines": made}, play.venue.stage.secrets())
    return list(masked["lines"])


def _drop_old_token(steps: Sequence[StepResult]) -> Sequence[StepResult]:
    """Drop how a target learns that its token from before the play has expired.

    Whether it has one depends on what was played before.
    """
    for step in steps:
        kept: list[dict[str, Any]] = []
        for number, entry in enumerate(step.entries):
            if vocabulary.is_token_call(entry):
                step.entries = [*kept, *step.entries[number:]]
                return steps
            if not vocabulary.is_token_refusal(entry):
                kept.append(entry)
        step.entries = kept
    return steps


class _Normalizer:
    """Describes exchanges in a way that is the same in every run."""

    def __init__(self, play: Play) -> None:
        self._began = play.began_at
        self._today = clock.to_moment(play.began_wall).date()
        stage = play.venue.stage
        platform = urlsplit(str(stage.letter["platform"]))
        self._places = {f"{platform.scheme}://{platform.netloc}": "‹platform›"}
        for url in stage.target.endpoints.values():
            place = urlsplit(url)
            self._places[f"{place.scheme}://{place.netloc}"] = "‹target›"

    def exchanges(self, step: StepResult) -> list[dict[str, Any]]:
        """Return the exchanges of a step: pushes in the order sent, then calls, then downloads."""
        pushes = [entry for entry in step.entries if entry["direction"] == "push"]
        pushes.sort(key=lambda entry: (entry["at"], entry["push"], entry["attempt"] or 0))
        others = [self._other(e) for e in step.entries if e["direction"] != "push"]
        return [*map(self._push, pushes), *_merge_reads(others)]

    def _push(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "what": "push",
            "at": max(0.0, round(entry["at"] - self._began, 3)),
            "interface": entry["interface"],
            "about": entry["about"],
            "attempt": entry["attempt"],
            "sent": self._members(entry["sent"].get("params", {})),
            "answer": self._answer(entry["received"]),
            "status": entry["status"],
            "verdict": self._notes(entry["notes"]),
            "faults": [tag["rule"] for tag in entry["faults"]],
        }

    def _other(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        params = entry["sent"].get("params", {})
        return {
            "what": entry["direction"],
            "interface": entry["interface"],
            "method": params.get("method"),
            "about": entry["about"],
            "sent": self._members(params),
            "files": sorted(entry["sent"].get("files", {})),
            "answer": self.normalize(entry["received"]) if entry["direction"] == "call" else {},
            "status": entry["status"],
            "verdict": self._notes(entry["notes"]),
            "faults": [tag["rule"] for tag in entry["faults"]],
        }

    def _members(self, params: Mapping[str, Any]) -> Any:
        return {
            name: self.normalize(value)
            for name, value in sorted(params.items())
            if name not in _OWN
        }

    def _answer(self, received: Mapping[str, Any]) -> Any:
        """Return the answer to a push: its JSON, or else what came instead."""
        if not received:
            return None
        if received.get("failure"):
            return {"failure": received["failure"]}
        body = str(received.get("body", ""))
        try:
            return self.normalize(json.loads(body))
        except ValueError:
            kind = "HTML" if "<" in body[:200] else "text"
            return {"http": received.get("status"), "body": f"({kind})" if body else ""}

    def _notes(self, notes: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
        """Return the notes of an exchange, fault rules without their numbers."""
        return [
            {lang: _RULE.sub(r"\1", str(self.normalize(note[lang]))) for lang in ("en", "zh")}
            for note in notes
        ]

    def normalize(self, value: Any) -> Any:
        """Return a value without what differs between runs."""
        if isinstance(value, Mapping):
            return {n: self.normalize(each) for n, each in value.items() if n not in _OWN}
        if isinstance(value, list):
            return [self.normalize(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> Any:
        if text[:1] in ("[", "{"):
            # JSON inside a text has escapes of its own, which would hide addresses.
            with suppress(ValueError):
                return self.normalize(json.loads(text))
        text = _FILE_URL.sub("‹file URL›", text)
        text = _KEY_URL.sub("‹file URL›", text)
        for place, word in self._places.items():
            text = text.replace(place, word)
        text = _HASH.sub("‹sha256›", text)
        return _TIME.sub(_moment, _DAY.sub(self._day, text))

    def _day(self, found: re.Match[str]) -> str:
        try:
            day = date(*(int(part) for part in found.groups()))
        except ValueError:
            return found[0]
        return f"‹day{(day - self._today).days:+}›"


def _moment(found: re.Match[str]) -> str:
    """Drop the time of what happened just now; keep that of what lies ahead."""
    return "‹now›" if found[1] in ("‹day+0›", "‹day+1›", "‹day-1›") else f"{found[1]} {found[2]}"


def _merge_reads(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return calls sorted by what they are about; repeated reads are merged."""
    ordered = sorted(found, key=_place)
    kept: list[dict[str, Any]] = []
    for each in ordered:
        reads = _READING.match(str(each["method"] or "")) or each["what"] == "download"
        if not (reads and kept and kept[-1] == each):
            kept.append(each)
    return kept


def _place(line: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        str(line["about"] or ""),
        str(line["interface"] or ""),
        json.dumps(line, ensure_ascii=False, sort_keys=True),
    )
