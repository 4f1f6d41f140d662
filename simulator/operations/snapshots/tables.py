"""Which records a snapshot has, and how each is written: its columns, references by number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.store import records
from simulator.store.records import Base

#: What no record says of itself in a file: its number in the table, and whose it is.
_OWN = ("id", "account_id")


@dataclass(frozen=True)
class Reference:
    """A column that names another record: written as the number that people know that one by."""

    member: str
    section: str
    #: The member by which the other record is known.
    known_by: str


@dataclass(frozen=True)
class Section:
    """One kind of record, as a snapshot has it."""

    name: str
    record: type[Base]
    #: People know these by their number in the table: it is written, too.
    numbered: bool = False
    left_out: tuple[str, ...] = ()
    #: Columns of numbers and fixed words: they are not masked, whatever a person is called.
    fixed: tuple[str, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """The columns that are written as they are."""
        own = _OWN[1:] if self.numbered else _OWN
        without = {*own, *self.left_out, *self.references}
        return [c.key for c in self.record.__mapper__.column_attrs if c.key not in without]

    @property
    def members(self) -> list[str]:
        """The members of one of them in a file, its attempts apart."""
        return [*self.columns, *(reference.member for reference in self.references.values())]


_ORDER = Reference("order_no", "orders", "order_no")

#: What stands in a push while an attempt of it is under way, which no snapshot has; and how many
#: attempts it has, which are written with it.
_LEASE = ("lease_owner", "lease_number", "lease_until_wall", "resumes", "attempts")

#: In the order in which they are written and read: what is referred to comes first.
SECTIONS = (
    Section("files", records.StoredFile, fixed=("file_id", "media_type", "sha256")),
    Section("orders", records.Order, fixed=("order_no", "ktype", "state")),
    Section("releases", records.Release, fixed=("revoke_no", "file_id")),
    Section(
        "guarantees",
        records.Guarantee,
        fixed=("guarantee_no", "file_id", "sha256"),
        references={
            "order_id": _ORDER,
            "release_id": Reference("revoke_no", "releases", "revoke_no"),
        },
    ),
    Section("invoices", records.Invoice, fixed=("invoice_id", "file_id", "sha256")),
    Section("bid_changes", records.BidChange, fixed=("type",)),
    Section(
        "claims",
        records.Claim,
        fixed=("claim_no", "status", "phase"),
        references={"order_id": _ORDER},
    ),
    Section(
        "pushes",
        records.Push,
        numbered=True,
        fixed=("interface", "state", "url_fields", "attachments"),
        left_out=_LEASE,
    ),
    Section("faults", records.Fault, numbered=True, fixed=("rule", "interface")),
    Section(
        "journal",
        records.JournalEntry,
        numbered=True,
        fixed=("direction", "interface"),
        references={"push_id": Reference("push", "pushes", "id")},
    ),
)
ATTEMPTS = Section("attempts", records.Attempt, left_out=("push_id",), fixed=("outcome",))

#: The account's own members that are written as they are. Its clock is written as its time.
ACCOUNT = (
    *("name", "kind", "company", "access_party", "key_bits"),
    *("sequence", "disabled", "allow_list", "endpoints", "switches"),
)
