"""What checks start from: orders brought to a state, and matters to notify about."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, TypeAlias, TypeVar

from conformance_tests.suite.messages.notices import Answer, Notice
from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.rules.outcomes import Blocked, EarlyEnd, NotApplicable
from conformance_tests.suite.rules.reasons import Breakdown, NotTaken, SignRefusal, Undeclared
from conformance_tests.suite.scenes.both.institution import Institution
from simulator.protocol.form_files import FormFile

Told = TypeVar("Told")
#: Orders that are laid in at a time.
_STOCK = 4


@dataclass(frozen=True)
class Matter:
    """Something that happened on the platform, and the right notice of it, not sent yet.

    `about` is its order, claim, invoice, batch or guarantee number; `push` the platform's own
    push, None for a question or a jump, which wait for nobody.
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


@dataclass(frozen=True)
class Task:
    """A matter about which the target does one thing: by `action`, with `values`.

    `first` is what must be done between the notice and the action, `began` the newest journal
    entry before the matter came up.
    """

    matter: Matter
    action: str
    values: Mapping[str, str]
    first: Callable[[], object] = field(default=lambda: None)
    began: int = 0


#: Makes the matter of one interface, of the text that people wrote into it, if any.
Maker: TypeAlias = Callable[[str | None], Matter]


class Scene(ABC):
    """Brings platform and target to where a check begins."""

    #: The notices about which only one matter at a time can be open.
    one_at_a_time: ClassVar[Collection[str]] = ("claim",)

    def __init__(self, platform: Business, target: Institution) -> None:
        self.platform = platform
        self.target = target
        self._shared: dict[str, str] = {}
        self._told: dict[
            Hashable, tuple[Any, list[dict[str, Any]], list[Breakdown | SignRefusal]]
        ] = {}
        self._spare: list[str] = []
        #: The right notice that was last seen to be taken, by interface.
        self._taken: dict[str, Answer] = {}

    @property
    def kind(self) -> str:
        """The kind of institution."""
        return self.platform.stage.target.kind

    # What each kind has of its own.

    #: What the target can do with a claim that it has accepted.
    settlements: ClassVar[Sequence[str]]

    @abstractmethod
    def ask_for_payment(self, order_no: str) -> None:
        """Let the target take a known order to where it waits for its payment."""

    @abstractmethod
    def next_step(self, order_no: str) -> str:
        """Return the action by which the target takes a known order one step ahead."""

    @abstractmethod
    def paid(self) -> str:
        """Return a new order that waits for its guarantee."""

    @abstractmethod
    def makers(self) -> Mapping[str, Maker]:
        """Return what makes the matter of each push."""

    @abstractmethod
    def tasks(self) -> Mapping[str, Callable[[], Task]]:
        """Return what makes a task of each notice."""

    # What every kind has.

    def offered(self) -> str:
        """Return a new order that waits for its payment."""
        order_no = self.platform.known_order()
        self.ask_for_payment(order_no)
        return order_no

    @property
    def settlement(self) -> str:
        """What the target does with a claim that it has accepted, as far as it declares it."""
        declared = (each for each in self.settlements if self.target.can(each))
        return next(declared, self.settlements[0])

    def issued(self) -> str:
        """Return a new order whose guarantee was issued."""
        order_no = self.paid()
        self.target.act("issue", order_no=order_no)
        return order_no

    def once(self, key: Hashable, tell: Callable[[], Told]) -> Told:
        """Return what is told once in a run and judged by several checks, each showing all of it.

        Raises:
            EarlyEnd: what ended the telling ends the later checks, too.
        """
        if key in self._told:
            outcome, evidence, breakdowns = self._told[key]
            self.platform.happened.extend(evidence)
        else:
            before, self.platform.breakdowns = self.platform.breakdowns, []
            try:
                outcome = tell()
            except EarlyEnd as end:
                outcome = end
            breakdowns, self.platform.breakdowns = self.platform.breakdowns, before
            self._told[key] = outcome, self.platform.evidence(), breakdowns
        # Of several answers only those are the check's to which it looks.
        if not isinstance(outcome, Mapping):
            self.platform.breakdowns.extend(breakdowns)
        if isinstance(outcome, EarlyEnd):
            raise outcome
        told: Told = outcome
        return told

    def expect_declared(self, action: str) -> None:
        """Show that the target file declares an action, before anything is arranged for it.

        Raises:
            NotApplicable: it does not.
        """
        if not self.target.can(action):
            raise NotApplicable.because(Undeclared("actions", (action,)))

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

    def matter(self, interface: str, text: str | None = None) -> Matter:
        """Let something happen on the platform that is to be notified by this interface.

        `text` is what people wrote into the one value of the notice that is free; there is none
        in a question.
        """
        return self.makers()[interface](text)

    def task(self, interface: str) -> Task:
        """Let something happen that is to be notified, and about which the target does one thing.

        Raises:
            NotApplicable: the target file lacks an action that this takes.
        """
        began = self.platform.mark()
        return replace(self.tasks()[interface](), began=began)

    def matter_of(self, interface: str, about: str, push: int) -> Matter:
        """Return the matter that a push of the platform is about."""
        return Matter(interface, about, self.platform.notice_of(push), push)

    @contextmanager
    def valid_twin(self, interface: str, after: Matter | None = None) -> Iterator[None]:
        """Show just before and just after that a right notice is taken: a positive control.

        Without it nothing is shown. `after` is the matter of which the right notice is sent then,
        by default another one. The control after one check is the control before the next, if
        nothing else was sent there since. What is judged within needs no control after it where
        it fails: a wrong notice that was taken was taken.

        Raises:
            Blocked: the target does not take it.
        """
        last = self.platform.last_answers.get(self.platform.endpoint(interface))
        if last is None or last is not self._taken.get(interface):
            self._send_control(self.matter(interface))
        yield
        self._send_control(after or self.matter(interface))

    def still_takes(self, interface: str) -> tuple[bool, Answer]:
        """Return whether the target takes another right notice, and what it answers.

        A target that ended is started again where that can be done, for the checks that follow.
        """
        stopped = not self.platform.stage.reachable()
        if stopped and self.target.can("restart"):
            self.target.restart()
        taken, answer = self.takes(self.matter(interface))
        return taken and not stopped, answer

    def takes(self, matter: Matter) -> tuple[bool, Answer]:
        """Send the notice of a matter; return whether it is taken, and the answer."""
        answer = self.platform.send(matter.notice)
        return answer.taken, answer

    def _send_control(self, control: Matter) -> None:
        taken, answer = self.takes(control)
        if not taken:
            raise Blocked.because(NotTaken(control.interface, answer.text))
        self._taken[control.interface] = answer

    # Matters that both kinds have.

    def order_named(self, text: str | None) -> str:
        """Return a known order; of a block of this name, if there is one."""
        return self.spare_order() if text is None else self.platform.known_order(block_name=text)

    def cancellation(self, text: str | None) -> Matter:
        """Let the principal cancel an order."""
        order_no = self.order_named(text)
        return self.matter_of("order_status", order_no, self.platform.cancel(order_no))

    def claim(self, **fields: str) -> Matter:
        """Let the beneficiary claim on the shared guarantee."""
        claim_no, push = self.platform.apply_for_claim(self.shared_issued(), **fields)
        return self.matter_of("claim", claim_no, push)

    def verification(self, _text: str | None) -> Matter:
        """Ask about the PDF of the shared guarantee (2.6)."""
        guarantee = self.platform.guarantee(self.shared_issued())
        file = pdf_part(self.platform.pdf_of(guarantee))
        notice = self.platform.compose("verify", [file], serial_num=str(guarantee["serial_num"]))
        return Matter("verify", str(guarantee["guarantee_no"]), notice, None)

    def query(self, _text: str | None) -> Matter:
        """Ask about the particulars of the shared guarantee (2.7)."""
        guarantee = self.platform.guarantee(self.shared_issued())
        number = str(guarantee["guarantee_no"])
        notice = self.platform.compose(
            "query", guarantee_no=number, serial_num=str(guarantee["serial_num"])
        )
        return Matter("query", number, notice, None)


def pdf_part(content: bytes) -> FormFile:
    """Return the form's part that carries a guarantee's PDF (2.6)."""
    return FormFile("guarantee_pdf", "guarantee.pdf", "application/pdf", content)
