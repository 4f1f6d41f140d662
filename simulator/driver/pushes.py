"""The platform's pushes to the institution, and what became of each attempt."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from simulator import shapes
from simulator.driver.access import AccountClient
from simulator.driver.moments import read_moment
from simulator.errors import SimulatorError

_TAKEN = ("acknowledged", "answered")
#: What a repr may show of an answer: pytest shows 240 letters of it at the most.
_SHORT = 120


class Attempt:
    """One attempt of a push: what was sent, what came back, and the verdict on it."""

    def __init__(
        self,
        account: AccountClient,
        push: int,
        number: int,
        record: shapes.Attempt | None = None,
    ) -> None:
        self._account = account
        self._push = push
        #: The first attempt is 1.
        self.number = number
        if record is not None:
            self.__dict__["record"] = record

    @cached_property
    def record(self) -> shapes.Attempt:
        """Everything about it, as the control API shows it (`Attempt` of its OpenAPI)."""
        push: shapes.Push = self._account.get("pushes", str(self._push))
        return next(each for each in push["attempts"] if each["number"] == self.number)

    @property
    def push(self) -> "Push":
        """The push that it is an attempt of."""
        return Push(self._account, self._push)

    @property
    def acknowledged(self) -> bool:
        """Whether the institution acknowledged it, or answered the question (P17)."""
        return str(self.record["outcome"]) == "acknowledged"

    @property
    def reached(self) -> bool:
        """Whether it was acknowledged, though the fault rule `lose_ack` may have hidden that."""
        return self.acknowledged or self.code == "ack_lost"

    @property
    def code(self) -> str:
        """The verdict as a word: `acknowledged`, `timeout`, `http_status`, `ack_lost` ..."""
        return str((self.record["verdict"] or {}).get("code", ""))

    @property
    def verdict(self) -> str:
        """The verdict as a sentence that says what to change, in English."""
        return str((self.record["verdict"] or {}).get("en", self.record["outcome"]))

    @property
    def verdict_zh(self) -> str:
        """The same in Chinese."""
        return str((self.record["verdict"] or {}).get("zh", self.record["outcome"]))

    @property
    def params(self) -> Mapping[str, Any]:
        """What it said: the decrypted parameters with timestamp and sign."""
        return dict((self.record["sent"] or {}).get("params") or {})

    @property
    def http_status(self) -> int | None:
        """The HTTP status of the institution's answer; None where there was no answer."""
        status = (self.record["received"] or {}).get("status")
        return None if status is None else int(status)

    @property
    def body(self) -> str:
        """The body of the institution's answer."""
        return str((self.record["received"] or {}).get("body") or "")

    @property
    def started_at(self) -> datetime:
        """When it began, in the account's time."""
        return read_moment(self.record["started_at"])

    def __repr__(self) -> str:
        return f"<attempt {self.number} of push {self._push}: {self.verdict[:_SHORT]}>"


class Push:
    """A push of the platform. It is asked anew each time, so it is never out of date."""

    def __init__(self, account: AccountClient, number: int) -> None:
        self._account = account
        #: Its number on the platform.
        self.id = number

    @property
    def record(self) -> shapes.Push:
        """Everything about it, as the control API shows it (`Push` of its OpenAPI)."""
        return cast(shapes.Push, self._account.get("pushes", str(self.id)))

    @property
    def name(self) -> str:
        """The interface's name: `order_status`, `claim` ..."""
        return str(self.record["name"])

    @property
    def about(self) -> str:
        """The number that it is about: an order's, a claim's, an invoice's, a guarantee's."""
        return str(self.record["about"])

    @property
    def state(self) -> str:
        """`pending` until it is `acknowledged` or `exhausted`; a question is `answered` or not.

        `unroutable` where the account has no endpoint for it.
        """
        return str(self.record["state"])

    @property
    def acknowledged(self) -> bool:
        """Whether the institution acknowledged it, or answered the question (P17)."""
        return self.state in _TAKEN

    @property
    def content(self) -> Mapping[str, str]:
        """What it says, without timestamp and sign."""
        return dict(self.record["content"])

    @property
    def answer(self) -> Mapping[str, Any] | None:
        """The JSON that the institution answered; None where it was no JSON object."""
        answer = self.record["answer"]
        return None if answer is None else dict(answer)

    @property
    def attempts(self) -> list[Attempt]:
        """Its attempts so far, oldest first."""
        return [
            Attempt(self._account, self.id, int(each["number"]), each)
            for each in self.record["attempts"]
        ]

    @property
    def verdict(self) -> str:
        """What came of the last attempt, in English; why there was none."""
        return _verdict(self.record)

    @property
    def next_due(self) -> datetime | None:
        """When it is sent again, in the account's time; None when it is not."""
        due = self.record["due"]
        return None if due is None else read_moment(due)

    def wait_for(self, *states: str, seconds: float = 10.0) -> str:
        """Wait until its state is one of these, and return the state that it has in the end.

        For an account whose clock runs; `seconds` are of real time.
        """
        self._account.wait_until(lambda: self.state in states, seconds)
        return self.state

    def send_again(self) -> Attempt:
        """Send it once more, now; what was acknowledged before stays acknowledged."""
        last = self._account.post("pushes", str(self.id), "resend")["attempts"][-1]
        return Attempt(self._account, self.id, int(last["number"]), last)

    def give_up(self) -> None:
        """Let it not be sent again."""
        self._account.post("pushes", str(self.id), "give-up")

    def __repr__(self) -> str:
        try:
            record = self.record
        except SimulatorError:
            return f"<push {self.id} of a closed account>"
        told = f"<push {record['name']} about {record['about']}: {record['state']}"
        if record["state"] in _TAKEN:
            return f"{told}>"
        return f"{told}; {_verdict(record)[:_SHORT]}>"


def _verdict(record: Mapping[str, Any]) -> str:
    if record["attempts"]:
        last = record["attempts"][-1]
        return str((last["verdict"] or {}).get("en", last["outcome"]))
    if record["state"] == "unroutable":
        return f"no endpoint: platform.connect(app, {record['name']}=...)"
    return "not sent yet: platform.deliver()"
