"""Which of the institution's actions a call was: what a recording makes of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.record.naming import Names
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.scenes.both.actions import ACTIONS

#: The placeholders of actions, and the parameters in which a call carries what filled them.
_CARRIED: Mapping[str, tuple[str, ...]] = {
    "price": ("price", "order_amount"),
    "real_pay": ("real_pay",),
    "note": ("note", "statement", "cancel_reason"),
    "reason": ("refuse_reason",),
}
#: Where a returned order goes (guarantor 2.3), by the action that returns it.
_RETURNS: Mapping[str, str] = {
    "WAIT_SUBMIT_FIRST_TRAIL": "return_first_trial",
    "WAIT_SUBMIT_TUNE_UP": "return_due_diligence",
    "WAIT_SUBMIT_DATA": "return_data",
}
#: Where an order goes ahead to (guarantor 2.3).
_FORWARD: Mapping[str, str] = {
    "WAIT_TUNE_UP": "pass_first_trial",
    "WAIT_OFFER": "pass_due_diligence",
    "WAIT_PAY": "offer",
}
_SEPARATE = "2"
#: Reading that a target does while it handles something else, which is no action of its own.
_REACTIONS = frozenset({"insurer_get_guarantee_info", "get_guarantee_info", "get_access_token"})
#: Words, small numbers and amounts: what every right institution says alike.
_ALIKE = re.compile(r"(?:[A-Z][A-Z_]*|\d{1,2}|\d+\.\d{2})\Z")
#: What every call has afresh, or says of its sender.
_OWN = frozenset({"method", "timestamp", "sign", "btc_id", "enter_institution_type"})


@dataclass(frozen=True)
class Deed:
    """An action that a call was, with the values that the action is asked with."""

    action: str
    values: Mapping[str, str]


def is_reaction(method: str) -> bool:
    """Return whether a call only reads what the target needs for something else."""
    return method in _REACTIONS


def of(kind: str, call: Call, line: str | None, names: Names) -> Deed | None:
    """Return which action a call was; None where it was none.

    `line` is the `ktype` of the order that it is about, if that is known.
    """
    if is_reaction(call.method):
        return None
    fitting = [
        action
        for action, effect in ACTIONS[kind].items()
        if effect.method == call.method and effect.is_shown_by(call, {})
    ]
    if not fitting:
        return None
    action = fitting[0] if len(fitting) == 1 else _chosen(call, fitting, line)
    return Deed(action, _values(ACTIONS[kind][action].about, call, names))


def _chosen(call: Call, fitting: list[str], line: str | None) -> str:
    """Choose by what the call says: several actions make the same call (guarantor 2.3)."""
    said = str(call.params.get("order_status", ""))
    if call.params.get("is_withdraw") == "1":
        wanted = _RETURNS.get(said)
    elif said == "WAIT_OUT_GUARANTEE":
        wanted = "approve" if line == _SEPARATE else "pay"
    else:
        wanted = _FORWARD.get(said)
    return wanted if wanted in fitting else fitting[0]


def _values(about: str, call: Call, names: Names) -> dict[str, str]:
    values = {}
    if about and about in call.params:
        number = str(call.params[about])
        values[about] = names.reference(number) or number
    if "remove_guarantee_data" in call.params:
        listed = names.numbers_in(str(call.params["remove_guarantee_data"]))
        values = {"guarantee_no": listed[0]} if listed else values
    for placeholder, parameters in _CARRIED.items():
        found = next((str(call.params[p]) for p in parameters if call.params.get(p)), None)
        if found is not None:
            values[placeholder] = found
    return values


def expected(call: Call, names: Names) -> dict[str, Any]:
    """Return the parameters of a call that every right institution has alike."""
    kept = {}
    for name, value in call.params.items():
        if name in _OWN:
            continue
        reference = names.reference(value)
        if reference is not None:
            kept[name] = reference
        elif _ALIKE.match(str(value)):
            kept[name] = str(value)
    return kept
