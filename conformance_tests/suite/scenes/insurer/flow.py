"""The business flow of an insurer's order, walked as the thing that is judged."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.insurer import Platform
from conformance_tests.suite.rules.outcomes import TargetFault
from conformance_tests.suite.rules.reasons import NotRead
from conformance_tests.suite.scenes.both.walk import Walk
from conformance_tests.suite.scenes.insurer.scene import RETURN_URL


class Flow(Walk):
    """Walks an insurer's order through its life."""

    platform: Platform

    def enter(self, fixture: str | None = None, **fields: str) -> str:
        """Let a principal apply and jump to the target, which reads the order by 2.3.

        Raises:
            TargetFault: it does not.
        """
        order_no = self.platform.apply(fixture, **fields)
        self.jump(order_no)
        if self.platform.wait_for_call("insurer_get_guarantee_info", order_no) is None:
            raise TargetFault.because(NotRead(order_no))
        self.platform.settle()
        return order_no

    def jump(self, order_no: str) -> Answer:
        """Let the principal's browser come with an order (2.1), as often as it likes."""
        jump = self.platform.compose("order_page", order_no=order_no, return_url=RETURN_URL)
        return self.platform.send(jump)

    def issue(self, order_no: str) -> Mapping[str, Any]:
        """Let the target offer, collect the premium, and issue; return the guarantee.

        Raises:
            TargetFault: a step had no effect.
        """
        for step in ("offer", "pay", "issue"):
            self.act(step, order_no=order_no)
        return self.platform.guarantee(order_no)
