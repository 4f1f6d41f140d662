"""Why a sign is wrong: the sign is made again with every known mistake until one gives it."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from simulator.errors import Text
from simulator.protocol import signing
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Credentials, Finding, format_names, redact
from simulator.protocol.diagnosis.sign import digests
from simulator.protocol.diagnosis.sign.search import search
from simulator.protocol.diagnosis.sign.steps import Message
from simulator.protocol.diagnosis.sign.texts import looks_misread
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
    or that no known mistake gives it. `beside` are the form's plain fields (`access_token`,
    `sign`), `absent` the names the interface has but the call left out: both may have been signed.
    """
    if not _is_writable(parameters):
        return []
    parameters = {name: _normalize(value) for name, value in parameters.items()}
    if signing.verify(parameters, own.api_secret, number_sign).valid:
        return []
    message = Message(parameters, own, others[:40], beside or {}, absent, number_sign)
    found = list(_explain(message, as_text(parameters.get("sign"))))
    found.extend(_remark_on_timestamp(parameters))
    credentials = [(beside or {}).get("access_token", "")]
    for account in (own, *others):
        credentials.extend((account.api_secret, account.api_key))
    return [redact(finding, credentials) for finding in found]


def _is_writable(parameters: Parameters) -> bool:
    """Return whether all is text that has bytes; half a surrogate pair has none."""
    try:
        "".join(f"{name}{as_text(value)}" for name, value in parameters.items()).encode()
    except UnicodeEncodeError:
        return False
    return True


def _normalize(value: Value) -> Value:
    if isinstance(value, Number) and not _NUMBER.fullmatch(value):
        return str(value)
    return value


def _find_nested(parameters: Parameters) -> Finding | None:
    """Recognise parameters that stand one storey deeper, in an envelope of their own."""
    for name, value in parameters.items():
        text = as_text(value).strip()
        if not text.startswith("{"):
            continue
        try:
            inner = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(inner, dict) and {"sign", "method"} & inner.keys():
            names = format_names(sorted(inner))
            detail = Text(
                f"Inside {format_names([name])} stand: {names}.",
                f"{format_names([name])} 里有：{names}。",
            )
            return make_finding("parameters_nested", detail)
    return None


def _explain(message: Message, given: str) -> Iterator[Finding]:
    nested = None if given.strip() else _find_nested(message.parameters)
    if nested:
        yield nested
        return
    compounds = [name for name, value in message.parameters.items() if isinstance(value, Compound)]
    if compounds:
        yield make_finding(
            "bare_array_or_object",
            Text(
                f"Sent as an array or object: {format_names(compounds)}.",
                f"以数组或对象发送：{format_names(compounds)}。",
            ),
        )
    sign = given.strip()
    if not sign:
        yield from _find_misnamed(message)
        return
    found = search(message, sign)
    if found is None:
        yield from _guess_by_look(sign)
        yield from _guess_by_texts(message.parameters)
        return
    made, way = found
    for step in made:
        yield make_finding(step.mistake, step.detail)
    if way.mistake:
        yield make_finding(way.mistake, way.detail)
    if sign != sign.upper() and re.fullmatch("-?[0-9A-Fa-f]+", sign):
        yield make_finding("lower_case", Text("Only its case differs.", "仅大小写不同。"))
    if sign != given:
        yield make_finding(
            "sign_with_blanks",
            Text("There is white space around the sign.", "sign 前后有空白字符。"),
        )


def _find_misnamed(message: Message) -> Iterator[Finding]:
    parameters = message.parameters
    if any(digests.find_fitting(message.beside.get("sign", "").strip())):
        beside = Text("It is a field of the form, beside param.", "它是与 param 并列的表单字段。")
        yield make_finding("sign_misnamed", beside)
        return
    names = [name for name in parameters if name.lower() in ("sign", "signature", "sig")]
    names = [name for name in names if name != "sign"]
    names = [name for name in names if any(digests.find_fitting(as_text(parameters[name])))]
    if names:
        yield make_finding(
            "sign_misnamed",
            Text(
                f"The sign came as {format_names(names)}.",
                f"签名以 {format_names(names)} 为名发送。",
            ),
        )


def _guess_by_look(sign: str) -> Iterator[Finding]:
    usual, _ = digests.find_fitting(sign)
    if usual and usual[0].mistake and len(sign) > 15:
        length = len(sign)
        detail = Text(f"The sign has {length} characters.", f"sign 有 {length} 个字符。")
        yield make_finding(usual[0].mistake, detail, certain=False)
    elif re.fullmatch("(?=.*[a-f])[0-9a-f]{32}", sign):
        detail = Text(
            "The sign has lower-case letters, but that is not the only mistake.",
            "sign 含有小写字母，但这不是唯一的错误。",
        )
        yield make_finding("lower_case", detail, certain=False)


def _guess_by_texts(parameters: Parameters) -> Iterator[Finding]:
    names = [name for name, value in parameters.items() if looks_misread(as_text(value))]
    if names:
        detail = Text(
            f"These look like UTF-8 that was read as GBK: {format_names(names)}.",
            f"这些内容像是 UTF-8 被当作 GBK 读取：{format_names(names)}。",
        )
        yield make_finding("misread_before_sending", detail, certain=False)


def _remark_on_timestamp(parameters: Parameters) -> Iterator[Finding]:
    timestamp = as_text(parameters.get("timestamp"))
    if re.fullmatch(r"\d{10}|\d{13}", timestamp, re.ASCII):
        digits = len(timestamp)
        detail = Text(f"timestamp has {digits} digits.", f"timestamp 为 {digits} 位。")
        yield make_finding("timestamp_is_unix", detail, certain=False)
