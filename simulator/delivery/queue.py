"""What waits to be sent: statements over the pushes that are due, whatever else there is.

Each is made once, because making a statement costs more than asking it. They go account by
account along the index `push_of_account`: what waits where a clock stands still, and what was
delivered long ago, is never looked at.
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

#: One account of those that have something due, but for the `busy` ones.
ANYBODY = select(Account.id).where(*_running).limit(1)
#: As many of them as there is room for pushes, the one that waits for the longest time first.
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
