"""Threads that change orders without a pause and record the answers."""

import hashlib
import itertools
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests
from durability.receiver import Pulse
from pushes import business
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError

#: The lives of orders: events of 2.4 and 2.5, of the control API, invoices and claims.
_LIVES = (
    ("cancel",),
    ("offer", "offer", "cancel"),
    ("return_confirmation", "submit", "offer", "pay", "issue", "invoice", "claim", "finish"),
    ("offer", "pay", "invoice", "issue", "claim", "revoke", "claim"),
    ("confirm", "insurers_cancel"),
    ("return_due_diligence", "submit", "pass_due_diligence", "offer", "cancel"),
    ("confirm", "offer", "offer", "offer", "pay", "issue", "finish", "invoice", "claim"),
)
#: order_do_type and status of 2.4.
_DECISIONS = {
    "confirm": ("1", "1"),
    "return_confirmation": ("1", "2"),
    "pass_due_diligence": ("2", "1"),
    "return_due_diligence": ("2", "2"),
    "offer": ("3", "1"),
    "pay": ("4", "1"),
    "insurers_cancel": ("1", "3"),
}
#: Seconds for which a thread waits for the next process at most.
_PATIENCE = 60.0


class Served(Protocol):
    """The simulator that a thread talks to: where, whether it serves, how often it was killed."""

    control_url: str
    kills: int
    serving: threading.Event


class Gone(Exception):
    """The simulator was killed during this request: whether it had an effect is unknown."""


@dataclass
class Story:
    """What a thread knows for certain about an order."""

    account: str
    order_no: str
    #: The steps of its history: answered with success, or found there after a restart.
    happened: list[str] = field(default_factory=list)
    price: str | None = None
    serial: int | None = None
    invoices: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)


class Actor(threading.Thread):
    """Insurer and principal of one account; a thread of its own orders, one after the other."""

    def __init__(
        self, victim: Served, pulse: Pulse, account: str, letter: Any, number: int, seed: int
    ) -> None:
        super().__init__(name=f"actor-{account}-{number}", daemon=True)
        self.victim, self.pulse = victim, pulse
        self.platform = Platform(ControlClient(victim.control_url), account)
        self.institution = Institution(letter)
        self.rng = random.Random(f"{seed} {account} {number}")
        self.numbers = (f"{account}-{number}-{n}" for n in itertools.count(1))
        self.stories: list[Story] = []
        self.ending = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.ending.is_set():
                self._live()
        except BaseException as error:
            self.failure = error

    def _live(self) -> None:
        story = Story(self.platform.name, next(self.numbers))
        self.stories.append(story)
        fields = {"order_no": story.order_no}
        order = self._until_done(
            lambda: self.platform.post("orders", fixture="minimal", fields=fields),
            lambda: self.platform.order(story.order_no),
        )
        for step in self.rng.choice(_LIVES):
            if step in ("invoice", "claim", "revoke"):
                self._apply(story, step)
            else:
                self._step(story, order, step)

    def _step(self, story: Story, order: dict[str, Any], step: str) -> None:
        """Take a step again and again, until it is answered or its effect is found."""
        event = "cancel" if step == "insurers_cancel" else step
        price = f"{self.rng.randint(100, 99999)}.00"
        while True:
            try:
                answer = self._call_or_wait(lambda: self._take(order, step, price))
            except Gone:
                history = self._until_there(story.order_no)["history"]
                added = [entry["event"] for entry in history[1 + len(story.happened) :]]
                assert added in ([], [event]), (story, step, added)
                if not added:
                    continue
            else:
                if step == "issue":
                    story.serial = answer["data"]["serial_num"]
            story.happened.append(event)
            story.price = price if step == "offer" else story.price
            return

    def _take(self, order: dict[str, Any], step: str, price: str) -> Any:
        number = order["order_no"]
        if step in ("cancel", "submit", "finish"):
            return self.platform.post("orders", number, step)
        if step == "issue":
            return self._issue(order)
        do_type, status = _DECISIONS[step]
        more = {"price": price, "guarantee_end_date": "2031-05-06"} if step == "offer" else {}
        more |= {"real_pay": "500.00"} if step == "pay" else {}
        return business.decide(self.institution, order, do_type, status=status, note="说明", **more)

    def _issue(self, order: dict[str, Any]) -> Any:
        number, names = order["order_no"], ("order_no", "principal", "creditor")
        return business.ok(
            self.institution.call(
                "insurer_push_guarantee",
                files={"guarantee_pdf": ("保函.pdf", business.PDF, "application/pdf")},
                **{name: order[name] for name in names},
                guarantee_no=f"BH-{number}",
                guarantor=order["accept_insurer"],
                out_guarantee_time="2026-01-05 10:00:00",
                guarantee_pdf_hash=hashlib.sha256(business.PDF).hexdigest(),
            )
        )

    def _apply(self, story: Story, step: str) -> None:
        """Apply for an invoice or a claim, or revoke a claim, and note what was answered."""
        number = story.order_no
        if step == "invoice":
            made = self._until_done(lambda: self.platform.post("invoices", order_nos=[number]))
            story.invoices.append(made["invoice_id"])
        elif step == "claim":
            made = self._until_done(
                lambda: self.platform.post("claims", order_no=number),
                lambda: self._claims(number)[-1],
            )
            story.claims.append(made["claim_no"])
        else:
            last = story.claims[-1]
            self._until_done(
                lambda: self.platform.post("claims", last, "revoke"), lambda: self._claims(number)
            )
            story.revoked.append(last)

    def _claims(self, order_no: str) -> Any:
        return self.platform.get("claims", order_no=order_no)

    def _until_there(self, order_no: str) -> Any:
        return self._until_done(lambda: self.platform.order(order_no))

    def _until_done(
        self, do: Callable[[], Any], had_effect: Callable[[], Any] | None = None
    ) -> Any:
        """Repeat a call until it is answered; refused after a lost answer, it took effect."""
        uncertain = False
        while True:
            try:
                return self._call_or_wait(do)
            except Gone:
                uncertain = True
            except SimulatorError:
                if not uncertain or had_effect is None:
                    raise
                return self._until_done(had_effect)

    def _call_or_wait(self, ask: Callable[[], Any]) -> Any:
        return call_or_wait(self.victim, self.pulse, ask)


def call_or_wait(victim: Served, pulse: Pulse, ask: Callable[[], Any]) -> Any:
    """Return the answer; if the process is killed, wait for the next one and raise Gone."""
    pulse.beat("call")
    kills = victim.kills
    try:
        return ask()
    except requests.RequestException as error:
        why: BaseException = error
    except SimulatorError as error:
        if not isinstance(error.__cause__, requests.RequestException):
            raise
        why = error
    finally:
        pulse.beat("called")
    assert victim.kills > kills or not victim.serving.is_set(), f"dropped without a kill: {why!r}"
    assert victim.serving.wait(_PATIENCE), "no process serves any more"
    raise Gone from why
