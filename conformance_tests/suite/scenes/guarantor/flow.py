"""The business flow of a guarantor's order, walked as the thing that is judged."""

from collections.abc import Mapping, Sequence
from typing import Any

from conformance_tests.suite.platform.guarantor import Platform
from conformance_tests.suite.rules.outcomes import TargetFault
from conformance_tests.suite.rules.reasons import NotTaken
from conformance_tests.suite.scenes.both.walk import Walk
from conformance_tests.suite.scenes.guarantor.scene import Scene


class Flow(Walk):
    """Walks a guarantor's order through its life, on either line."""

    platform: Platform
    _scene: Scene

    def enter(self, fixture: str | None = None, **fields: str) -> str:
        """Let a principal apply, and bring the order to the target by 2.1.

        Raises:
            TargetFault: it does not acknowledge it.
            NotApplicable: the target does the other line alone.
        """
        self._scene.expect_line(fixture or self.platform.usual)
        order_no = self.platform.apply(fixture, **fields)
        attempt = self.platform.bring(order_no)
        if not attempt.acknowledged:
            raise TargetFault.because(NotTaken("application", attempt.text, order_no))
        self.platform.settle()
        return order_no

    def advance(self, order_no: str) -> None:
        """Let the target take an order to where its guarantee is due, by the steps it declares.

        Raises:
            TargetFault: a step had no effect.
        """
        for step in self._scene.steps(order_no):
            self.act(step, order_no=order_no)

    def issue(self, order_no: str) -> Mapping[str, Any]:
        """Let the target take an order to its guarantee, and issue that; return it.

        Raises:
            TargetFault: a step had no effect.
        """
        self.advance(order_no)
        self.act("issue", order_no=order_no)
        return self.platform.guarantee(order_no)

    def revoke(self, order_no: str) -> None:
        """Let the beneficiary revoke an order's guarantee, and tell the target (2.8).

        Raises:
            TargetFault: it does not acknowledge it.
        """
        self.notify(self.platform.release_order(order_no)[1])

    def release(self, order_no: str) -> None:
        """Let the target release an order's revoked guarantee (2.9).

        Raises:
            TargetFault: the platform did not take the release.
        """
        self.act("release", **self._scene.release_values(order_no))
        if self.platform.guarantee(order_no)["removed_at"] is None:
            raise TargetFault(
                f"2.9 came, but the platform did not take the release of {order_no}: read "
                "data.error of its answer",
                f"收到 2.9，但平台未接受订单 {order_no} 的解保：请查看应答中的 data.error",
            )

    def take(self, claim_no: str, steps: Sequence[str]) -> None:
        """Let the target take a claim through these steps, one after the other (3.2).

        Raises:
            TargetFault: a step had no effect.
        """
        for step in steps:
            self.act(step, claim_no=claim_no)

    def search(self, order_no: str) -> Mapping[str, Any]:
        """Ask 2.10 about an order's guarantee and return the answer's data.

        Raises:
            TargetFault: there is none.
        """
        matter = self._scene.search(order_no)
        return self._data(self.platform.send(matter.notice), "2.10", matter.about)
