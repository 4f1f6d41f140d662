"""Names the mistake behind a call that does not open or whose sign is wrong, for the journal."""

from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator.errors import Text, Unreadable
from simulator.gateway.wire import Exchange
from simulator.operations.accounts import tokens
from simulator.operations.registry import PlatformConfig
from simulator.protocol import envelope, rsa
from simulator.protocol.catalogue import TOKEN_METHOD, Interface
from simulator.protocol.diagnosis import Credentials, explain_seal, explain_sign
from simulator.protocol.diagnosis.access_tokens import explain_token
from simulator.protocol.diagnosis.forms import explain_absent_token, explain_joint
from simulator.protocol.plaintext import Parameters
from simulator.store.records import Account

#: Other accounts whose credentials may have been mixed up.
_OTHERS = 40
#: Tokens issued lately, of all accounts, with which an unknown one is compared.
_RECENT = 200


def describe_seal_mistakes(
    session: Session, platform: PlatformConfig, account: Account | None, param: str
) -> tuple[Text, ...]:
    """Say why a `param` does not open; `account` is None for a token request (P13)."""
    own = rsa.load_key(account.private_key) if account else None
    found = explain_seal(
        param,
        own,
        platform.private_key,
        "platform" if account is None else "own",
        _find_other_credentials(session, account),
    )
    return tuple(each.describe() for each in found)


def describe_sign_mistakes(
    session: Session,
    account: Account,
    parameters: Parameters,
    fields: Mapping[str, str],
    interface: Interface | None,
) -> tuple[Text, ...]:
    """Say by which mistake the sign of an opened call came about."""
    listed = [parameter.name for parameter in interface.parameters] if interface else []
    found = explain_sign(
        parameters,
        _read_credentials(account),
        _find_other_credentials(session, account),
        account.switch("number_sign"),
        beside={name: fields.get(name, "") for name in ("access_token", "sign")},
        absent=[name for name in listed if name not in parameters],
    )
    return tuple(each.describe() for each in found)


def describe_absent_token(session: Session, exchange: Exchange) -> tuple[Text, ...]:
    """Say where the token of a business call is; nothing where no account's key opens one."""
    if joined := explain_joint(exchange.request.posting):
        return (joined.describe(),)
    for credentials in _find_other_credentials(session, None):
        private = rsa.load_key(credentials.private_key)
        try:
            # The first block alone says whose key it is: most accounts' keys open nothing.
            rsa.open_blocks(envelope.decode(exchange.param)[: rsa.block_size(private)], private)
            opened = envelope.open_param(exchange.param, private).parameters
        except Unreadable:
            continue
        if opened.get("method") == TOKEN_METHOD:
            # It needs no token: the mistake is the key.
            break
        return (explain_absent_token(exchange.request.posting, opened, knows(session)).describe(),)
    return ()


def knows(session: Session) -> Callable[[str], bool]:
    """Return what says whether a token was issued here."""
    return lambda token: tokens.owner(session, token) is not None


def describe_token_mistakes(session: Session, token: str) -> tuple[Text, ...]:
    """Say how a token that nobody got was damaged on the way."""
    found = explain_token(
        token,
        knows(session),
        tokens.list_recent(session, _RECENT),
    )
    return (found.describe(),) if found else ()


def _find_other_credentials(session: Session, account: Account | None) -> list[Credentials]:
    others = select(Account).order_by(Account.id.desc()).limit(_OTHERS)
    if account is not None:
        others = others.where(Account.id != account.id)
    return [_read_credentials(other) for other in session.scalars(others)]


def _read_credentials(account: Account) -> Credentials:
    return Credentials(account.name, account.api_key, account.api_secret, account.private_key)
