"""Crossings of what guarantors alone are told: applications (2.1) and revocations (2.8)."""

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.guarantor import Platform
from conformance_tests.suite.platform.seen import Attempt
from conformance_tests.suite.rules.outcomes import Blocked
from conformance_tests.suite.rules.reasons import NoData
from conformance_tests.suite.scenes.both.crossings import Crossing, Crossings
from conformance_tests.suite.scenes.guarantor.scene import Matter, Scene


class GuarantorCrossings(Crossings):
    """Lets a guarantor's notices cross."""

    _scene: Scene
    _platform: Platform

    def cancellation_and_application(self) -> Crossing:
        """Let the notice of a cancellation overtake the application of its order."""
        application = self._scene.matter("application")
        answer = self.overtake(application, self._cancelled(application.about))
        return self._came(application.about, answer, "cancelled_orders")

    def revocation_after_release(self) -> tuple[str, Attempt]:
        """Let 2.8 come again after the release (2.9); return what 2.10 says then, and the answer.

        Raises:
            Blocked: the platform did not take the release.
        """
        order_no = self._scene.issued()
        push = self._platform.release_order(order_no)[1]
        self._platform.deliver(push)
        self._platform.settle()
        self._target.act("release", **self._scene.release_values(order_no))
        if self._platform.guarantee(order_no)["removed_at"] is None:
            raise Blocked("the platform did not take the release (2.9)", "平台未接受解保（2.9）")
        late = self._platform.repeat_later(push)
        return self._state_of(order_no), late

    def crossed_batches(self) -> list[str]:
        """Let a block's second batch overtake its first; return what 2.10 says of both in the end.

        The second lists the guarantee of the first as revoked before.
        """
        orders = self._scene.issued_in_one_block(2)
        first, second = (self._revoked(order_no) for order_no in orders)
        self.overtake(first, second)
        self._platform.settle()
        return [self._state_of(order_no) for order_no in orders]

    def claim_after_revocation(self) -> Answer:
        """Let the notice of a claim be overtaken by that of its guarantee's revocation."""
        order_no = self._scene.issued()
        claim_no, push = self._platform.apply_for_claim(order_no)
        claim = self._scene.matter_of("claim", claim_no, push)
        return self.send_in_turn(self._revoked(order_no), claim)

    def _revoked(self, order_no: str) -> Matter:
        return self._scene.matter_of("release", *self._platform.release_order(order_no))

    def _state_of(self, order_no: str) -> str:
        """Return what the target answers to 2.10 about an order's guarantee.

        Raises:
            Blocked: it answers no state.
        """
        answer = self._platform.send(self._scene.search(order_no).notice)
        if answer.status != "200" or not isinstance(answer.data, dict):
            raise Blocked.because(NoData("2.10", order_no, answer.text))
        return str(answer.data.get("status"))
