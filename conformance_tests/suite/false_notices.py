"""False notices (假通知): rightly signed and sealed, but about something that does not fit (P50).

Whoever got hold of the keys could send them. Each is sent once in a run, those of one interface
together between two right ones; what came of it is judged from outside, by what the target does or
can no longer do, and from inside, by its own count of its records.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.notices import Answer, Notice
from conformance_tests.suite.outcomes import Blocked, NotApplicable
from conformance_tests.suite.platform import Platform
from conformance_tests.suite.repeats import PROBES
from simulator import clock

#: What each of these says that fits nothing.
WRONG: Mapping[str, str] = {
    "block_number": "CT-FALSE-0001",
    "block_name": "并不存在的标段",
    "principal": "福建省假通知建筑有限公司",
    "creditor": "福州市假通知招标有限公司",
    "guarantee_no": "PL-FALSE-0001",
}
NAMES = ("principal", "creditor", "block_number", "block_name")
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Aftermath:
    """What came of a false notice.

    `effect` is what the target did because of it, in words, empty for nothing; None where its
    actions do not let us see that. `records` is by how many its own count grew, None where it
    counts none.
    """

    answer: Answer
    effect: str | None
    records: int | None


class FalseNotices:
    """Sends false notices, and tells what came of each."""

    _days = itertools.count(61)

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform
        self._target = scene.target

    def cancellation(self, wrong: str) -> Aftermath:
        """Cancel a known order with one wrong name (2.2)."""
        return self._told("order_status", self._cancel_falsely, NAMES)[wrong]

    def cancellation_of_unknown_order(self) -> Aftermath:
        """Cancel an order of a number that does not exist (2.2)."""
        return self._told("order_status", self._cancel_unknown, (_UNKNOWN,))[_UNKNOWN]

    def invoice(self, wrong: str) -> Aftermath:
        """Apply for an invoice over an order that does not exist: `alone` or `among-others`."""
        return self._told("invoice_application", self._bill_falsely, ("alone", "among-others"))[
            wrong
        ]

    def bid_opening(self, wrong: str) -> Aftermath:
        """Move the bid opening of a block whose number, name or both do not fit (2.10)."""
        wrongs = ("block_number", "block_name", "both")
        return self._told("bid_opening", self._move_falsely, wrongs)[wrong]

    def claim(self, wrong: str) -> Aftermath:
        """Claim with one wrong name, on no guarantee or on another order's (3.1)."""
        wrongs = ("guarantee_no", "guarantee-of-another-order", *NAMES)
        return self._told("claim", self._claim_falsely, wrongs)[wrong]

    def revocation(self, wrong: str) -> Aftermath:
        """Revoke a known claim with one wrong name (3.1)."""
        return self._told("claim", self._revoke_falsely, ("principal", "guarantee_no"))[wrong]

    def _told(
        self, interface: str, send: Callable[[str], Aftermath], wrongs: tuple[str, ...]
    ) -> Mapping[str, Aftermath]:
        def tell() -> Mapping[str, Aftermath]:
            with self._scene.valid_twin(interface):
                return {wrong: send(wrong) for wrong in wrongs}

        return self._scene.once((interface, wrongs), tell)

    # One false notice each.

    def _cancel_falsely(self, wrong: str) -> Aftermath:
        self._show_that_it_can("offer")
        order_no = self._scene.spare_order()
        answer = self._send(self._cancel(order_no).saying(**{wrong: WRONG[wrong]}))
        cancelled = self._count("cancelled_orders", order_no)
        return Aftermath(answer, self._no_longer("offer", order_no=order_no), cancelled)

    def _cancel_unknown(self, _wrong: str) -> Aftermath:
        order_no = no_such(self._scene.spare_order())
        answer = self._send(self._cancel(self._scene.spare_order()).saying(order_no=order_no))
        records = self._count("orders", order_no)
        return Aftermath(answer, self._did("offer", order_no=order_no), records)

    def _cancel(self, order_no: str) -> Notice:
        order = self._platform.order(order_no)
        names = {name: str(order[name]) for name in NAMES}
        states = {"order_status_old": str(order["state"]), "order_status": "CANCEL"}
        return self._platform.compose("order_status", order_no=order_no).saying(**names, **states)

    def _bill_falsely(self, wrong: str) -> Aftermath:
        order_no = self._scene.shared_issued()
        invoice_id, push = self._platform.apply_for_invoice(order_no, is_electron="2")
        order_nos = {"alone": [no_such(order_no)], "among-others": [order_no, no_such(order_no)]}
        notice = self._platform.notice_of(push).saying(order_nos=",".join(order_nos[wrong]))
        answer = self._send(notice)
        records = self._count(PROBES["invoice_application"], invoice_id)
        return Aftermath(answer, self._did("issue_invoice", invoice_id=invoice_id), records)

    def _move_falsely(self, wrong: str) -> Aftermath:
        order_no = self._scene.shared_issued()
        block, guarantee = self._platform.block_of(order_no), self._platform.guarantee(order_no)
        changed = [*block] if wrong == "both" else [wrong]
        said = {**block, **{name: WRONG[name] for name in changed}}
        # Another day each time: what one false notice moved, the next must not find in its place.
        said["open_tender_time"] = clock.spoken(clock.wall_now() + next(self._days) * 86400)
        notice = self._scene.matter("bid_opening").notice.saying(**said)
        kind, number = PROBES["bid_opening"], said["block_number"]
        before, dates = self._count(kind, number), self._dates_of(guarantee)
        start = self._platform.mark()
        answer = self._send(notice)
        after = self._count(kind, number)
        effect = ""
        if self._target.calls_for("reissue", since=start, order_no=order_no):
            effect = "the guarantee was issued anew (2.11)"
        elif (now := self._dates_of(guarantee)) != dates:
            effect = f"2.7 now tells {now} instead of {dates}"
        grown = None if before is None or after is None else after - before
        return Aftermath(answer, effect, grown)

    def _dates_of(self, guarantee: Mapping[str, object]) -> list[str]:
        data = (self._platform.query(guarantee)["answer"] or {}).get("data")
        said = data if isinstance(data, Mapping) else {}
        return [str(said.get(name)) for name in ("guarantee_start_date", "guarantee_end_date")]

    def _claim_falsely(self, wrong: str) -> Aftermath:
        claim = self._scene.matter("claim")
        if wrong == "guarantee-of-another-order":
            other = self._scene.once("reissuable", self._scene.issued)
            said = {"guarantee_no": str(self._platform.guarantee(other)["guarantee_no"])}
        else:
            said = {wrong: WRONG[wrong]}
        answer = self._send(claim.notice.saying(**said))
        records = self._count(PROBES["claim"], claim.about)
        return Aftermath(answer, self._did("accept_claim", claim_no=claim.about), records)

    def _revoke_falsely(self, wrong: str) -> Aftermath:
        self._show_that_it_can("accept_claim")
        claim = self._scene.matter("claim")
        taken = self._send(claim.notice)
        if not taken.acknowledged:
            raise Blocked(f"the claim itself was not taken: {taken}")
        revocation = claim.notice.saying(claim_status="REVOKED", **{wrong: WRONG[wrong]})
        answer = self._send(revocation)
        revoked = self._count("revoked_claims", claim.about)
        return Aftermath(answer, self._no_longer("accept_claim", claim_no=claim.about), revoked)

    # What came of it.

    def _send(self, notice: Notice) -> Answer:
        answer = self._platform.send(notice)
        self._platform.settle()
        return answer

    def _count(self, kind: str, key: str) -> int | None:
        return self._target.count(kind, key) if self._target.has_probe(kind) else None

    def _did(self, action: str, **values: str) -> str | None:
        """Let the target do what only a right notice would have brought about."""
        try:
            calls = self._target.try_to(action, **values)
        except NotApplicable:
            return None
        about = " ".join(values.values())
        return f"the target went on to {calls[0].method} about {about}" if calls else ""

    def _no_longer(self, action: str, **values: str) -> str | None:
        """Let the target do what it can where the notice had no effect."""
        try:
            done = self._target.succeeds(action, **values)
        except NotApplicable:
            return None
        return "" if done else f"the target could no longer `{action}` {' '.join(values.values())}"

    def _show_that_it_can(self, action: str) -> None:
        """Show once that the target can do something at all, as far as it is declared."""

        def show_offer() -> None:
            self._target.act("offer", order_no=self._scene.spare_order())

        def show_acceptance() -> None:
            claim = self._scene.matter("claim")
            self._platform.send(claim.notice)
            self._target.act("accept_claim", claim_no=claim.about)

        shows = {"offer": show_offer, "accept_claim": show_acceptance}
        if self._target.can(action):
            self._scene.once(("can", action), shows[action])


def no_such(number: str) -> str:
    """Return a number of the same form that does not exist: another first digit, all turned."""
    return "9" + number[:0:-1]


def names_of_guarantee(platform: Platform, order_no: str) -> dict[str, str]:
    """Return what a claim says of an order's guarantee."""
    order, guarantee = platform.order(order_no), platform.guarantee(order_no)
    names = {name: str(order[name]) for name in NAMES}
    return {**names, "guarantee_no": str(guarantee["guarantee_no"])}
