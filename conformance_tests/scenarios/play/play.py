"""The state of a play: names, the account's time, the pushes sent, the entries read."""

from collections.abc import Callable, Mapping
from typing import Any

from conformance_tests.scenarios.files import references, vocabulary
from conformance_tests.scenarios.files.references import ROW, Reference
from conformance_tests.scenarios.files.vocabulary import THINGS
from conformance_tests.scenarios.play.venue import Venue
from conformance_tests.suite.platform.seen import Call
from simulator import clock, ids
from simulator.errors import SimulatorError, Text

#: How many entries of the journal are read at once.
MOST = 100_000


class Unexpected(Exception):
    """A step could not be taken, so the play cannot go on; `text` is the reason."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class Play:
    """One play on a venue."""

    def __init__(self, venue: Venue, kind: str, row: Mapping[str, Any], seed: str) -> None:
        self.venue = venue
        self.kind = kind
        self.platform = venue.platform
        self.target = venue.target
        self._row = row
        self._seed = seed
        self._blocks = 0
        #: The kind and the number of the thing that each name refers to.
        self._names: dict[str, tuple[str, str]] = {}
        #: The push of each interface that was sent last: of all, and about each thing.
        self._sent: dict[str, int] = {}
        self._sent_about: dict[tuple[str, str], int] = {}
        #: The account's time: when the play began, and now.
        self.began_at = self.at = float(self.platform.get("clock")["now"])
        self.began_wall = clock.wall_now()
        #: The newest entry of the journal before the play, and before the last step that acts.
        self.start = self.step = self.mark()
        #: Whether the target is known to be silent.
        self.silent = True

    # Time and journal.

    def mark(self) -> int:
        """Return the number of the newest entry of the journal."""
        return self.platform.mark()

    def entries(self, after: int) -> list[dict[str, Any]]:
        """Return the entries after a given one, oldest first."""
        return self.platform.journal(after=after, limit=MOST)

    def calls(self, method: str | None, since: int, about: str | None = None) -> list[Call]:
        """Return the target's calls after an entry."""
        found = self.platform.journal(
            direction="call", after=since, interface=method, about=about, limit=MOST
        )
        return [Call(entry) for entry in found]

    def settle(self) -> None:
        """Wait until the target is silent, unless it is known to be."""
        if not self.silent:
            self.platform.settle()
            self.silent = True

    def eventually(self, look: Callable[[], Text | None]) -> Text | None:
        """Look until nothing is missing; return what is still missing in the end.

        A target may do what is expected a moment after it has answered; its file says how long
        that may take.
        """
        missing: Text | None = None

        def is_complete() -> bool:
            nonlocal missing
            missing = look()
            return missing is None

        self.platform.wait_until(is_complete, self.venue.stage.target.patience)
        return missing

    # Names.

    def name(self, name: str, thing: str, number: str) -> None:
        """Give a thing a name."""
        self._names[name] = (thing, number)

    def number(self, name: str) -> str | None:
        """Return the number of the thing of a name; None if there is none."""
        found = self._names.get(name)
        return found[1] if found else None

    def thing(self, name: str) -> tuple[str, Mapping[str, Any]]:
        """Return the kind of a named thing and its present record on the platform."""
        kind, number = self._names[name]
        return kind, self.record(kind, number)

    def record(self, kind: str, number: str) -> Mapping[str, Any]:
        """Return the present record of a thing.

        Raises:
            Unexpected: the platform has nothing of that number.
        """
        thing = THINGS[kind]
        if kind == "order":
            return dict(self.platform.get("orders", number))
        found = [e for e in self.platform.get(thing.path) if str(e[thing.number]) == number]
        if not found:
            raise Unexpected(f"the platform has no {kind} {number}", f"平台上没有 {kind} {number}")
        return dict(found[-1])

    def fill(self, value: Any) -> Any:
        """Return a value with its references resolved.

        Raises:
            Unexpected: a reference leads nowhere.
        """
        return references.fill(value, self._resolve)

    def text(self, value: Any) -> str:
        """Return a value as text, with its references resolved."""
        return text_of(self.fill(value))

    def _resolve(self, found: Reference) -> str:
        if found.name == ROW:
            return text_of(self._row[found.members[0]])
        if not found.members:
            return self._names[found.name][1]
        kind, record = self.thing(found.name)
        try:
            return text_of(references.member_at(record, found.members))
        except (LookupError, ValueError):
            raise Unexpected(
                f"{found} leads nowhere: the {kind} has {record}",
                f"{found} 不存在：{kind} 的内容为 {record}",
            ) from None

    def new_block(self) -> dict[str, str]:
        """Return number and name of a block (标段) that no other order has."""
        self._blocks += 1
        number = ids.digits(self._seed, "block", self._blocks, 8)
        return {"block_number": f"SC-{number}", "block_name": f"场景标段 {number}"}

    # Pushes.

    def about_push(self, interface: str, given: Any) -> str | None:
        """Return the number that a push is about; for a bid opening that of the order's block."""
        if given is None:
            return None
        number = self.text(given)
        if interface != "bid_opening":
            return number
        for order in self.platform.get("orders"):
            if order["order_no"] == number:
                return str(order["block_number"] or order["block_name"])
        return number

    def pushes(self, interface: str, about: str | None) -> list[dict[str, Any]]:
        """Return the pushes of an interface, oldest first."""
        found = self.platform.get("pushes", interface=interface, about=about, limit=MOST)
        return list(found)

    def newest(self, interface: str, about: str | None) -> dict[str, Any] | None:
        """Return the newest push of an interface; None if there is none."""
        push = self.platform.latest_push(interface, about)
        return None if push is None else dict(push.record)

    def last_sent(self, interface: str, about: str | None) -> int | None:
        """Return the number of the push that an interface sent last; None if none was sent."""
        known = self._sent.get(interface)
        if about is not None:
            known = self._sent_about.get((interface, about))
        if known is not None:
            return known
        found = self.newest(interface, about)
        return int(found["id"]) if found else None

    def note_sent(self, interface: str, number: Any, about: Any) -> None:
        """Remember that a push was sent."""
        self._sent[interface] = self._sent_about[interface, str(about)] = int(number)

    def note_walk(self, walked: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Remember the pushes that a walk of the clock sent; return its attempts."""
        self.at = float(walked["to"])
        names = vocabulary.push_names(self.kind)
        made = [{**each, "name": names[each["interface"]]} for each in walked["attempts"]]
        for attempt in made:
            self.note_sent(attempt["name"], attempt["push"], attempt["about"])
        if made:
            self.silent = False
        return made

    def post(self, *path: str, **body: Any) -> Any:
        """Post a request to the control API, below the account.

        Raises:
            Unexpected: the platform refuses it, for the reason that it gives.
        """
        try:
            return self.platform.post(*path, **body)
        except SimulatorError as error:
            raise Unexpected(error.text.en, error.text.zh) from error


def text_of(value: Any) -> str:
    """Return a value as a file has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
