"""Turn the journal's control events into scenario steps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from conformance_tests.scenarios.files import durations, vocabulary
from conformance_tests.scenarios.record.naming import Names
from simulator import clock
from simulator.errors import SimulatorError

Entry = Mapping[str, Any]
Steps = list[dict[str, Any]]
#: Clock actions without effect in a scenario, whose clock stands still anyway.
_SILENT = ("freeze", "resume")
#: Events that themselves send the pushes that follow.
_SENDING = (
    *("move_clock", "open_order", "verify_guarantee", "query_guarantee", "search_release"),
    *("verify_for_third_party", "query_for_third_party", "push_on_demand", "resend_push"),
)
_QUESTIONS = ("verify", "query", "release_search", "order_page")


def is_silent(entry: Entry) -> bool:
    """Return whether an event needs no step."""
    sent = entry["sent"]
    return sent.get("event") == "move_clock" and sent["body"].get("action") in _SILENT


def sends(event: Entry | None) -> bool:
    """Return whether an event itself sends the pushes that come after it."""
    return event is not None and event["sent"]["event"] in _SENDING


@dataclass(frozen=True)
class LeftOut:
    """Something that no step can repeat: the journal's entry, its event, and the part of it."""

    entry: int
    event: str
    part: str

    def __str__(self) -> str:
        """Return it in one line: `12 add_fault: value`."""
        return f"{self.entry} {self.event}: {self.part}"


class EventTranslator:
    """Turns events into steps, and names what they make."""

    def __init__(
        self,
        names: Names,
        kind: str,
        entries: Sequence[Entry],
        orders: Mapping[str, Mapping[str, Any]],
        made: Mapping[str, int],
    ) -> None:
        self._names = names
        self._push_names = vocabulary.push_names(kind)
        self._orders = orders
        #: The entry before the recording in which each thing was made, by the thing's number.
        self._made = made
        #: The rule of each fault by its number.
        self._rules: dict[str, str] = {}
        self._pushes = {e["push"]: e for e in entries if e["direction"] == "push"}
        #: The account's time that the steps so far lead to, in Unix seconds.
        self._at: float | None = None
        self.left_out: list[LeftOut] = []

    def translate(self, event: Entry) -> Steps:
        """Return the steps of an event."""
        name = str(event["sent"]["event"])
        gap = self._gap(event)
        return [*gap, *_EVENTS[name](self, event)]

    def _gap(self, event: Entry) -> Steps:
        """Return the step for the time that passed on a running clock before an event."""
        at, before = float(event["at"]), self._at
        moved = event["received"].get("to") if event["sent"]["event"] == "move_clock" else None
        self._at = at if moved is None else float(moved)
        if before is None or at - before < 1:
            return []
        return [{"advance": durations.format_seconds(at - before)}]

    def translate_pushes(self, event: Entry | None, pushes: Sequence[Entry]) -> Steps:
        """Return the steps for pushes that no event sent, but a running clock."""
        if sends(event):
            return []
        steps: Steps = []
        for entry in pushes:
            name, about = self.push_of(entry)
            if (entry["attempt"] or 1) > 1:
                steps.append({"advance": "next"})
            else:
                steps.append({"push": name, "about": about})
            self._at = float(entry["at"])
        return steps

    def push_of(self, entry: Entry) -> tuple[str, str]:
        """Return the name of a push, and the reference to what it is about.

        Raises:
            SimulatorError: that was made before the recording begins.
        """
        name = self._push_names[entry["interface"]]
        if name == "bid_opening":
            found = self._names.order_in_block(str(entry["about"]), None)
            found = found or self._find_block(str(entry["about"]))
            return name, self._require(found, entry)
        return name, self.reference(entry["about"], entry)

    def _find_block(self, name: str) -> str | None:
        """Return the reference to an order of a block that has a name but no number."""
        return self._names.order_in_block("", name)

    def reference(self, number: Any, entry: Entry) -> str:
        """Return the reference for a number.

        Raises:
            SimulatorError: what has it was made before the recording begins.
        """
        return self._require(self._names.reference(number), entry, str(number))

    def _require(self, found: str | None, entry: Entry, number: str = "") -> str:
        if found is not None:
            return found
        about = number or str(entry["about"])
        made = self._made.get(about)
        if made is not None:
            raise SimulatorError(
                f"The journal entry {entry['id']} is about {about}, which was made before the "
                f"recording begins, in the entry {made}: begin there, with --since {made}, or "
                "later, after the last entry about it.",
                f"日志 {entry['id']} 涉及 {about}，它在录制开始之前、日志 {made} 处产生："
                f"请用 --since {made} 从该处开始，或在与它有关的最后一条记录之后开始。",
            )
        raise SimulatorError(
            f"The journal entry {entry['id']} is about {about}, which was made before the "
            "recording begins (or is not in the journal any more): begin earlier with --since, or "
            "later, after the last entry about it.",
            f"日志 {entry['id']} 涉及 {about}，它在录制开始之前产生（或已不在日志中）："
            "请用 --since 提前开始，或在与它有关的最后一条记录之后开始。",
        )

    # Each event.

    def _create_order(self, event: Entry) -> Steps:
        body, answer = event["sent"]["body"], event["received"]
        number = str(answer["order_no"])
        name = self._names.assign("order", number)
        if number in self._orders:
            self._names.add_numbers(name, "order", self._orders[number])
        own = ("order_no", "block_number", "block_name")
        fields = {
            key: value
            for key, value in body.get("fields", {}).items()
            if key not in own and isinstance(value, (str, int))
        }
        block = str(answer["block_number"]), str(answer["block_name"])
        neighbour = self._names.enter_block(*block, name)
        given = {
            **({"fixture": body["fixture"]} if "fixture" in body else {}),
            **({"same_block_as": f"${{{neighbour}}}"} if neighbour else {}),
            **fields,
        }
        return [{"act": "principal.apply", **({"with": given} if given else {}), "as": name}]

    def _open_order(self, event: Entry) -> Steps:
        order = self.reference(event["sent"]["path"]["order_no"], event)
        return [{"act": "principal.open", "with": {"order": order}}]

    def _apply_for_invoice(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        first, *also = [self.reference(each, event) for each in body["order_nos"]]
        name = self._names.assign("invoice", str(event["received"]["invoice_id"]))
        given = {"order": first, **({"also": also} if also else {}), **body.get("fields", {})}
        return [{"act": "principal.apply_for_invoice", "with": given, "as": name}]

    def _change_bid_opening(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        found = self._names.order_in_block(body["block_number"], body.get("block_name"))
        order = self._require(found, event, body["block_number"])
        given: dict[str, Any] = {"order": order, "type": body["type"]}
        today = clock.to_moment(float(event["wall"])).date()
        try:
            given["days"] = (date.fromisoformat(body["open_tender_time"][:10]) - today).days
        except ValueError:
            self._leave_out(event, "open_tender_time")
        return [{"act": "trading_centre.move_bid_opening", "with": given}]

    def _apply_for_claim(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        order = self.reference(body["order_no"], event)
        name = self._names.assign("claim", str(event["received"]["claim_no"]))
        if body.get("files"):
            self._leave_out(event, "files")
        kept = {key: body[key] for key in ("claim_amount", "with_file") if key in body}
        given = {"order": order, **kept, **body.get("fields", {})}
        return [{"act": "beneficiary.claim", "with": given, "as": name}]

    def _revoke_guarantees(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        found = self._names.order_in_block(body["block_number"], body.get("block_name"))
        order = self._require(found, event, body["block_number"])
        name = self._names.assign("release", str(event["received"]["revoke_no"]))
        given: dict[str, Any] = {"order": order}
        for key in ("guarantee_nos", "penalty"):
            if body.get(key):
                given[key] = [self.reference(each, event) for each in body[key]]
        given |= {key: body[key] for key in ("note", "with_declaration") if key in body}
        return [{"act": "beneficiary.revoke_guarantees", "with": given, "as": name}]

    def _ask_question(self, event: Entry) -> Steps:
        number = event["received"].get("id", event["received"].get("push"))
        entry = self._pushes.get(number)
        if entry is None:
            return []
        if "pdf" in event["sent"]["body"]:
            self._leave_out(event, "pdf")
        name, about = self.push_of(entry)
        return [{"push": name, "about": about}]

    def _push_on_demand(self, event: Entry) -> Steps:
        body, answer = event["sent"]["body"], event["received"]
        about = self.reference(body["about"], event)
        name = str(answer["name"])
        changed = self._names.insert_references(body.get("content", {}))
        if not changed and name not in _QUESTIONS:
            self._leave_out(event, "push")
            return []
        return [{"push": name, "about": about, **({"changed": changed} if changed else {})}]

    def _resend_push(self, event: Entry) -> Steps:
        entry = self._pushes.get(event["received"]["id"])
        if entry is None:
            return []
        name, about = self.push_of(entry)
        return [{"push": name, "about": about, "mode": "repeat"}]

    def _add_fault(self, event: Entry) -> Steps:
        body = self._names.insert_references(event["sent"]["body"])
        number = event["received"].get("id")
        if number is not None:
            self._rules[str(number)] = str(body["rule"])
        return [{"fault": body}]

    def _remove_fault(self, event: Entry) -> Steps:
        rule = self._rules.get(str(event["sent"]["path"]["fault"]))
        return [{"fault": {"remove": rule}}] if rule else []

    def _move_clock(self, event: Entry) -> Steps:
        match event["sent"]["body"]["action"]:
            case "next":
                return [{"advance": "next"}]
            case "run":
                return [{"advance": "idle"}]
        length = float(event["received"]["to"]) - float(event["received"]["from"])
        return [{"advance": durations.format_seconds(length)}]

    def _give_up_push(self, event: Entry) -> Steps:
        self._leave_out(event, "give-up")
        return []

    def _change_account(self, event: Entry) -> Steps:
        self._leave_out(event, "switches")
        return []

    def _leave_out(self, event: Entry, part: str) -> None:
        self.left_out.append(LeftOut(event["id"], event["sent"]["event"], part))


def _move_order(act: str) -> Callable[[EventTranslator, Entry], Steps]:
    def translate(translator: EventTranslator, event: Entry) -> Steps:
        given = {"order": translator.reference(event["sent"]["path"]["order_no"], event)}
        note = event["sent"]["body"].get("note")
        return [{"act": act, "with": {**given, **({"note": note} if note else {})}}]

    return translate


def _move_claim(act: str) -> Callable[[EventTranslator, Entry], Steps]:
    def translate(translator: EventTranslator, event: Entry) -> Steps:
        claim = translator.reference(event["sent"]["path"]["claim_no"], event)
        return [{"act": act, "with": {"claim": claim}}]

    return translate


_EVENTS: Mapping[str, Callable[[EventTranslator, Entry], Steps]] = {
    "create_order": EventTranslator._create_order,
    "open_order": EventTranslator._open_order,
    "submit_order": _move_order("principal.submit"),
    "cancel_order": _move_order("principal.cancel"),
    "finish_order": _move_order("platform.finish"),
    "apply_for_invoice": EventTranslator._apply_for_invoice,
    "change_bid_opening": EventTranslator._change_bid_opening,
    "apply_for_claim": EventTranslator._apply_for_claim,
    "revoke_claim": _move_claim("beneficiary.revoke_claim"),
    "close_claim": _move_claim("platform.close_claim"),
    "revoke_guarantees": EventTranslator._revoke_guarantees,
    "verify_guarantee": EventTranslator._ask_question,
    "query_guarantee": EventTranslator._ask_question,
    "search_release": EventTranslator._ask_question,
    "verify_for_third_party": EventTranslator._ask_question,
    "query_for_third_party": EventTranslator._ask_question,
    "push_on_demand": EventTranslator._push_on_demand,
    "resend_push": EventTranslator._resend_push,
    "give_up_push": EventTranslator._give_up_push,
    "add_fault": EventTranslator._add_fault,
    "remove_fault": EventTranslator._remove_fault,
    "change_account": EventTranslator._change_account,
    "move_clock": EventTranslator._move_clock,
}
