"""What checks for insurers start from: orders brought to a state, and matters to notify about."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from conformance_tests.suite.institution import Institution
from conformance_tests.suite.notices import Notice
from conformance_tests.suite.outcomes import Blocked
from conformance_tests.suite.platform import Platform
from simulator.operations.sealing import FormFile

#: The notices that are retried, and the questions (P19).
NOTICES = ("order_status", "invoice_application", "bid_opening", "claim")
QUESTIONS = ("verify", "query")
PUSHES = ("order_page", *NOTICES, *QUESTIONS)
RETURN_URL = "https://example.com/orders"


@dataclass(frozen=True)
class Matter:
    """Something that happened on the platform, and the right notice of it, not sent yet.

    `about` is its order, claim, invoice or guarantee number; `push` the platform's own push,
    None for a question or a jump, which wait for nobody.
    """

    interface: str
    about: str
    notice: Notice
    push: int | None


class Scene:
    """Brings platform and target to where a check begins."""

    def __init__(self, platform: Platform, target: Institution) -> None:
        self.platform = platform
        self.target = target
        self._shared: dict[str, str] = {}

    def offered(self) -> str:
        """Return a new order that waits for its payment."""
        order_no = self.platform.known_order()
        self.target.act("offer", order_no=order_no)
        return order_no

    def paid(self) -> str:
        """Return a new order that waits for its guarantee."""
        order_no = self.offered()
        self.target.act("pay", order_no=order_no)
        return order_no

    def issued(self) -> str:
        """Return a new order whose guarantee was issued."""
        order_no = self.paid()
        self.target.act("issue", order_no=order_no)
        return order_no

    def shared_issued(self) -> str:
        """Return the issued order that checks share which change nothing of it."""
        if "issued" not in self._shared:
            self._shared["issued"] = self.issued()
        return self._shared["issued"]

    def matter(self, interface: str) -> Matter:
        """Let something happen on the platform that is to be notified by this interface."""
        makers: dict[str, Callable[[], Matter]] = {
            "order_page": self._jump,
            "order_status": self._cancellation,
            "invoice_application": self._invoice,
            "bid_opening": self._bid_opening,
            "claim": self._claim,
            "verify": self._verification,
            "query": self._query,
        }
        return makers[interface]()

    @contextmanager
    def valid_twin(self, interface: str) -> Iterator[None]:
        """Show just before and just after that a right notice is taken (else nothing is shown).

        Raises:
            Blocked: the target does not take it.
        """
        self._send_twin(interface, "before")
        yield
        self._send_twin(interface, "after")

    def _send_twin(self, interface: str, when: str) -> None:
        answer = self.platform.send(self.matter(interface).notice)
        if not answer.acknowledged:
            raise Blocked(f"the right notice sent {when} the wrong one was not taken: {answer}")

    def _of_push(self, interface: str, about: str, push: int) -> Matter:
        return Matter(interface, about, self.platform.notice_of(push), push)

    def _jump(self) -> Matter:
        order_no = self.platform.apply()
        notice = self.platform.compose("order_page", order_no=order_no, return_url=RETURN_URL)
        return Matter("order_page", order_no, notice, None)

    def _cancellation(self) -> Matter:
        order_no = self.platform.known_order()
        return self._of_push("order_status", order_no, self.platform.cancel(order_no))

    def _invoice(self) -> Matter:
        invoice_id, push = self.platform.apply_for_invoice(self.shared_issued())
        return self._of_push("invoice_application", invoice_id, push)

    def _bid_opening(self) -> Matter:
        order_no = self.platform.known_order()
        push = self.platform.move_bid_opening(order_no)
        block = str(self.platform.order(order_no)["block_number"])
        return self._of_push("bid_opening", block, push)

    def _claim(self) -> Matter:
        claim_no, push = self.platform.apply_for_claim(self.shared_issued())
        return self._of_push("claim", claim_no, push)

    def _verification(self) -> Matter:
        guarantee = self.platform.guarantee(self.shared_issued())
        file = pdf_part(self.platform.pdf_of(guarantee))
        notice = self.platform.compose("verify", [file], serial_num=str(guarantee["serial_num"]))
        return Matter("verify", str(guarantee["guarantee_no"]), notice, None)

    def _query(self) -> Matter:
        guarantee = self.platform.guarantee(self.shared_issued())
        number = str(guarantee["guarantee_no"])
        notice = self.platform.compose(
            "query", guarantee_no=number, serial_num=str(guarantee["serial_num"])
        )
        return Matter("query", number, notice, None)


def pdf_part(content: bytes) -> FormFile:
    """Return the form's part that carries a guarantee's PDF (2.6)."""
    return FormFile("guarantee_pdf", "guarantee.pdf", "application/pdf", content)
