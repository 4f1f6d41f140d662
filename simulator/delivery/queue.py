"""The queries for pushes that are due.

Each is built once, because building a statement costs more than running it. They go account by
account along the index `push_of_account`: pushes of frozen accounts, and pushes that were
delivered long ago, are never read.
"""

from sqlalchemy import Float, Integer, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from simulator.operations import outgoing
from simulator.store.records import Account, Push

_other = aliased(Push)
#: Of several pushes about the same thing only one is in flight at a time.
_same_in_flight = exists().where(
    _other.account_id == Push.account_id,
    _other.about == Push.about,
    _other.state == outgoing.IN_FLIGHT,
)
_sendable = (Push.state == outgoing.PENDING, ~_same_in_flight)
_has_something_due = exists().where(
    Push.account_id == Account.id,
    Push.due <= bindparam("wall", type_=Float) + Account.clock_offset,
    *_sendable,
)
_running = (
    Account.frozen_at.is_(None),
    Account.id.not_in(bindparam("busy", expanding=True)),
    _has_something_due,
)
_oldest = (
    select(func.min(Push.due))
    .where(Push.account_id == Account.id, Push.state == outgoing.PENDING)
    .correlate(Account)
    .scalar_subquery()
)

#: One account that has something due and is not `busy`.
ANYBODY = select(Account.id).where(*_running).limit(1)
#: Such accounts, the one that has waited longest first, at most as many as there is room for.
WHOSE = (
    select(Account)
    .where(*_running)
    .order_by(_oldest - Account.clock_offset, Account.id)
    .limit(bindparam("room", type_=Integer))
)
#: The pushes of an account that are due `now`, in their order.
WHICH = (
    select(Push)
    .where(Push.account_id == bindparam("account"), Push.due <= bindparam("now"), *_sendable)
    .order_by(Push.due, Push.id)
    .limit(bindparam("room", type_=Integer))
    .with_for_update(skip_locked=True)
)
#: When the next push of an account is due.
NEXT_DUE = select(func.min(Push.due)).where(
    Push.account_id == bindparam("account"), Push.state == outgoing.PENDING
)
#: One push of an account that is in flight.
IN_FLIGHT = (
    select(Push.id)
    .where(Push.account_id == bindparam("account"), Push.state == outgoing.IN_FLIGHT)
    .limit(1)
)
