"""The switches of an account: where the real platform may differ from this project's decision.

Each belongs to a decision; `docs/decisions.md` gives the reasons.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulator import texts
from simulator.errors import SimulatorError, Text


@dataclass(frozen=True)
class Switch:
    """One setting of an account: its decision, default, and the values it takes.

    `choices` lists the values; None means a number of seconds from zero to `most`.
    """

    name: str
    decision: str
    default: Any
    choices: tuple[Any, ...] | None
    meaning: Text
    most: int = 0


def _switch(name: str, decision: str, choices: tuple[Any, ...]) -> Switch:
    return Switch(name, decision, choices[0], choices, texts.load("switches")[name])


def _seconds(name: str, decision: str, default: int, most: int = 86_399) -> Switch:
    return Switch(name, decision, default, None, texts.load("switches")[name], most)


_ALL = (
    _switch("plaintext", "P3", ("json", "json-ascii", "query")),
    _switch("number_sign", "P7", ("both", "literal", "php")),
    _seconds("max_clock_skew", "P9", 0),
    _switch("new_token", "P12", ("keep", "revoke", "same")),
    _switch("wire_time", "P46", ("wall", "account")),
    _switch("strict_ack", "P17", (False, True)),
    _seconds("push_limit", "P17", 5, most=60),
    _switch("repeat", "P18", ("fresh", "identical")),
    _switch("push_own_changes", "P22", (False, True)),
    _switch("first_state", "P24", ("WAIT_TUNE_UP", "WAIT_OFFER")),
    _switch("due_diligence", "P24", ("optional", "required")),
    _switch("lenient_note", "P24", (False, True)),
    _switch("push_again", "P27", ("same_answer", "2427")),
    _switch("push_claim_revocation", "P48", (True, False)),
)

SWITCHES: Mapping[str, Switch] = {switch.name: switch for switch in _ALL}


def validate(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes if every name and value is valid.

    Raises:
        SimulatorError: a switch is unknown or does not take the value.
    """
    for name, value in changes.items():
        switch = SWITCHES.get(name)
        if switch is None:
            known = ", ".join(SWITCHES)
            raise SimulatorError(
                f"There is no switch {name!r}; the switches are: {known}.",
                f"没有名为 {name!r} 的开关；可用的开关：{known}。",
            )
        if switch.choices is not None and not any(
            value == choice and type(value) is type(choice) for choice in switch.choices
        ):
            shown = ", ".join(json.dumps(choice).strip('"') for choice in switch.choices)
            raise SimulatorError(
                f"The switch {name} takes one of: {shown} (got {value!r}).",
                f"开关 {name} 的取值为：{shown}（收到 {value!r}）。",
            )
        if switch.choices is None and not (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and 0 <= value <= switch.most
        ):
            raise SimulatorError(
                f"The switch {name} takes seconds, from 0 to {switch.most} (got {value!r}).",
                f"开关 {name} 的取值为 0 到 {switch.most} 秒（收到 {value!r}）。",
            )
    return dict(changes)


def value_of(switches: Mapping[str, Any], name: str) -> Any:
    """Return a switch's value for an account: what was set, else the default."""
    return switches.get(name, SWITCHES[name].default)
