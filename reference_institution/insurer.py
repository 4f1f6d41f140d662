"""The insurer as a whole: its letter, records and seal, and its line to the platform."""

from dataclasses import dataclass
from pathlib import Path

from reference_institution.certificates import Seal, open_seal
from reference_institution.letter import AccountLetter
from reference_institution.orders import Orders
from reference_institution.platform_client import PlatformClient
from reference_institution.store import Store


@dataclass(frozen=True)
class Insurer:
    """Everything that an action or the answer to a push needs."""

    letter: AccountLetter
    store: Store
    seal: Seal
    client: PlatformClient
    orders: Orders

    @classmethod
    def open(cls, letter: AccountLetter, folder: Path) -> "Insurer":
        """Return the insurer of a letter; records and certificates are kept in `folder`."""
        store = Store(folder / "records.sqlite3")
        client = PlatformClient(letter)
        seal = open_seal(folder / "certificates", letter.company)
        return cls(letter, store, seal, client, Orders(store, client))
