"""Fault rules: the platform misbehaves on purpose, per account, tagged, never silently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from simulator.errors import NotFound, SimulatorError, Text
from simulator.operations import tokens
from simulator.operations.registry import Desk
from simulator.protocol.codes import OK
from simulator.store.database import Database
from simulator.store.records import Fault

LOSE_ACK = "lose_ack"
NO_DELIVERY = "no_delivery"
CHANGE_VALUE = "change_value"
SIGN_WITH_OTHER_KEY = "sign_with_other_key"
SEAL_WITH_OTHER_KEY = "seal_with_other_key"
COPIES = "copies"
HOLD_BACK = "hold_back"
ANSWER = "answer"
END_TOKEN = "end_token"

#: What each rule does, in words; the first seven strike pushes, `answer` strikes calls.
RULES: Mapping[str, Text] = {
    LOSE_ACK: Text("deliver the push, but lose its acknowledgement", "推送送达，但机构的应答丢失"),
    NO_DELIVERY: Text("do not deliver the push", "推送不送达"),
    CHANGE_VALUE: Text(
        "change a value after signing (parameter, to; by default a 0 is put behind the first one)",
        "签名后篡改一个参数（parameter、to；默认在第一个参数值后加 0）",
    ),
    SIGN_WITH_OTHER_KEY: Text("sign with another secret", "使用其他 api_secret 签名"),
    SEAL_WITH_OTHER_KEY: Text("seal with another public key", "使用其他公钥加密"),
    COPIES: Text(
        "send several copies at once (copies, 2 by default)",
        "同时发送多份相同推送（copies，默认 2）",
    ),
    HOLD_BACK: Text(
        "hold the push back until the next one was sent", "扣住推送，直到下一条推送发出之后"
    ),
    ANSWER: Text(
        "answer a call with a given code, without effect (code)",
        "以指定状态码应答调用，且不产生效果（code）",
    ),
    END_TOKEN: Text(
        "end all access tokens now (at once, kept as no rule)", "立即使所有 token 失效"
    ),
}


#: What a rule's value may hold; the other rules take none.
_VALUES: Mapping[str, tuple[str, ...]] = {
    CHANGE_VALUE: ("parameter", "to"),
    COPIES: ("copies",),
    ANSWER: ("code",),
}

_TABLE = cast(Table, Fault.__table__)
# Asked at every call and every attempt: made once, because making costs more than asking.
_RULES = select(_TABLE.c.id).where(_TABLE.c.account_id == bindparam("account")).limit(1)
_ANSWERS = (
    select(_TABLE.c.id)
    .where(_TABLE.c.account_id == bindparam("account"), _TABLE.c.rule == ANSWER)
    .limit(1)
)
_MATCHING = (
    select(Fault)
    .where(
        Fault.account_id == bindparam("account"),
        or_(Fault.interface.is_(None), Fault.interface == bindparam("interface")),
        or_(Fault.about.is_(None), Fault.about == bindparam("about")),
        or_(Fault.times.is_(None), Fault.times > 0),
    )
    .order_by(Fault.id)
)


@dataclass(frozen=True)
class Struck:
    """A rule that struck: what it is and does, and the tag that the journal keeps."""

    rule: str
    value: Mapping[str, Any]
    tag: str


@dataclass(frozen=True)
class ForcedAnswer:
    """The code that a call is answered with because of a rule."""

    code: int
    why: Text
    tag: str


def add(
    desk: Desk,
    rule: str,
    interface: str | None = None,
    about: str | None = None,
    attempt: int | None = None,
    times: int | None = 1,
    value: Mapping[str, Any] | None = None,
) -> Fault | None:
    """Set a rule; `end_token` acts at once and returns None.

    `interface` is a push's name (`order_status`) or a call's method, `about` an order, claim or
    invoice number, `attempt` the number of the attempt, `times` how often it strikes (None:
    until removed).

    Raises:
        SimulatorError: the rule, the interface, the attempt or the value is wrong.
    """
    value = dict(value or {})
    if rule == END_TOKEN:
        tokens.end_all(desk.session, desk.account)
        return None
    if interface is not None:
        named = desk.platform.catalogue.named(desk.account.kind, interface)
        interface = named.name if named else interface
    _check(desk, rule, interface, attempt, value)
    if rule == HOLD_BACK and times is None:
        raise SimulatorError(
            "The rule hold_back without end would hold every push for ever: give `times`.",
            "规则 hold_back 不限次数会永远扣住所有推送：请给出 times。",
        )
    fault = Fault(
        account_id=desk.account.id,
        rule=rule,
        interface=interface,
        about=about,
        attempt=attempt,
        times=times,
        value=value,
    )
    desk.session.add(fault)
    desk.session.flush()
    return fault


def _check(
    desk: Desk, rule: str, interface: str | None, attempt: int | None, value: Mapping[str, Any]
) -> None:
    codes = desk.platform.catalogue.codes.platform
    if rule not in RULES:
        known = ", ".join(RULES)
        raise SimulatorError(
            f"There is no fault rule {rule!r}; the rules are: {known}.",
            f"没有故障规则 {rule!r}；可用的规则：{known}。",
        )
    unknown = sorted(set(value) - set(_VALUES.get(rule, ())))
    if unknown:
        known = ", ".join(_VALUES.get(rule, ())) or "none"
        raise SimulatorError(
            f"The rule {rule} has no value {unknown[0]!r}; its values are: {known}.",
            f"规则 {rule} 没有取值 {unknown[0]!r}；可用取值：{known}。",
        )
    direction = "call" if rule == ANSWER else "push"
    names = [
        i.name
        for i in desk.platform.catalogue.interfaces.values()
        if i.kind == desk.account.kind
        and i.direction == direction
        # Questions and pages go out when they are asked for: there is nothing to hold back.
        and (rule != HOLD_BACK or i.delivery == "notice")
    ]
    if interface is not None and interface not in names:
        listed = ", ".join(names)
        raise SimulatorError(
            f"The rule {rule} cannot strike {interface!r}; it strikes: {listed}.",
            f"规则 {rule} 不能用于 {interface!r}；可用于：{listed}。",
        )
    copies = value.get("copies", 2)
    if rule == COPIES and not (type(copies) is int and 2 <= copies <= 64):
        raise SimulatorError(
            f"The rule copies takes a whole number from 2 to 64 (got {copies!r}).",
            f"规则 copies 的取值为 2 到 64 的整数（收到 {copies!r}）。",
        )
    if rule == ANSWER and attempt is not None:
        raise SimulatorError(
            "The rule answer strikes calls, which have no attempts: leave `attempt` out.",
            "规则 answer 用于调用，调用没有尝试次数：请去掉 attempt。",
        )
    code = value.get("code")
    if rule == ANSWER and not (type(code) is int and code != OK and code in codes):
        raise SimulatorError(
            f"The rule answer needs a documented code other than 200 (got {code!r}).",
            f"规则 answer 需要 200 以外的已公布状态码（收到 {code!r}）。",
        )


def remove(desk: Desk, number: int) -> None:
    """Remove a rule of the account.

    Raises:
        NotFound: it has no such rule.
    """
    fault = desk.session.get(Fault, number)
    if fault is None or fault.account_id != desk.account.id:
        raise NotFound(
            f"The account {desk.account.name} has no fault rule {number}.",
            f"账户 {desk.account.name} 没有故障规则 {number}。",
        )
    desk.session.delete(fault)


def _matching(
    session: Session, account_id: int, interface: str, about: str | None
) -> Sequence[Fault]:
    asked = {"account": account_id, "interface": interface, "about": about}
    return session.scalars(_MATCHING, asked).all()


def has_rules(session: Session, account_id: int) -> bool:
    """Return whether the account has any rule; most have none, and need no closer look."""
    return session.connection().execute(_RULES, {"account": account_id}).first() is not None


def strike_push(
    session: Session,
    account_id: int,
    interface: str,
    about: str,
    attempt: int,
    only: str | None = None,
) -> list[Struck]:
    """Return the rules that strike an attempt of a push, and count them as used.

    With `only`, that rule alone is looked for; else all but `hold_back`, which is decided before
    an attempt begins.
    """
    struck = []
    for fault in _matching(session, account_id, interface, about):
        wanted = fault.rule == only if only else fault.rule not in (HOLD_BACK, ANSWER)
        if wanted and fault.attempt in (None, attempt):
            struck.append(_used(fault))
    return struck


def may_answer(session: Session, account_id: int) -> bool:
    """Return whether the account has a rule that might answer a call in our place."""
    found = session.connection().execute(_ANSWERS, {"account": account_id})
    return found.first() is not None


def answer_instead(
    database: Database, account_id: int, method: str, about: str | None
) -> ForcedAnswer | None:
    """Return the code that a rule forces on a call, counted as used; None where none strikes."""
    with database.writing() as session:
        for fault in _matching(session, account_id, method, about):
            if fault.rule == ANSWER:
                struck = _used(fault)
                code = int(struck.value["code"])
                why = Text(
                    f"The fault rule {struck.tag} answers {code} on purpose; nothing is wrong "
                    "with the call.",
                    f"故障规则 {struck.tag} 有意返回 {code}；调用本身没有问题。",
                )
                return ForcedAnswer(code, why, struck.tag)
    return None


def _used(fault: Fault) -> Struck:
    fault.hits += 1
    if fault.times is not None:
        fault.times -= 1
    return Struck(fault.rule, dict(fault.value), f"{fault.rule} #{fault.id}")
