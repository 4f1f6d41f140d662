"""The platform as a check drives and sees it: events, deliveries, the calls that came in."""

import base64
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance_tests.suite.malformed import Malformed
from conformance_tests.suite.notices import Answer, Notice
from conformance_tests.suite.outcomes import Blocked
from conformance_tests.suite.stage import Stage, pause
from simulator import clock
from simulator.operations.sealing import FormFile
from simulator.protocol import rsa
from simulator.protocol.plaintext import Form

_POLL = 0.02
_MOST = 1000


@dataclass(frozen=True)
class Call:
    """A call that the target made, as the platform's journal has it."""

    entry: Mapping[str, Any]

    @property
    def method(self) -> str:
        """The parameter `method`; empty for a call that could not be opened."""
        return str(self.params.get("method", ""))

    @property
    def params(self) -> Mapping[str, Any]:
        """The decrypted parameters."""
        return dict(self.entry["sent"].get("params", {}))

    @property
    def status(self) -> str:
        """The status that the platform answered."""
        return str(self.entry["status"])

    @property
    def accepted(self) -> bool:
        """Whether it was answered 200."""
        return self.status == "200"

    @property
    def data(self) -> Any:
        """The member `data` of the platform's answer."""
        return self.entry["received"].get("data")

    @property
    def files(self) -> Mapping[str, int]:
        """The names and sizes of the files that came along."""
        return dict(self.entry["sent"].get("files", {}))

    @property
    def wall(self) -> float:
        """When it came, in Unix seconds."""
        return float(self.entry["wall"])

    @property
    def remark(self) -> str:
        """Why it was refused, in one sentence."""
        return " ".join(note["en"] for note in self.entry["notes"])


@dataclass(frozen=True)
class Attempt:
    """One attempt of a push by the platform."""

    record: Mapping[str, Any]

    @property
    def acknowledged(self) -> bool:
        """Whether the target acknowledged it."""
        return str(self.record["outcome"]) == "acknowledged"

    @property
    def reached(self) -> bool:
        """Whether the target acknowledged, though the rule `lose_ack` hid that again."""
        code = (self.record["verdict"] or {}).get("code")
        return self.acknowledged or code == "ack_lost"

    def __str__(self) -> str:
        """Say what came of it, in one line."""
        return str((self.record["verdict"] or {}).get("en", self.record["outcome"]))


class Platform:
    """One account's platform. Its clock stands still: nothing is sent but by a check."""

    _numbers = itertools.count(1)

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.control = stage.control
        self.letter = stage.letter
        #: What happened since the check began, for its report.
        self.happened: list[dict[str, Any]] = []
        self._issued: str | None = None
        self._paid: str | None = None
        self._plaintext: Form | None = None
        self._check_began = self._run_began = self.mark()

    # What the control API offers for the account.

    def get(self, *path: str, **query: Any) -> Any:
        """Read something of the account."""
        return self.control.get("accounts", self.stage.account, *path, **query)

    def post(self, *path: str, **body: Any) -> Any:
        """Do something with the account."""
        return self.control.post("accounts", self.stage.account, *path, **body)

    def switch(self, **switches: Any) -> None:
        """Change switches of the account, until the check ends."""
        self.control.patch("accounts", self.stage.account, switches=switches)
        self._plaintext = None

    def fault(self, rule: str, **body: Any) -> None:
        """Set a fault rule, until the check ends."""
        self.post("faults", rule=rule, **body)

    # The beginning and the end of a check.

    def begin_check(self) -> None:
        """Forget what happened before."""
        self.happened = []
        self._check_began = self.mark()
        self._switches = self.get()["switches"]

    def end_check(self) -> None:
        """Leave nothing behind: no push that waits, no rule, no changed switch."""
        for state in ("pending", "held"):
            for push in self.get("pushes", state=state, limit=_MOST):
                self.post("pushes", str(push["id"]), "give-up")
        for rule in self.get("faults"):
            self.control.delete("accounts", self.stage.account, "faults", str(rule["id"]))
        if self.get()["switches"] != self._switches:
            self.switch(**self._switches)

    def evidence(self) -> list[dict[str, Any]]:
        """Return all exchanges since the check began: the journal's, and those composed here."""
        entries = self.get("journal", after=self._check_began, limit=_MOST)
        return [*({"way": "journal", **entry} for entry in entries), *self.happened]

    def shown(self) -> list[dict[str, Any]]:
        """Return the evidence as a report shows it: oldest first, pushes with their wire form."""
        found = {
            (each["way"], each.get("id", number)): each
            for number, each in enumerate(self.evidence())
        }
        ordered = sorted(found.values(), key=lambda each: float(each.get("wall") or math.inf))
        return [
            {**each, "form": self._wire_form(each)} if each.get("push") else each
            for each in ordered
        ]

    def _wire_form(self, entry: Mapping[str, Any]) -> dict[str, str]:
        for record in self.push(entry["push"])["attempts"]:
            if record["number"] == entry["attempt"]:
                return {"param": str(record["sent"].get("param", ""))}
        return {}

    def note_action(self, action: str, values: Mapping[str, str], said: str) -> None:
        """Keep for the report that the target was asked to act."""
        done = {"way": "action", "wall": clock.wall_now(), "action": action, "said": said}
        self.happened.append({**done, **values})

    # What the target did.

    def mark(self) -> int:
        """Return the number of the newest journal entry: `since` for what follows."""
        newest = self.get("journal", limit=1)
        return int(newest[-1]["id"]) if newest else 0

    def calls(
        self, method: str | None = None, about: str | None = None, since: int | None = None
    ) -> list[Call]:
        """Return the calls that the target made, oldest first; by default since the check began.

        `about` is the order, claim, invoice or file number that a call is about.
        """
        query: dict[str, Any] = {"direction": "call", "limit": _MOST}
        query["after"] = self._check_began if since is None else since
        if about is not None:
            query["about"] = about
        found = [Call(entry) for entry in self.get("journal", **query)]
        return [call for call in found if method is None or call.method == method]

    def calls_of_run(self) -> list[Call]:
        """Return all calls that the target made since the run began, oldest first."""
        return self.calls(since=self._run_began)

    def wait_for_call(
        self, method: str, about: str | None = None, since: int | None = None
    ) -> Call | None:
        """Return the first such call, or None if none came within the target's patience."""
        end = clock.monotonic() + self.stage.target.patience
        while not (found := self.calls(method, about, since)):
            if clock.monotonic() > end:
                return None
            pause(_POLL)
        return found[0]

    def settle(self) -> None:
        """Wait until the target has been silent for as long as its file says.

        One that is never silent is waited for as long as its patience lasts.
        """
        quiet_since, newest = clock.monotonic(), self.mark()
        end = quiet_since + self.stage.target.patience
        while clock.monotonic() - quiet_since < self.stage.target.settle:
            if clock.monotonic() > end:
                return
            pause(_POLL)
            if (now := self.mark()) != newest:
                quiet_since, newest = clock.monotonic(), now

    # What happens on the platform. Each announces its push, which waits for `deliver`.

    def apply(self, fixture: str = "standard", **fields: Any) -> str:
        """Let a principal apply for an order in a block of its own, and return its `order_no`."""
        number = next(self._numbers)
        own = {
            "block_number": f"CT-{number:04}-{self.stage.account[-8:]}",
            "block_name": f"一致性测试标段 {number}",
        }
        return str(self.post("orders", fixture=fixture, fields={**own, **fields})["order_no"])

    def order(self, order_no: str) -> Mapping[str, Any]:
        """Return an order as the platform has it."""
        return dict(self.get("orders", order_no))

    def block_of(self, order_no: str) -> dict[str, str]:
        """Return number and name of an order's block, to `apply` for another order of it."""
        order = self.order(order_no)
        return {name: str(order[name]) for name in ("block_number", "block_name")}

    def state(self, order_no: str) -> str:
        """Return an order's state."""
        return str(self.order(order_no)["state"])

    def open(self, order_no: str) -> Attempt:
        """Let the principal's browser jump to the target with an order (2.1)."""
        return Attempt(self.post("orders", order_no, "open")["attempts"][-1])

    def known_order(self, **fields: Any) -> str:
        """Return a new order that the target has read by 2.3 after the principal's jump.

        Raises:
            Blocked: the target did not read it.
        """
        order_no = self.apply(**fields)
        start = self.mark()
        self.open(order_no)
        if self.wait_for_call("insurer_get_guarantee_info", order_no, start) is None:
            raise Blocked(f"the target did not read the order {order_no} by 2.3 after the jump")
        self.settle()
        return order_no

    def known_orders(self, count: int) -> list[str]:
        """Return so many new orders that the target has read by 2.3; waits once for all of them.

        Raises:
            Blocked: the target did not read one of them.
        """
        start, order_nos = self.mark(), [self.apply() for _ in range(count)]
        for order_no in order_nos:
            self.open(order_no)
        for order_no in order_nos:
            if self.wait_for_call("insurer_get_guarantee_info", order_no, start) is None:
                raise Blocked(f"the target did not read the order {order_no} by 2.3 after the jump")
        self.settle()
        return order_nos

    def cancel(self, order_no: str) -> int:
        """Let the principal cancel an order; returns the number of the push (2.2)."""
        self.post("orders", order_no, "cancel")
        return self._newest_push("order_status", order_no)

    def submit(self, order_no: str) -> int:
        """Let the principal hand in again what was returned; returns the push (2.2)."""
        self.post("orders", order_no, "submit")
        return self._newest_push("order_status", order_no)

    def finish(self, order_no: str) -> int:
        """Let the platform finish an issued order; returns the push (2.2)."""
        self.post("orders", order_no, "finish")
        return self._newest_push("order_status", order_no)

    def apply_for_invoice(self, *order_nos: str, **fields: str) -> tuple[str, int]:
        """Let the principal apply for an invoice; returns its id and the push (2.8)."""
        invoice = self.post("invoices", order_nos=list(order_nos), fields=fields)
        return invoice["invoice_id"], self._newest_push("invoice_application")

    def move_bid_opening(self, order_no: str, days: int = 40, kind: str = "delay") -> int:
        """Let the trading centre move the bid opening of an order's block; returns the push."""
        order = self.order(order_no)
        moment = clock.spoken(clock.wall_now() + days * 86400)
        push = self.post(
            "bid-openings",
            block_number=order["block_number"],
            block_name=order["block_name"],
            type=kind,
            open_tender_time=moment,
        )
        return int(push["id"])

    def apply_for_claim(
        self, order_no: str, amount: str = "50000.00", **fields: str
    ) -> tuple[str, int]:
        """Let the beneficiary claim, an open claim on the order revoked before; returns both."""
        for claim in self.get("claims"):
            if claim["order_no"] == order_no and claim["status"] in _OPEN_CLAIMS:
                self.revoke_claim(claim["claim_no"])
        claim = self.post("claims", order_no=order_no, claim_amount=amount, fields=fields)
        return claim["claim_no"], self._newest_push("claim")

    def revoke_claim(self, claim_no: str) -> int:
        """Let the beneficiary revoke a claim; returns the push (3.1, P48)."""
        self.post("claims", claim_no, "revoke")
        return self._newest_push("claim")

    def claim(self, claim_no: str) -> Mapping[str, Any]:
        """Return a claim as the platform has it."""
        return dict(next(each for each in self.get("claims") if each["claim_no"] == claim_no))

    def invoice(self, invoice_id: str) -> Mapping[str, Any]:
        """Return an invoice as the platform has it."""
        return dict(next(each for each in self.get("invoices") if each["invoice_id"] == invoice_id))

    def guarantee(self, order_no: str) -> Mapping[str, Any]:
        """Return an order's present guarantee."""
        found = [each for each in self.get("guarantees") if each["order_no"] == order_no]
        return dict(next(each for each in found if each["current"]))

    def pdf_of(self, guarantee: Mapping[str, Any]) -> bytes:
        """Return the PDF that the target issued for a guarantee."""
        return base64.b64decode(self.get("files", guarantee["file_id"])["content"])

    def _newest_push(self, interface: str, about: str | None = None) -> int:
        query: dict[str, Any] = {"interface": interface, "limit": 1}
        return int(self.get("pushes", **query, **({"about": about} if about else {}))[-1]["id"])

    # Deliveries.

    def push(self, number: int) -> Mapping[str, Any]:
        """Return a push with all its attempts."""
        return dict(self.get("pushes", str(number)))

    def deliver(self, number: int) -> Attempt:
        """Let everything go that is due now, and return the push's last attempt."""
        self.deliver_all()
        return self.last_attempt(number)

    def deliver_all(self) -> None:
        """Let everything go that is due now."""
        self.post("clock", action="advance", seconds=0)

    def repeat(self, number: int) -> Attempt:
        """Let the platform send the same notice once more, signed and sealed afresh."""
        return Attempt(self.post("pushes", str(number), "resend")["attempts"][-1])

    def next_second(self) -> None:
        """Wait until the wire's clock shows another second: a fresh repeat is stamped anew."""
        begun = int(clock.wall_now())
        while int(clock.wall_now()) == begun:
            pause(_POLL)

    def retry(self, number: int, times: int = 1) -> Attempt:
        """Let time pass to the push's next attempt, so many times; the clock walks, none waits."""
        for _ in range(times):
            self.post("clock", action="next")
        return self.last_attempt(number)

    def run(self) -> None:
        """Let time pass until nothing is due."""
        self.post("clock", action="run")

    def advance(self, seconds: float) -> None:
        """Let the account's time pass; what is due on the way is delivered."""
        self.post("clock", action="advance", seconds=seconds)

    def last_attempt(self, number: int) -> Attempt:
        """Return a push's last attempt.

        Raises:
            Blocked: there is none.
        """
        attempts = self.attempts(number)
        if not attempts:
            raise Blocked(f"the push {number} was not sent")
        return attempts[-1]

    def attempts(self, number: int) -> list[Attempt]:
        """Return a push's attempts, oldest first."""
        return [Attempt(record) for record in self.push(number)["attempts"]]

    # Questions, asked by the platform.

    def verify(self, guarantee: Mapping[str, Any], pdf: bytes | None = None) -> Mapping[str, Any]:
        """Ask 2.6 about a guarantee, with its own PDF or another; returns the push."""
        body = {"guarantee_no": guarantee["guarantee_no"]}
        if pdf is not None:
            body["pdf"] = base64.b64encode(pdf).decode()
        return dict(self.post("guarantees", "verify", **body))

    def query(self, guarantee: Mapping[str, Any]) -> Mapping[str, Any]:
        """Ask 2.7 about a guarantee; returns the push."""
        return dict(self.post("guarantees", "query", guarantee_no=guarantee["guarantee_no"]))

    # Notices that are composed here.

    @cached_property
    def public_key(self) -> Any:
        """The target's own public key, with which its pushes are sealed."""
        return rsa.load_key(self.letter["rsa_pk"]["pem"])

    def compose(self, interface: str, files: Sequence[FormFile] = (), **parameters: str) -> Notice:
        """Return a right notice to the target, to be changed and sent."""
        return Notice(
            kind=self.stage.target.kind,
            interface=interface,
            url=self.stage.target.endpoints[interface],
            parameters=parameters,
            secret=self.letter["api_secret"],
            key=self.public_key,
            form=self._form,
            files=tuple(files),
        )

    @property
    def _form(self) -> Form:
        """In which form the account's pushes are written; asked for once until it changes."""
        if self._plaintext is None:
            self._plaintext = self.get()["switches"]["plaintext"]
        return self._plaintext

    def notice_of(self, number: int) -> Notice:
        """Return what a push of the platform says, as a notice to be changed and sent."""
        push = self.push(number)
        return self.compose(push["name"], **push["content"])

    def send_malformed(self, interface: str, bodies: Sequence[Malformed]) -> list[Answer]:
        """Post what is no notice to an endpoint; only the last answer is kept as evidence."""
        url = self.stage.target.endpoints[interface]
        answers = [body.send(self.stage.target.kind, interface, url) for body in bodies]
        if answers:
            self.happened.append(
                {
                    "way": "malformed",
                    "to": url,
                    "count": len(bodies),
                    "last": bodies[-1].name,
                    "answer": str(answers[-1]),
                }
            )
        return answers

    def send(self, notice: Notice) -> Answer:
        """Post a notice directly."""
        answer, evidence = notice.send()
        self.happened.append(evidence)
        return answer


#: The states in which a claim can be revoked.
_OPEN_CLAIMS = ("WAIT_ACCEPT", "INVESTIGATING", "WAIT_INDEMNITY")
