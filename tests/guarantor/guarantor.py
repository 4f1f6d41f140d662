"""One guarantor's account seen from both sides: it makes calls, its platform does the rest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calls.insurer import ABSENT, POLICY, drop_absent, sha256
from support.institution import Institution
from support.platform import Platform

GET_ORDER = "get_guarantee_info"
NOTIFY = "notify_order_status"
CANCEL = "cancel_order"
ISSUE = "guarantor_push_guarantee"
REMOVE = "remove_guarantee"
UPDATE_CLAIM = "guarantor_update_claim_result"
GET_CLAIM = "guarantor_get_lp_info"

#: What brings an order from its product's first state to a state: targets of 2.3, and `back`.
_WAYS: dict[str, dict[str, list[tuple[str, bool]]]] = {
    "1": {
        "WAIT_SUBMIT_FIRST_TRAIL": [("WAIT_SUBMIT_FIRST_TRAIL", True)],
        "WAIT_FIRST_TRAIL": [],
        "WAIT_SUBMIT_TUNE_UP": [("WAIT_TUNE_UP", False), ("WAIT_SUBMIT_TUNE_UP", True)],
        "WAIT_TUNE_UP": [("WAIT_TUNE_UP", False)],
        "WAIT_OFFER": [("WAIT_OFFER", False)],
        "WAIT_PAY": [("WAIT_PAY", False)],
        "WAIT_OUT_GUARANTEE": [("WAIT_OUT_GUARANTEE", False)],
    },
    "2": {
        "WAIT_SUBMIT_DATA": [("WAIT_SUBMIT_DATA", True)],
        "WAIT_APPROVAL_DATA": [],
        "WAIT_OUT_GUARANTEE": [("WAIT_OUT_GUARANTEE", False)],
    },
}


@dataclass(frozen=True)
class Guarantor:
    """The guarantor of one account; `changes` replace parameters of an otherwise right call."""

    platform: Platform
    institution: Institution

    def call(self, method: str, files: Mapping[str, Any] | None = None, **business: Any) -> Any:
        """Make a correctly signed call."""
        return self.institution.call(method, files, **drop_absent(business))

    def read(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return 2.2's data of an order."""
        answer = self.call(GET_ORDER, order_no=order["order_no"])
        assert answer["status"] == 200, answer
        return dict(answer["data"])

    def notify(self, order: Mapping[str, Any], state: Any, **changes: Any) -> Any:
        """Make a 2.3 call."""
        parameters = {"order_no": order["order_no"], "order_status": state}
        if state == "WAIT_OUT_GUARANTEE":
            parameters["order_amount"] = "500.00"
        return self.call(NOTIFY, **{**parameters, **changes})

    def return_to(self, order: Mapping[str, Any], state: str, **changes: Any) -> Any:
        """Return an order to its principal by 2.3."""
        back = {"is_withdraw": "1", "statement": "资料不全", "order_amount": ABSENT}
        return self.notify(order, state, **{**back, **changes})

    def cancel(self, order: Mapping[str, Any], **changes: Any) -> Any:
        """Make a 2.11 call."""
        parameters = {"order_no": order["order_no"], "cancel_reason": "不予受理"}
        return self.call(CANCEL, **{**parameters, **changes})

    def issue(self, order: Mapping[str, Any], content: Any = POLICY, **changes: Any) -> Any:
        """Make a 2.5 call, the hash of `content` with it."""
        parameters = {
            "order_no": order["order_no"],
            "guarantee_no": "DB-1",
            "principal": order["principal"],
            "creditor": order["creditor"],
            "guarantor": order["accept_insurer"],
            "out_guarantee_time": "2030-10-30 15:12:12",
            "guarantee_pdf_hash": sha256(content) if isinstance(content, bytes) else "0" * 64,
            **changes,
        }
        files = {} if content is ABSENT else {"guarantee_pdf": ("保函.pdf", content)}
        return self.call(ISSUE, files, **parameters)

    def bring(self, order: Mapping[str, Any], state: str, number: str = "DB-1") -> Any:
        """Bring a fresh order to a state, and return it as the platform shows it."""
        issued = state in ("HAS_OUT_GUARANTEE", "FINISH")
        target = "WAIT_OUT_GUARANTEE" if issued else state
        if state == "CANCEL":
            assert self.cancel(order)["status"] == 200
            target = {"1": "WAIT_FIRST_TRAIL", "2": "WAIT_APPROVAL_DATA"}[order["ktype"]]
        for named, back in _WAYS[order["ktype"]][target]:
            move = self.return_to if back else self.notify
            assert move(order, named)["status"] == 200
        if issued:
            assert self.issue(order, guarantee_no=number)["status"] == 200
        if state == "FINISH":
            self.platform.post("orders", order["order_no"], "finish")
        brought = self.platform.order(order["order_no"])
        assert brought["state"] == state
        return brought

    def remove(self, order: Mapping[str, Any], items: Any, **changes: Any) -> Any:
        """Make a 2.9 call; items that are no text are written as JSON."""
        parameters = {
            "block_number": order["block_number"],
            "block_name": order["block_name"],
            "creditor": order["creditor"],
            "remove_guarantee_data": items if isinstance(items, str) else json.dumps(items),
            **changes,
        }
        return self.call(REMOVE, **parameters)

    def about_claim(self, claim: Mapping[str, Any]) -> dict[str, Any]:
        """Return what every call about a claim names."""
        order = self.platform.order(claim["order_no"])
        return {
            "claim_no": claim["claim_no"],
            "guarantee_no": claim["guarantee_no"],
            "principal": order["principal"],
            "creditor": order["creditor"],
            "guarantor": order["accept_insurer"],
        }

    def update_claim(
        self, claim: Mapping[str, Any], do_type: Any, status: Any, **changes: Any
    ) -> Any:
        """Make a 3.2 call."""
        parameters = {**self.about_claim(claim), "do_type": do_type, "status": status}
        return self.call(UPDATE_CLAIM, **{**parameters, "note": "说明", **changes})

    def claim(self, claim_no: str) -> Any:
        """Return a claim as the platform shows it."""
        [found] = [each for each in self.platform.get("claims") if each["claim_no"] == claim_no]
        return found

    def notes(self) -> str:
        """Return what the newest journal entry of a call says, in English."""
        entry = self.platform.journal(direction="call")[-1]
        return " ".join(note["en"] for note in entry["notes"])
