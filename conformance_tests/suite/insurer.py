"""What checks for insurers start from: orders brought to a state, and matters to notify about."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from conformance_tests.suite.institution import Institution
from conformance_tests.suite.notices import Answer, Notice
from conformance_tests.suite.outcomes import Blocked, Verdict
from conformance_tests.suite.platform import Platform
from simulator import clock
from simulator.operations.sealing import FormFile

#: The notices that are retried, and the questions (P19).
NOTICES = ("order_status", "invoice_application", "bid_opening", "claim")
QUESTIONS = ("verify", "query")
PUSHES = ("order_page", *NOTICES, *QUESTIONS)
RETURN_URL = "https://example.com/orders"
Told = TypeVar("Told")
#: Orders that are laid in at a time.
_STOCK = 4
#: Seconds within which a right notice counts as taken "just before" the next wrong one.
_JUST_NOW = 5.0


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

    @property
    def number(self) -> int:
        """The number of the push, of a notice that is repeated."""
        if self.push is None:
            raise LookupError(f"{self.interface} is no notice: it is not repeated")
        return self.push


class Scene:
    """Brings platform and target to where a check begins."""

    def __init__(self, platform: Platform, target: Institution) -> None:
        self.platform = platform
        self.target = target
        self._shared: dict[str, str] = {}
        self._told: dict[Hashable, tuple[Any, list[dict[str, Any]]]] = {}
        self._spare: list[str] = []
        #: When a right notice was last seen to be taken, by interface.
        self._taken: dict[str, float] = {}

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

    def reissued(self) -> str:
        """Return a new order whose guarantee was issued anew after its bid opening was delayed."""
        order_no = self.issued()
        self.platform.deliver(self.platform.move_bid_opening(order_no))
        self.platform.settle()
        self.target.act("reissue", order_no=order_no)
        return order_no

    def once(self, key: Hashable, tell: Callable[[], Told]) -> Told:
        """Return what is told once in a run and judged by several checks, each showing all of it.

        Raises:
            Verdict: what ended the telling ends the later checks, too.
        """
        if key in self._told:
            outcome, evidence = self._told[key]
            self.platform.happened.extend(evidence)
        else:
            try:
                outcome = tell()
            except Verdict as verdict:
                outcome = verdict
            self._told[key] = outcome, self.platform.evidence()
        if isinstance(outcome, Verdict):
            raise outcome
        told: Told = outcome
        return told

    def shared_issued(self) -> str:
        """Return the issued order that checks share which change nothing of it."""
        if "issued" not in self._shared:
            self._shared["issued"] = self.issued()
        return self._shared["issued"]

    def spare_order(self) -> str:
        """Return a known order that nothing happened to yet; a few are laid in at a time."""
        if not self._spare:
            self._spare = self.platform.known_orders(_STOCK)
        return self._spare.pop()

    def shared_reissued(self) -> str:
        """Return the order, issued anew, that checks share which change nothing of it."""
        if "reissued" not in self._shared:
            self._shared["reissued"] = self.reissued()
        return self._shared["reissued"]

    def matter(self, interface: str, text: str | None = None) -> Matter:
        """Let something happen on the platform that is to be notified by this interface.

        `text` is what people wrote into the one value of the notice that is free; there is none
        in a question.
        """
        makers: dict[str, Callable[[str | None], Matter]] = {
            "order_page": self._jump,
            "order_status": self._cancellation,
            "invoice_application": self._invoice,
            "bid_opening": self._bid_opening,
            "claim": self._claim,
            "verify": self._verification,
            "query": self._query,
        }
        return makers[interface](text)

    @contextmanager
    def valid_twin(self, interface: str, after: Matter | None = None) -> Iterator[None]:
        """Show just before and just after that a right notice is taken (else nothing is shown).

        `after` is the matter of which the right notice is sent then, by default another one. The
        twin after one check is the twin before the next, if that follows at once. What is judged
        within needs no twin after it where it fails: a wrong notice that was taken was taken.

        Raises:
            Blocked: the target does not take it.
        """
        if clock.monotonic() - self._taken.get(interface, -_JUST_NOW) >= _JUST_NOW:
            self._send_twin(self.matter(interface), "before")
        yield
        self._send_twin(after or self.matter(interface), "after")

    def still_takes(self, interface: str) -> tuple[bool, Answer]:
        """Return whether the target takes another right notice, and what it answers.

        A target that ended is started again where that can be done, for the checks that follow.
        """
        stopped = not self.platform.stage.reachable()
        if stopped and self.target.can("restart"):
            self.target.restart()
        taken, answer = self._takes(self.matter(interface))
        return taken and not stopped, answer

    def _takes(self, matter: Matter) -> tuple[bool, Answer]:
        answer = self.platform.send(matter.notice)
        if matter.interface == "order_page":
            return self.read_after(matter), answer
        return answer.taken, answer

    def _send_twin(self, twin: Matter, when: str) -> None:
        self._taken.pop(twin.interface, None)
        taken, answer = self._takes(twin)
        if not taken:
            raise Blocked(f"the right notice sent {when} the wrong one was not taken: {answer}")
        self._taken[twin.interface] = clock.monotonic()

    def read_after(self, jump: Matter) -> bool:
        """Return whether the target reads a jump's order by 2.3, within its patience (P51)."""
        return self.platform.wait_for_call("insurer_get_guarantee_info", jump.about) is not None

    def was_read(self, jump: Matter) -> bool:
        """Return whether the target has read a jump's order by 2.3, once it is silent again."""
        self.platform.settle()
        return bool(self.platform.calls("insurer_get_guarantee_info", jump.about))

    def matter_of(self, interface: str, about: str, push: int) -> Matter:
        """Return the matter that a push of the platform is about."""
        return Matter(interface, about, self.platform.notice_of(push), push)

    def _jump(self, text: str | None) -> Matter:
        order_no = self.platform.apply()
        notice = self.platform.compose(
            "order_page", order_no=order_no, return_url=text or RETURN_URL
        )
        return Matter("order_page", order_no, notice, None)

    def _order_named(self, text: str | None) -> str:
        return self.spare_order() if text is None else self.platform.known_order(block_name=text)

    def _cancellation(self, text: str | None) -> Matter:
        order_no = self._order_named(text)
        return self.matter_of("order_status", order_no, self.platform.cancel(order_no))

    def _invoice(self, text: str | None) -> Matter:
        fields = {} if text is None else {"remark": text}
        invoice_id, push = self.platform.apply_for_invoice(self.shared_issued(), **fields)
        return self.matter_of("invoice_application", invoice_id, push)

    def _bid_opening(self, text: str | None) -> Matter:
        order_no = self._order_named(text)
        push = self.platform.move_bid_opening(order_no)
        block = str(self.platform.order(order_no)["block_number"])
        return self.matter_of("bid_opening", block, push)

    def _claim(self, text: str | None) -> Matter:
        fields = {} if text is None else {"claim_statement": text}
        claim_no, push = self.platform.apply_for_claim(self.shared_issued(), **fields)
        return self.matter_of("claim", claim_no, push)

    def _verification(self, _text: str | None) -> Matter:
        guarantee = self.platform.guarantee(self.shared_issued())
        file = pdf_part(self.platform.pdf_of(guarantee))
        notice = self.platform.compose("verify", [file], serial_num=str(guarantee["serial_num"]))
        return Matter("verify", str(guarantee["guarantee_no"]), notice, None)

    def _query(self, _text: str | None) -> Matter:
        guarantee = self.platform.guarantee(self.shared_issued())
        number = str(guarantee["guarantee_no"])
        notice = self.platform.compose(
            "query", guarantee_no=number, serial_num=str(guarantee["serial_num"])
        )
        return Matter("query", number, notice, None)


def pdf_part(content: bytes) -> FormFile:
    """Return the form's part that carries a guarantee's PDF (2.6)."""
    return FormFile("guarantee_pdf", "guarantee.pdf", "application/pdf", content)
