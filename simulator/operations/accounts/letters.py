"""Account letters (开户信, P1): build one for an account, or open an account from one."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from simulator import ids
from simulator.domain.institution import KINDS
from simulator.errors import Conflict, SimulatorError
from simulator.operations.accounts import accounts, keys
from simulator.operations.registry import PlatformConfig
from simulator.protocol import rsa
from simulator.store.records import Account


def build_letter(platform: PlatformConfig, account: Account) -> dict[str, Any]:
    """Return the account letter: addresses, ids, credentials, each key as PEM and as one line."""
    private = rsa.load_key(account.private_key)
    pairs = {
        "rsa_pk": private.public_key(),
        "rsa_sk": private,
        "api_rsa_pk": platform.private_key.public_key(),
    }
    return {
        "platform": f"{platform.public_url}/api/{account.kind}/v1",
        "kind": account.kind,
        "name": account.name,
        "company": account.company,
        "access_party": account.access_party,
        "btc_id": account.id,
        "enter_institution_type": int(KINDS[account.kind].type_number),
        "api_key": account.api_key,
        "api_secret": account.api_secret,
        "key_bits": account.key_bits,
        **{name: {"pem": rsa.pem(key), "base64": rsa.bare(key)} for name, key in pairs.items()},
    }


def open_account(
    session: Session, platform: PlatformConfig, name: str, letter: Mapping[str, Any], seed: str = ""
) -> Account:
    """Open an account with the credentials of a letter that an institution already uses.

    Raises:
        SimulatorError: the letter lacks something, or belongs to another platform.
        Conflict: an account with this name, `btc_id`, api_key or key pair exists.
    """
    private = _key(letter, "rsa_sk")
    if not private.has_private():
        raise _unusable("rsa_sk is not a private key", "rsa_sk 不是私钥")
    if _key(letter, "rsa_pk") != private.public_key():
        raise _unusable("rsa_pk and rsa_sk are not a pair", "rsa_pk 与 rsa_sk 不是一对")
    if _key(letter, "api_rsa_pk") != platform.private_key.public_key():
        raise SimulatorError(
            "The letter's api_rsa_pk is another platform's, so the institution's token requests "
            "cannot be opened here: give the institution a letter of this simulator "
            "(`conzhu-sim account letter`).",
            "开户信中的 api_rsa_pk 属于其他平台，本模拟器无法解密其 token 请求：请让机构改用"
            "本模拟器的开户信（`conzhu-sim account letter`）。",
        )
    number = _text(letter, "btc_id")
    if not number.isdecimal() or not 0 < len(number) < 10:
        raise _unusable(f"btc_id is not a number ({number!r})", f"btc_id 不是数字（{number!r}）")
    pair = keys.fingerprint(rsa.pem(private))
    taken = session.scalar(
        select(Account.name).where(
            or_(
                Account.id == int(number),
                Account.api_key == _text(letter, "api_key"),
                Account.key_fingerprint == pair,
            )
        )
    )
    if taken is not None:
        raise Conflict(
            f"The account {taken!r} has the letter's btc_id, api_key or keys already: use it, or "
            "close it.",
            f"账户 {taken!r} 已使用该开户信的 btc_id、api_key 或密钥：请直接使用它，或先销户。",
        )
    account = accounts.open_account(
        session,
        platform.catalogue,
        name,
        _text(letter, "kind"),
        _text(letter, "company"),
        private.size_in_bits(),
        seed or ids.new_seed(),
    )
    account.id = int(number)
    account.api_key, account.api_secret = _text(letter, "api_key"), _text(letter, "api_secret")
    account.private_key, account.key_fingerprint = rsa.pem(private), pair
    session.flush()
    return account


def _text(letter: Mapping[str, Any], name: str) -> str:
    if letter.get(name) in (None, ""):
        raise _unusable(f"it lacks {name}", f"缺少 {name}")
    return str(letter[name])


def _key(letter: Mapping[str, Any], name: str) -> Any:
    given = letter.get(name)
    text = (given.get("pem") or given.get("base64")) if isinstance(given, dict) else given
    try:
        return rsa.load_key(str(text or ""))
    except SimulatorError:
        raise _unusable(f"{name} is not an RSA key", f"{name} 不是 RSA 密钥") from None


def _unusable(en: str, zh: str) -> SimulatorError:
    return SimulatorError(
        f"The account letter cannot be used: {en}; take it from `conzhu-sim account letter`.",
        f"开户信无法使用：{zh}；请用 `conzhu-sim account letter` 重新导出。",
    )
