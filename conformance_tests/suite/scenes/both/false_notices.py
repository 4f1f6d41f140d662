"""False notices (假通知): rightly signed and sealed, but about something that does not fit (P50).

Whoever got hold of the keys could send them. Each is sent once in a run, those of one interface
together between two right ones; what came of it is judged from outside, by what the target does or
can no longer do, and from inside, by its own count of its records.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from conformance_tests.suite.messages.notices import Answer, Notice
from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.rules.interfaces import PROBES
from conformance_tests.suite.rules.outcomes import Blocked, NotApplicable
from conformance_tests.suite.rules.reasons import NotTaken
from conformance_tests.suite.scenes.both.scene import Scene
from simulator.errors import Text

#: What each of these says that fits nothing.
WRONG: Mapping[str, str] = {
    "block_number": "CT-FALSE-0001",
    "block_name": "并不存在的标段",
    "principal": "福建省假通知建筑有限公司",
    "creditor": "福州市假通知招标有限公司",
    "applicant": "福建省假通知担保有限公司",
    "guarantor": "福建省假通知担保有限公司",
    "out_guarantee": "福建省假通知担保有限公司",
    "guarantee_no": "PL-FALSE-0001",
}
NAMES = ("principal", "creditor", "block_number", "block_name")
NOTHING = Text("", "")
_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Aftermath:
    """What came of a false notice.

    `effect` is what the target did because of it, in words, empty for nothing; `records` is by
    how many its own count grew. Either is a verdict where the target file declares no action or
    no probe that lets us see it.
    """

    answer: Answer
    effect: Text | NotApplicable
    records: int | NotApplicable


class AnyFalseNotices(ABC):
    """Sends false notices that every kind has, and tells what came of each."""

    #: What a notice of a claim says when the beneficiary revokes it (P48).
    revoked: ClassVar[Mapping[str, str]]
    #: The names that a notice of an order's status says, and those that a claim says.
    order_names: ClassVar[tuple[str, ...]] = NAMES
    claim_names: ClassVar[tuple[str, ...]] = NAMES

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform
        self._target = scene.target

    @property
    @abstractmethod
    def onward(self) -> str:
        """The action that the target can take on a new order, unless that is cancelled."""

    @abstractmethod
    def another_issued(self) -> str:
        """Return an issued order that is not the one on which claims are made."""

    def cancellation(self, wrong: str) -> Aftermath:
        """Cancel a known order with one wrong name."""
        return self._told("order_status", self._cancel_falsely, self.order_names, wrong)

    def cancellation_of_unknown_order(self) -> Aftermath:
        """Cancel an order of a number that does not exist."""
        return self._told("order_status", self._cancel_unknown, (_UNKNOWN,), _UNKNOWN)

    def claim(self, wrong: str) -> Aftermath:
        """Claim with one wrong name, on no guarantee or on another order's (3.1)."""
        wrongs = ("guarantee_no", "guarantee-of-another-order", *self.claim_names)
        return self._told("claim", self._claim_falsely, wrongs, wrong)

    def revocation(self, wrong: str) -> Aftermath:
        """Revoke a known claim with one wrong name (3.1)."""
        wrongs = ("principal", "guarantee_no")
        return self._told("claim", self._revoke_falsely, wrongs, wrong)

    def _told(
        self,
        interface: str,
        send: Callable[[str], Aftermath],
        wrongs: tuple[str, ...],
        wrong: str,
    ) -> Aftermath:
        def tell() -> Mapping[str, Aftermath]:
            with self._scene.valid_twin(interface):
                return {wrong: send(wrong) for wrong in wrongs}

        aftermath = self._scene.once((interface, wrongs), tell)[wrong]
        self._platform.note_answers(aftermath.answer)
        return aftermath

    # One false notice each.

    def _cancel_falsely(self, wrong: str) -> Aftermath:
        self._show_that_it_can(self.onward)
        order_no = self._scene.spare_order()
        answer = self._send(self._cancel(order_no).saying(**{wrong: WRONG[wrong]}))
        cancelled = self._count("cancelled_orders", order_no)
        return Aftermath(answer, self._no_longer(self.onward, order_no=order_no), cancelled)

    def _cancel_unknown(self, _wrong: str) -> Aftermath:
        order_no = no_such(self._scene.spare_order())
        answer = self._send(self._cancel(self._scene.spare_order()).saying(order_no=order_no))
        records = self._count("orders", order_no)
        return Aftermath(answer, self._did(self.onward, order_no=order_no), records)

    def _cancel(self, order_no: str) -> Notice:
        """Return the right notice of an order's cancellation, which did not happen."""
        order = self._platform.order(order_no)
        states = {"order_status_old": str(order["state"]), "order_status": "CANCEL"}
        notice = self._platform.compose("order_status", order_no=order_no)
        return notice.saying(**self._names_of(order_no), **states)

    def _names_of(self, order_no: str) -> dict[str, str]:
        order = self._platform.order(order_no)
        return {name: str(order[name]) for name in NAMES}

    def _claim_falsely(self, wrong: str) -> Aftermath:
        claim = self._scene.matter("claim")
        if wrong == "guarantee-of-another-order":
            other = self.another_issued()
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
            raise Blocked.because(NotTaken("claim", taken.text))
        revocation = claim.notice.saying(**{**self.revoked, wrong: WRONG[wrong]})
        answer = self._send(revocation)
        revoked = self._count("revoked_claims", claim.about)
        return Aftermath(answer, self._no_longer("accept_claim", claim_no=claim.about), revoked)

    # What came of it.

    def _send(self, notice: Notice) -> Answer:
        answer = self._platform.send(notice)
        self._platform.settle()
        return answer

    def _count(self, kind: str, key: str) -> int | NotApplicable:
        try:
            return self._target.count(kind, key)
        except NotApplicable as undeclared:
            return undeclared

    def _did(self, action: str, **values: str) -> Text | NotApplicable:
        """Let the target do what only a right notice would have brought about."""
        try:
            calls = self._target.try_to(action, **values)
        except NotApplicable as undeclared:
            return undeclared
        about = " ".join(values.values())
        if not calls:
            return NOTHING
        return Text(
            f"the target went on to {calls[0].method} about {about}",
            f"目标随后就 {about} 调用了 {calls[0].method}",
        )

    def _no_longer(self, action: str, **values: str) -> Text | NotApplicable:
        """Let the target do what it can where the notice had no effect."""
        try:
            done = self._target.succeeds(action, **values)
        except NotApplicable as undeclared:
            return undeclared
        about = " ".join(values.values())
        return (
            NOTHING
            if done
            else Text(
                f"the target could no longer `{action}` {about}",
                f"目标无法再对 {about} 执行操作 `{action}`",
            )
        )

    def _show_that_it_can(self, action: str) -> None:
        """Show once that the target can do something at all, as far as it is declared."""

        def show_onward() -> None:
            self._target.act(self.onward, order_no=self._scene.spare_order())

        def show_acceptance() -> None:
            claim = self._scene.matter("claim")
            self._platform.send(claim.notice)
            self._target.act("accept_claim", claim_no=claim.about)

        shows = {self.onward: show_onward, "accept_claim": show_acceptance}
        if self._target.can(action):
            self._scene.once(("can", action), shows[action])


def no_such(number: str) -> str:
    """Return a number of the same form that does not exist: another first digit, all turned."""
    return "9" + number[:0:-1]


def names_of_guarantee(platform: Business, order_no: str) -> dict[str, str]:
    """Return what a claim says of an order's guarantee."""
    order, guarantee = platform.order(order_no), platform.guarantee(order_no)
    names = {name: str(order[name]) for name in NAMES}
    return {**names, "guarantee_no": str(guarantee["guarantee_no"])}
