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

from conformance_tests.suite.checks import catalogue
from simulator import clock
from simulator.delivery import courier, verdict
from simulator.delivery.courier import Received
from simulator.operations.sealing import FormFile
from simulator.protocol import envelope, plaintext, rsa, signing
from simulator.protocol.plaintext import Form, Value

#: Seconds that a target has for a whole answer (P17).
LIMIT = 5.0


@dataclass(frozen=True)
class Answer:
    """What came back for one notice or question."""

    received: Received
    verdict: verdict.Verdict

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
    def fault(self) -> bool:
        """Whether there was no answer at all, or HTTP 5xx: neither acknowledged nor refused."""
        return self.received.failure is not None or (self.received.status or 0) >= 500

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
    def data(self) -> Any:
        """The member `data`."""
        return self.members.get("data")

    def __str__(self) -> str:
        """Say what came back, in one line."""
        if self.received.failure:
            return f"no answer ({self.received.failure}: {self.received.detail})"
        body = self.received.body.decode("utf-8", "replace")
        return f"HTTP {self.received.status} {body[:200]}"


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
    tampering: Mapping[str, str | None] = field(default_factory=dict)
    wire: Callable[[str], str | None] = lambda param: param

    def saying(self, **values: Value) -> "Notice":
        """Say something else, rightly signed."""
        return replace(self, parameters={**self.parameters, **values})

    def omitting(self, *names: str) -> "Notice":
        """Leave parameters out, rightly signed."""
        kept = {name: value for name, value in self.parameters.items() if name not in names}
        return replace(self, parameters=kept)

    def tampered(self, **values: str | None) -> "Notice":
        """Change values after signing; None takes one out. `sign` itself is one of them."""
        return replace(self, tampering={**self.tampering, **values})

    def signed_with(self, secret: str) -> "Notice":
        """Sign with another secret."""
        return replace(self, secret=secret)

    def sealed_with(self, key: RsaKey) -> "Notice":
        """Seal with another public key."""
        return replace(self, key=key)

    def written_as(self, form: Form) -> "Notice":
        """Write the plaintext in another form (P3)."""
        return replace(self, form=form)

    def with_files(self, *files: FormFile) -> "Notice":
        """Send these files instead."""
        return replace(self, files=files)

    def on_the_wire(self, change: Callable[[str], str | None]) -> "Notice":
        """Change the `param` after sealing; None sends the form without it."""
        return replace(self, wire=change)

    def signed(self) -> dict[str, Value]:
        """Return the parameters as they are sealed: stamped, signed, then tampered with."""
        stamped = {"timestamp": clock.stamp(clock.wall_now()), **self.parameters}
        whole: dict[str, Value] = {**stamped, "sign": signing.sign(stamped, self.secret)}
        for name, value in self.tampering.items():
            if value is None:
                whole.pop(name, None)
            else:
                whole[name] = value
        return whole

    def fields(self, parameters: Mapping[str, Value]) -> dict[str, str]:
        """Return the form's fields."""
        sealed = rsa.seal(plaintext.write(parameters, self.form), self.key)
        param = self.wire(base64.b64encode(sealed).decode())
        return {} if param is None else {"param": param}

    def send(self, limit: float = LIMIT) -> tuple[Answer, dict[str, Any]]:
        """Post the notice; return the answer, and the exchange as evidence for a report."""
        parameters = self.signed()
        fields = self.fields(parameters)
        received = courier.post(self.url, fields, self.files, limit)
        interface = catalogue().fetch(self.kind, self.interface)
        judged = verdict.judge(interface, catalogue().codes, False, received)
        answer = Answer(received, judged)
        evidence = {
            "way": "composed",
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


def torn(param: str) -> str:
    """Return a `param` that lost its end on the way."""
    return base64.b64encode(envelope.decode(param)[:-7]).decode()
