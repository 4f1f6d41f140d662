"""What the target does on its own behalf, each action once in a run, for many checks to judge.

A target action happens under right circumstances, with every call that came of it: what a call said
is judged whether the platform took it or not.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.outcomes import Blocked, NoEffect
from conformance_tests.suite.rules.reasons import NoCall, NoData, NotTaken
from conformance_tests.suite.scenes.both.scene import Scene


@dataclass(frozen=True)
class TargetAction:
    """One action and its calls, oldest first.

    `order` is the order as the platform had it just before, `guarantee` its valid guarantee
    then, `matter` what else the action was about: an invoice, a claim.
    """

    action: str
    method: str
    calls: list[Call]
    said: str
    succeeded: bool
    order: Mapping[str, Any] = field(default_factory=dict)
    guarantee: Mapping[str, Any] = field(default_factory=dict)
    matter: Mapping[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether the platform took a call of it."""
        return any(call.accepted for call in self.calls)

    @property
    def call(self) -> Call:
        """The call to be judged: the accepted one, else the last that was refused.

        Raises:
            NoEffect: none came.
        """
        taken = [call for call in self.calls if call.accepted] or self.calls[-1:]
        if not taken:
            raise NoEffect.because(NoCall(self.action, self.method, self.said))
        return taken[0]

    @property
    def params(self) -> Mapping[str, Any]:
        """The decrypted parameters of that call."""
        return self.call.params

    @property
    def serial_num(self) -> str:
        """The serial number that the platform gave a guarantee in its answer.

        Raises:
            Blocked: it gave none.
        """
        data = self.call.data
        if not isinstance(data, dict) or not data.get("serial_num"):
            raise Blocked(
                f"the platform gave the guarantee no serial number: {self}",
                f"平台没有为保函返回序列号：{self.zh}",
            )
        return str(data["serial_num"])

    def __str__(self) -> str:
        """Say what came of it, in one line."""
        calls = "; ".join(call.answered.en for call in self.calls)
        return f"`{self.action}`: {calls or f'no call (the action said: {self.said})'}"

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        calls = "；".join(call.answered.zh for call in self.calls)
        return f"`{self.action}`：{calls or f'没有任何调用（操作返回：{self.said}）'}"


class TargetActions(ABC):
    """The target's actions of a run, done when they are first asked for."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._done: dict[str, TargetAction] = {}
        self._orders: dict[str, str] = {}
        self._tries: tuple[list[Call], list[Call]] | None = None

    @abstractmethod
    def makers(self) -> Mapping[str, Callable[[], TargetAction]]:
        """Return what does each action, by its name."""

    @abstractmethod
    def showing(self, method: str) -> TargetAction:
        """Return the action by which a call of the manual is seen."""

    @property
    @abstractmethod
    def reading(self) -> str:
        """The section of the call that shows how the target keeps its token: it reads an order."""

    @abstractmethod
    def reads_a_new_order(self) -> bool:
        """Let a principal come with a new order; return whether the target then reads it."""

    @abstractmethod
    def meets_a_new_order(self) -> None:
        """Let a principal come with a new order, which the target need not succeed in reading."""

    @abstractmethod
    def ready_for(self, action: str) -> dict[str, str]:
        """Bring an order or a claim to where the target can act on it; return the action's values.

        Raises:
            Blocked: that did not succeed.
        """

    @abstractmethod
    def with_amounts(self) -> Sequence[TargetAction]:
        """Return the actions whose calls carry an amount."""

    def of(self, name: str) -> TargetAction:
        """Return an action: one under its own name, or one under particular circumstances.

        Raises:
            NotApplicable: the target file does not declare the action.
            Blocked: what must come before it did not succeed.
        """
        if name in self._done:
            for call in self._done[name].calls:
                self._scene.platform.happened.append({"way": "journal", **call.entry})
            return self._done[name]
        self._done[name] = self.makers()[name]()
        return self._done[name]

    def two_tries(self) -> tuple[list[Call], list[Call]]:
        """Let a guarantee be issued while the platform fails once (404), and then again.

        Returns the calls of both tries; those of the second are none where the target has
        repeated the first by itself.
        """
        if self._tries is None:
            platform, target = self._scene.platform, self._scene.target
            order_no = self._scene.paid()
            method = target.effects["issue"].method
            platform.fault("answer", interface=method, about=order_no, value={"code": 404})
            _, first = target.calls_of("issue", order_no=order_no)
            issued = any(call.accepted for call in first)
            again = [] if issued else target.calls_of("issue", order_no=order_no)[1]
            self._tries = (first, again)
        return self._tries

    def with_living_token(self) -> None:
        """See to it that the target has a token that lives, by a restart if need be.

        Raises:
            Blocked: it makes no call that succeeds.
        """
        read = self.reads_a_new_order()
        if not read and self._scene.target.can("restart"):
            self._scene.target.restart()
            read = self.reads_a_new_order()
        if not read:
            raise Blocked(
                "the target did not read an order when it should",
                "目标没有按要求读取订单",
            )
        self._scene.platform.settle()

    def token_request(self) -> Call:
        """Return a request for a token, if possible one that the target makes just now.

        Raises:
            Blocked: it never made any.
        """
        self._scene.platform.fault("end_token")
        self.reads_a_new_order()
        asked = [c for c in self._scene.platform.calls_of_run() if c.method == "get_access_token"]
        if not asked:
            raise Blocked("the target asked for no token", "目标没有获取 token")
        return asked[-1]

    def queried(self, order_no: str) -> Mapping[str, Any]:
        """Ask 2.7 about an order's guarantee, and return the answer's data.

        Raises:
            Blocked: there is none.
        """
        platform = self._scene.platform
        guarantee = platform.guarantee(order_no)
        number, serial = str(guarantee["guarantee_no"]), str(guarantee["serial_num"])
        question = platform.compose("query", guarantee_no=number, serial_num=serial)
        answer = platform.send(question)
        if answer.status != "200" or not isinstance(answer.data, dict):
            raise Blocked.because(NoData("2.7", number, answer.text))
        return answer.data

    def _act(
        self, action: str, order_no: str = "", matter: Mapping[str, Any] | None = None, **ids: str
    ) -> TargetAction:
        platform, target = self._scene.platform, self._scene.target
        self._scene.expect_declared(action)
        order = platform.order(order_no) if order_no else {}
        guarantee = platform.guarantee(order_no) if _is_issued(order) else {}
        values = {**({"order_no": order_no} if order_no else {}), **ids}
        done, calls = target.calls_of(action, **values)
        method = target.effects[action].method
        return TargetAction(
            action, method, calls, done.said, done.succeeded, order, guarantee, matter or {}
        )

    def _needed(self, name: str) -> TargetAction:
        """Return an action without which another cannot be done."""
        deed = self.of(name)
        if not deed.accepted:
            raise Blocked(
                f"what must come before did not succeed: {deed}",
                f"前置操作未成功：{deed.zh}",
            )
        return deed

    def _order(self, role: str) -> str:
        if role not in self._orders:
            self._orders[role] = self._scene.platform.known_order()
        return self._orders[role]

    def _tell(self, push: int) -> None:
        attempt = self._scene.platform.deliver(push)
        if not attempt.acknowledged:
            name = str(self._scene.platform.push(push)["name"])
            raise Blocked.because(NotTaken(name, attempt.text))
        self._scene.platform.settle()

    def _issue_without_token(self) -> TargetAction:
        self.with_living_token()
        order_no = self._scene.paid()
        method = self._scene.target.effects["issue"].method
        # The very push meets the end of the token, not a call that goes before it.
        self._scene.platform.fault("answer", interface=method, value={"code": 1006})
        return self._act("issue", order_no)

    def _claim(self, order_no: str) -> str:
        claim_no, push = self._scene.platform.apply_for_claim(order_no)
        self._tell(push)
        return claim_no

    def _about_claim(self, action: str, claim_no: str) -> TargetAction:
        claim = self._scene.platform.claim(claim_no)
        order = self._scene.platform.order(claim["order_no"])
        names = {name: order[name] for name in ("principal", "creditor")}
        matter = {**claim, **names, "guarantor": order["accept_insurer"]}
        return self._act(action, "", matter, claim_no=claim_no)

    def _renew_file_url(self) -> TargetAction:
        file = self._scene.platform.order(self._order("life"))["files"][0]
        return self._act("renew_file_url", "", file, file_id=str(file["file_id"]))


def _is_issued(order: Mapping[str, Any]) -> bool:
    return order.get("state") in ("HAS_OUT_GUARANTEE", "FINISH")
