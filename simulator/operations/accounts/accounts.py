"""Accounts: open, configure and reset them, and renew their keys (P1)."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.orm import Session

from simulator import ids
from simulator.clock import AccountClock
from simulator.domain import switches
from simulator.domain.institution import KINDS
from simulator.errors import Conflict, NotFound, SimulatorError, Text
from simulator.operations import outgoing
from simulator.operations.accounts import keys
from simulator.protocol import rsa
from simulator.protocol.catalogue import Catalogue
from simulator.store import locking, records
from simulator.store.records import Account, Company, Push

_FIRST_ID = 10001
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")
_LONGEST_NAME = 40
#: Accounts that are named where one does not exist.
_SHOWN = 20
#: The records that a reset deletes, children before parents.
_OWNED = (
    records.AccessToken,
    records.Fault,
    records.HostileCount,
    records.EndedFileUrl,
    records.Push,
    records.Claim,
    records.Invoice,
    records.BidChange,
    records.Guarantee,
    records.Release,
    records.Order,
    records.StoredFile,
    records.JournalEntry,
)


# Built once, because every request to the control API needs one of them.
_NUMBERED = select(Account).where(Account.id == bindparam("it"))
_NAMED = select(Account).where(Account.name == bindparam("it"))


def fetch(session: Session, name: str, lock: bool = False) -> Account:
    """Return an account by its name or `btc_id`.

    Raises:
        NotFound: there is no such account.
    """
    numbered = name.isdecimal() and len(name) < 10
    found = _NUMBERED if numbered else _NAMED
    account = session.scalar(
        found.with_for_update() if lock else found, {"it": int(name) if numbered else name}
    )
    if account is None:
        listed = select(Account.name).order_by(Account.id).limit(_SHOWN + 1)
        names = list(session.scalars(listed))
        known = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "") or "none"
        new = suggest_name(name)
        raise NotFound(
            f"There is no account {name!r} (there are: {known}); open one with "
            f"`conzhu-sim account create {new}`.",
            f"没有账户 {name!r}（现有：{known}）；可用 `conzhu-sim account create {new}` 开户。",
        )
    return account


def suggest_name(name: str) -> str:
    """Return a name that an account may have, as near to this one as the rule allows."""
    near = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST_NAME].strip("-")
    return f"account-{near}"[:_LONGEST_NAME].strip("-") if not near or near.isdecimal() else near


def open_account(
    session: Session,
    catalogue: Catalogue,
    name: str,
    kind: str = "insurer",
    company: str | None = None,
    key_bits: int = 2048,
    seed: str = "",
) -> Account:
    """Open an account; its keys come from the pool of test-only pairs until that is used up.

    `company` is the institution's full name, by default the kind's own. With a `seed` the
    api_key, the api_secret and all later ids are always the same.

    Raises:
        SimulatorError: the name, the kind or the key size is not valid.
        Conflict: there is an account of this name.
    """
    locking.lock_directory(session)
    _check(session, catalogue, name, kind, key_bits)
    company = company or KINDS[kind].company
    seed = seed or ids.new_seed()
    key_bits = int(key_bits)  # to JSON, 2048.0 is a whole number too
    private = keys.fresh_pair(session, key_bits)
    account = Account(
        id=max(session.scalar(select(func.max(Account.id))) or 0, _FIRST_ID - 1) + 1,
        name=name,
        kind=kind,
        company=company,
        access_party=_join_directory(session, company),
        api_key=ids.api_key(seed, name),
        api_secret=ids.letters(seed, f"{name}|api_secret", 1, 32),
        private_key=private,
        key_fingerprint=keys.fingerprint(private),
        key_bits=key_bits,
        seed=f"{seed}|{name}",
    )
    session.add(account)
    session.flush()
    return account


def _check(session: Session, catalogue: Catalogue, name: str, kind: str, key_bits: int) -> None:
    if not _NAME.match(name) or name.isdecimal():
        raise SimulatorError(
            f"An account's name has 1 to 40 lower-case letters, digits and hyphens, and is not a "
            f"number (got {name!r}): take {suggest_name(name)!r}.",
            f"账户名由 1 到 40 个小写字母、数字和连字符组成，且不能是纯数字（收到 {name!r}）："
            f"可改用 {suggest_name(name)!r}。",
        )
    if kind not in catalogue.kinds:
        known = ", ".join(catalogue.kinds)
        raise SimulatorError(
            f"There are no accounts of kind {kind!r}; the kinds are: {known}.",
            f"没有 {kind!r} 类型的账户；可用类型：{known}。",
        )
    _check_key_size(key_bits)
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise Conflict(f"There is an account {name!r} already.", f"账户 {name!r} 已存在。")


def _check_key_size(bits: int) -> None:
    if bits not in rsa.KEY_SIZES:
        raise SimulatorError(
            f"Keys have 1024 or 2048 bits (got {bits}).",
            f"密钥长度为 1024 或 2048 位（收到 {bits}）。",
        )


def _join_directory(session: Session, name: str) -> str:
    """Return the access party of a company; an unlisted one is added as its own."""
    company = session.scalar(select(Company).where(Company.name == name))
    if company is None:
        company = Company(name=name, access_party=name, details={})
        session.add(company)
    return company.access_party or name


def renew_keys(session: Session, account: Account, key_bits: int | None) -> None:
    """Give an account a new key pair and a new api_secret; its tokens end.

    Raises:
        SimulatorError: the key size is neither 1024 nor 2048.
    """
    bits = int(key_bits or account.key_bits)
    _check_key_size(bits)
    locking.lock_directory(session)
    account.private_key = keys.fresh_pair(session, bits)
    account.key_fingerprint = keys.fingerprint(account.private_key)
    account.key_bits = bits
    account.api_secret = ids.letters(account.seed, "renewed_secret", account.next_number(), 32)
    session.execute(delete(records.AccessToken).where(records.AccessToken.account_id == account.id))


def set_endpoint(
    session: Session, catalogue: Catalogue, account: Account, name: str, url: str | None
) -> None:
    """Register the URL that a push goes to, or remove it (None).

    Raises:
        SimulatorError: there is no such push, or the URL is not valid.
    """
    push = catalogue.find(account.kind, name)
    if push is None or push.direction != "push":
        listed = ", ".join(i.name for i in catalogue.of_kind(account.kind, "push"))
        raise SimulatorError(
            f"There is no push {name!r}; the pushes are: {listed}.",
            f"没有推送 {name!r}；可用的推送：{listed}。",
        )
    name = push.name
    if url is None:
        account.endpoints = {k: v for k, v in account.endpoints.items() if k != name}
        return
    if not _is_web_address(url):
        raise SimulatorError(
            f"The endpoint of {name} must be an http or https address (got {url!r}).",
            f"{name} 的接收地址必须是 http 或 https 地址（收到 {url!r}）。",
        )
    account.endpoints = {**account.endpoints, name: url}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0


def set_allow_list(account: Account, addresses: Iterable[str]) -> None:
    """Set the addresses (or networks) that may call; an empty list allows all (1013, 1014).

    Raises:
        SimulatorError: an entry is not an address or network.
    """
    listed = list(addresses)
    for entry in listed:
        try:
            ipaddress.ip_network(entry)
        except ValueError:
            raise SimulatorError(
                f"{entry!r} is not an IP address or network such as 10.0.0.0/8.",
                f"{entry!r} 不是 IP 地址或网段（例如 10.0.0.0/8）。",
            ) from None
    account.allow_list = listed


def set_switches(account: Account, changes: Mapping[str, Any]) -> None:
    """Change switches of an account.

    Raises:
        SimulatorError: a switch is unknown or does not take the value.
    """
    account.switches = {**account.switches, **switches.validate(changes)}


def reset(session: Session, account: Account, seed: str = "") -> None:
    """Empty an account: orders, pushes, tokens, journal; its clock shows wall time again.

    Credentials, endpoints, allow-list and switches stay. Numbers continue: the institution still
    knows the old ones, and no token or file URL may come back. With a `seed` they start again, so
    that a repetition gets the same numbers.

    Raises:
        Conflict: its clock is being moved, or an attempt of a push is under way.
    """
    check_at_rest(session, account, Text("reset", "重置"))
    for owned in _OWNED:
        session.execute(delete(owned).where(owned.account_id == account.id))
    account.clock = AccountClock()
    if seed:
        account.seed, account.sequence = seed, 0


def check_at_rest(session: Session, account: Account, action: Text) -> None:
    """Check that nothing of an account is in motion, before an `action` such as a reset.

    Raises:
        Conflict: its clock is being moved, or an attempt of a push is under way.
    """
    if account.walk_owner is not None:
        raise Conflict(
            f"The clock of {account.name} is being moved; {action.en} again when that is done.",
            f"账户 {account.name} 的时钟正在被推进；请完成后再{action.zh}。",
        )
    in_flight = select(Push.id).where(
        Push.account_id == account.id, Push.state == outgoing.IN_FLIGHT
    )
    if session.scalar(in_flight.limit(1)) is not None:
        raise Conflict(
            f"A push is being delivered right now; {action.en} again in a moment, or freeze the "
            "clock first.",
            f"有推送正在发送；请稍后再{action.zh}，或先冻结时钟。",
        )
