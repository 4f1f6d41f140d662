"""The account's row is what writers of one account queue at: locked first, then changed."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from simulator.store.records import Account

# Every call and every attempt asks this: made once, because making it costs more than asking it.
_LOCKED = select(Account).where(Account.id == bindparam("account")).with_for_update()


def lock_account(session: Session, account_id: int) -> Account | None:
    """Return an account as it is now, locked for this transaction; None where it is gone."""
    return session.scalar(_LOCKED, {"account": account_id})
