"""One account seen from both sides: its insurer makes calls, its platform does the rest."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportlab.pdfgen.canvas import Canvas
from support.institution import Institution
from support.platform import Platform

#: The value of a parameter (or a file) that is left out.
ABSENT: Any = object()

GET_ORDER = "insurer_get_guarantee_info"
DECIDE = "insurer_apply_guarantee_result"
ISSUE = "insurer_push_guarantee"
ISSUE_ANEW = "insurer_push_guarantee_update"
INVOICE = "insurer_push_invoice"
FILE_URL = "insurer_get_file_url"
BRANCHES = "insurer_get_branch_insurers"
COMPANIES = "insurer_get_order_company_info"


def pdf(text: str) -> bytes:
    """Return a small valid PDF; another text makes other bytes."""
    stream = io.BytesIO()
    canvas = Canvas(stream, invariant=True)
    canvas.drawString(72, 720, text)
    canvas.save()
    return stream.getvalue()


POLICY = pdf("policy")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def drop_absent(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters without the absent ones."""
    return {name: value for name, value in parameters.items() if value is not ABSENT}


@dataclass(frozen=True)
class Insurer:
    """The insurer of one account; `changes` replace parameters of an otherwise right call."""

    platform: Platform
    institution: Institution

    def call(self, method: str, files: Mapping[str, Any] | None = None, **business: Any) -> Any:
        """Make a correctly signed call."""
        return self.institution.call(method, files, **drop_absent(business))

    def send(self, method: str, /, **parameters: Any) -> Any:
        """Make a correctly signed call whose common parameters may be replaced too."""
        return self.institution.send(self.sign(method, **parameters))

    def sign(self, method: str, /, **parameters: Any) -> dict[str, Any]:
        whole = {**self.institution.parameters(method), **parameters}
        secret = self.institution.letter["api_secret"]
        return add_sign(drop_absent(whole), secret)

    def read(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Return 2.3's data of an order."""
        answer = self.call(GET_ORDER, order_no=order["order_no"])
        assert answer["status"] == 200, answer
        return dict(answer["data"])

    def decision(self, order: Mapping[str, Any], do_type: Any, status: Any) -> dict[str, Any]:
        """Return 2.4's parameters, with all that any type asks for."""
        return {
            **{name: order[name] for name in ("order_no", "block_number", "block_name")},
            "principal": order["principal"],
            "creditor": order["creditor"],
            "order_do_type": do_type,
            "status": status,
            "price": "1000.00",
            "guarantee_end_date": "2031-05-06",
            "real_pay": "1000.00",
            "note": "说明",
        }

    def decide(
        self, order: Mapping[str, Any], do_type: Any, status: Any = ABSENT, **changes: Any
    ) -> Any:
        """Make a 2.4 call."""
        return self.call(DECIDE, **{**self.decision(order, do_type, status), **changes})

    def bring(self, order: Mapping[str, Any], state: str) -> Mapping[str, Any]:
        """Bring a fresh order to a state, and return the order."""
        steps = {
            "WAIT_TUNE_UP": [],
            "WAIT_SUBMIT_TUNE_UP": [("1", "2")],
            "WAIT_OFFER": [("2", "1")],
            "WAIT_PAY": [("3", "1")],
            "WAIT_OUT_GUARANTEE": [("3", "1"), ("4", "1")],
            "HAS_OUT_GUARANTEE": [("3", "1"), ("4", "1")],
            "FINISH": [("3", "1"), ("4", "1")],
            "CANCEL": [("1", "3")],
        }
        for do_type, status in steps[state]:
            assert self.decide(order, do_type, status)["status"] == 200
        if state in ("HAS_OUT_GUARANTEE", "FINISH"):
            assert self.issue(order)["status"] == 200
        if state == "FINISH":
            self.platform.post("orders", order["order_no"], "finish")
        assert self.platform.state(order["order_no"]) == state
        return order

    def issue(self, order: Mapping[str, Any], content: Any = POLICY, **changes: Any) -> Any:
        """Make a 2.5 call, the hash of `content` with it."""
        return self._push(ISSUE, order, content, {"guarantee_no": "GX-1"}, changes)

    def issue_anew(self, order: Mapping[str, Any], content: Any = POLICY, **changes: Any) -> Any:
        """Make a 2.11 call that gives the guarantee GX-1 the number GX-2."""
        anew = {
            "guarantee_no_old": "GX-1",
            "guarantee_no": "GX-2",
            "date1": "2031-01-02",
            "date2": "2031-06-07",
        }
        return self._push(ISSUE_ANEW, order, content, anew, changes)

    def _push(
        self,
        method: str,
        order: Mapping[str, Any],
        content: Any,
        special: Mapping[str, Any],
        changes: Mapping[str, Any],
    ) -> Any:
        parameters = {
            "order_no": order["order_no"],
            **special,
            "principal": order["principal"],
            "creditor": order["creditor"],
            "guarantor": order["accept_insurer"],
            "out_guarantee_time": "2030-10-30 15:12:12",
            "guarantee_pdf_hash": sha256(content) if isinstance(content, bytes) else "0" * 64,
            **changes,
        }
        files = {} if content is ABSENT else {"guarantee_pdf": ("保函.pdf", content)}
        return self.call(method, files, **parameters)

    def entry(self) -> dict[str, Any]:
        """Return the account's newest journal entry of a call."""
        return dict(self.platform.journal(direction="call")[-1])

    def notes(self) -> str:
        """Return what the newest entry says to the developer, in English."""
        return " ".join(note["en"] for note in self.entry()["notes"])


def add_sign(parameters: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """Add the sign of 5.1, computed independently of the simulator."""
    joined = "".join(name + str(parameters[name]) for name in sorted(parameters) if name != "sign")
    digest = hashlib.md5((secret + joined + secret).encode()).hexdigest()
    return {**parameters, "sign": digest.upper()}
