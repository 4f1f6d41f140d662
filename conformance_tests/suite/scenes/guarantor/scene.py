"""What checks for guarantors start from."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from conformance_tests.suite.platform.guarantor import Platform
from conformance_tests.suite.rules import interfaces
from conformance_tests.suite.rules.outcomes import Blocked, NotApplicable
from conformance_tests.suite.rules.reasons import NotTaken, Undeclared
from conformance_tests.suite.scenes.both.institution import Institution
from conformance_tests.suite.scenes.both.scene import Maker, Matter, Task
from conformance_tests.suite.scenes.both.scene import Scene as AnyScene

__all__ = ["NOTICES", "PUSHES", "QUESTIONS", "Matter", "Platform", "Scene"]

NOTICES = interfaces.NOTICES["guarantor"]
QUESTIONS = interfaces.QUESTIONS["guarantor"]
PUSHES = interfaces.PUSHES["guarantor"]
#: By which action the principal's payment, or the approval, is reported on each line (2.3).
_LAST_STEP = {"1": "pay", "2": "approve"}
#: The action that shows who does a fixture's line, and that of the other; most are direct.
_LINES = {"standard": ("pay", "approve"), "separate": ("approve", "pay")}
#: Ways to return an order for further material, and to go on when it was handed in again.
_RETURNS = (
    ("return_first_trial", "pass_first_trial"),
    ("return_due_diligence", "pass_due_diligence"),
)
_SEPARATE_RETURNS = (("return_data", "approve"),)


class Scene(AnyScene):
    """Brings platform and guarantor to where a check begins."""

    platform: Platform
    settlements: ClassVar[Sequence[str]] = (
        "mediate_claim",
        "compensate_claim",
        "settle_claim_by_principal",
        "reject_claim",
    )

    def __init__(self, platform: Platform, target: Institution) -> None:
        super().__init__(platform, target)
        # 固定：1 is printed; who does the separate product alone is met there.
        if target.can("approve") and not target.can("pay"):
            platform.usual = "separate"

    # Orders. The answer to 2.1 may have moved one on already (P31).

    def ask_for_payment(self, order_no: str) -> None:
        """Let the target offer, where there is a payment (直开式) and it was not asked for yet."""
        for step in self.steps(order_no)[:-1]:
            self.target.act(step, order_no=order_no)

    def next_step(self, order_no: str) -> str:
        """Return the action by which the target takes a known order one step ahead."""
        return [*self.steps(order_no), "issue"][0]

    def paid(self) -> str:
        """Return a new order that waits for its guarantee."""
        return self.advance(self.spare_order())

    def paid_separately(self) -> str:
        """Return a new order of the separate product that waits for its guarantee."""
        return self.advance(self.separate_order())

    def separate_order(self) -> str:
        """Return a new order of the separate product that the target knows.

        Raises:
            NotApplicable: the target does the direct product alone.
        """
        self.expect_line("separate")
        return self.platform.known_separate_order()

    def expect_line(self, fixture: str) -> None:
        """Show that the target does the line of a fixture's orders, before any is sent.

        固定：1 is printed: who does one line alone may refuse the orders of the other.

        Raises:
            NotApplicable: the target file declares how orders go on the other line alone.
        """
        own, other = _LINES.get(fixture, _LINES["standard"])
        if self.target.can(other):
            self.expect_declared(own)

    def steps(self, order_no: str) -> list[str]:
        """Return the actions that take an order to where its guarantee is due."""
        order = self.platform.order(order_no)
        last = _LAST_STEP[str(order["ktype"])]
        early = order["state"] not in ("WAIT_PAY", "WAIT_OUT_GUARANTEE")
        offer = ["offer"] if last == "pay" and early and self.target.can("offer") else []
        return offer + ([] if order["state"] == "WAIT_OUT_GUARANTEE" else [last])

    def advance(self, order_no: str) -> str:
        """Let the target bring a known order to where its guarantee is due; return its number."""
        for step in self.steps(order_no):
            self.target.act(step, order_no=order_no)
        return order_no

    def issued_separately(self) -> str:
        """Return a new order of the separate product whose guarantee was issued."""
        order_no = self.paid_separately()
        self.target.act("issue", order_no=order_no)
        return order_no

    def shared_issued_separately(self) -> str:
        """Return the issued order of the separate product that checks share and leave as it is."""
        return self.once("issued separately", self.issued_separately)

    def issued_without_dates(self) -> str:
        """Return a new issued order of whose period 2.1 said nothing (担保期间 is optional).

        Raises:
            Blocked: the target did not take it.
        """
        order_no = self.platform.apply()
        application = self.platform.notice_of(self.platform.application_of(order_no))
        dates = {"guarantee_start_date": "", "guarantee_end_date": ""}
        answer = self.platform.send(application.saying(**dates))
        if not answer.acknowledged:
            raise Blocked.because(NotTaken("application", answer.text, order_no))
        self.target.act("issue", order_no=self.advance(order_no))
        return order_no

    def applicant(self, order: Mapping[str, Any]) -> str:
        """Return who applied for an order: its principal, or the company for 分离式 (2.4)."""
        separate = str(order["ktype"]) == "2"
        return str(self.platform.letter["company"] if separate else order["principal"])

    def issued_in_one_block(self, count: int) -> list[str]:
        """Return so many new orders of one block whose guarantees were issued."""
        first = self.issued()
        block = self.platform.block_of(first)
        others = [self.platform.known_order(**block) for _ in range(count - 1)]
        for order_no in others:
            self.target.act("issue", order_no=self.advance(order_no))
        return [first, *others]

    def before_return(self, stage: str) -> str:
        """Return a known order that can be returned: `first_trial`, `due_diligence` or `data`.

        Raises:
            NotApplicable: the target file declares no action that returns it.
        """
        self.expect_declared(f"return_{stage}")
        if stage == "data":
            return self.separate_order()
        order_no = self.spare_order()
        examined = stage == "due_diligence" and self.target.can("pass_first_trial")
        # Whose answer to 2.1 led on has passed the first trial already (P31).
        if examined and self.platform.state(order_no) == "WAIT_FIRST_TRAIL":
            self.target.act("pass_first_trial", order_no=order_no)
        return order_no

    def revoked(self) -> str:
        """Return a new order whose guarantee was revoked, as the target knows by 2.8."""
        order_no = self.issued()
        self.platform.deliver(self.platform.release_order(order_no)[1])
        self.platform.settle()
        return order_no

    def release_values(self, order_no: str) -> dict[str, str]:
        """Return what fills the placeholders of the action `release` for an order."""
        number = str(self.platform.guarantee(order_no)["guarantee_no"])
        block = self.platform.block_of(order_no)["block_number"]
        return {"guarantee_no": number, "block_number": block}

    # Matters.

    def makers(self) -> Mapping[str, Maker]:
        """Return what makes the matter of each push."""
        return {
            "application": self._application,
            "order_status": self.cancellation,
            "release": self._release,
            "claim": self._claim,
            "verify": self.verification,
            "query": self.query,
            "release_search": self._release_search,
        }

    def _application(self, text: str | None) -> Matter:
        fields = {} if text is None else {"project_name": text}
        order_no = self.platform.apply(**fields)
        return self.matter_of("application", order_no, self.platform.application_of(order_no))

    def _release(self, text: str | None) -> Matter:
        return self._revocation(self.issued(), text)

    def _revocation(self, order_no: str, note: str | None = None) -> Matter:
        revoke_no, push = self.platform.release_order(order_no, note)
        return self.matter_of("release", revoke_no, push)

    def _claim(self, text: str | None) -> Matter:
        return self.claim(**({} if text is None else {"claim_reason": text}))

    def _release_search(self, _text: str | None) -> Matter:
        return self.search(self.shared_issued())

    def search(self, order_no: str) -> Matter:
        """Ask how far the release of an order's guarantee has come (2.10)."""
        guarantee = self.platform.guarantee(order_no)
        number = str(guarantee["guarantee_no"])
        notice = self.platform.compose(
            "release_search",
            block_number=self.platform.block_of(order_no)["block_number"],
            guarantee_no=number,
            serial_num=str(guarantee["serial_num"]),
        )
        return Matter("release_search", number, notice, None)

    # Tasks.

    def tasks(self) -> Mapping[str, Callable[[], Task]]:
        """Return what makes a task of each notice."""
        return {
            "application": self._new_order,
            "order_status": self._resubmission,
            "release": self._new_release,
            "claim": self._new_claim,
        }

    def _new_order(self) -> Task:
        matter = self.matter("application")
        order_no = matter.about
        return Task(matter, "issue", {"order_no": order_no}, lambda: self.advance(order_no))

    def _resubmission(self) -> Task:
        ways = _SEPARATE_RETURNS if self.platform.usual == "separate" else _RETURNS
        for back, ahead in ways:
            if self.target.can(back) and self.target.can(ahead):
                order_no = self.spare_order()
                self.target.act(back, order_no=order_no)
                push = self.platform.submit(order_no)
                matter = self.matter_of("order_status", order_no, push)
                return Task(matter, ahead, {"order_no": order_no})
        lacking = {way: tuple(a for a in way if not self.target.can(a)) for way in ways}
        nearest = min(ways, key=lambda way: len(lacking[way]))
        others = tuple(" + ".join(way) for way in ways if way != nearest)
        raise NotApplicable.because(Undeclared("actions", lacking[nearest], others))

    def _new_release(self) -> Task:
        order_no = self.issued()
        return Task(self._revocation(order_no), "release", self.release_values(order_no))

    def _new_claim(self) -> Task:
        matter = self.matter("claim")
        return Task(matter, "accept_claim", {"claim_no": matter.about})
