"""The mild hostile profile (`serve --hostile`): random, tagged faults for all accounts.

Mild means that a correct institution survives it without help: nothing is held back for ever,
questions and pages are spared, and one attempt in ten gets through.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from simulator.domain.hostility import Hostility
from simulator.fault_tag import FaultTag
from simulator.operations.faults import fault_rules
from simulator.operations.faults.fault_rules import RULES, Strikes, Struck
from simulator.store.records import Account, HostileCount

#: The rules of the profile with their values, by what they strike; all are equally likely.
PROFILE: Mapping[Strikes, Sequence[tuple[str, Mapping[str, Any]]]] = {
    "push": (
        (fault_rules.LOSE_ACK, {}),
        (fault_rules.NO_DELIVERY, {}),
        (fault_rules.CUT, {}),
        (fault_rules.COPIES, {"copies": 2}),
        (fault_rules.DELAY, {"seconds": 60}),
        (fault_rules.CHANGE_VALUE, {}),
        (fault_rules.SIGN_WITH_OTHER_KEY, {}),
        (fault_rules.SEAL_WITH_OTHER_KEY, {}),
    ),
    "call": (
        (fault_rules.ANSWER, {"code": 404}),
        (fault_rules.HTTP_ERROR, {"status": 500}),
        (fault_rules.NO_ANSWER, {"seconds": 5}),
        (fault_rules.DRIP, {"seconds": 2}),
        (fault_rules.RESET, {}),
        (fault_rules.LOSE_ANSWER, {"seconds": 0}),
        (fault_rules.EXPIRE_TOKEN, {}),
    ),
    "download": ((fault_rules.EXPIRE_FILE_URL, {}),),
}

_TABLE = cast(Table, HostileCount.__table__)
_NEXT = (
    update(_TABLE)
    .where(
        _TABLE.c.account_id == bindparam("account"), _TABLE.c.interface == bindparam("exchanged")
    )
    .values(exchanges=_TABLE.c.exchanges + 1)
    .returning(_TABLE.c.exchanges)
)


def strike(
    session: Session,
    hostility: Hostility,
    account_id: int,
    strikes: Strikes,
    interface: str,
    spared: frozenset[str] = frozenset(),
) -> Struck | None:
    """Count an exchange of an account's interface; return the fault that strikes it, if any.

    `spared` are rules that make no sense for this exchange.
    """
    account = session.get_one(Account, account_id)
    number = _count(session, account_id, interface)
    if not hostility.strikes(account.name, interface, number):
        return None
    choices = [
        (rule, value)
        for rule, value in PROFILE[strikes]
        if rule not in spared and interface not in fault_rules.NOT_STRUCK.get(rule, ())
    ]
    if not choices:
        return None
    rule, value = choices[hostility.pick(account.name, interface, number, len(choices))]
    return Struck(FaultTag(rule, exchange=number), RULES[rule].with_defaults(value))


def _count(session: Session, account_id: int, interface: str) -> int:
    """Count one more exchange, and return its number (from 1)."""
    connection = session.connection()
    asked = {"account": account_id, "exchanged": interface}
    found = connection.execute(_NEXT, asked).scalar()
    if found is None:
        try:
            with session.begin_nested():
                session.add(HostileCount(account_id=account_id, interface=interface, exchanges=1))
            return 1
        except IntegrityError:
            # On PostgreSQL another process may have counted the first one meanwhile.
            found = connection.execute(_NEXT, asked).scalar_one()
    return int(found)
