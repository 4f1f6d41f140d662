"""The platform's side of one account in tests: the control API in domain terms."""

from typing import Any

from simulator.driver import AccountClient

PUSHES = {
    "insurer": (
        *("order_page", "order_status", "verify", "query"),
        *("invoice_application", "bid_opening", "claim"),
    ),
    "guarantor": (
        *("application", "order_status", "verify", "query"),
        *("release", "release_search", "claim"),
    ),
}


class Platform(AccountClient):
    """One account, driven in the JSON of the control API."""

    def register(self, base: str) -> None:
        """Register `base/<push>` for every push."""
        names = PUSHES[self.get()["kind"]]
        self.change(endpoints={name: f"{base}/{name}" for name in names})

    def letter(self) -> Any:
        return self.get("letter")

    def create_order(self, fixture: str = "standard", **fields: Any) -> Any:
        return self.post("orders", fixture=fixture, fields=fields)

    def order(self, order_no: str) -> Any:
        return self.get("orders", order_no)

    def state(self, order_no: str) -> str:
        return str(self.order(order_no)["state"])

    def pushes(self, **query: Any) -> Any:
        return self.get("pushes", **query)

    def push(self, number: int) -> Any:
        return self.get("pushes", str(number))

    def fault(self, rule: str, **body: Any) -> Any:
        return self.post("faults", rule=rule, **body)

    def freeze(self) -> Any:
        return self.post("clock", action="freeze")

    def advance(self, seconds: float) -> Any:
        return self.post("clock", action="advance", seconds=seconds)

    def run(self) -> Any:
        """Let time pass until nothing is due."""
        return self.post("clock", action="run")
