"""An institution as a whole: its letter, records, seal and connection to the platform.

Code that insurers and guarantee companies share knows only this class; `insurer/` and `guarantor/`
derive from it and add what only one manual has.
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

#: Handles the parameters of a decrypted push; returns the answer's `data`, or None for a bare
#: acknowledgement. Raises `NoticeRefused`.
Handler: TypeAlias = Callable[[dict[str, str]], Any]


@dataclass(frozen=True)
class Institution(ABC):
    """Everything that actions and the answers to pushes need."""

    letter: AccountLetter
    store: Store
    seal: Seal
    client: PlatformClient
    orders: Orders

    #: The tables of its records.
    store_type: ClassVar[type[Store]]
    #: The call that reads an order (insurer 2.3, guarantor 2.2).
    order_call: ClassVar[str]
    #: The prefix of its guarantees' numbers.
    number_prefix: ClassVar[str]
    actions: ClassVar[Actions]
    #: Bytes of files that a push may have, besides one PDF.
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
        """Return the handler of each push by its path."""

    @abstractmethod
    def own_particulars(self, order: Row) -> dict[str, Any]:
        """Return the members of 2.7's answer that only this kind has, or has in its own way."""

    @abstractmethod
    def add_pages(self, app: Flask) -> None:
        """Add the pages for a principal's browser."""
