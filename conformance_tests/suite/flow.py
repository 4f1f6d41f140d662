"""A business flow, walked as the thing that is judged: each of its steps must have its effect."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.insurer import RETURN_URL, Scene, pdf_part
from conformance_tests.suite.notices import Answer
from conformance_tests.suite.outcomes import NoEffect, TargetFault
from conformance_tests.suite.seen import Call


class Flow:
    """Walks an order through its life. A step without effect breaks the rule of the check.

    Where steps only lead to what a check judges, use the scene's own: there they block.
    """

    def __init__(self, scene: Scene) -> None:
        self.platform = scene.platform
        self.target = scene.target

    def enter(self, **fields: str) -> str:
        """Let a principal apply and jump to the target, which reads the order by 2.3.

        Raises:
            TargetFault: it does not.
        """
        order_no = self.platform.apply(**fields)
        self.jump(order_no)
        if self.platform.wait_for_call("insurer_get_guarantee_info", order_no) is None:
            raise TargetFault(f"the order {order_no} was not read by 2.3 after the jump (2.1)")
        self.platform.settle()
        return order_no

    def jump(self, order_no: str) -> Answer:
        """Let the principal's browser come with an order (2.1), as often as it likes."""
        jump = self.platform.compose("order_page", order_no=order_no, return_url=RETURN_URL)
        return self.platform.send(jump)

    def act(self, action: str, **values: str) -> Call:
        """Let the target act; return the accepted call by which the platform saw it.

        Raises:
            TargetFault: no accepted call came.
            NotApplicable: the target file declares no such action.
        """
        try:
            return self.target.act(action, **values)
        except NoEffect as error:
            raise TargetFault(str(error)) from error

    def notify(self, push: int) -> None:
        """Deliver a notice of the platform, and wait until the target is silent again.

        Raises:
            TargetFault: it does not acknowledge the first attempt.
        """
        attempt = self.platform.deliver(push)
        if not attempt.acknowledged:
            name = self.platform.push(push)["name"]
            raise TargetFault(f"the notice {name} was not acknowledged: {attempt}")
        self.platform.settle()

    def issue(self, order_no: str) -> Mapping[str, Any]:
        """Let the target offer, collect the premium, and issue; return the guarantee.

        Raises:
            TargetFault: a step had no effect.
        """
        for step in ("offer", "pay", "issue"):
            self.act(step, order_no=order_no)
        return self.platform.guarantee(order_no)

    def query(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.7 about a guarantee and return the answer's data.

        Raises:
            TargetFault: there is none.
        """
        number, serial = str(guarantee["guarantee_no"]), str(guarantee["serial_num"])
        question = self.platform.compose("query", guarantee_no=number, serial_num=serial)
        return self._data(self.platform.send(question), f"2.7 of the guarantee {number}")

    def verify(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.6 about a guarantee's own PDF and return the answer's data.

        Raises:
            TargetFault: there is none.
        """
        file = pdf_part(self.platform.pdf_of(guarantee))
        serial = str(guarantee["serial_num"])
        question = self.platform.compose("verify", [file], serial_num=serial)
        number = guarantee["guarantee_no"]
        return self._data(self.platform.send(question), f"2.6 of the guarantee {number}")

    def _data(self, answer: Answer, asked: str) -> Mapping[str, Any]:
        if answer.status != "200" or not isinstance(answer.data, dict):
            raise TargetFault(f"{asked} was not answered with its data: {answer}")
        return answer.data
