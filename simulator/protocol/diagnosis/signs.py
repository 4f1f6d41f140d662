"""Why a sign is wrong: the sign is made again with every known mistake until one gives it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from simulator.errors import Text
from simulator.protocol import signing
from simulator.protocol.diagnosis import digests
from simulator.protocol.diagnosis.catalogue import MISTAKES
from simulator.protocol.diagnosis.findings import Credentials, Finding, listed, without
from simulator.protocol.diagnosis.search import search
from simulator.protocol.diagnosis.steps import Message
from simulator.protocol.plaintext import Compound, Number, Parameters, Value, as_text
from simulator.protocol.signing import NumberSign

_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)


def explain_sign(
    parameters: Parameters,
    own: Credentials,
    others: Sequence[Credentials] = (),
    number_sign: NumberSign = "both",
    *,
    beside: Mapping[str, str] | None = None,
    absent: Sequence[str] = (),
) -> list[Finding]:
    """Name the mistakes by which the `sign` among the parameters came about.

    All findings together explain the sign, the weightiest first; none means that the sign holds
    or that no known mistake gives it. `beside` are the form's plain fields (`access_token`),
    `absent` the names the interface has but the call left out: both may have been signed.
    """
    if not _is_writable(parameters):
        return []
    parameters = {name: _plain(value) for name, value in parameters.items()}
    if signing.verify(parameters, own.api_secret, number_sign).valid:
        return []
    message = Message(parameters, own, others[:40], beside or {}, absent, number_sign)
    found = list(_explained(message, as_text(parameters.get("sign"))))
    found.extend(_remarks(parameters))
    credentials = [(beside or {}).get("access_token", "")]
    for account in (own, *others):
        credentials.extend((account.api_secret, account.api_key))
    return [without(finding, credentials) for finding in found]


def _is_writable(parameters: Parameters) -> bool:
    """Return whether all is text that has bytes; half a surrogate pair has none."""
    try:
        "".join(f"{name}{as_text(value)}" for name, value in parameters.items()).encode()
    except UnicodeEncodeError:
        return False
    return True


def _plain(value: Value) -> Value:
    if isinstance(value, Number) and not _NUMBER.fullmatch(value):
        return str(value)
    return value


def _explained(message: Message, given: str) -> Iterator[Finding]:
    compounds = [name for name, value in message.parameters.items() if isinstance(value, Compound)]
    if compounds:
        yield _finding(
            "bare_array_or_object",
            Text(
                f"Sent as an array or object: {listed(compounds)}.",
                f"以数组或对象发送：{listed(compounds)}。",
            ),
        )
    sign = given.strip()
    if not sign:
        yield from _misnamed(message.parameters)
        return
    found = search(message, sign)
    if found is None:
        yield from _by_its_look(sign)
        return
    made, way = found
    for step in made:
        yield _finding(step.mistake, step.detail)
    if way.mistake:
        yield _finding(way.mistake, way.detail)
    if sign != sign.upper() and re.fullmatch("-?[0-9A-Fa-f]+", sign):
        yield _finding("lower_case", Text("The sign has small letters.", "sign 含有小写字母。"))
    if sign != given:
        yield _finding(
            "sign_with_blanks",
            Text("There is white space around the sign.", "sign 前后有空白字符。"),
        )


def _misnamed(parameters: Parameters) -> Iterator[Finding]:
    names = [name for name in parameters if name.lower() in ("sign", "signature", "sig")]
    names = [name for name in names if name != "sign"]
    if names:
        yield _finding(
            "sign_misnamed",
            Text(f"The sign came as {listed(names)}.", f"签名以 {listed(names)} 为名发送。"),
        )


def _by_its_look(sign: str) -> Iterator[Finding]:
    usual, _ = digests.fitting(sign)
    if usual and usual[0].mistake and len(sign) > 15:
        length = len(sign)
        detail = Text(f"The sign has {length} characters.", f"sign 有 {length} 个字符。")
        yield _finding(usual[0].mistake, detail, certain=False)
    elif re.fullmatch("(?=.*[a-f])[0-9a-f]{32}", sign):
        detail = Text(
            "The sign has small letters, but that is not the only mistake.",
            "sign 含有小写字母，但这不是唯一的错误。",
        )
        yield _finding("lower_case", detail, certain=False)


def _remarks(parameters: Parameters) -> Iterator[Finding]:
    timestamp = as_text(parameters.get("timestamp"))
    if re.fullmatch(r"\d{10}|\d{13}", timestamp, re.ASCII):
        digits = len(timestamp)
        detail = Text(f"timestamp has {digits} digits.", f"timestamp 为 {digits} 位。")
        yield _finding("timestamp_is_unix", detail, certain=False)


def _finding(name: str, detail: Text, certain: bool = True) -> Finding:
    return Finding(MISTAKES[name], detail, certain)
