"""Notices that come late, overtake each other, or cross what the target does (P23, P40)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.seen import Attempt, Call
from conformance_tests.suite.rules.outcomes import NotApplicable
from conformance_tests.suite.scenes.both.repeats import Repeats
from conformance_tests.suite.scenes.both.scene import Matter, Scene


@dataclass(frozen=True)
class Crossing:
    """What came of a notice that crossed something: the last answer, the target's own count.

    The count is a verdict where the target file declares no probe for it.
    """

    about: str
    answer: Attempt | Answer
    counted: int | NotApplicable

    @property
    def known(self) -> bool:
        """Whether the target knows what the notice says, by its own count.

        Raises:
            NotApplicable: the target file declares no such probe.
        """
        if isinstance(self.counted, NotApplicable):
            raise self.counted
        return self.counted == 1


class Crossings:
    """Lets notices cross; what came of it is kept where several checks judge it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._platform = scene.platform
        self._target = scene.target
        self._repeats = Repeats(scene)

    # One order's statuses.

    def offer_with_notice(self) -> Matter:
        """Let the target offer, and return the notice of it, which is not sent yet.

        The platform pushes the changes that the target makes itself, too, until the check ends:
        so an older and a newer status exist without any due diligence.
        """
        order_no = self._scene.spare_order()
        self._platform.switch(push_own_changes=True)
        self._target.act("offer", order_no=order_no)
        return self._scene.matter_of("order_status", order_no, self._newest(order_no))

    def pay_with_notice(self, offered: Matter) -> Matter:
        """Let the target pay an order that was offered so; return the notice of it, not sent."""
        self._target.act("pay", order_no=offered.about)
        return self._scene.matter_of("order_status", offered.about, self._newest(offered.about))

    def _newest(self, order_no: str) -> int:
        return int(self._platform.get("pushes", about=order_no, limit=1)[-1]["id"])

    def send_in_turn(self, *matters: Matter) -> Answer:
        """Send notices in this order, each stamped a second after the one before; return the last.

        Within one second the verdict on who goes by the stamp would depend on chance.
        """
        *earlier, last = matters
        for seconds, matter in zip(range(len(earlier), 0, -1), earlier, strict=True):
            self._platform.send(matter.notice.stamped_earlier(seconds))
        return self._platform.send(last.notice)

    def overtake(self, older: Matter, newer: Matter) -> Answer:
        """Let a notice overtake an older one; return what is answered to it in the end.

        Whoever refuses what came too early gets it again, after the older notice.
        """
        answer = self._platform.send(newer.notice.stamped_earlier(1))
        self._platform.send(older.notice)
        return answer if answer.acknowledged else self._platform.send(newer.notice)

    def deliver_without_ack(self, matter: Matter) -> Attempt:
        """Deliver a notice and lose its acknowledgement: it comes again by the schedule."""
        self._platform.fault("lose_ack", interface=matter.interface, about=matter.about)
        return self._platform.deliver(matter.number)

    def cancellation_and_payment(self) -> Crossing:
        """Let the principal cancel while the target pays; the notice comes after the refusal."""

        def tell() -> Crossing:
            order_no = self._scene.offered()
            payment = self._scene.next_step(order_no)
            push = self._platform.cancel(order_no)
            self._target.try_to(payment, order_no=order_no)
            answer = self._platform.deliver(push)
            return self._came(order_no, answer, "cancelled_orders")

        return self._scene.once("cancellation and payment", tell)

    def cancellation_and_resubmission(self) -> Crossing:
        """Let the notice of a cancellation overtake that of the resubmission before it."""

        def tell() -> Crossing:
            older = self._repeats.task("order_status").matter
            answer = self.overtake(older, self._cancelled(older.about))
            return self._came(older.about, answer, "cancelled_orders")

        return self._scene.once("cancellation and resubmission", tell)

    # Claims.

    def revocation(self) -> Crossing:
        """Let the beneficiary revoke a claim that the target knows."""
        return self._scene.once("revocation", lambda: self._revoke(self.send_in_turn))

    def early_revocation(self) -> Crossing:
        """Let the notice of a revocation overtake that of its claim."""
        return self._scene.once("early revocation", lambda: self._revoke(self.overtake))

    def _revoke(self, tell: Callable[[Matter, Matter], Answer]) -> Crossing:
        claim = self._scene.matter("claim")
        push = self._platform.revoke_claim(claim.about)
        answer = tell(claim, self._scene.matter_of("claim", claim.about, push))
        return self._came(claim.about, answer, "revoked_claims")

    def _cancelled(self, order_no: str) -> Matter:
        return self._scene.matter_of("order_status", order_no, self._platform.cancel(order_no))

    def _came(self, about: str, answer: Attempt | Answer, probe: str) -> Crossing:
        self._platform.settle()
        try:
            counted: int | NotApplicable = self._target.count_settled(probe, about, 1)
        except NotApplicable as undeclared:
            counted = undeclared
        return Crossing(about, answer, counted)


def starts_on_the_day_of(reissue: Call, bid_opening: Matter) -> bool:
    """Return whether a guarantee that was issued anew starts on the day of a bid opening."""
    wanted = opens(bid_opening).split(" ")[0]
    return _day(str(reissue.params.get("date1"))) == _day(wanted)


def opens(bid_opening: Matter) -> str:
    """Return when a bid opening is, as its notice says it."""
    said: Mapping[str, object] = bid_opening.notice.parameters
    return str(said["open_tender_time"])


def _day(text: str) -> list[int]:
    return [int(part) for part in text.split("-") if part.isdecimal()]
