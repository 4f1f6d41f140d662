"""What happens on the platform of an insurer's account, and is announced or asked."""

import base64
import itertools
from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.account import Account
from conformance_tests.suite.outcomes import Blocked
from conformance_tests.suite.seen import Attempt
from simulator import clock
from simulator.errors import SimulatorError

#: The states in which a claim can be revoked.
_OPEN_CLAIMS = ("WAIT_ACCEPT", "INVESTIGATING", "WAIT_INDEMNITY")


class Platform(Account):
    """An insurer's account: what principals, beneficiaries and the trading centre do there.

    Each event announces its push, which waits for `deliver`.
    """

    _numbers = itertools.count(1)

    def apply(self, fixture: str = "standard", **fields: Any) -> str:
        """Let a principal apply for an order in a block of its own, and return its `order_no`."""
        number = next(self._numbers)
        own = {
            "block_number": f"CT-{number:04}-{self.stage.account[-8:]}",
            "block_name": f"一致性测试标段 {number}",
        }
        return str(self.post("orders", fixture=fixture, fields={**own, **fields})["order_no"])

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

    def open(self, order_no: str) -> Attempt:
        """Let the principal's browser jump to the target with an order (2.1)."""
        self.endpoint("order_page")
        return Attempt(self.post("orders", order_no, "open")["attempts"][-1])

    def known_order(self, **fields: Any) -> str:
        """Return a new order that the target has read by 2.3 after the principal's jump.

        Raises:
            Blocked: the target did not read it.
        """
        order_no = self.apply(**fields)
        start = self.mark()
        self.open(order_no)
        if self.wait_for_call("insurer_get_guarantee_info", order_no, start) is None:
            raise Blocked(f"the target did not read the order {order_no} by 2.3 after the jump")
        self.settle()
        return order_no

    def known_orders(self, count: int) -> list[str]:
        """Return so many new orders that the target has read by 2.3; waits once for all of them.

        Raises:
            Blocked: the target did not read one of them.
        """
        start, order_nos = self.mark(), [self.apply() for _ in range(count)]
        for order_no in order_nos:
            self.open(order_no)
        for order_no in order_nos:
            if self.wait_for_call("insurer_get_guarantee_info", order_no, start) is None:
                raise Blocked(f"the target did not read the order {order_no} by 2.3 after the jump")
        self.settle()
        return order_nos

    def cancel(self, order_no: str) -> int:
        """Let the principal cancel an order; returns the number of the push (2.2)."""
        self._happen("orders", order_no, "cancel")
        return self.newest_push("order_status", order_no)

    def submit(self, order_no: str) -> int:
        """Let the principal hand in again what was returned; returns the push (2.2)."""
        self._happen("orders", order_no, "submit")
        return self.newest_push("order_status", order_no)

    def finish(self, order_no: str) -> int:
        """Let the platform finish an issued order; returns the push (2.2)."""
        self._happen("orders", order_no, "finish")
        return self.newest_push("order_status", order_no)

    def apply_for_invoice(self, *order_nos: str, **fields: str) -> tuple[str, int]:
        """Let the principal apply for an invoice; returns its id and the push (2.8)."""
        invoice = self._happen("invoices", order_nos=list(order_nos), fields=fields)
        return invoice["invoice_id"], self.newest_push("invoice_application")

    def move_bid_opening(self, order_no: str, days: int = 40, kind: str = "delay") -> int:
        """Let the trading centre move the bid opening of an order's block; returns the push."""
        order = self.order(order_no)
        moment = clock.spoken(clock.wall_now() + days * 86400)
        push = self._happen(
            "bid-openings",
            block_number=order["block_number"],
            block_name=order["block_name"],
            type=kind,
            open_tender_time=moment,
        )
        return int(push["id"])

    def apply_for_claim(
        self, order_no: str, amount: str = "50000.00", **fields: str
    ) -> tuple[str, int]:
        """Let the beneficiary claim, an open claim on the order revoked before; returns both."""
        for claim in self.get("claims"):
            if claim["order_no"] == order_no and claim["status"] in _OPEN_CLAIMS:
                self.revoke_claim(claim["claim_no"])
        claim = self._happen("claims", order_no=order_no, claim_amount=amount, fields=fields)
        return claim["claim_no"], self.newest_push("claim")

    def revoke_claim(self, claim_no: str) -> int:
        """Let the beneficiary revoke a claim; returns the push (3.1, P48)."""
        self._happen("claims", claim_no, "revoke")
        return self.newest_push("claim")

    def claim(self, claim_no: str) -> Mapping[str, Any]:
        """Return a claim as the platform has it."""
        return dict(next(each for each in self.get("claims") if each["claim_no"] == claim_no))

    def invoice(self, invoice_id: str) -> Mapping[str, Any]:
        """Return an invoice as the platform has it."""
        return dict(next(each for each in self.get("invoices") if each["invoice_id"] == invoice_id))

    def guarantee(self, order_no: str) -> Mapping[str, Any]:
        """Return an order's present guarantee."""
        found = [each for each in self.get("guarantees") if each["order_no"] == order_no]
        return dict(next(each for each in found if each["current"]))

    def pdf_of(self, guarantee: Mapping[str, Any]) -> bytes:
        """Return the PDF that the target issued for a guarantee."""
        return base64.b64decode(self.get("files", guarantee["file_id"])["content"])

    def verify(self, guarantee: Mapping[str, Any], pdf: bytes | None = None) -> Mapping[str, Any]:
        """Ask 2.6 about a guarantee, with its own PDF or another; returns the push."""
        self.endpoint("verify")
        body = {"guarantee_no": guarantee["guarantee_no"]}
        if pdf is not None:
            body["pdf"] = base64.b64encode(pdf).decode()
        return dict(self.post("guarantees", "verify", **body))

    def query(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.7 about a guarantee; returns the push."""
        self.endpoint("query")
        return dict(self.post("guarantees", "query", guarantee_no=guarantee["guarantee_no"]))

    def _happen(self, *path: str, **body: Any) -> Any:
        """Let something happen on the platform.

        Raises:
            Blocked: it cannot, because the target did not bring things as far.
        """
        try:
            return self.post(*path, **body)
        except SimulatorError as error:
            raise Blocked(error.text.en, error.text.zh) from error
