"""Turn a stretch of the journal into a scenario that can be played with any keys.

The journal's events become what people do. The institution's calls become its actions, each with
the expected call. Its answers to pushes become expectations.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance_tests.scenarios.files import vocabulary
from conformance_tests.scenarios.record import event_steps, target_actions
from conformance_tests.scenarios.record.event_steps import EventTranslator, LeftOut
from conformance_tests.scenarios.record.naming import Names, by_number
from conformance_tests.suite.platform.seen import Call
from simulator.errors import SimulatorError

_OK = "200"
#: The verdict on a push whose acknowledgement a fault rule lost.
ACK_LOST = "ack_lost"
#: Statuses of pushes that were not sent, because a fault rule made them wait.
_NOT_SENT = ("held", "delayed")
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Stretch:
    """A stretch of an account's journal, oldest first, and the platform's present records."""

    account: Mapping[str, Any]
    entries: Sequence[Entry]
    orders: Sequence[Mapping[str, Any]]
    guarantees: Sequence[Mapping[str, Any]]
    claims: Sequence[Mapping[str, Any]]
    invoices: Sequence[Mapping[str, Any]]
    #: Whether it reaches the present, so that the present states are those at its end.
    to_present: bool
    defaults: Mapping[str, Any] = field(default_factory=dict)
    #: The entries of pushes whose acknowledgement a fault rule lost.
    lost: Collection[int] = ()
    #: The entry before the stretch in which each thing was made, by the thing's number.
    made: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Recording:
    """A recording: the content of its file, the number of exchanges, and what was left out."""

    document: dict[str, Any]
    exchanges: int
    left_out: Sequence[LeftOut]


def record(stretch: Stretch) -> Recording:
    """Turn a stretch into a scenario.

    Raises:
        SimulatorError: it has nothing to play, or refers to something made before it begins.
    """
    exchanges = [each for each in stretch.entries if each["direction"] in ("call", "push")]
    if not stretch.entries:
        raise SimulatorError(
            "This stretch of the journal has no entry: choose another with --since and --until.",
            "该段日志没有任何记录：请用 --since、--until 另选一段。",
        )
    recorder = _Recorder(stretch)
    steps = recorder.steps()
    if not steps:
        raise SimulatorError(
            "This stretch of the journal has nothing that could be played again.",
            "该段日志中没有可重放的操作。",
        )
    first, last = stretch.entries[0]["id"], stretch.entries[-1]["id"]
    name = stretch.account["name"]
    switches = {
        switch: value
        for switch, value in stretch.account["switches"].items()
        if stretch.defaults.get(switch) != value
    }
    document = {
        "kind": stretch.account["kind"],
        "purpose": {
            "en": f"Recorded from the account {name}, journal entries {first} to {last}.",
            "zh": f"录制自账户 {name}，日志 {first} 至 {last}。",
        },
        **({"account": switches} if switches else {}),
        "pace": "swift",
        "steps": steps,
    }
    return Recording(document, len(exchanges), recorder.translator.left_out)


class _Recorder:
    def __init__(self, stretch: Stretch) -> None:
        self._stretch = stretch
        self._kind = str(stretch.account["kind"])
        self.names = Names()
        orders = by_number("order", stretch.orders)
        self.translator = EventTranslator(
            self.names, self._kind, stretch.entries, orders, stretch.made
        )
        self._ktypes = {str(each["order_no"]): str(each["ktype"]) for each in stretch.orders}
        #: How often each call was accepted, for the expectations at the end.
        self._taken: dict[str, int] = {}

    def steps(self) -> list[dict[str, Any]]:
        """Return the steps: what somebody did, each followed by what came of it."""
        made: list[dict[str, Any]] = []
        for event, came in _groups(self._stretch.entries):
            if event is not None:
                made += self.translator.translate(event)
            made += self._steps_after(event, came)
        return [*made, *self._expect_end()] if made else made

    def _steps_after(self, event: Entry | None, came: Sequence[Entry]) -> list[dict[str, Any]]:
        """Return the steps for what came after an event: pushes first, then actions."""
        made: list[dict[str, Any]] = []
        parts = [came] if event_steps.sends(event) else _by_push(came)
        for part in parts:
            pushes = [e for e in part if _was_sent(e)]
            calls = [Call(e) for e in part if e["direction"] == "call" and self._is_relevant(e)]
            made += self.translator.translate_pushes(event, pushes)
            made += list(self._expect_answers(pushes))
            # What a push told it about it can be expected to read; other reads are its own affair.
            made += list(self._act_steps(calls)) or list(
                self._expect_reads(calls) if pushes else ()
            )
        return made

    def _is_relevant(self, entry: Entry) -> bool:
        return not vocabulary.is_token_call(entry) and not vocabulary.is_token_refusal(entry)

    def _expect_answers(self, pushes: Sequence[Entry]) -> Iterator[dict[str, Any]]:
        last: dict[int, Entry] = {}
        for entry in pushes:
            last[entry["push"]] = entry
        for entry in last.values():
            name, about = self.translator.push_of(entry)
            yield {"expect": {"answer": name, "about": about, "verdict": self._verdict_of(entry)}}
            if (entry["attempt"] or 1) > 1:
                yield {"expect": {"push": name, "about": about, "attempts": entry["attempt"]}}

    def _verdict_of(self, entry: Entry) -> str:
        if entry["id"] in self._stretch.lost:
            return ACK_LOST
        return "acknowledged" if entry["status"] == "acknowledged" else "failed"

    def _act_steps(self, calls: Sequence[Call]) -> Iterator[dict[str, Any]]:
        """Yield the institution's actions with their calls; equal ones in a row are one action."""
        groups: list[tuple[target_actions.TargetAction, list[Call]]] = []
        for call in calls:
            about = str(call.entry["about"])
            found = target_actions.recognize(self._kind, call, self._ktypes.get(about), self.names)
            if found is None:
                continue
            if groups and groups[-1][0] == found:
                groups[-1][1].append(call)
            else:
                groups.append((found, [call]))
        for action, made in groups:
            yield from self._act(action, made)

    def _act(
        self, action: target_actions.TargetAction, calls: Sequence[Call]
    ) -> Iterator[dict[str, Any]]:
        accepted = [call for call in calls if call.status == _OK]
        step: dict[str, Any] = {"act": f"institution.{action.name}"}
        if action.values:
            step["with"] = dict(action.values)
        if not accepted:
            step["effect"] = "refused"
        elif action.name in ("issue", "reissue"):
            number = str(accepted[-1].params["guarantee_no"])
            name = self.names.assign("guarantee", number)
            step["as"] = name
            for record in self._stretch.guarantees:
                if record["guarantee_no"] == number:
                    self.names.add_numbers(name, "guarantee", record)
        yield step
        for status in dict.fromkeys(call.status for call in calls):
            alike = [call for call in calls if call.status == status]
            yield {"expect": self._expected_call(alike[-1], status, len(alike))}
            if status == _OK:
                method = alike[-1].method
                self._taken[method] = self._taken.get(method, 0) + len(alike)

    def _expected_call(self, call: Call, status: str, number: int) -> dict[str, Any]:
        wanted: dict[str, Any] = {"call": call.method}
        about = self.names.reference(call.entry["about"])
        if about is not None:
            wanted["about"] = about
        params = target_actions.select_params(call, self.names)
        if params:
            wanted["params"] = params
        if status != _OK:
            wanted["status"] = int(status) if status.isdecimal() else "any"
        if number > 1:
            wanted["count"] = {"least": number}
        return wanted

    def _expect_reads(self, calls: Sequence[Call]) -> Iterator[dict[str, Any]]:
        """Yield the expectation of each read, once at least, where nothing else happened."""
        seen = set()
        for call in calls:
            about = self.names.reference(call.entry["about"])
            if call.status == _OK and (call.method, about) not in seen:
                seen.add((call.method, about))
                wanted = {"call": call.method, **({"about": about} if about else {})}
                yield {"expect": wanted}

    def _expect_end(self) -> Iterator[dict[str, Any]]:
        """Yield the expectations at the end: no call too many, and the state of everything."""
        for method, number in self._taken.items():
            yield {"expect": {"call": method, "count": number, "since": "start"}}
        if not self._stretch.to_present:
            return
        states = [
            *((each["order_no"], each["state"]) for each in self._stretch.orders),
            *((each["claim_no"], each["status"]) for each in self._stretch.claims),
        ]
        for number, state in states:
            reference = self.names.reference(number)
            if reference is not None:
                yield {"expect": {"state": state, "of": reference}}
        for invoice in self._stretch.invoices:
            reference = self.names.reference(invoice["invoice_id"])
            if reference is not None:
                state = "issued" if invoice["issued"] else "applied"
                yield {"expect": {"state": state, "of": reference}}


def _was_sent(entry: Entry) -> bool:
    return entry["direction"] == "push" and entry["status"] not in _NOT_SENT


def _by_push(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Split entries into parts that begin with a push: on a running clock each is sent alone."""
    parts: list[list[Entry]] = [[]]
    for entry in entries:
        if _was_sent(entry):
            parts.append([])
        parts[-1].append(entry)
    return parts


def _groups(entries: Sequence[Entry]) -> Iterator[tuple[Entry | None, list[Entry]]]:
    """Yield each event with the entries between it and the next one."""
    event: Entry | None = None
    came: list[Entry] = []
    for entry in sorted(entries, key=lambda each: (each["wall"], each["id"])):
        if entry["direction"] != "event" or event_steps.is_silent(entry):
            came.append(entry)
            continue
        if event is not None or came:
            yield event, came
        event, came = entry, []
    if event is not None or came:
        yield event, came
