"""An institution as a whole: its letter, records and seal, and its line to the platform.

What insurers and guarantee companies do alike knows only this class; `insurer/` and `guarantor/`
derive from it and add what their manual has of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

from flask import Flask

from reference_institution.actions import Actions
from reference_institution.certificates import Seal, open_seal
from reference_institution.letter import AccountLetter
from reference_institution.orders import Orders
from reference_institution.platform_client import PlatformClient
from reference_institution.store import Row, Store

#: Takes what an opened push says; what it returns is the answer's `data`, None for a bare
#: acknowledgement. Raises `NoticeRefused`.
Handler: TypeAlias = Callable[[dict[str, str]], Any]


@dataclass(frozen=True)
class Institution(ABC):
    """Everything that an action or the answer to a push needs."""

    letter: AccountLetter
    store: Store
    seal: Seal
    client: PlatformClient
    orders: Orders

    #: The tables of its records.
    store_type: ClassVar[type[Store]]
    #: The call that reads an order (insurer 2.3, guarantor 2.2).
    order_call: ClassVar[str]
    #: The first letters of the numbers of its guarantees.
    number_prefix: ClassVar[str]
    actions: ClassVar[Actions]
    #: The most bytes of files that may come with a push, beside one PDF.
    room_for_files: ClassVar[int] = 0

    @classmethod
    def open(cls, letter: AccountLetter, folder: Path) -> "Institution":
        """Return the institution of a letter; records and certificates are kept in `folder`."""
        store = cls.store_type(folder / "records.sqlite3")
        client = PlatformClient(letter)
        seal = open_seal(folder / "certificates", letter.company)
        return cls(letter, store, seal, client, Orders(store, client, cls.order_call))

    @abstractmethod
    def handlers(self) -> Mapping[str, Handler]:
        """Return what handles each push, by the path at which it comes."""

    @abstractmethod
    def own_particulars(self, order: Row) -> dict[str, Any]:
        """Return the members of 2.7's answer that the other kind has not, or has otherwise."""

    @abstractmethod
    def add_pages(self, app: Flask) -> None:
        """Add what a principal's browser is shown."""
