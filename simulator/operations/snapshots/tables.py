"""The records of a snapshot, and how each is written: its columns, its references."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulator.store import records
from simulator.store.records import Base

#: Columns that no file has: a record's id, and its account.
_OWN = ("id", "account_id")


@dataclass(frozen=True)
class Reference:
    """A column that refers to another record, written as the number that people know that by."""

    member: str
    section: str
    #: The member by which the other record is known.
    known_by: str


@dataclass(frozen=True)
class Section:
    """One kind of record in a snapshot."""

    name: str
    record: type[Base]
    #: Whether people know these by their id, so that it is written, too.
    numbered: bool = False
    left_out: tuple[str, ...] = ()
    #: Columns of numbers and fixed words, which are never masked.
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
        """The members of such a record in a file, without its attempts."""
        return [*self.columns, *(reference.member for reference in self.references.values())]


_ORDER = Reference("order_no", "orders", "order_no")

#: Columns for an attempt under way, which no snapshot has; and the number of attempts, which
#: are themselves written with their push.
_LEASE = ("lease_owner", "lease_number", "lease_until_wall", "resumes", "attempts")

#: In the order of writing and reading: records come after those that they refer to.
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

#: The account's columns that are written as they are; its clock is written as its time.
ACCOUNT = (
    *("name", "kind", "company", "access_party", "key_bits"),
    *("sequence", "disabled", "allow_list", "endpoints", "switches"),
)
