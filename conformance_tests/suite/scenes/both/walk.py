"""A business flow, walked as the thing that is judged: each of its steps must have its effect."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.outcomes import NoEffect, TargetFault
from conformance_tests.suite.rules.reasons import NoData, NotTaken
from conformance_tests.suite.scenes.both.scene import Scene, pdf_part


class Walk(ABC):
    """Walks an order through its life. A step without effect breaks the rule of the check.

    Where steps only lead to what a check judges, use the scene's own: there they block.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.platform = scene.platform
        self.target = scene.target

    @abstractmethod
    def enter(self, fixture: str | None = None, **fields: str) -> str:
        """Let a principal apply, and bring the order to the target.

        Raises:
            TargetFault: it does not take it.
        """

    @abstractmethod
    def issue(self, order_no: str) -> Mapping[str, Any]:
        """Let the target take an order to its guarantee, and issue that; return it.

        Raises:
            TargetFault: a step had no effect.
        """

    def act(self, action: str, **values: str) -> Call:
        """Let the target act; return the accepted call by which the platform saw it.

        Raises:
            TargetFault: no accepted call came.
            NotApplicable: the target file declares no such action.
        """
        try:
            return self.target.act(action, **values)
        except NoEffect as error:
            raise TargetFault.because(error.reason, error.fix) from error

    def notify(self, push: int) -> None:
        """Deliver a notice of the platform, and wait until the target is silent again.

        Raises:
            TargetFault: it does not acknowledge the first attempt.
        """
        attempt = self.platform.deliver(push)
        if not attempt.acknowledged:
            name = str(self.platform.push(push)["name"])
            raise TargetFault.because(NotTaken(name, attempt.text))
        self.platform.settle()

    def query(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.7 about a guarantee and return the answer's data.

        Raises:
            TargetFault: there is none.
        """
        number, serial = str(guarantee["guarantee_no"]), str(guarantee["serial_num"])
        question = self.platform.compose("query", guarantee_no=number, serial_num=serial)
        return self._data(self.platform.send(question), "2.7", number)

    def verify(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.6 about a guarantee's own PDF and return the answer's data.

        Raises:
            TargetFault: there is none.
        """
        file = pdf_part(self.platform.pdf_of(guarantee))
        serial = str(guarantee["serial_num"])
        question = self.platform.compose("verify", [file], serial_num=serial)
        number = str(guarantee["guarantee_no"])
        return self._data(self.platform.send(question), "2.6", number)

    def _data(self, answer: Answer, asked: str, number: str) -> Mapping[str, Any]:
        if answer.status != "200" or not isinstance(answer.data, dict):
            raise TargetFault.because(NoData(asked, number, answer.text))
        return answer.data
