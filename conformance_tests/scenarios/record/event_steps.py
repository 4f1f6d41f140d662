"""What people did, as the journal's events say it, written as steps of a scenario."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from conformance_tests.scenarios.files import durations, vocabulary
from conformance_tests.scenarios.record.naming import Names
from simulator import clock
from simulator.errors import SimulatorError

Entry = Mapping[str, Any]
Steps = list[dict[str, Any]]
#: Events that do nothing in a scenario, where the clock stands still.
_SILENT = ("freeze", "resume")
#: Events after which pushes are sent that they ask for.
_SENDING = (
    *("move_clock", "open_order", "verify_guarantee", "query_guarantee", "search_release"),
    *("verify_for_third_party", "query_for_third_party", "push_on_demand", "resend_push"),
)
_QUESTIONS = ("verify", "query", "release_search", "order_page")


def is_silent(entry: Entry) -> bool:
    """Return whether an event has nothing to be played."""
    sent = entry["sent"]
    return sent.get("event") == "move_clock" and sent["body"].get("action") in _SILENT


def sends(event: Entry | None) -> bool:
    """Return whether an event itself sends the pushes that come after it."""
    return event is not None and event["sent"]["event"] in _SENDING


class Story:
    """Writes events as steps, and gives what they make its names."""

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
        #: In which entry before the recording begins each thing was made, by its number.
        self._made = made
        #: The rule of each fault by its number.
        self._rules: dict[str, str] = {}
        self._interfaces = {e["push"]: e for e in entries if e["direction"] == "push"}
        #: The account's time that a play has come to, while its clock ran by itself.
        self._at: float | None = None
        self.left_out: list[str] = []

    def told(self, event: Entry) -> Steps:
        """Return the steps of an event."""
        name = str(event["sent"]["event"])
        gap = self._gap(event)
        return [*gap, *_EVENTS[name](self, event)]

    def _gap(self, event: Entry) -> Steps:
        """Return the time that passed by itself before an event, on a clock that ran."""
        at, before = float(event["at"]), self._at
        moved = event["received"].get("to") if event["sent"]["event"] == "move_clock" else None
        self._at = at if moved is None else float(moved)
        if before is None or at - before < 1:
            return []
        return [{"advance": durations.written(at - before)}]

    def sent(self, event: Entry | None, pushes: Sequence[Entry]) -> Steps:
        """Return the steps by which pushes go that no event sent: the clock ran by itself."""
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
            found = found or self._block_called(str(entry["about"]))
            return name, self._required(found, entry)
        return name, self.reference(entry["about"], entry)

    def _block_called(self, name: str) -> str | None:
        """Return an order of a block that has a name only."""
        return self._names.order_in_block("", name)

    def reference(self, number: Any, entry: Entry) -> str:
        """Return the reference to what has a number.

        Raises:
            SimulatorError: it was made before the recording begins.
        """
        return self._required(self._names.reference(number), entry, str(number))

    def _required(self, found: str | None, entry: Entry, number: str = "") -> str:
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
        name = self._names.make("order", number)
        if number in self._orders:
            self._names.know(name, "order", self._orders[number])
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
        name = self._names.make("invoice", str(event["received"]["invoice_id"]))
        given = {"order": first, **({"also": also} if also else {}), **body.get("fields", {})}
        return [{"act": "principal.apply_for_invoice", "with": given, "as": name}]

    def _change_bid_opening(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        found = self._names.order_in_block(body["block_number"], body.get("block_name"))
        order = self._required(found, event, body["block_number"])
        given: dict[str, Any] = {"order": order, "type": body["type"]}
        today = clock.to_moment(float(event["wall"])).date()
        try:
            given["days"] = (date.fromisoformat(body["open_tender_time"][:10]) - today).days
        except ValueError:
            self._leave(event, "open_tender_time")
        return [{"act": "trading_centre.move_bid_opening", "with": given}]

    def _apply_for_claim(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        order = self.reference(body["order_no"], event)
        name = self._names.make("claim", str(event["received"]["claim_no"]))
        if body.get("files"):
            self._leave(event, "files")
        kept = {key: body[key] for key in ("claim_amount", "with_file") if key in body}
        given = {"order": order, **kept, **body.get("fields", {})}
        return [{"act": "beneficiary.claim", "with": given, "as": name}]

    def _revoke_guarantees(self, event: Entry) -> Steps:
        body = event["sent"]["body"]
        found = self._names.order_in_block(body["block_number"], body.get("block_name"))
        order = self._required(found, event, body["block_number"])
        name = self._names.make("release", str(event["received"]["revoke_no"]))
        given: dict[str, Any] = {"order": order}
        for key in ("guarantee_nos", "penalty"):
            if body.get(key):
                given[key] = [self.reference(each, event) for each in body[key]]
        given |= {key: body[key] for key in ("note", "with_declaration") if key in body}
        return [{"act": "beneficiary.revoke_guarantees", "with": given, "as": name}]

    def _question(self, event: Entry) -> Steps:
        number = event["received"].get("id", event["received"].get("push"))
        entry = self._interfaces.get(number)
        if entry is None:
            return []
        if "pdf" in event["sent"]["body"]:
            self._leave(event, "pdf")
        name, about = self.push_of(entry)
        return [{"push": name, "about": about}]

    def _push_on_demand(self, event: Entry) -> Steps:
        body, answer = event["sent"]["body"], event["received"]
        about = self.reference(body["about"], event)
        name = str(answer["name"])
        changed = self._names.written(body.get("content", {}))
        if not changed and name not in _QUESTIONS:
            self._leave(event, "push")
            return []
        return [{"push": name, "about": about, **({"changed": changed} if changed else {})}]

    def _resend_push(self, event: Entry) -> Steps:
        entry = self._interfaces.get(event["received"]["id"])
        if entry is None:
            return []
        name, about = self.push_of(entry)
        return [{"push": name, "about": about, "mode": "repeat"}]

    def _add_fault(self, event: Entry) -> Steps:
        body = self._names.written(event["sent"]["body"])
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
        return [{"advance": durations.written(length)}]

    def _give_up_push(self, event: Entry) -> Steps:
        self._leave(event, "give-up")
        return []

    def _change_account(self, event: Entry) -> Steps:
        self._leave(event, "switches")
        return []

    def _leave(self, event: Entry, what: str) -> None:
        self.left_out.append(f"{event['id']} {event['sent']['event']}: {what}")


def _order(act: str) -> Callable[[Story, Entry], Steps]:
    def told(story: Story, event: Entry) -> Steps:
        given = {"order": story.reference(event["sent"]["path"]["order_no"], event)}
        note = event["sent"]["body"].get("note")
        return [{"act": act, "with": {**given, **({"note": note} if note else {})}}]

    return told


def _claim(act: str) -> Callable[[Story, Entry], Steps]:
    def told(story: Story, event: Entry) -> Steps:
        claim = story.reference(event["sent"]["path"]["claim_no"], event)
        return [{"act": act, "with": {"claim": claim}}]

    return told


_EVENTS: Mapping[str, Callable[[Story, Entry], Steps]] = {
    "create_order": Story._create_order,
    "open_order": Story._open_order,
    "submit_order": _order("principal.submit"),
    "cancel_order": _order("principal.cancel"),
    "finish_order": _order("platform.finish"),
    "apply_for_invoice": Story._apply_for_invoice,
    "change_bid_opening": Story._change_bid_opening,
    "apply_for_claim": Story._apply_for_claim,
    "revoke_claim": _claim("beneficiary.revoke_claim"),
    "close_claim": _claim("platform.close_claim"),
    "revoke_guarantees": Story._revoke_guarantees,
    "verify_guarantee": Story._question,
    "query_guarantee": Story._question,
    "search_release": Story._question,
    "verify_for_third_party": Story._question,
    "query_for_third_party": Story._question,
    "push_on_demand": Story._push_on_demand,
    "resend_push": Story._resend_push,
    "give_up_push": Story._give_up_push,
    "add_fault": Story._add_fault,
    "remove_fault": Story._remove_fault,
    "change_account": Story._change_account,
    "move_clock": Story._move_clock,
}
