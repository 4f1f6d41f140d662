"""The account's row is what writers of one account queue at: locked first, then changed.

What draws from all accounts, the next number or a key that nobody has, queues at one lock.
"""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from simulator.store.records import Account

# Every call and every attempt asks this: made once, because making it costs more than asking it.
_LOCKED = select(Account).where(Account.id == bindparam("account")).with_for_update()

#: The number of the advisory lock; any that no other program on this database uses.
_DIRECTORY = 0xC0D2


def lock_account(session: Session, account_id: int) -> Account | None:
    """Return an account as it is now, locked for this transaction; None where it is gone."""
    return session.scalar(_LOCKED, {"account": account_id})


def lock_directory(session: Session) -> None:
    """Let nobody else open an account or draw a key pair until this transaction ends."""
    # Writers of a SQLite file queue at the file already.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_DIRECTORY)))
