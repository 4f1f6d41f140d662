"""Access tokens (1.1, P12): derived from the account's seed, stored as digests only."""

import hashlib
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from simulator import ids
from simulator.operations.registry import Call, inbound
from simulator.store.records import AccessToken, Account

#: Lifetime of a token in seconds of the account's time; each accepted call renews it.
LIFETIME = 7200

_TABLE = cast(Table, AccessToken.__table__)
# Built once, because every call needs both, and building one costs more than running it.
_OWNER = (
    select(Account, AccessToken.expires_at)
    .join(AccessToken, AccessToken.account_id == Account.id)
    .where(AccessToken.digest == bindparam("token_digest"))
)
_SLIDE = (
    update(_TABLE)
    .where(
        _TABLE.c.digest == bindparam("token_digest"),
        _TABLE.c.account_id == bindparam("account"),
        _TABLE.c.expires_at > bindparam("now"),
    )
    .values(expires_at=bindparam("end"))
)


def digest(token: str) -> str:
    """Return the digest by which a token is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def _newest(call: Call) -> AccessToken | None:
    return call.session.scalar(
        select(AccessToken)
        .where(AccessToken.account_id == call.account.id, AccessToken.expires_at > call.now)
        .order_by(AccessToken.id.desc())
    )


@inbound("insurer/1.1")
@inbound("guarantor/1.1")
def get_access_token(call: Call) -> dict[str, Any]:
    """Issue a token; the switch `new_token` decides what happens to earlier ones."""
    account = call.account
    way = account.switch("new_token")
    row = _newest(call) if way == "same" else None
    if way == "revoke":
        end_all(call.session, account)
    if row is None:
        number = account.next_number()
        token = ids.token(account.seed, "access_token", number)
        row = AccessToken(account_id=account.id, number=number, digest=digest(token))
        call.session.add(row)
    token = ids.token(account.seed, "access_token", row.number)
    row.expires_at = call.now + LIFETIME
    return {"access_token": token, "expired_at": int(account.wire_time(call.wall) + LIFETIME)}


def owner(session: Session, token: str) -> tuple[Account, float] | None:
    """Return a token's account and its end in the account's time, even if that has passed.

    None if no account ever got it, or its account ended it.
    """
    found = session.execute(_OWNER, {"token_digest": digest(token)}).first()
    return (found[0], found[1]) if found else None


def list_recent(session: Session, most: int) -> list[str]:
    """Return the tokens issued last, of all accounts, living or over; at most so many."""
    rows = session.execute(
        select(Account.seed, AccessToken.number)
        .join(AccessToken, AccessToken.account_id == Account.id)
        .order_by(AccessToken.id.desc())
        .limit(most)
    )
    return [ids.token(seed, "access_token", number) for seed, number in rows]


def slide(session: Session, account: Account, token: str, now: float) -> bool:
    """Renew a token for two hours, because a call with it was accepted.

    Returns False if the account does not have it any more, or it has expired meanwhile.
    """
    wanted = {"token_digest": digest(token), "account": account.id, "now": now}
    changed = session.connection().execute(_SLIDE, {**wanted, "end": now + LIFETIME})
    return changed.rowcount > 0


def end(session: Session, account: Account, token: str, now: float) -> None:
    """Expire one token of an account now, as if its two hours had passed."""
    wanted = {"token_digest": digest(token), "account": account.id, "now": now}
    session.connection().execute(_SLIDE, {**wanted, "end": now})


def end_all(session: Session, account: Account) -> int:
    """End all tokens of an account at once; return how many there were."""
    rows = session.scalars(
        delete(AccessToken).where(AccessToken.account_id == account.id).returning(AccessToken.id)
    )
    return len(rows.all())
