"""Recognize the institution's actions by the calls that it made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.record.naming import Names
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.scenes.both.actions import ACTIONS

#: The placeholders of actions, and the parameters of calls that carry their values.
_CARRIED: Mapping[str, tuple[str, ...]] = {
    "price": ("price", "order_amount"),
    "real_pay": ("real_pay",),
    "note": ("note", "statement", "cancel_reason"),
    "reason": ("refuse_reason",),
}
#: The action that returns an order (guarantor 2.3), by the state that it returns to.
_RETURNS: Mapping[str, str] = {
    "WAIT_SUBMIT_FIRST_TRAIL": "return_first_trial",
    "WAIT_SUBMIT_TUNE_UP": "return_due_diligence",
    "WAIT_SUBMIT_DATA": "return_data",
}
#: The action that moves an order ahead (guarantor 2.3), by the state that it moves to.
_FORWARD: Mapping[str, str] = {
    "WAIT_TUNE_UP": "pass_first_trial",
    "WAIT_OFFER": "pass_due_diligence",
    "WAIT_PAY": "offer",
}
_SEPARATE = "2"
#: Calls that a target makes while it does something else: they are no actions.
_REACTIONS = frozenset({"insurer_get_guarantee_info", "get_guarantee_info", "get_access_token"})
#: Words, small numbers and amounts, which every correct institution sends alike.
_ALIKE = re.compile(r"(?:[A-Z][A-Z_]*|\d{1,2}|\d+\.\d{2})\Z")
#: Members that differ in every call, and those that name the sender.
_OWN = frozenset({"method", "timestamp", "sign", "btc_id", "enter_institution_type"})


@dataclass(frozen=True)
class TargetAction:
    """An action of the institution, with the values of its placeholders."""

    name: str
    values: Mapping[str, str]


def is_reaction(method: str) -> bool:
    """Return whether a call only reads what the target needs for something else."""
    return method in _REACTIONS


def recognize(kind: str, call: Call, ktype: str | None, names: Names) -> TargetAction | None:
    """Return the action that a call belongs to; None if there is none.

    `ktype` is that of the order that it is about, if known.
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
    action = fitting[0] if len(fitting) == 1 else _choose(call, fitting, ktype)
    return TargetAction(action, _values(ACTIONS[kind][action].about, call, names))


def _choose(call: Call, fitting: list[str], ktype: str | None) -> str:
    """Choose by what the call says: several actions make the same call (guarantor 2.3)."""
    state = str(call.params.get("order_status", ""))
    if call.params.get("is_withdraw") == "1":
        wanted = _RETURNS.get(state)
    elif state == "WAIT_OUT_GUARANTEE":
        wanted = "approve" if ktype == _SEPARATE else "pay"
    else:
        wanted = _FORWARD.get(state)
    return wanted if wanted in fitting else fitting[0]


def _values(about: str, call: Call, names: Names) -> dict[str, str]:
    values = {}
    if about and about in call.params:
        number = str(call.params[about])
        values[about] = names.reference(number) or number
    if "remove_guarantee_data" in call.params:
        listed = names.references_in(str(call.params["remove_guarantee_data"]))
        values = {"guarantee_no": listed[0]} if listed else values
    for placeholder, parameters in _CARRIED.items():
        found = next((str(call.params[p]) for p in parameters if call.params.get(p)), None)
        if found is not None:
            values[placeholder] = found
    return values


def select_params(call: Call, names: Names) -> dict[str, Any]:
    """Return the parameters of a call that every correct institution sends alike."""
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
