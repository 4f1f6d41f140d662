"""What is kept, one mapped class per thing.

Every record but a company belongs to one account. Moments named `..._at` and `due` are in the
account's time (Unix seconds), those named `..._wall` in wall time.
"""

from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, deferred, mapped_column

from simulator.clock import AccountClock
from simulator.domain.switches import value_of


class Base(DeclarativeBase):
    """Base of all records."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {dict[str, Any]: JSON, list[Any]: JSON}


#: For numbers that people follow: after a reset they go on, so `after=N` misses nothing.
_NEVER_REUSED = {"sqlite_autoincrement": True}


def _owner() -> Mapped[int]:
    return mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)


class Account(Base):
    """An institution's account on the platform; `id` is its `btc_id`."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    company: Mapped[str]
    access_party: Mapped[str]
    api_key: Mapped[str] = mapped_column(unique=True)
    api_secret: Mapped[str]
    private_key: Mapped[str]
    key_fingerprint: Mapped[str] = mapped_column(unique=True)
    key_bits: Mapped[int]
    seed: Mapped[str]
    sequence: Mapped[int] = mapped_column(default=0)
    disabled: Mapped[bool] = mapped_column(default=False)
    allow_list: Mapped[list[Any]] = mapped_column(default=list)
    endpoints: Mapped[dict[str, Any]] = mapped_column(default=dict)
    switches: Mapped[dict[str, Any]] = mapped_column(default=dict)
    clock_offset: Mapped[float] = mapped_column(default=0.0)
    frozen_at: Mapped[float | None]
    #: While a walk of `advance` holds the account: until when (wall), and by which process.
    walk_until_wall: Mapped[float | None]
    walk_owner: Mapped[str | None]
    walk_from_running: Mapped[bool] = mapped_column(default=False)

    @property
    def clock(self) -> AccountClock:
        """The account's clock (P46)."""
        return AccountClock(self.clock_offset, self.frozen_at)

    @clock.setter
    def clock(self, clock: AccountClock) -> None:
        self.clock_offset = clock.offset
        self.frozen_at = clock.frozen_at

    def switch(self, name: str) -> Any:
        """Return the value of one of the account's switches."""
        return value_of(self.switches, name)

    def next_number(self) -> int:
        """Return the account's next running number; ids are derived from it."""
        self.sequence += 1
        return self.sequence

    def wire_time(self, wall: float) -> float:
        """Return the time to write on the wire (switch `wire_time`, P46)."""
        return self.clock.now(wall) if self.switch("wire_time") == "account" else wall


class AccessToken(Base):
    """A token for calls (P12), known by its digest; it is derived again, never stored."""

    __tablename__ = "access_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[float]


class Company(Base):
    """A company of the directory that all accounts share."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    access_party: Mapped[str | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]


class StoredFile(Base):
    """A file of an account: bytes, name, and the sha256 of the bytes (hex)."""

    __tablename__ = "stored_file"
    __table_args__ = (UniqueConstraint("account_id", "file_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    file_id: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class Order(Base):
    """An application for a guarantee. `details` are the remaining members of its table.

    `ktype` names its line; `accept_insurer` is the institution that accepts it (受理保险公司,
    接单担保公司); `reply` is what a guarantor answered to 2.1, once it did (P31).
    """

    __tablename__ = "guarantee_order"
    __table_args__ = (UniqueConstraint("account_id", "order_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    order_no: Mapped[str]
    ktype: Mapped[str]
    state: Mapped[str]
    block_number: Mapped[str] = mapped_column(index=True)
    block_name: Mapped[str]
    principal: Mapped[str]
    creditor: Mapped[str]
    accept_insurer: Mapped[str]
    bid_deadline: Mapped[str]
    valid_day: Mapped[str]
    guarantee_amount: Mapped[str]
    guarantee_start_date: Mapped[str]
    guarantee_end_date: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sign_files: Mapped[list[Any]] = mapped_column(default=list)
    attach_files: Mapped[list[Any]] = mapped_column(default=list)
    price: Mapped[str | None]
    real_pay: Mapped[str | None]
    order_amount: Mapped[str | None]
    reply: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    history: Mapped[list[Any]] = mapped_column(default=list)


class Release(Base):
    """A batch of guarantees of one block that a beneficiary revokes (guarantor 2.8)."""

    __tablename__ = "release_batch"
    __table_args__ = (UniqueConstraint("account_id", "revoke_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    revoke_no: Mapped[str]
    block_number: Mapped[str]
    block_name: Mapped[str]
    creditor: Mapped[str]
    note: Mapped[str]
    #: The beneficiary's signed declaration, where there is one.
    file_id: Mapped[str | None]


class Guarantee(Base):
    """An issued guarantee (保函). A re-issue makes a new one; `current` marks the valid one.

    `release_id` is the batch by which it was revoked or, with `forfeited`, kept by the
    beneficiary; `removed_at` is when the guarantor released it (`yyyy-MM-dd HH:mm:ss`).
    """

    __tablename__ = "guarantee"
    __table_args__ = (
        Index("guarantee_number", "account_id", "guarantee_no"),
        UniqueConstraint("account_id", "serial_num"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    order_id: Mapped[int] = mapped_column(ForeignKey("guarantee_order.id", ondelete="CASCADE"))
    guarantee_no: Mapped[str]
    serial_num: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[str]
    sha256: Mapped[str]
    out_guarantee_time: Mapped[str]
    start_date: Mapped[str]
    end_date: Mapped[str]
    guarantor: Mapped[str]
    trans_no: Mapped[str | None]
    current: Mapped[bool] = mapped_column(default=True)
    #: How often the block's bid opening had been changed when it was issued.
    bid_changes: Mapped[int] = mapped_column(default=0)
    release_id: Mapped[int | None] = mapped_column(
        ForeignKey("release_batch.id", ondelete="SET NULL")
    )
    forfeited: Mapped[bool] = mapped_column(default=False)
    removed_at: Mapped[str | None]


class Invoice(Base):
    """An invoice applied for by the principal (2.8), and what the insurer pushed (2.9)."""

    __tablename__ = "invoice"
    __table_args__ = (UniqueConstraint("account_id", "invoice_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    invoice_id: Mapped[str]
    is_electron: Mapped[bool]
    fields: Mapped[dict[str, Any]]
    issued: Mapped[bool] = mapped_column(default=False)
    file_id: Mapped[str | None]
    sha256: Mapped[str | None]


class BidChange(Base):
    """A changed or delayed bid opening of a block (2.10)."""

    __tablename__ = "bid_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    block_number: Mapped[str] = mapped_column(index=True)
    block_name: Mapped[str]
    type: Mapped[str]
    open_tender_time: Mapped[str]


class Claim(Base):
    """A claim on a guarantee (chapter 3); `fields` are the members that 3.1 and 3.3 show.

    `phase` is the `do_type` of 3.2 that led to the status where that matters (P32), else empty;
    `file_ids` are the files sent with it, of which an insurer gets the first by its URL.
    """

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("account_id", "claim_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    order_id: Mapped[int] = mapped_column(ForeignKey("guarantee_order.id", ondelete="CASCADE"))
    claim_no: Mapped[str]
    status: Mapped[str]
    claim_amount: Mapped[str]
    phase: Mapped[str] = mapped_column(default="")
    fields: Mapped[dict[str, Any]]
    file_ids: Mapped[list[Any]] = mapped_column(default=list)
    refuse_reason: Mapped[str | None]
    note: Mapped[str | None]

    @property
    def place(self) -> str:
        """Where it stands in its line's machine: the status, with the phase where that counts."""
        return f"{self.status}/{self.phase}" if self.phase else self.status


class Push(Base):
    """A push to an institution: the outbox row, written with the change that it announces.

    `content` is the business content (text by name), `url_fields` names the parameters whose
    file URL is made afresh for each attempt (a list of files stands for JSON as text),
    `attachments` the files sent beside `param`.
    """

    __tablename__ = "push"
    __table_args__ = (
        Index("push_due", "state", "due"),
        Index("push_of_account", "account_id", "state", "due"),
        Index("push_about", "account_id", "about"),
        _NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    interface: Mapped[str]
    about: Mapped[str]
    content: Mapped[dict[str, Any]]
    url_fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attachments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str]
    created_at: Mapped[float]
    due: Mapped[float | None]
    #: Scheduled attempts concluded so far; the place in the schedule of P16.
    step: Mapped[int] = mapped_column(default=0)
    #: All attempts begun, those by hand among them.
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None]
    lease_number: Mapped[int] = mapped_column(default=0)
    lease_until_wall: Mapped[float | None]
    #: The state to return to when an attempt made by hand does not succeed.
    resumes: Mapped[str | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Attempt(Base):
    """One attempt of a push: what was sent, what came back, the verdict, what follows."""

    __tablename__ = "attempt"
    __table_args__ = (UniqueConstraint("push_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    push_id: Mapped[int] = mapped_column(ForeignKey("push.id", ondelete="CASCADE"))
    number: Mapped[int]
    by_hand: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[float]
    started_wall: Mapped[float]
    sent: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: `in_flight`, then `acknowledged`, `failed` or `interrupted`.
    outcome: Mapped[str] = mapped_column(default="in_flight")
    verdict: Mapped[dict[str, Any]] = mapped_column(default=dict)
    faults: Mapped[list[Any]] = mapped_column(default=list)
    next_due: Mapped[float | None]


class Fault(Base):
    """A rule that makes the platform misbehave on purpose; None in a condition means any."""

    __tablename__ = "fault"
    __table_args__ = (_NEVER_REUSED,)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    rule: Mapped[str]
    interface: Mapped[str | None]
    about: Mapped[str | None]
    attempt: Mapped[int | None]
    value: Mapped[dict[str, Any]] = mapped_column(default=dict)
    times: Mapped[int | None]
    hits: Mapped[int] = mapped_column(default=0)


class HostileCount(Base):
    """How many exchanges of an account's interface the hostile profile has counted."""

    __tablename__ = "hostile_count"
    __table_args__ = (UniqueConstraint("account_id", "interface"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    interface: Mapped[str]
    exchanges: Mapped[int]


class EndedFileUrl(Base):
    """A file URL that a fault rule ended before its time, known by its digest."""

    __tablename__ = "ended_file_url"
    __table_args__ = (Index("ended_url_of_account", "account_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = _owner()
    digest: Mapped[str]


class JournalEntry(Base):
    """One exchange, decrypted, its credentials masked. `account_id` is None where unknown."""

    __tablename__ = "journal"
    __table_args__ = (Index("journal_of_account", "account_id", "id"), _NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    wall: Mapped[float]
    at: Mapped[float | None]
    direction: Mapped[str]
    interface: Mapped[str | None]
    about: Mapped[str | None]
    status: Mapped[str]
    sent: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received: Mapped[dict[str, Any]] = mapped_column(default=dict)
    notes: Mapped[list[Any]] = mapped_column(default=list)
    faults: Mapped[list[Any]] = mapped_column(default=list)
    peer: Mapped[str | None]
    milliseconds: Mapped[float | None]
    push_id: Mapped[int | None]
    attempt: Mapped[int | None]
