"""The switches of an account: where the real platform may differ from this project's decision.

Each belongs to a decision; `docs/decisions.md` gives the reasons.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
    most: int = 86_399


def _switch(name: str, decision: str, choices: tuple[Any, ...], en: str, zh: str) -> Switch:
    return Switch(name, decision, choices[0], choices, Text(en, zh))


_ALL = (
    _switch(
        "plaintext",
        "P3",
        ("json", "json-ascii", "query"),
        "how the platform writes the plaintext of its pushes",
        "平台推送明文的写法",
    ),
    _switch(
        "number_sign",
        "P7",
        ("both", "literal", "php"),
        "which text of a JSON number is accepted in a sign",
        "验签时接受 JSON 数字的哪种文本",
    ),
    Switch(
        "max_clock_skew",
        "P9",
        0,
        None,
        Text(
            "seconds that a call's timestamp may be off; 0 accepts any",
            "请求时间戳允许的偏差（秒），0 表示不限制",
        ),
    ),
    _switch(
        "new_token",
        "P12",
        ("keep", "revoke", "same"),
        "what a new access_token does to the earlier ones",
        "获取新 access_token 时如何处理旧 token",
    ),
    _switch(
        "wire_time",
        "P46",
        ("wall", "account"),
        "which clock the times on the wire come from",
        "报文中的时间取自哪个时钟",
    ),
    _switch(
        "strict_ack",
        "P17",
        (False, True),
        "refuse `statue` and `statues` in an acknowledgement",
        "应答中不接受 statue / statues",
    ),
    Switch(
        "push_limit",
        "P17",
        5,
        None,
        Text(
            "seconds that one whole attempt of a push may take",
            "一次推送（连接、响应头、响应体）总时限（秒）",
        ),
        most=60,
    ),
    _switch(
        "repeat",
        "P18",
        ("fresh", "identical"),
        "whether a repeat is signed and sealed afresh or sent byte for byte again",
        "重复推送时重新签名加密，还是原样重发",
    ),
    _switch(
        "push_own_changes",
        "P22",
        (False, True),
        "also push status changes that the institution made itself",
        "机构自己引起的状态变更是否也推送",
    ),
    _switch(
        "first_state",
        "P24",
        ("WAIT_TUNE_UP", "WAIT_OFFER"),
        "the state in which orders start",
        "订单的初始状态",
    ),
    _switch(
        "due_diligence",
        "P24",
        ("optional", "required"),
        "whether an offer needs a passed due diligence",
        "报价前是否必须通过尽调",
    ),
    _switch(
        "lenient_note",
        "P24",
        (False, True),
        "do not ask for `note` when a due diligence passes",
        "尽调通过时不要求 note",
    ),
    _switch(
        "push_again",
        "P27",
        ("same_answer", "2427"),
        "what the same guarantee pushed again is answered",
        "重复推送同一保函时的应答",
    ),
    _switch(
        "push_claim_revocation",
        "P48",
        (True, False),
        "push 3.1 again when the beneficiary revokes a claim",
        "受益人撤销理赔时是否再次推送 3.1",
    ),
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
