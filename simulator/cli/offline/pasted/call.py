"""A call that was pasted, and what a form's reader makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Self
from urllib.parse import parse_qsl

from werkzeug.exceptions import RequestEntityTooLarge

from simulator.errors import SimulatorError
from simulator.protocol import posted_forms
from simulator.protocol.diagnosis.forms import URLENCODED, Posting

#: Bytes of fields, and how many of them, are what a platform takes and more.
_LIMITS = posted_forms.Limits(8 * 1024 * 1024, 1000)


@dataclass(frozen=True)
class PastedCall:
    """A request: its address, headers by their names as written, and body."""

    body: bytes
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": URLENCODED})

    @classmethod
    def from_text(cls, body: str, *others: Any) -> Self:
        """Return a call with a body of text, in which a lone half of a letter may stand."""
        return cls(body.encode("utf-8", "surrogatepass"), *others)

    @property
    def path(self) -> str:
        """The address up to its query, as far as it was written."""
        return self.url.partition("#")[0].partition("?")[0]

    @property
    def query(self) -> dict[str, str]:
        """The fields in the address."""
        return dict(parse_qsl(self.url.partition("#")[0].partition("?")[2], True))

    def find_header(self, name: str) -> str:
        """Return a header's value; "" where there is none."""
        return next((self.headers[each] for each in self.headers if each.lower() == name), "")

    def find_token(self) -> str:
        """Return a token that stands in the address."""
        return self.query.get("access_token", "")

    def read(self) -> Posting:
        """Read the body as the platform reads it.

        Raises:
            SimulatorError: it has more fields than any call.
        """
        kind = self.find_header("content-type")
        try:
            form = posted_forms.read(BytesIO(self.body), kind, _LIMITS)
        except RequestEntityTooLarge:
            raise SimulatorError(
                "The form is larger than any call's.", "表单大于任何接口调用。"
            ) from None
        return Posting(
            content_type=kind,
            encoding=self.find_header("content-encoding"),
            fields=form.fields,
            files=frozenset(form.files),
            query=self.query,
            headers=self.headers,
            beginning=form.beginning,
            length=form.length,
            fault=form.fault,
        )
