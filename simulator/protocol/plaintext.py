"""The plaintext inside `param`: JSON, JSON as PHP writes it, or a query string (P3, P7, P8)."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias
from urllib.parse import quote_plus, unquote_to_bytes

from simulator.errors import Unreadable

Form: TypeAlias = Literal["json", "json-ascii", "query"]
FORMS: tuple[Form, ...] = ("json", "json-ascii", "query")

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Number(str):
    """A JSON number that keeps its literal text (`1000.00` stays `1000.00`)."""

    __slots__ = ()


class Compound(str):
    """A bare JSON array or object, kept as compact JSON text; such a value cannot be signed."""

    __slots__ = ()


#: A decrypted value: text, a number's literal, a bare array or object, true / false, or null.
Value: TypeAlias = str | Number | Compound | bool | None
Parameters: TypeAlias = Mapping[str, Value]


class NotAPlaintext(Unreadable):
    """The bytes have none of the three forms: the decryption has failed (P3, P45)."""


def as_text(value: Value) -> str:
    """Return a value as text: `true` is `1`, false and null are empty (P7, P8)."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return str(value)


def read(plaintext: bytes) -> dict[str, Value]:
    """Return the parameters of a decrypted plaintext, in the order written.

    A repeated name keeps its last value, as PHP's decoders do.

    Raises:
        NotAPlaintext: the bytes are neither a JSON object nor a strict query string.
    """
    return _read(plaintext)[1]


def form_of(plaintext: bytes) -> Literal["json", "query"]:
    """Return the form of a plaintext.

    Raises:
        NotAPlaintext: it has none of the forms.
    """
    return _read(plaintext)[0]


def _read(plaintext: bytes) -> tuple[Literal["json", "query"], dict[str, Value]]:
    try:
        text = plaintext.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotAPlaintext("the decrypted bytes are not UTF-8", "解密结果不是 UTF-8") from error
    if not text.strip():
        raise NotAPlaintext("the decrypted text is empty", "解密结果为空")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return "json", _read_json(text.lstrip("\ufeff"))
    return "query", _read_query(text)


def _read_json(text: str) -> dict[str, Value]:
    try:
        members = json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant
        )
        # Python's parser accepts a lone surrogate; PHP and Java refuse it.
        json.dumps(members, ensure_ascii=False).encode("utf-8")
        if not isinstance(members, dict):
            raise NotAPlaintext(
                "the decrypted JSON is not an object", "解密结果是 JSON，但不是对象"
            )
        return {name: _value(member) for name, member in members.items()}
    except NotAPlaintext:
        raise
    except (ValueError, RecursionError) as error:
        raise NotAPlaintext(
            "the decrypted text starts like JSON, but is not", "解密结果像 JSON，但格式有误"
        ) from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _value(member: object) -> Value:
    if member is None or isinstance(member, (str, bool)):
        return member
    return Compound(_compact(member))


def _compact(member: object) -> str:
    """Return an array or object as compact JSON, its numbers as their literal text."""
    if isinstance(member, dict):
        pairs = (f"{_compact(str(name))}:{_compact(value)}" for name, value in member.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(member, list):
        return "[" + ",".join(_compact(item) for item in member) + "]"
    if isinstance(member, Number):
        return str(member)
    return json.dumps(member, ensure_ascii=False)


def _read_query(text: str) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for pair in text.split("&"):
        name, equals, value = pair.partition("=")
        if not equals or not _NAME.match(name):
            raise NotAPlaintext(
                "the decrypted text is neither a JSON object nor a query string",
                "解密结果既不是 JSON 对象也不是 query 串",
            )
        if re.search(r"%(?![0-9A-Fa-f]{2})", value):
            raise NotAPlaintext(
                "the decrypted query string has a broken %-escape",
                "解密得到的 query 串中 % 转义有误",
            )
        try:
            values[name] = unquote_to_bytes(value.replace("+", " ")).decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotAPlaintext(
                "the decrypted query string is not UTF-8", "解密得到的 query 串不是 UTF-8"
            ) from error
    if "sign" not in values and "timestamp" not in values:
        raise NotAPlaintext(
            "the decrypted query string has neither sign nor timestamp",
            "解密得到的 query 串中没有 sign 和 timestamp",
        )
    return values


def write(parameters: Parameters, form: Form) -> bytes:
    """Return the parameters as a plaintext in UTF-8.

    `json-ascii` is PHP's `json_encode` (`\\uXXXX` and `\\/`), `query` its `http_build_query`, but
    null and false are sent as the empty text that is signed, not left out or sent as `0`.
    """
    if form == "query":
        return "&".join(
            f"{name}={quote_plus(as_text(value)).replace('~', '%7E')}"
            for name, value in parameters.items()
        ).encode("utf-8")
    escape = form == "json-ascii"
    members = ",".join(
        f"{_json_text(name, escape)}:{_json_value(value, escape)}"
        for name, value in parameters.items()
    )
    return f"{{{members}}}".encode()


def json_text(content: object) -> str:
    """Return the JSON text of a parameter that holds JSON, as PHP writes it (P7)."""
    if isinstance(content, str):
        return _json_text(content, escape=True)
    if isinstance(content, Mapping):
        pairs = (f"{json_text(str(name))}:{json_text(value)}" for name, value in content.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(content, Sequence):
        return "[" + ",".join(json_text(item) for item in content) + "]"
    return json.dumps(content)


def _json_value(value: Value, escape: bool) -> str:
    if isinstance(value, (Number, Compound)):
        return str(value)
    if isinstance(value, str):
        return _json_text(value, escape)
    return json.dumps(value)


def _json_text(text: str, escape: bool) -> str:
    if not escape:
        return json.dumps(text, ensure_ascii=False)
    # PHP does not escape DEL, Python does.
    written = "\x7f".join(json.dumps(part)[1:-1] for part in text.split("\x7f"))
    return '"' + written.replace("/", "\\/") + '"'
