"""What checks for insurers start from."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.insurer import Platform
from conformance_tests.suite.rules import interfaces
from conformance_tests.suite.scenes.both.institution import Institution
from conformance_tests.suite.scenes.both.scene import Maker, Matter, Task, pdf_part
from conformance_tests.suite.scenes.both.scene import Scene as AnyScene

__all__ = ["NOTICES", "PUSHES", "QUESTIONS", "RETURN_URL", "Matter", "Scene", "pdf_part"]

NOTICES = interfaces.NOTICES["insurer"]
QUESTIONS = interfaces.QUESTIONS["insurer"]
PUSHES = interfaces.PUSHES["insurer"]
RETURN_URL = "https://example.com/orders"


class Scene(AnyScene):
    """Brings platform and insurer to where a check begins."""

    platform: Platform
    settlements: ClassVar[Sequence[str]] = ("agree_claim",)

    _days = itertools.count(41)

    def __init__(self, platform: Platform, target: Institution) -> None:
        super().__init__(platform, target)
        platform.read_on_request = self._read_on_request

    def _read_on_request(self, order_no: str) -> bool:
        # Some read an order only when a clerk opens it: 2.1 leaves the moment open.
        return self.target.can("refresh_order") and self.target.succeeds(
            "refresh_order", order_no=order_no
        )

    def ask_for_payment(self, order_no: str) -> None:
        """Let the target offer."""
        self.target.act("offer", order_no=order_no)

    def next_step(self, order_no: str) -> str:
        """Return the action by which the target takes a known order one step ahead."""
        steps = {"WAIT_PAY": "pay", "WAIT_OUT_GUARANTEE": "issue"}
        return steps.get(self.platform.state(order_no), "offer")

    def paid(self) -> str:
        """Return a new order that waits for its guarantee."""
        order_no = self.offered()
        self.target.act("pay", order_no=order_no)
        return order_no

    def reissued(self) -> str:
        """Return a new order whose guarantee was issued anew after its bid opening was delayed."""
        order_no = self.issued()
        self.platform.deliver(self.platform.move_bid_opening(order_no))
        self.platform.settle()
        self.target.act("reissue", order_no=order_no)
        return order_no

    def shared_reissued(self) -> str:
        """Return the order, issued anew, that checks share which change nothing of it."""
        if "reissued" not in self._shared:
            self._shared["reissued"] = self.reissued()
        return self._shared["reissued"]

    def reissuable(self) -> str:
        """Return the issued order that checks share which issue its guarantee anew."""
        return self.once("reissuable", self.issued)

    def makers(self) -> Mapping[str, Maker]:
        """Return what makes the matter of each push."""
        return {
            "order_page": self._jump,
            "order_status": self.cancellation,
            "invoice_application": self._invoice,
            "bid_opening": self._bid_opening,
            "claim": self._claim,
            "verify": self.verification,
            "query": self.query,
        }

    def tasks(self) -> Mapping[str, Callable[[], Task]]:
        """Return what makes a task of each notice."""
        return {
            "order_status": self._resubmission,
            "invoice_application": self._paper_invoice,
            "bid_opening": self._delay,
            "claim": self._new_claim,
        }

    # The jump is judged by its effect alone (P51).

    def takes(self, matter: Matter) -> tuple[bool, Answer]:
        """Send the notice of a matter; return whether it is taken, and the answer."""
        if matter.interface != "order_page":
            return super().takes(matter)
        answer = self.platform.send(matter.notice)
        return self.read_after(matter), answer

    def read_after(self, jump: Matter) -> bool:
        """Return whether the target reads a jump's order by 2.3, within its patience (P51)."""
        return self.platform.wait_for_call("insurer_get_guarantee_info", jump.about) is not None

    def was_read(self, jump: Matter) -> bool:
        """Return whether the target has read a jump's order by 2.3, once it is silent again."""
        self.platform.settle()
        return bool(self.platform.calls("insurer_get_guarantee_info", jump.about))

    def _jump(self, text: str | None) -> Matter:
        order_no = self.platform.apply()
        notice = self.platform.compose(
            "order_page", order_no=order_no, return_url=text or RETURN_URL
        )
        return Matter("order_page", order_no, notice, None)

    # Matters.

    def _invoice(self, text: str | None) -> Matter:
        fields = {} if text is None else {"remark": text}
        invoice_id, push = self.platform.apply_for_invoice(self.shared_issued(), **fields)
        return self.matter_of("invoice_application", invoice_id, push)

    def _bid_opening(self, text: str | None) -> Matter:
        order_no = self.order_named(text)
        push = self.platform.move_bid_opening(order_no)
        block = self.platform.block_of(order_no)["block_number"]
        return self.matter_of("bid_opening", block, push)

    def _claim(self, text: str | None) -> Matter:
        return self.claim(**({} if text is None else {"claim_statement": text}))

    # Tasks.

    def _resubmission(self) -> Task:
        order_no = self.spare_order()
        self.target.act("return_due_diligence", order_no=order_no)
        push = self.platform.submit(order_no)
        matter = self.matter_of("order_status", order_no, push)
        return Task(matter, "pass_due_diligence", {"order_no": order_no})

    def _paper_invoice(self) -> Task:
        order_no = self.shared_issued()
        invoice_id, push = self.platform.apply_for_invoice(order_no, is_electron="2")
        matter = self.matter_of("invoice_application", invoice_id, push)
        return Task(matter, "issue_invoice", {"invoice_id": invoice_id})

    def _delay(self) -> Task:
        order_no = self.reissuable()
        push = self.platform.move_bid_opening(order_no, days=next(self._days))
        block = self.platform.block_of(order_no)["block_number"]
        return Task(self.matter_of("bid_opening", block, push), "reissue", {"order_no": order_no})

    def _new_claim(self) -> Task:
        matter = self.matter("claim")
        return Task(matter, "accept_claim", {"claim_no": matter.about})
