"""What this process remembers of the accounts that called, to open a call without asking first.

A memory is never trusted: before anybody is answered by it, it is compared with the account's
row - of an accepted call in the transaction of its effect, with the row locked, and of a refused
one before it is refused. Where the two differ, the call is served again without it.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from simulator.operations.accounts import tokens
from simulator.store.records import Account

#: Tokens that are remembered; then all are forgotten, which costs each its next look-up.
_MOST = 1024


class Changed(Exception):
    """The account is not, or may not be, what it was when it was remembered."""


@dataclass(frozen=True)
class Known:
    """Whose token it is and when it ends (account's time), as it was when it was last looked up."""

    account: Account
    expires_at: float

    def fits(self, account: Account) -> bool:
        """Return whether a call would be admitted by this account as by the remembered one."""
        return self._facts == _facts(account)

    @cached_property
    def _facts(self) -> tuple[Any, ...]:
        return _facts(self.account)

    def holds(self, session: Session, token: str) -> bool:
        """Look the token up, and return whether it is as it was."""
        found = tokens.owner(session, token)
        return found is not None and found[1] == self.expires_at and self.fits(found[0])


def _facts(account: Account) -> tuple[Any, ...]:
    """Return all that the gateway's stages ask of an account."""
    return (
        account.id,
        account.kind,
        account.api_key,
        account.api_secret,
        account.private_key,
        account.disabled,
        account.allow_list,
        account.switches,
        account.clock_offset,
        account.frozen_at,
    )


@dataclass(frozen=True)
class Memory:
    """The tokens that this process knows, by their digests."""

    _known: dict[str, Known] = field(default_factory=dict)

    def recall(self, token: str) -> Known | None:
        """Return what is remembered of a token."""
        return self._known.get(tokens.digest(token)) if token else None

    def keep(self, token: str, account: Account, expires_at: float) -> None:
        """Remember a token; the account belongs to no session any more."""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[tokens.digest(token)] = Known(account, expires_at)

    def forget(self, token: str) -> None:
        """Remember a token no longer."""
        self._known.pop(tokens.digest(token), None)
