"""The registry of the functions that serve each interface; a start needs all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from Crypto.PublicKey.RSA import RsaKey
from sqlalchemy.orm import Session

from simulator.domain.hostility import Hostility
from simulator.errors import SimulatorError, Text
from simulator.protocol.catalogue import Catalogue, Interface
from simulator.protocol.form_files import Upload
from simulator.store.records import Account


@dataclass(frozen=True)
class PlatformConfig:
    """The running platform: catalogue, key, public address, limits.

    With `hostility`, the hostile profile strikes all accounts.
    """

    catalogue: Catalogue
    private_key: RsaKey
    public_url: str
    secret: str
    upload_limit: int
    hostility: Hostility | None = None


@dataclass(frozen=True)
class Desk:
    """The context of one change: the write transaction, the account, and the wall time."""

    session: Session
    account: Account
    platform: PlatformConfig
    wall: float

    @property
    def now(self) -> float:
        """The account's time, which decides what is due or over (P46)."""
        return self.account.clock.now(self.wall)


@dataclass(frozen=True)
class Call(Desk):
    """A call of an institution that passed the gateway, with its parameters as text."""

    interface: Interface
    params: dict[str, str]
    files: dict[str, Upload]
    #: Warnings for the journal.
    notes: list[Text] = field(default_factory=list)

    def note(self, en: str, zh: str) -> None:
        """Add a warning for the developer to the journal entry of this call."""
        self.notes.append(Text(en, zh))


Handler = Callable[[Call], Any]
Composer = TypeVar("Composer", bound=Callable[..., Any])

#: Applies an acknowledgement that says more: (desk, about, answer) -> warnings.
Reader = Callable[[Desk, str, Mapping[str, Any]], list[Text]]

_HANDLERS: dict[str, Handler] = {}
_COMPOSERS: dict[str, Callable[..., Any]] = {}
_READERS: dict[str, Reader] = {}


def inbound(interface: str) -> Callable[[Handler], Handler]:
    """Register the function that serves a call; what it returns becomes the answer's `data`.

    A function that returns None answers `{"status": 200}` alone.
    """

    def register(handler: Handler) -> Handler:
        _HANDLERS[interface] = handler
        return handler

    return register


def push(interface: str) -> Callable[[Composer], Composer]:
    """Register the function that composes a push from the platform's own state."""

    def register(composer: Composer) -> Composer:
        _COMPOSERS[interface] = composer
        return composer

    return register


def composer_of(interface: Interface) -> Callable[..., Any]:
    """Return the function that composes a push."""
    return _COMPOSERS[interface.id]


def on_answer(interface: str) -> Callable[[Reader], Reader]:
    """Register the function that applies what a push's acknowledgement says besides `status`."""

    def register(reader: Reader) -> Reader:
        _READERS[interface] = reader
        return reader

    return register


def reader_of(interface: Interface) -> Reader | None:
    """Return the function that applies a push's acknowledgement; None if `status` says it all."""
    return _READERS.get(interface.id)


def handler_of(interface: Interface) -> Handler:
    """Return the function that serves a call."""
    return _HANDLERS[interface.id]


def check_complete(catalogue: Catalogue) -> None:
    """Compare the registered functions with the schemas.

    Raises:
        SimulatorError: a schema has no function, or a function no schema.
    """
    calls = {i.id for i in catalogue.interfaces.values() if i.direction == "call"}
    pushes = set(catalogue.interfaces) - calls
    unmatched = (calls ^ set(_HANDLERS)) | (pushes ^ set(_COMPOSERS))
    if unmatched:
        listed = ", ".join(sorted(unmatched))
        raise SimulatorError(
            f"Schemas and operations do not match: {listed} has only one of the two.",
            f"接口描述与实现不一致：{listed} 只存在其一。",
        )
