"""What happens on the platform of an insurer's account beside what all accounts have."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.platform.seen import Attempt, read_attempts
from conformance_tests.suite.rules.outcomes import Blocked
from conformance_tests.suite.rules.reasons import NotRead
from simulator import clock
from simulator.driver import Order


class Platform(Business):
    """An insurer's account: what principals, beneficiaries and the trading centre do there."""

    entrance: ClassVar[str] = "order_page"
    reading: ClassVar[str | None] = "insurer_get_guarantee_info"
    revocable: ClassVar[tuple[str, ...]] = ("WAIT_ACCEPT", "INVESTIGATING", "WAIT_INDEMNITY")
    #: Asks the target to read an order that it did not read by itself; returns whether it did.
    read_on_request: Callable[[str], bool]

    def open(self, order_no: str) -> Attempt:
        """Let the principal's browser jump to the target with an order (2.1)."""
        self.endpoint("order_page")
        self.hurry("order_page")
        return read_attempts(self, self.post("orders", order_no, "open"))[-1]

    def bring(self, order_no: str) -> Attempt:
        """Bring a new order to the target by a jump (2.1)."""
        return self.open(order_no)

    def _introduce(self, order_nos: list[str]) -> None:
        start = self.mark()
        for order_no in order_nos:
            self.open(order_no)
        for order_no in order_nos:
            read = self.wait_for_call("insurer_get_guarantee_info", order_no, start)
            if read is None and not self.read_on_request(order_no):
                raise Blocked.because(NotRead(order_no))
        self.settle()

    def apply_for_invoice(self, order_no: str, *also: str, **fields: Any) -> tuple[str, int]:
        """Let the principal apply for an invoice; returns its id and the push (2.8)."""
        orders = [Order(self, each) for each in also]
        return self._announce(Order(self, order_no).apply_for_invoice, orders, **fields)

    def invoice(self, invoice_id: str) -> Mapping[str, Any]:
        """Return an invoice as the platform has it."""
        return dict(next(each for each in self.get("invoices") if each["invoice_id"] == invoice_id))

    def move_bid_opening(self, order_no: str, days: int = 40, kind: str = "delay") -> int:
        """Let the trading centre move the bid opening of an order's block; returns the push."""
        moment = clock.spoken(clock.wall_now() + days * 86400)
        order = Order(self, order_no)
        return self._happen(order.change_bid_opening, moment, delayed=kind == "delay").id
