"""Fault rules of an account: add, remove and apply them; every strike is tagged."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from simulator.errors import NotFound, SimulatorError
from simulator.fault_tag import FaultTag
from simulator.operations.accounts import tokens
from simulator.operations.faults import hostility
from simulator.operations.faults.fault_rules import (
    END_TOKEN,
    NOT_STRUCK,
    RULES,
    SIGN_OF_OTHER_ACCOUNT,
    WAITING,
    DocumentedCode,
    Rule,
    Strikes,
    Struck,
    striking,
)
from simulator.operations.registry import Desk, PlatformConfig
from simulator.protocol.catalogue import Interface
from simulator.protocol.codes import OK
from simulator.store.records import Account, Fault

#: The interface under which the hostile profile counts downloads, which have none.
_DOWNLOAD = "download"

_TABLE = cast(Table, Fault.__table__)
_ALIVE = or_(_TABLE.c.times.is_(None), _TABLE.c.times > 0)
# Built once: every call and every attempt needs them, and building costs more than running.
_RULES = (
    select(_TABLE.c.id)
    .where(
        _TABLE.c.account_id == bindparam("account"),
        _TABLE.c.rule.in_(bindparam("rules", expanding=True)),
        _ALIVE,
    )
    .limit(1)
)
_MATCHING = (
    select(Fault)
    .where(
        Fault.account_id == bindparam("account"),
        Fault.rule.in_(bindparam("rules", expanding=True)),
        or_(Fault.interface.is_(None), Fault.interface == bindparam("interface")),
        or_(Fault.about.is_(None), Fault.about == bindparam("about")),
        or_(Fault.attempt.is_(None), Fault.attempt == bindparam("attempt")),
        or_(Fault.times.is_(None), Fault.times > 0),
    )
    .order_by(Fault.id)
)
_OTHERS = (
    select(Account.name).where(Account.id != bindparam("account")).order_by(Account.id).limit(1)
)


def add(
    desk: Desk,
    rule: str,
    interface: str | None = None,
    about: str | None = None,
    attempt: int | None = None,
    times: int | None = 1,
    value: Mapping[str, Any] | None = None,
) -> Fault | None:
    """Add a rule; `end_token` acts at once and returns None.

    `interface` is a push's name (`order_status`) or a call's method, `about` an order, claim or
    invoice number (of a download: the `file_id`), `attempt` the number of the attempt, `times`
    how often it strikes (None: until removed).

    Raises:
        SimulatorError: the rule, the interface, the attempt or the value is not valid.
    """
    if rule not in RULES:
        known = ", ".join(RULES)
        raise SimulatorError(
            f"There is no fault rule {rule!r}; the rules are: {known}.",
            f"没有故障规则 {rule!r}；可用的规则：{known}。",
        )
    chosen, value = RULES[rule], dict(value or {})
    if interface is not None:
        named = desk.platform.catalogue.find(desk.account.kind, interface)
        interface = named.name if named else interface
    _check_value(desk, chosen, value)
    _check_conditions(desk, chosen, interface, about, attempt, times)
    if rule == END_TOKEN:
        tokens.end_all(desk.session, desk.account)
        return None
    if rule == SIGN_OF_OTHER_ACCOUNT:
        value["account"] = _other_account(desk, value.get("account"))
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


def _check_value(desk: Desk, rule: Rule, value: Mapping[str, Any]) -> None:
    unknown = sorted(set(value) - set(rule.takes))
    if unknown:
        known = ", ".join(rule.takes) or "none"
        raise SimulatorError(
            f"The rule {rule.name} has no value {unknown[0]!r}; its values are: {known}.",
            f"规则 {rule.name} 没有取值 {unknown[0]!r}；可用取值：{known}。",
        )
    codes = desk.platform.catalogue.codes.platform
    for name, kind in rule.takes.items():
        given = value.get(name)
        if isinstance(kind, DocumentedCode):
            # A code must be given: it has no default.
            if not (type(given) is int and given != OK and given in codes):
                raise SimulatorError(
                    f"The rule {rule.name} needs {kind.describe().en} (got {given!r}).",
                    f"规则 {rule.name} 需要{kind.describe().zh}（收到 {given!r}）。",
                )
        elif name in value and not kind.fits(given):
            raise SimulatorError(
                f"The rule {rule.name} takes as `{name}` {kind.describe().en} (got {given!r}).",
                f"规则 {rule.name} 的 {name} 应为{kind.describe().zh}（收到 {given!r}）。",
            )


def _check_conditions(
    desk: Desk,
    rule: Rule,
    interface: str | None,
    about: str | None,
    attempt: int | None,
    times: int | None,
) -> None:
    struck = _names(desk, rule)
    if interface is not None and not struck:
        raise SimulatorError(
            f"The rule {rule.name} does not depend on an interface: leave `interface` out.",
            f"规则 {rule.name} 不区分接口：请去掉 interface。",
        )
    if interface is not None and interface not in struck:
        listed = ", ".join(struck)
        raise SimulatorError(
            f"The rule {rule.name} cannot strike {interface!r}; it strikes: {listed}.",
            f"规则 {rule.name} 不能用于 {interface!r}；可用于：{listed}。",
        )
    if attempt is not None and rule.strikes != "push":
        raise SimulatorError(
            f"The rule {rule.name} strikes calls, which have no attempts: leave `attempt` out.",
            f"规则 {rule.name} 用于调用，调用没有尝试次数：请去掉 attempt。",
        )
    if about is not None and rule.strikes == "now":
        raise SimulatorError(
            f"The rule {rule.name} acts at once on the whole account: leave `about` out.",
            f"规则 {rule.name} 立即作用于整个账户：请去掉 about。",
        )
    if times is None and rule.name in WAITING:
        raise SimulatorError(
            f"The rule {rule.name} without `times` would hold every push for ever: give `times`.",
            f"规则 {rule.name} 不限次数会永远扣住所有推送：请给出 times。",
        )


def _names(desk: Desk, rule: Rule) -> list[str]:
    """Return the names of the account's interfaces that a rule may strike."""
    if rule.strikes not in ("call", "push"):
        return []
    return [
        i.name
        for i in desk.platform.catalogue.interfaces.values()
        if i.kind == desk.account.kind
        and (i.direction == "call") == (rule.strikes == "call")
        and i.name not in NOT_STRUCK.get(rule.name, ())
        # Questions and pages are sent on request, so they cannot wait.
        and (rule.name not in WAITING or i.delivery == "notice")
    ]


def _other_account(desk: Desk, given: str | None) -> str:
    """Return the name of the account whose secret signs: the one given, or the oldest other one."""
    own = desk.account
    if given is None:
        found = desk.session.scalar(_OTHERS, {"account": own.id})
        if found is None:
            raise SimulatorError(
                "There is no other account whose secret could sign: create one, or use "
                "sign_with_other_key.",
                "没有其他账户可用于签名：请先开户，或使用 sign_with_other_key。",
            )
        return found
    found = desk.session.scalar(select(Account.name).where(Account.name == str(given)))
    if found is None or found == own.name:
        raise SimulatorError(
            f"The rule {SIGN_OF_OTHER_ACCOUNT} takes as `account` the name of another account "
            f"(got {given!r}).",
            f"规则 {SIGN_OF_OTHER_ACCOUNT} 的 account 应为另一账户的名称（收到 {given!r}）。",
        )
    return found


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


def may_strike(
    session: Session, platform: PlatformConfig, account_id: int, strikes: Strikes
) -> bool:
    """Return whether a rule might strike; a cheap check, since most accounts have no rules."""
    if platform.hostility:
        return True
    asked = {"account": account_id, "rules": striking(strikes)}
    return session.connection().execute(_RULES, asked).first() is not None


def strike_push(
    session: Session,
    platform: PlatformConfig,
    account_id: int,
    interface: Interface,
    about: str,
    attempt: int,
    may_wait: bool,
) -> Sequence[Struck]:
    """Return the rules that strike an attempt of a push, and count their use.

    A rule that makes the push wait is returned alone, because no attempt is made now. It strikes
    only if the push `may_wait`; one that a person sends may not. If no rule strikes, the hostile
    profile may, but only notices, which get another attempt.
    """
    found = _matching(session, account_id, striking("push"), interface.name, about, attempt)
    waiting = [fault for fault in found if fault.rule in WAITING]
    if waiting and may_wait:
        return [_count_use(waiting[0])]
    struck = [_count_use(fault) for fault in found if fault.rule not in WAITING]
    if struck or not platform.hostility or interface.delivery != "notice":
        return struck
    spared = frozenset[str]() if may_wait else WAITING
    hostile = hostility.strike(
        session, platform.hostility, account_id, "push", interface.name, spared
    )
    return [hostile] if hostile else []


def strike_call(
    session: Session, platform: PlatformConfig, account_id: int, interface: str, about: str | None
) -> Struck | None:
    """Return the rule that strikes a call, the oldest one, and count its use."""
    return _strike_one(session, platform, account_id, "call", interface, about)


def strike_download(
    session: Session, platform: PlatformConfig, account_id: int, file_id: str
) -> Struck | None:
    """Return the rule that strikes a download, and count its use."""
    return _strike_one(session, platform, account_id, "download", _DOWNLOAD, file_id)


def _strike_one(
    session: Session,
    platform: PlatformConfig,
    account_id: int,
    strikes: Strikes,
    interface: str,
    about: str | None,
) -> Struck | None:
    rules = {name for name in striking(strikes) if interface not in NOT_STRUCK.get(name, ())}
    found = _matching(session, account_id, rules, interface, about, None)
    if found:
        return _count_use(found[0])
    if platform.hostility:
        return hostility.strike(session, platform.hostility, account_id, strikes, interface)
    return None


def _matching(
    session: Session,
    account_id: int,
    rules: Collection[str],
    interface: str,
    about: str | None,
    attempt: int | None,
) -> Sequence[Fault]:
    asked = {"account": account_id, "rules": sorted(rules), "interface": interface}
    return session.scalars(_MATCHING, {**asked, "about": about, "attempt": attempt}).all()


def _count_use(fault: Fault) -> Struck:
    fault.hits += 1
    if fault.times is not None:
        fault.times -= 1
    value = RULES[fault.rule].with_defaults(fault.value)
    return Struck(FaultTag(fault.rule, fault.id), value)
