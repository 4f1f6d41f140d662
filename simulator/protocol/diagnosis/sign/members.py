"""Mistakes in what takes part in a sign: a parameter too few, a parameter too many."""

import itertools
from collections.abc import Iterator

from simulator.errors import Text
from simulator.protocol.diagnosis.findings import format_names
from simulator.protocol.diagnosis.sign.steps import Message, Step
from simulator.protocol.plaintext import Parameters

#: What every call carries; whoever signs only "the business parameters" leaves these out.
_COMMON = ("method", "timestamp", "btc_id", "enter_institution_type", "api_key", "api_secret")
_MANY = 60


def sign_steps() -> Iterator[Step]:
    """Return the mistakes of letting `sign` itself take part, before it had its value."""
    for text in ("", "null"):
        detail = Text(f'"sign{text}" is in the base string.', f'待签名串中含有 "sign{text}"。')
        yield Step("sign_included", detail, {"added": (("sign", text),)})


def unsigned_steps(parameters: Parameters) -> Iterator[Step]:
    """Return the mistakes of sending what was not signed: one parameter, or several common ones."""
    names = [name for name in parameters if name != "sign"]
    common = [name for name in _COMMON if name in parameters]
    several: list[tuple[str, ...]] = []
    for size in range(2, len(common) + 1):
        several.extend(itertools.combinations(common, size))
    for left_out in (*((name,) for name in names[:_MANY]), *several):
        detail = Text(
            f"Sent, but not signed: {format_names(left_out)}.",
            f"已发送但未参与签名：{format_names(left_out)}。",
        )
        yield Step("parameter_not_signed", detail, {"left_out": frozenset(left_out)})


def unsent_steps(message: Message) -> Iterator[Step]:
    """Return the mistakes of signing what was not sent: credentials, or parameters of null."""
    known = {
        **message.beside,
        "api_key": message.own.api_key,
        "api_secret": message.own.api_secret,
    }
    unsent = [name for name in known if name not in message.parameters and name != "sign"]
    for size in (1, 2, 3):
        for names in itertools.combinations(unsent[-4:], size):
            detail = Text(
                f"Signed, but not among the encrypted parameters: {format_names(names)}.",
                f"参与了签名，但不在加密参数中：{format_names(names)}。",
            )
            added = tuple((name, known[name]) for name in names)
            yield Step("parameter_signed_but_not_sent", detail, {"added": added})
    absent = [name for name in message.absent if name not in message.parameters][:20]
    groups = [absent, *([name] for name in absent)] if len(absent) > 1 else [[n] for n in absent]
    for text, group in itertools.product(("", "null", "undefined", "None"), groups):
        detail = Text(
            f'Signed as "{text}", but not sent: {format_names(group)}.',
            f'按 "{text}" 参与了签名，但未发送：{format_names(group)}。',
        )
        added = tuple((name, text) for name in group)
        yield Step("null_signed_but_not_sent", detail, {"added": added})
