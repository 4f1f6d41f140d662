"""Read a stretch of a running simulator's journal; write a recording as a scenario file."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from conformance_tests.scenarios.files import loading
from conformance_tests.scenarios.record.recording import ACK_LOST, Entry, Recording, Stretch
from conformance_tests.suite.scenes.both.actions import ACTIONS
from simulator.clock import SHANGHAI
from simulator.driver import AccountClient, Push
from simulator.errors import SimulatorError
from simulator.fault_tag import FaultTag
from simulator.operations.faults import fault_rules

_MOST = 100_000
#: The members with the numbers of what an event makes, and of an order's block.
_MADE: Mapping[str, tuple[str, ...]] = {
    "create_order": ("order_no", "block_number", "block_name"),
    "apply_for_invoice": ("invoice_id",),
    "apply_for_claim": ("claim_no",),
    "revoke_guarantees": ("revoke_no",),
}
#: The calls by which institutions issue guarantees.
_ISSUING = frozenset(
    effect.method
    for actions in ACTIONS.values()
    for action, effect in actions.items()
    if action in ("issue", "reissue")
)
#: A number of so many digits is that of an entry; a longer one is Unix seconds.
_ENTRY = re.compile(r"\d{1,8}\Z", re.ASCII)
_UNIX = re.compile(r"\d{9,10}(\.\d+)?\Z", re.ASCII)


def read(account: AccountClient, since: str = "", until: str = "") -> Stretch:
    """Read an account's journal from one place to another, both inclusive.

    A place is the number of an entry, or a moment of the account's time: `2026-08-01 10:00`
    (Asia/Shanghai) or Unix seconds.

    Raises:
        SimulatorError: there is no such account, or a text is no place.
    """
    first, last = _Place.parse(since), _Place.parse(until)
    events = account.get("journal", direction="event", limit=_MOST)
    entries = [*events, *account.get("journal", limit=_MOST)]
    kept = [e for e in entries if first.is_at_or_before(e) and last.is_at_or_after(e)]
    kept += _find_rules_before(events, kept)
    lost = _find_lost(account, kept)
    switches = account.control.get("lookup")["switches"]
    return Stretch(
        account=account.get(),
        entries=sorted(kept, key=lambda each: int(each["id"])),
        orders=account.get("orders"),
        guarantees=account.get("guarantees"),
        claims=account.get("claims"),
        invoices=account.get("invoices"),
        to_present=not until,
        defaults={name: switch["default"] for name, switch in switches.items()},
        lost=lost,
        made=_find_made([each for each in entries if not first.is_at_or_before(each)]),
    )


def _find_made(entries: Sequence[Entry]) -> dict[str, int]:
    """Return the entry in which each thing was made, by the thing's number."""
    found: dict[str, int] = {}
    for entry in sorted(entries, key=lambda each: int(each["id"])):
        event, params = str(entry["sent"].get("event")), entry["sent"].get("params", {})
        numbers = [entry["received"].get(name) for name in _MADE.get(event, ())]
        if params.get("method") in _ISSUING and entry["status"] == "200":
            numbers = [params.get("guarantee_no")]
        for number in filter(None, numbers):
            found.setdefault(str(number), int(entry["id"]))
    return found


def _find_lost(account: AccountClient, kept: Sequence[Entry]) -> set[int]:
    """Return the entries of pushes whose acknowledgement a fault rule lost.

    An entry has the rule's tag even if the institution did not acknowledge; only the push's
    verdict tells.
    """
    found = set()
    for entry in kept:
        rules = [tag["rule"] for tag in entry["faults"]]
        if entry["status"] == "failed" and fault_rules.LOSE_ACK in rules:
            attempts = Push(account, int(entry["push"])).attempts
            codes = {each.number: each.code for each in attempts}
            if codes.get(entry["attempt"]) == ACK_LOST:
                found.add(int(entry["id"]))
    return found


def _find_rules_before(events: Sequence[Entry], kept: Sequence[Entry]) -> list[Entry]:
    """Return the events that added rules before a stretch in which these struck.

    Each rule is added for as many times as it struck there.
    """
    struck = Counter(FaultTag.from_json(tag) for entry in kept for tag in entry["faults"])
    inside = {entry["id"] for entry in kept}
    found: list[Entry] = []
    for event in events:
        number, sent = event["received"].get("id"), event["sent"]
        if event["id"] in inside or sent.get("event") != "add_fault":
            continue
        times = struck[FaultTag(sent["body"]["rule"], number)]
        if times:
            found.append({**event, "sent": {**sent, "body": {**sent["body"], "times": times}}})
    return found


class _Place:
    """A place in a journal: an entry, a moment, or anywhere."""

    def __init__(self, entry: int | None, moment: float | None) -> None:
        self._entry = entry
        self._moment = moment

    @classmethod
    def parse(cls, text: str) -> "_Place":
        """Parse a place as it is given on the command line."""
        if not text:
            return cls(None, None)
        if _ENTRY.match(text):
            return cls(int(text), None)
        if _UNIX.match(text):
            return cls(None, float(text))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise SimulatorError(
                f"{text!r} is not a place in the journal: give the number of an entry, or a time "
                "such as '2026-08-01 10:00'.",
                f"{text!r} 不是日志中的位置：请给出日志编号，或时刻，例如 '2026-08-01 10:00'。",
            ) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
        return cls(None, moment.timestamp())

    def is_at_or_before(self, entry: Mapping[str, Any]) -> bool:
        """Return whether this place is at or before an entry."""
        if self._entry is not None:
            return int(entry["id"]) >= self._entry
        return self._moment is None or (entry["at"] or entry["wall"]) >= self._moment

    def is_at_or_after(self, entry: Mapping[str, Any]) -> bool:
        """Return whether this place is at or after an entry."""
        if self._entry is not None:
            return int(entry["id"]) <= self._entry
        return self._moment is None or (entry["at"] or entry["wall"]) <= self._moment


def write(recording: Recording, place: Path) -> None:
    """Write a recording as a scenario file, and load it to check that it is correct.

    Raises:
        SimulatorError: the file cannot be written.
    """
    comments = [f"# left out 未录制: {each}\n" for each in recording.left_out]
    text = yaml.safe_dump(
        recording.document, allow_unicode=True, sort_keys=False, width=100, default_flow_style=None
    )
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(comments) + text, "utf-8")
    except OSError as error:
        raise SimulatorError(
            f"The recording cannot be written to {place}: {error.strerror}.",
            f"无法写入录制文件 {place}：{error.strerror}。",
        ) from error
    loading.load(place)
