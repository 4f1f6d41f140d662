"""The sign (insurer 5.1, P6-P8): sorted names and values between two secrets, MD5, upper case."""

import hashlib
import hmac
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from simulator.errors import Text
from simulator.protocol.plaintext import Compound, Number, Parameters, Value, as_text

NumberSign: TypeAlias = Literal["both", "literal", "php"]
#: Replaces the secret wherever a base string is stored or shown.
MASK = "[api_secret]"


class UnsignableValue(ValueError):
    """A bare array or object has no text that both sides would sign in the same way (P7)."""


@dataclass(frozen=True)
class Verification:
    """The result of a check: whether the sign is valid, the right sign, and remarks."""

    valid: bool
    expected: str
    notes: tuple[Text, ...] = ()


def base_string(
    parameters: Parameters, secret: str, text_of: Callable[[Value], str] = as_text
) -> str:
    """Return what is hashed: `secret + name value name value ... + secret`, `sign` left out.

    Names are sorted by their UTF-8 bytes. Files are not parameters and never signed.

    Raises:
        UnsignableValue: a value is a bare JSON array or object.
    """
    parts = []
    for name in sorted(parameters, key=lambda name: name.encode()):
        if name == "sign":
            continue
        value = parameters[name]
        if isinstance(value, Compound):
            raise UnsignableValue(name)
        parts.append(name + text_of(value))
    return secret + "".join(parts) + secret


def sign(parameters: Parameters, secret: str) -> str:
    """Return the sign of the parameters: 32 upper-case hexadecimal characters.

    Raises:
        UnsignableValue: a value is a bare JSON array or object.
    """
    return digest(base_string(parameters, secret))


def digest(base: str) -> str:
    """Return the upper-case MD5 of a base string."""
    return hashlib.md5(base.encode(), usedforsecurity=False).hexdigest().upper()


def verify(parameters: Parameters, secret: str, number_sign: NumberSign = "both") -> Verification:
    """Check the `sign` among the parameters, allowing what P7 and P8 leave open.

    A number may be signed by its literal text or as PHP prints it (`number_sign` chooses), null
    as the empty string or as `null`. The notes say which reading was valid if there is more than
    one. The digest must be upper case (P43 only reports institutions that compare otherwise).
    """
    given = as_text(parameters.get("sign"))
    expected = ""
    for text_of, notes in _readings(parameters, number_sign):
        try:
            candidate = digest(base_string(parameters, secret, text_of))
        except UnsignableValue as error:
            name = str(error)
            return Verification(False, "", (_compound_note(name),))
        expected = expected or candidate
        if hmac.compare_digest(candidate.encode(), given.encode()):
            return Verification(True, candidate, notes)
    return Verification(False, expected)


def _readings(
    parameters: Parameters, number_sign: NumberSign
) -> Iterator[tuple[Callable[[Value], str], tuple[Text, ...]]]:
    # For a whole number the literal text and PHP's reading are the same.
    numbers = [
        name
        for name, value in parameters.items()
        if isinstance(value, Number) and php_number(value) != value
    ]
    nulls = [name for name, value in parameters.items() if value is None]
    number_ways = {"both": ("literal", "php"), "literal": ("literal",), "php": ("php",)}[
        number_sign
    ]
    for number_way, null_text in itertools.product(
        number_ways if numbers else ("literal",), ("", "null") if nulls else ("",)
    ):
        yield _reader(number_way, null_text), _notes(numbers, number_way, nulls, null_text)


def _reader(number_way: str, null_text: str) -> Callable[[Value], str]:
    def text_of(value: Value) -> str:
        if value is None:
            return null_text
        if isinstance(value, Number) and number_way == "php":
            return php_number(value)
        return as_text(value)

    return text_of


def _notes(
    numbers: list[str], number_way: str, nulls: list[str], null_text: str
) -> tuple[Text, ...]:
    notes = []
    if numbers:
        listed = ", ".join(numbers)
        way = "literal text" if number_way == "literal" else "PHP's reading"
        way_zh = "字面文本" if number_way == "literal" else "PHP 的数字格式"
        notes.append(
            Text(
                f"{listed}: a JSON number, signed by its {way}; send amounts as strings (P7).",
                f"{listed}：以 JSON 数字发送，按{way_zh}验签通过；金额请用字符串发送（P7）。",
            )
        )
    if nulls:
        listed = ", ".join(nulls)
        shown = f'"{null_text}"'
        notes.append(
            Text(
                f"{listed}: null, signed as {shown} (P8).",
                f"{listed}：值为 null，按 {shown} 参与签名（P8）。",
            )
        )
    return tuple(notes)


def _compound_note(name: str) -> Text:
    return Text(
        f"{name} is a bare JSON array or object, which cannot be signed; "
        "send it as a JSON string (P7).",
        f"{name} 是 JSON 数组或对象，无法参与签名；请将其作为 JSON 字符串发送（P7）。",
    )


def php_number(literal: str) -> str:
    """Return the text to which PHP converts a JSON number (precision 14)."""
    if not any(mark in literal for mark in ".eE"):
        whole = int(literal) if len(literal.lstrip("-")) < 20 else 2**63
        if -(2**63) <= whole < 2**63:
            return "-0" if literal == "-0" else str(whole)
    number = float(literal)
    if number == 0:
        return "-0" if literal.startswith("-") else "0"
    if number in (float("inf"), float("-inf")):
        return "INF" if number > 0 else "-INF"
    mantissa, exponent_text = f"{number:.13e}".split("e")
    exponent = int(exponent_text)
    if -5 < exponent < 14:
        return _trim(f"{number:.{max(13 - exponent, 0)}f}")
    mantissa = _trim(mantissa)
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}E{'+' if exponent > 0 else '-'}{abs(exponent)}"


def _trim(decimal: str) -> str:
    return decimal.rstrip("0").rstrip(".") if "." in decimal else decimal
