"""The platform's side of one account in tests: the control API in the field's words."""

from dataclasses import dataclass
from typing import Any

from simulator.driver import ControlClient

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


@dataclass(frozen=True)
class Platform:
    """One account, driven through the control API."""

    control: ControlClient
    account: str

    def get(self, *path: str, **query: Any) -> Any:
        return self.control.get("accounts", self.account, *path, **query)

    def post(self, *path: str, **body: Any) -> Any:
        return self.control.post("accounts", self.account, *path, **body)

    def change(self, **body: Any) -> Any:
        return self.control.patch("accounts", self.account, **body)

    def switch(self, **switches: Any) -> None:
        self.change(switches=switches)

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

    def journal(self, **query: Any) -> Any:
        return self.get("journal", **query)

    def fault(self, rule: str, **body: Any) -> Any:
        return self.post("faults", rule=rule, **body)

    def freeze(self) -> Any:
        return self.post("clock", action="freeze")

    def advance(self, seconds: float) -> Any:
        return self.post("clock", action="advance", seconds=seconds)

    def run(self) -> Any:
        """Let time pass until nothing is due."""
        return self.post("clock", action="run")
