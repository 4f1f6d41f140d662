"""The stages that a call passes before its operation, each with its own codes (P13)."""

import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass

from Crypto.PublicKey.RSA import RsaKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator.domain.institution import KINDS
from simulator.errors import Text, Unreadable
from simulator.gateway import explaining
from simulator.gateway.timestamps import check_timestamp
from simulator.gateway.wire import Exchange, Request
from simulator.operations.accounts import tokens
from simulator.operations.registry import PlatformConfig
from simulator.protocol import envelope, masking, rsa, signing
from simulator.protocol.catalogue import TOKEN_METHOD, Interface, describe_fault
from simulator.protocol.codes import Refusal
from simulator.protocol.diagnosis.forms import explain_absent_file, explain_absent_token
from simulator.protocol.diagnosis.sign.numbers import explain_number
from simulator.protocol.plaintext import NotAPlaintext, Value, as_text
from simulator.store.records import Account

_COMMON_KEY = Text("the platform's common public key (api_rsa_pk)", "平台公用公钥（api_rsa_pk）")
_OWN_KEY = Text("the account's own public key (rsa_pk)", "账户自己的公钥（rsa_pk）")


@dataclass(frozen=True)
class Admitted:
    """A call that has passed the gateway: whose it is, what it calls, its parameters as text."""

    account: Account
    interface: Interface
    params: dict[str, str]
    token: str | None


@dataclass(frozen=True)
class Arrival:
    """A call before it is admitted, and what its stages look things up in."""

    platform: PlatformConfig
    session: Session
    exchange: Exchange


def admit(arrival: Arrival) -> Admitted:
    """Pass a call through its stages, in the order of P13.

    Raises:
        Refusal: a stage refused it.
    """
    return _admit_call(arrival) if arrival.exchange.token else _admit_token_request(arrival)


def _admit_token_request(arrival: Arrival) -> Admitted:
    platform, session, exchange = arrival.platform, arrival.session, arrival.exchange
    trace, private = exchange.trace, platform.private_key
    try:
        parameters = _open(arrival, private)
    except Unreadable as error:
        if hints := explaining.describe_absent_token(session, exchange):
            why = Text(
                "There is no field access_token beside param, so it was opened as that of a "
                f"{TOKEN_METHOD}, with the platform's key: {error.text.en}.",
                f"param 旁没有 access_token 字段，因此按 {TOKEN_METHOD} 用平台私钥解密："
                f"{error.text.zh}。",
            )
            raise Refusal(1000, why, hints=hints) from None
        hints = explaining.describe_seal_mistakes(session, platform, None, exchange.param)
        raise _build_seal_refusal(1000, error, private, _COMMON_KEY, hints) from None
    texts = {name: as_text(value) for name, value in parameters.items()}
    if texts.get("method") != TOKEN_METHOD:
        why = Text(
            f"There is no access_token beside param, so only {TOKEN_METHOD} can be called, "
            f"not {texts.get('method')!r}.",
            f"param 旁没有 access_token，只能调用 {TOKEN_METHOD}，而不是 {texts.get('method')!r}。",
        )
        posting, knows = exchange.request.posting, explaining.knows(session)
        hints = (explain_absent_token(posting, parameters, knows).describe(),)
        raise Refusal(1006, why, hints=hints)
    account = session.scalar(
        select(Account).where(
            Account.api_key == texts.get("api_key", ""), Account.kind == exchange.kind
        )
    )
    if account is None:
        why = Text(
            f"No {exchange.kind} account has this api_key; copy it from the account letter.",
            "没有账户使用该 api_key；请核对开户信。",
        )
        raise Refusal(1002, why)
    trace.account_id = account.id
    if account.disabled:
        why = Text("The account is disabled.", "该账户已停用。")
        raise Refusal(1004, why)
    _check_address(account, exchange.request.peer, 1013)
    if not hmac.compare_digest(texts.get("api_secret", "").encode(), account.api_secret.encode()):
        why = Text(
            "api_secret is not this account's; copy it from the account letter.",
            "api_secret 与账户不符；请核对开户信。",
        )
        raise Refusal(1002, why)
    interface = platform.catalogue.call(exchange.kind, TOKEN_METHOD)
    if interface is None:
        raise LookupError(f"the catalogue has no {TOKEN_METHOD} for {exchange.kind}")
    trace.interface = interface.id
    _check_sign(arrival, account, parameters, interface, missing=1001, wrong=1001)
    _check_parameters(interface, texts, None)
    check_timestamp(account, interface, texts["timestamp"], exchange)
    return Admitted(account, interface, texts, None)


def _admit_call(arrival: Arrival) -> Admitted:
    platform, session, exchange = arrival.platform, arrival.session, arrival.exchange
    trace, account = exchange.trace, _find_account(arrival)
    _check_address(account, exchange.request.peer, 1014)
    private = rsa.load_key(account.private_key)
    try:
        parameters = _open(arrival, private)
    except Unreadable as error:
        if not _is_token_request(arrival):
            hints = explaining.describe_seal_mistakes(session, platform, account, exchange.param)
            raise _build_seal_refusal(1006, error, private, _OWN_KEY, hints) from None
        trace.notes.append(
            Text(
                f"{TOKEN_METHOD} came with an access_token; leave that field out (P13).",
                f"{TOKEN_METHOD} 请求带有 access_token 字段；请去掉该字段（P13）。",
            )
        )
        return _admit_token_request(arrival)
    texts = {name: as_text(value) for name, value in parameters.items()}
    named = platform.catalogue.call(account.kind, texts.get("method", ""))
    trace.interface = named.id if named else None
    trace.about = _find_subject(texts)
    _check_sign(arrival, account, parameters, named, missing=1005, wrong=1007)
    _check_institution(session, account, texts)
    if account.disabled:
        why = Text("The account has been disabled since.", "该账户已被停用。")
        raise Refusal(1021, why)
    interface = _find_interface(platform, account, exchange.kind, texts)
    _check_parameters(interface, texts, exchange.request)
    check_timestamp(account, interface, texts["timestamp"], exchange)
    return Admitted(account, interface, texts, exchange.token)


def _find_account(arrival: Arrival) -> Account:
    exchange = arrival.exchange
    token, found = exchange.token, tokens.owner(arrival.session, exchange.token)
    if found is None:
        why = Text(
            "This access_token is unknown here: it was never issued, was revoked, or was "
            "changed on the way.",
            "access_token 不存在：从未签发、已失效，或在传输中被改动。",
        )
        hints = explaining.describe_token_mistakes(arrival.session, token)
        raise Refusal(1006, why, hints=hints)
    account, expires_at = found
    exchange.trace.account_id = account.id
    over_since = account.clock.now(exchange.wall) - expires_at
    if over_since >= 0:
        why = Text(
            f"The access_token ended {over_since:.0f} s ago by the account's clock; "
            "get a new one with 1.1.",
            f"按账户时钟，access_token 已过期 {over_since:.0f} 秒；请用 1.1 重新获取。",
        )
        raise Refusal(1006, why)
    return account


def _open(arrival: Arrival, private: RsaKey) -> dict[str, Value]:
    opened = envelope.open_param(arrival.exchange.param, private)
    trace = arrival.exchange.trace
    trace.parameters = opened.parameters
    trace.base = masking.mask_base(opened.parameters)
    return opened.parameters


def _build_seal_refusal(
    code: int, error: Unreadable, private: RsaKey, key_name: Text, hints: tuple[Text, ...]
) -> Refusal:
    if isinstance(error, NotAPlaintext):
        opens = Text(f"param opens; {error.text.en}.", f"param 可以解密；{error.text.zh}。")
        return Refusal(code, opens, hints=hints)
    bits = rsa.block_size(private) * 8
    why = Text(
        f"param cannot be opened: {error.text.en}. It must be sealed with {key_name.en}, RSA "
        f"PKCS#1 v1.5, {bits} bits.",
        f"param 无法解密：{error.text.zh}。应使用{key_name.zh}，RSA PKCS#1 v1.5，{bits} 位。",
    )
    return Refusal(code, why, hints=hints)


def _is_token_request(arrival: Arrival) -> bool:
    try:
        opened = envelope.open_param(arrival.exchange.param, arrival.platform.private_key)
    except Unreadable:
        return False
    return opened.parameters.get("method") == TOKEN_METHOD


def _check_sign(
    arrival: Arrival,
    account: Account,
    parameters: Mapping[str, Value],
    interface: Interface | None,
    missing: int,
    wrong: int,
) -> None:
    fields = arrival.exchange.request.fields
    given = as_text(parameters.get("sign"))
    if not given:
        why = Text("The parameters carry no sign (5.1).", "参数中没有 sign（5.1）。")
        hints = explaining.describe_sign_mistakes(
            arrival.session, account, parameters, fields, interface
        )
        raise Refusal(missing, why, hints=hints)
    outcome = signing.verify(parameters, account.api_secret, account.switch("number_sign"))
    arrival.exchange.trace.notes.extend(outcome.notes)
    if not outcome.valid:
        why = Text(
            f"The sign {given} is wrong: the base string of this entry with the account's "
            f"api_secret gives {outcome.expected or 'none'}.",
            f"sign {given} 不正确；按本条日志的待签名串与账户的 api_secret，应为 "
            f"{outcome.expected or '（无法签名）'}。",
        )
        hints = explaining.describe_sign_mistakes(
            arrival.session, account, parameters, fields, interface
        )
        raise Refusal(wrong, why, hints=hints)


def _check_address(account: Account, peer: str, code: int) -> None:
    if not account.allow_list:
        return
    try:
        address = ipaddress.ip_address(peer)
        listed = any(address in ipaddress.ip_network(item) for item in account.allow_list)
    except ValueError:
        listed = False
    if not listed:
        shown = ", ".join(account.allow_list)
        why = Text(
            f"The call came from {peer}; the account's allow-list has {shown}.",
            f"请求来自 {peer}；该账户的 IP 白名单为 {shown}。",
        )
        raise Refusal(code, why)


def _check_institution(session: Session, account: Account, texts: Mapping[str, str]) -> None:
    given = texts.get("btc_id", "")
    if not given:
        raise Refusal(1017, Text("btc_id is missing.", "缺少参数 btc_id。"))
    if given != str(account.id):
        short = given.isdecimal() and len(given) < 10
        exists = short and session.get(Account, int(given)) is not None
        why = Text(
            f"btc_id is {given}, but the access_token belongs to {account.id}.",
            f"btc_id 为 {given}，而 access_token 属于 {account.id}。",
        )
        raise Refusal(1015 if exists else 1020, why)
    number = texts.get("enter_institution_type", "")
    if not number:
        why = Text("enter_institution_type is missing.", "缺少参数 enter_institution_type。")
        raise Refusal(1019, why, "enter_institution_type")
    kind = KINDS[account.kind]
    if number != kind.type_number:
        why = Text(
            f"enter_institution_type is {number}; for an {kind.title.en} it is {kind.type_number}.",
            f"enter_institution_type 为 {number}；{kind.title.zh}应为 {kind.type_number}。",
        )
        raise Refusal(1018, why)


def _find_interface(
    platform: PlatformConfig, account: Account, request_kind: str, texts: Mapping[str, str]
) -> Interface:
    method = texts.get("method", "")
    interface = platform.catalogue.call(account.kind, method)
    if not platform.catalogue.knows_method(method):
        known = ", ".join(str(i.method) for i in platform.catalogue.of_kind(account.kind, "call"))
        why = Text(
            f"There is no method {method!r}; the methods are: {known}.",
            f"没有方法 {method!r}；可用的方法：{known}。",
        )
        raise Refusal(1008, why)
    if interface is None or account.kind != request_kind or method == TOKEN_METHOD:
        why = Text(
            f"{method} is not allowed here: the account is an {account.kind}'s, the address is "
            f"/api/{request_kind}/v1, and {TOKEN_METHOD} goes without an access_token.",
            f"此处不能调用 {method}：账户类型为 {account.kind}，地址为 /api/{request_kind}/v1，"
            f"且 {TOKEN_METHOD} 不带 access_token。",
        )
        raise Refusal(1010, why)
    return interface


def _check_parameters(
    interface: Interface, texts: Mapping[str, str], request: Request | None
) -> None:
    """Refuse the first fault of the parameters; `request` is None where no file can be due."""
    fault = interface.first_fault(texts, request.files if request else ())
    if fault is None:
        return
    mistake, files = None, {file.name for file in interface.files}
    if fault.reason == "invalid":
        accepts = interface.parameter(fault.parameter).accepts
        mistake = explain_number(texts.get(fault.parameter, ""), accepts)
    elif request and fault.parameter in files:
        mistake = explain_absent_file(fault.parameter, files, request.posting)
    why = describe_fault(interface, fault, texts)
    hints = (mistake.describe(),) if mistake else ()
    raise Refusal(fault.code, why, fault.parameter, hints=hints)


def _find_subject(texts: Mapping[str, str]) -> str | None:
    for name in ("order_no", "claim_no", "invoice_id", "file_id", "insurer_name", "block_number"):
        if texts.get(name):
            return texts[name]
    return None
