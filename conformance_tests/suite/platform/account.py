"""One account on the platform, as every check drives and sees it, whatever its kind."""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from conformance_tests.suite.messages.leaks import insides_in, secrets_in
from conformance_tests.suite.messages.malformed import Malformed
from conformance_tests.suite.messages.notices import LIMIT, Answer, Notice
from conformance_tests.suite.platform.seen import Attempt, Call, read_attempts
from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.rules.outcomes import Blocked, NotApplicable
from conformance_tests.suite.rules.reasons import Breakdown, SignRefusal, Undeclared
from conformance_tests.suite.target.patience import Patience
from conformance_tests.suite.target.stage import Stage, pause
from simulator import clock
from simulator.driver import TimedAccount
from simulator.protocol import rsa
from simulator.protocol.form_files import FormFile
from simulator.protocol.plaintext import Form

_POLL = 0.02
_MOST = 1000


class Account(TimedAccount):
    """One account's platform. Its clock stands still: nothing is sent but by a check."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.control, stage.account, delivers=False)
        self.stage = stage
        self.letter = stage.letter
        self.patience = Patience(stage.target.patience, stage.target.settle, stage.learnt)
        #: What each address answered last.
        self.last_answers: dict[str, Answer | Attempt] = {}
        self._push_limit: float | None = None
        #: The attempts, by number and push, of which the patience knows.
        self._learnt: set[tuple[int, int] | None] = set()
        #: What happened since the check began, for its report.
        self.happened: list[dict[str, Any]] = []
        #: What the target should have answered to the check at hand, and did not; at the end
        #: what its last answer says against a right sign.
        self.breakdowns: list[Breakdown | SignRefusal] = []
        #: What its answers to the check at hand show and must not, by its English name.
        self.secrets: list[str] = []
        self.insides: list[str] = []
        self._plaintext: Form | None = None
        #: Whether a rule was set in the check at hand, and its switches as they were before.
        self._spoiled = False
        self._switched_from: dict[str, Any] = {}
        self._check_began = self._run_began = self.mark()

    def switch(self, **switches: Any) -> None:
        """Change switches of the account, until the check ends."""
        if not self._switched_from:
            self._switched_from = self.get()["switches"]
        super().switch(**switches)
        self._plaintext = self._push_limit = None

    def fault(self, rule: str, **body: Any) -> None:
        """Set a fault rule, until the check ends."""
        self._spoiled = True
        self.post("faults", rule=rule, **body)

    # The beginning and the end of a check.

    def begin_check(self) -> None:
        """Forget what happened before."""
        self.happened = []
        self.breakdowns, self.secrets, self.insides = [], [], []
        self._check_began = self.mark()

    def end_check(self) -> None:
        """Leave nothing behind: no push that waits, no rule, no changed switch."""
        for push in self.get("pushes", state="pending,held", limit=_MOST):
            self.post("pushes", str(push["id"]), "give-up")
        if self._spoiled:
            for rule in self.get("faults"):
                self.delete("faults", str(rule["id"]))
            self._spoiled = False
        if self._switched_from:
            self.switch(**self._switched_from)
            self._switched_from = {}

    def evidence(self) -> list[dict[str, Any]]:
        """Return all exchanges since the check began: the journal's, and those composed here."""
        entries = self.journal(after=self._check_began, limit=_MOST)
        return [*({"way": "journal", **entry} for entry in entries), *self.happened]

    def describe_evidence(self) -> list[dict[str, Any]]:
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

    def note_answers(self, *answers: Answer | Attempt, signed: bool = True) -> None:
        """Keep where the target broke down instead of answering the check at hand.

        `signed`: what was answered was rightly signed, unless a fault rule spoiled it.
        """
        for each in answers:
            refusal = each.sign_refusal if signed and not self._spoiled else None
            kept = [other for other in self.breakdowns if isinstance(other, Breakdown)]
            said = each.breakdown or refusal
            self.breakdowns[:] = [*kept, said] if said else kept
            page = each.url == self.stage.target.endpoints.get("order_page")
            self.secrets += secrets_in([each], self.letter)
            self.insides += insides_in([each], page)
            self._learn(each)

    def _learn(self, answer: Answer | Attempt) -> None:
        """Keep whether an address answers in time; an attempt is looked at more than once."""
        known = (answer.number, answer.push.id) if isinstance(answer, Attempt) else None
        if answer.url and known not in self._learnt:
            self.last_answers[answer.url] = answer
            self.patience.learn_answer(answer.url, not answer.timed_out)
            self._learnt |= {known} - {None}

    def hurry(self, interface: str) -> None:
        """Let the platform wait only briefly for an address that has never answered in time."""
        limit = self.patience.for_answer(self.stage.target.endpoints.get(interface, ""), LIMIT)
        if limit != (self._push_limit or LIMIT):
            super().switch(push_limit=limit)
            self._push_limit = limit

    # What the target did.

    def calls(
        self, method: str | None = None, about: str | None = None, since: int | None = None
    ) -> list[Call]:
        """Return the calls that the target made, oldest first; by default since the check began.

        `about` is the order, claim, invoice or file number that a call is about.
        """
        after = self._check_began if since is None else since
        found = self.journal(direction="call", after=after, about=about, limit=_MOST)
        calls = [Call(entry) for entry in found]
        return [call for call in calls if method is None or call.method == method]

    def calls_of_run(self) -> list[Call]:
        """Return all calls that the target made since the run began, oldest first."""
        return self.calls(since=self._run_began)

    def wait_for_call(
        self, method: str, about: str | None = None, since: int | None = None
    ) -> Call | None:
        """Return the first such call, or None if none came within the target's patience."""
        after = self._check_began if since is None else since
        found = self.wait_for_entries(
            self.patience.for_(method),
            direction="call",
            interface=method,
            after=after,
            about=about,
        )
        self.patience.learn(method, bool(found))
        return Call(found[0]) if found else None

    def next_call(self, after: int, seconds: float) -> int:
        """Wait for a call that is newer than a journal entry; returns the newest one's number.

        Returns `after` itself where none came in so many seconds.
        """
        found = self.wait_for_entries(seconds, direction="call", after=after)
        return int(found[-1]["id"]) if found else after

    def settle(self) -> None:
        """Wait until the target has been silent for as long as its file says.

        One that is never silent is waited for as long as its patience lasts.
        """
        self.wait_until_quiet(self.stage.target.settle, self.stage.target.patience)

    def newest_push(self, interface: str, about: str | None = None) -> int:
        """Return the number of the newest push of an interface, or of those about something."""
        return int(self.get("pushes", interface=interface, about=about, limit=1)[-1]["id"])

    # Deliveries.

    def push(self, number: int) -> Mapping[str, Any]:
        """Return a push with all its attempts."""
        return dict(self.get("pushes", str(number)))

    def deliver(self, number: int) -> Attempt:
        """Let everything go that is due now, and return the push's last attempt."""
        self._hurry_push(number)
        self.deliver_all()
        return self.last_attempt(number)

    def _hurry_push(self, number: int) -> None:
        if self.patience.knows_silence:
            self.hurry(str(self.push(number)["name"]))

    def deliver_all(self) -> None:
        """Let everything go that is due now."""
        self.advance(0)

    def repeat(self, number: int) -> Attempt:
        """Let the platform send the same notice once more, signed and sealed afresh."""
        self._hurry_push(number)
        attempt = read_attempts(self, self.post("pushes", str(number), "resend"))[-1]
        self.note_answers(attempt)
        return attempt

    def repeat_later(self, number: int) -> Attempt:
        """Let the platform send a notice once more, stamped later than all that happened so far."""
        self.next_second()
        return self.repeat(number)

    def next_second(self) -> None:
        """Wait until the wire's clock shows another second: a fresh repeat is stamped anew."""
        begun = int(clock.wall_now())
        while int(clock.wall_now()) == begun:
            pause(_POLL)

    def retry(self, number: int, times: int = 1) -> Attempt:
        """Let time pass to the push's next attempt, so many times; the clock walks, none waits."""
        self._hurry_push(number)
        for _ in range(times):
            self.advance_to_next()
        return self.last_attempt(number)

    def last_attempt(self, number: int) -> Attempt:
        """Return a push's last attempt.

        Raises:
            NotApplicable: the target declares no endpoint for it.
            Blocked: there is none.
        """
        attempts = self.attempts(number)
        if not attempts:
            self.endpoint(str(self.push(number)["name"]))
            raise Blocked(f"the push {number} was not sent", f"推送 {number} 未发送")
        return attempts[-1]

    def attempts(self, number: int) -> list[Attempt]:
        """Return a push's attempts, oldest first."""
        attempts = read_attempts(self, self.push(number))
        self.note_answers(*attempts)
        return attempts

    # Notices that are composed here.

    def endpoint(self, interface: str) -> str:
        """Return where the target receives an interface's pushes.

        Raises:
            NotApplicable: the target file declares no such endpoint.
        """
        url = self.stage.target.endpoints.get(interface)
        if url is None:
            raise NotApplicable.because(Undeclared("endpoints", (interface,)))
        return url

    @cached_property
    def public_key(self) -> Any:
        """The target's own public key, with which its pushes are sealed."""
        return rsa.load_key(self.letter["rsa_pk"]["pem"])

    def compose(self, interface: str, files: Sequence[FormFile] = (), **parameters: str) -> Notice:
        """Return a right notice to the target, to be changed and sent."""
        method = catalogue().fetch(self.stage.target.kind, interface).method
        fixed = {"request_method": method} if method else {}
        return Notice(
            kind=self.stage.target.kind,
            interface=interface,
            url=self.endpoint(interface),
            parameters={**fixed, **parameters},
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
        return self.compose(push["name"], self.files_of(push), **push["content"])

    def files_of(self, push: Mapping[str, Any]) -> list[FormFile]:
        """Return the files that go beside a push's `param`."""
        return []

    def send_malformed(self, interface: str, bodies: Sequence[Malformed]) -> list[Answer]:
        """Post what is no notice to an endpoint; only the last answer is kept as evidence."""
        url = self.endpoint(interface)
        answers = []
        for body in bodies:
            limit = self.patience.for_answer(url, LIMIT)
            answers.append(body.send(self.stage.target.kind, interface, url, limit).within(limit))
            self._learn(answers[-1])
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
        limit = self.patience.for_answer(notice.url, LIMIT)
        answer, evidence = notice.send(limit)
        answer = answer.within(limit)
        self.happened.append(evidence)
        self.note_answers(answer, signed=notice.is_signed_by(self.letter["api_secret"]))
        return answer
