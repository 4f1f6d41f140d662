"""What happens on the platform of any account, and is announced or asked."""

import base64
import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, ParamSpec, TypeVar

from conformance_tests.suite.platform.account import Account
from conformance_tests.suite.platform.seen import Attempt
from conformance_tests.suite.rules.outcomes import Blocked
from simulator.driver import Claim, Guarantee, Order, Record
from simulator.errors import SimulatorError

#: What is waited for by that name: that the target takes a new order.
_AN_ORDER = "a new order"
P = ParamSpec("P")
T = TypeVar("T")


class Business(Account, ABC):
    """An account: what principals and beneficiaries do there, whatever its kind.

    Each event announces its push, which waits for `deliver`.
    """

    #: The push by which an order comes to the institution (2.1).
    entrance: ClassVar[str]
    #: The call by which it then reads the order; None where the push itself says everything.
    reading: ClassVar[str | None]
    #: The states in which a claim can be revoked.
    revocable: ClassVar[tuple[str, ...]]

    _numbers = itertools.count(1)
    #: Why the target did not take the last order that it did not take.
    _not_introduced: Blocked | None = None
    #: The ready-made order that principals apply with.
    usual = "standard"

    def apply(self, fixture: str | None = None, **fields: Any) -> str:
        """Let a principal apply for an order in a block of its own, and return its `order_no`."""
        number = next(self._numbers)
        own = {
            "block_number": f"CT-{number:04}-{self.stage.account[-8:]}",
            "block_name": f"一致性测试标段 {number}",
        }
        made = self.post("orders", fixture=fixture or self.usual, fields={**own, **fields})
        return str(made["order_no"])

    def order(self, order_no: str) -> Mapping[str, Any]:
        """Return an order as the platform has it."""
        return dict(self.get("orders", order_no))

    def block_of(self, order_no: str) -> dict[str, str]:
        """Return number and name of an order's block, to `apply` for another order of it."""
        order = self.order(order_no)
        return {name: str(order[name]) for name in ("block_number", "block_name")}

    def state(self, order_no: str) -> str:
        """Return an order's state."""
        return str(self.order(order_no)["state"])

    @abstractmethod
    def bring(self, order_no: str) -> Attempt:
        """Bring a new order to the target (2.1); return what came of it."""

    def known_order(self, fixture: str | None = None, **fields: Any) -> str:
        """Return a new order that the target knows.

        Raises:
            Blocked: the target did not take it.
        """
        with self._introducing():
            order_no = self.apply(fixture, **fields)
            self._introduce([order_no])
        return order_no

    def known_orders(self, count: int) -> list[str]:
        """Return so many new orders that the target knows; waits once for all of them.

        Raises:
            Blocked: the target did not take one of them.
        """
        with self._introducing():
            order_nos = [self.apply() for _ in range(count)]
            self._introduce(order_nos)
        return order_nos

    @contextmanager
    def _introducing(self) -> Iterator[None]:
        """Learn whether the target takes orders at all; one that never did is asked no more."""
        if self._not_introduced and self.patience.for_(_AN_ORDER) == 0:
            raise self._not_introduced
        try:
            yield
        except Blocked as blocked:
            self._not_introduced = blocked
            self.patience.learn(_AN_ORDER, came=False)
            raise
        self.patience.learn(_AN_ORDER, came=True)

    @abstractmethod
    def _introduce(self, order_nos: list[str]) -> None:
        """Bring new orders to the target, and wait until it knows them."""

    def cancel(self, order_no: str) -> int:
        """Let the principal cancel an order; returns the number of the push."""
        return self._happen(Order(self, order_no).cancel).id

    def submit(self, order_no: str) -> int:
        """Let the principal hand in again what was returned; returns the push."""
        return self._happen(Order(self, order_no).submit).id

    def finish(self, order_no: str) -> int:
        """Let the platform finish an issued order; returns the push."""
        return self._happen(Order(self, order_no).finish).id

    def apply_for_claim(
        self, order_no: str, amount: str = "50000.00", **fields: Any
    ) -> tuple[str, int]:
        """Let the beneficiary claim, an open claim on the order ended before; returns both."""
        self.end_claims(order_no)
        return self._announce(Order(self, order_no).apply_for_claim, amount, **fields)

    def end_claims(self, order_no: str) -> None:
        """End what claims on an order are open: a further one would have to wait (P47, P55)."""
        for claim in self.get("claims", order_no=order_no):
            self._end(claim)

    def _end(self, claim: Mapping[str, Any]) -> None:
        if claim["status"] in self.revocable:
            self.revoke_claim(claim["claim_no"])

    def revoke_claim(self, claim_no: str) -> int:
        """Let the beneficiary revoke a claim; returns the push (3.1, P48)."""
        return self._happen(Claim(self, claim_no).revoke).id

    def claim(self, claim_no: str) -> Mapping[str, Any]:
        """Return a claim as the platform has it."""
        return dict(self.get("claims", claim_no))

    def guarantee(self, order_no: str) -> Mapping[str, Any]:
        """Return an order's present guarantee.

        Raises:
            Blocked: the platform has taken none.
        """
        for each in self.get("guarantees", order_no=order_no):
            if each["current"]:
                return dict(each)
        raise Blocked(
            f"the platform has no guarantee of the order {order_no}: it took none",
            f"平台上没有订单 {order_no} 的保函：未曾接受",
        )

    def pdf_of(self, guarantee: Mapping[str, Any]) -> bytes:
        """Return the PDF that the target issued for a guarantee."""
        return self.file(guarantee["file_id"])[1]

    def file(self, file_id: str) -> tuple[str, bytes]:
        """Return the name and the bytes of a file that the account holds."""
        stored = self.get("files", file_id)
        return str(stored["name"]), base64.b64decode(stored["content"])

    def verify(self, guarantee: Mapping[str, Any], pdf: bytes | None = None) -> Mapping[str, Any]:
        """Ask 2.6 about a guarantee, with its own PDF or another; returns the push."""
        self.endpoint("verify")
        return Guarantee(self, guarantee["guarantee_no"]).verify(pdf).record

    def query(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.7 about a guarantee; returns the push."""
        self.endpoint("query")
        return Guarantee(self, guarantee["guarantee_no"]).query().record

    def _announce(
        self, event: Callable[P, Record[Any]], *given: P.args, **named: P.kwargs
    ) -> tuple[str, int]:
        """Let something be applied for; returns its number, and its push.

        Raises:
            Blocked: it cannot be applied for.
        """
        made = self._happen(event, *given, **named)
        assert made.push is not None, f"{made!r} was not announced"
        return str(made), made.push.id

    def _happen(self, event: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Let something happen on the platform, and return what comes of it.

        Raises:
            Blocked: it cannot, because the target did not bring things as far.
        """
        try:
            return event(*given, **named)
        except SimulatorError as error:
            raise Blocked(error.text.en, error.text.zh) from error
