"""One HTTP exchange of the protocol, free of any web framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator import clock
from simulator.errors import Text
from simulator.operations.faults.fault_rules import Struck
from simulator.protocol.diagnosis.forms import Posting
from simulator.protocol.form_files import Upload


@dataclass(frozen=True)
class Request:
    """A post as it arrived: the address's kind (None for no known one), what it holds."""

    kind: str | None
    peer: str
    posting: Posting = field(default_factory=Posting)
    files: Mapping[str, Upload] = field(default_factory=dict)

    @property
    def fields(self) -> Mapping[str, str]:
        """The form's text fields."""
        return self.posting.fields


@dataclass
class Trace:
    """What is known of a call so far, for the journal: filled in stage by stage."""

    account_id: int | None = None
    interface: str | None = None
    about: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    base: str | None = None
    notes: list[Text] = field(default_factory=list)
    #: The fault rule that struck the call.
    strike: Struck | None = None


@dataclass(frozen=True)
class Exchange:
    """A request on its way to its answer: when it came, and what is known of it so far.

    `wall` is Unix seconds, `started` seconds of `clock.monotonic`.
    """

    request: Request
    wall: float = field(default_factory=clock.wall_now)
    started: float = field(default_factory=clock.monotonic)
    trace: Trace = field(default_factory=Trace)

    @property
    def kind(self) -> str:
        """The kind of institution whose address was called; an insurer if it is unknown."""
        return self.request.kind or "insurer"

    @property
    def param(self) -> str:
        """The sealed parameters."""
        return self.request.fields.get("param", "")

    @property
    def token(self) -> str:
        """The access token; its absence makes a call a token request (P13)."""
        return self.request.fields.get("access_token", "")


@dataclass(frozen=True)
class Reply:
    """The answer to a call; `strike` is the fault that its way back takes, if any.

    There is no answer if a fault withholds it.
    """

    answer: Mapping[str, Any] | None
    strike: Struck | None = None
