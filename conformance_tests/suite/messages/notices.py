"""Notices as the suite composes them itself: right ones, and wrong in one chosen way.

What is repeated, delayed or lost goes through the platform and its fault rules; what no platform
would send - forged, torn, sealed for somebody else - is composed here and posted directly.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from Crypto.PublicKey.RSA import RsaKey

from conformance_tests.suite.messages import raw
from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.rules.failures import name_failure
from conformance_tests.suite.rules.reasons import (
    Breakdown,
    SignRefusal,
    breakdown_of,
)
from simulator import clock
from simulator.delivery import complaints, courier, judging
from simulator.delivery.courier import Received
from simulator.delivery.verdict import Verdict
from simulator.errors import Text
from simulator.protocol import envelope, plaintext, rsa, signing
from simulator.protocol.form_files import FormFile
from simulator.protocol.plaintext import Form, Value

#: Seconds that a target has for a whole answer (P17).
LIMIT = 5.0


def sign_refusal_of(body: bytes) -> SignRefusal | None:
    """Return what an answer says against a sign, None if it says nothing of it."""
    code, words = complaints.find(body) or ("", "")
    return SignRefusal(words) if code == "sign_refused" else None


@dataclass(frozen=True)
class Answer:
    """What came back for one notice or question."""

    received: Received
    verdict: Verdict
    url: str

    @property
    def acknowledged(self) -> bool:
        """Whether it is an acknowledgement (P17), or the answer that a question wants."""
        return self.verdict.acknowledged

    @property
    def refused(self) -> bool:
        """Whether it is a refusal: JSON with another status than 200, by HTTP 2xx or 4xx (P37)."""
        http = self.received.status or 0
        return not self.acknowledged and http < 500 and self.status not in (None, "200")

    @property
    def taken(self) -> bool:
        """Whether it says success. What the answer to a question holds besides is not judged."""
        succeeded = 200 <= (self.received.status or 0) < 300
        return self.acknowledged or (succeeded and self.status == "200")

    @property
    def turned_away(self) -> bool:
        """Whether it was not taken, in whatever words: a framework's own HTTP 405 will do."""
        return not self.taken and not self.fault

    @property
    def fault(self) -> bool:
        """Whether there was no answer at all, or HTTP 5xx: neither acknowledged nor refused."""
        return self.breakdown is not None

    @property
    def breakdown(self) -> Breakdown | None:
        """How it was no answer, if it was none."""
        return breakdown_of(self.url, self.received.failure, self.received.status)

    @property
    def sign_refusal(self) -> SignRefusal | None:
        """What it says against the sign, if anything."""
        return None if self.acknowledged else sign_refusal_of(self.received.body)

    @property
    def timed_out(self) -> bool:
        """Whether no whole answer came in time."""
        return self.received.failure == "timeout"

    def within(self, limit: float) -> "Answer":
        """Return the answer as it counts that was waited for so long.

        An address that never answered in time is asked briefly: its silence is that of before.
        """
        if not self.timed_out or limit >= LIMIT:
            return self
        return replace(self, received=replace(self.received, seconds=LIMIT, detail=f"{LIMIT:g}"))

    @property
    def body(self) -> str:
        """What came, as text."""
        return self.received.body.decode("utf-8", "replace")

    @property
    def members(self) -> Mapping[str, Any]:
        """The answer's JSON object; empty where there is none."""
        try:
            members = json.loads(self.received.body.decode("utf-8-sig"))
        except ValueError:
            return {}
        return members if isinstance(members, dict) else {}

    @property
    def status(self) -> str | None:
        """The member `status` as text."""
        value = self.members.get("status")
        return None if value is None else str(value)

    @property
    def has_status(self) -> bool:
        """Whether it is a JSON object with a `status`, or with a misspelled one (P17)."""
        return any(name in self.members for name in ("status", "statue", "statues"))

    @property
    def data(self) -> Any:
        """The member `data`."""
        return self.members.get("data")

    def member(self, name: str) -> str:
        """Return a member of `data` as text, empty where there is none."""
        value = self.data.get(name) if isinstance(self.data, dict) else None
        return "" if value is None else str(value)

    @property
    def text(self) -> Text:
        """What came back, in one line."""
        if failure := self.received.failure:
            detail, how = self.received.detail, name_failure(failure)
            return Text(f"no answer ({how.en}: {detail})", f"没有应答（{how.zh}：{detail}）")
        said = f"HTTP {self.received.status} {self.body[:200]}"
        return Text(said, said)

    def __str__(self) -> str:
        """Say what came back, in one line."""
        return self.text.en

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        return self.text.zh


@dataclass(frozen=True)
class Notice:
    """A push to one endpoint: what it says, and how it is signed, sealed and written.

    Every method returns another notice; `send` posts it. Without any of them it is as right as
    the platform's own.
    """

    kind: str
    interface: str
    url: str
    parameters: Mapping[str, Value]
    secret: str
    key: RsaKey
    form: Form = "json"
    files: tuple[FormFile, ...] = ()
    #: Changes made after signing; None takes a parameter out.
    tampering: Mapping[str, Value] = field(default_factory=dict)
    wire: Callable[[str], str | None] = lambda param: param
    #: What is sealed instead of the parameters, None where they are.
    content: bytes | None = None
    lower_case: bool = False
    unsealed: bool = False
    by_get: bool = False

    def saying(self, **values: Value) -> "Notice":
        """Say something else, rightly signed."""
        return replace(self, parameters={**self.parameters, **values})

    def omitting(self, *names: str) -> "Notice":
        """Leave parameters out, rightly signed."""
        kept = {name: value for name, value in self.parameters.items() if name not in names}
        return replace(self, parameters=kept)

    def tampered(self, **values: Value) -> "Notice":
        """Change values after signing; None takes one out. `sign` itself is one of them.

        Raises:
            ValueError: a value is what it was: the notice would stay right.
        """
        for name, value in values.items():
            if value is not None and self.parameters.get(name) == value:
                raise ValueError(f"{name} is {value} already")
        return replace(self, tampering={**self.tampering, **values})

    def with_another(self, name: str, *values: Value) -> "Notice":
        """Change a value after signing into the first of these that it is not already."""
        return self.tampered(**{name: next(v for v in values if v != self.parameters.get(name))})

    def signed_with(self, secret: str) -> "Notice":
        """Sign with another secret."""
        return replace(self, secret=secret)

    def sealed_with(self, key: RsaKey) -> "Notice":
        """Seal with another public key."""
        return replace(self, key=key)

    def with_files(self, *files: FormFile) -> "Notice":
        """Send these files instead."""
        return replace(self, files=files)

    def on_the_wire(self, change: Callable[[str], str | None]) -> "Notice":
        """Change the `param` after sealing; None sends the form without it."""
        return replace(self, wire=change)

    def stamped_earlier(self, seconds: float) -> "Notice":
        """Say the same with an earlier timestamp, rightly signed."""
        return self.saying(timestamp=clock.stamp(clock.wall_now() - seconds))

    def signed_in_lower_case(self) -> "Notice":
        """Write the right sign in lower case."""
        return replace(self, lower_case=True)

    def in_opposite_order(self) -> "Notice":
        """Say the same, written in the opposite order."""
        return replace(self, parameters=dict(reversed(list(self.parameters.items()))))

    def containing(self, content: bytes) -> "Notice":
        """Seal these bytes instead of the parameters."""
        return replace(self, content=content)

    def left_unsealed(self) -> "Notice":
        """Put the plaintext into `param` as it is."""
        return replace(self, unsealed=True)

    def asked_by_get(self) -> "Notice":
        """Ask by GET, the form in the address."""
        return replace(self, by_get=True)

    def is_signed_by(self, secret: str) -> bool:
        """Return whether it is sent as it was signed, and signed as it should be."""
        spoiled = self.tampering or self.lower_case or self.unsealed or self.content is not None
        return not spoiled and self.secret == secret and self.wire("") == ""

    def plaintext(self, parameters: Mapping[str, Value]) -> bytes:
        """Return what is sealed."""
        return plaintext.write(parameters, self.form) if self.content is None else self.content

    def signed(self) -> dict[str, Value]:
        """Return the parameters as they are sealed: stamped, signed, then tampered with."""
        stamped = {"timestamp": clock.stamp(clock.wall_now()), **self.parameters}
        sign = signing.sign(stamped, self.secret)
        whole: dict[str, Value] = {**stamped, "sign": sign.lower() if self.lower_case else sign}
        for name, value in self.tampering.items():
            if value is None:
                whole.pop(name, None)
            else:
                whole[name] = value
        return whole

    def fields(self, parameters: Mapping[str, Value]) -> dict[str, str]:
        """Return the form's fields."""
        content = self.plaintext(parameters)
        sealed = base64.b64encode(rsa.seal(content, self.key)).decode()
        param = self.wire(content.decode("utf-8", "replace") if self.unsealed else sealed)
        return {} if param is None else {"param": param}

    def send(self, limit: float = LIMIT) -> tuple[Answer, dict[str, Any]]:
        """Post the notice; return the answer, and the exchange as evidence for a report."""
        parameters = self.signed()
        fields = self.fields(parameters)
        received = (
            raw.get(self.url, fields, limit)
            if self.by_get
            else courier.post(self.url, fields, self.files, limit)
        )
        interface = catalogue().fetch(self.kind, self.interface)
        judged = judging.judge(interface, catalogue().codes, False, received)
        answer = Answer(received, judged, self.url)
        evidence = {
            "way": "composed",
            "wall": clock.wall_now(),
            "interface": interface.id,
            "to": self.url,
            "params": {name: str(value) for name, value in parameters.items()},
            "base": signing.base_string(
                {**self.parameters, "timestamp": parameters["timestamp"]}, signing.MASK
            ),
            "form": fields,
            "files": {file.field: len(file.content) for file in self.files},
            "answer": str(answer),
            "verdict": judged.text.as_json(),
            "seconds": round(received.seconds, 3),
        }
        return answer, evidence


def without_last_block(notice: Notice) -> Notice:
    """Return a notice whose `param` lost its last block: what is left opens, but breaks off."""
    size = rsa.block_size(notice.key)
    return notice.on_the_wire(
        lambda param: base64.b64encode(envelope.decode(param)[:-size]).decode()
    )


def torn(param: str) -> str:
    """Return a `param` that lost its end on the way."""
    return base64.b64encode(envelope.decode(param)[:-7]).decode()
