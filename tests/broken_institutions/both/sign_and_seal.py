"""Mistakes with the sign."""

import hashlib
import html
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import flask

from broken_institutions.both.seal import applies, brings_an_order
from broken_institutions.defects import defect
from broken_institutions.naming import later, of, sealed, signed
from broken_institutions.opened import opened_institutions
from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.rules.interfaces import (
    ANSWERED,
    JUMPS,
    NOTICES,
    ORDER_STATUS,
    PUSHES,
    RECORDED,
    TYPED,
    together,
)
from reference_institution import app as server
from reference_institution import pushes as notices
from reference_institution.letter import AccountLetter
from reference_institution.pushes import NoticeRefused
from simulator.protocol import envelope, signing
from simulator.protocol.plaintext import Number, Parameters, as_text

_SHANGHAI = timezone(timedelta(hours=8))
_Verify = Callable[[Parameters, str], bool]


def _verifying(verify: _Verify) -> None:
    """Let this verify the signs instead."""

    def verdict(parameters: Parameters, secret: str) -> Any:
        return SimpleNamespace(valid=verify(parameters, secret))

    notices.signing = SimpleNamespace(verify=verdict)  # type: ignore[attr-defined]


def _is_right(parameters: Parameters, secret: str) -> bool:
    return signing.verify(parameters, secret).valid


def _with_values(change: Callable[[str], str]) -> None:
    """Change every text value before the sign is verified."""

    def verify(parameters: Parameters, secret: str) -> bool:
        changed = {
            name: change(value) if isinstance(value, str) and name != "sign" else value
            for name, value in parameters.items()
        }
        return _is_right(parameters if applies() else changed, secret)

    _verifying(verify)


@defect(
    *sealed(PUSHES, "changed-value", "sign-missing", "sign-empty", "sign-true", "other-secret"),
    *sealed(NOTICES, "sign-zero"),
)
def never_looks_at_the_sign() -> None:
    """Decrypts and goes on: what opens with our key must come from the platform, surely."""
    _verifying(lambda *_: True)


@defect(*sealed(PUSHES, "sign-missing", "sign-empty"))
def verifies_a_sign_only_if_there_is_one() -> None:
    """`if (isNotEmpty(sign) && !sign.equals(expected))`: no sign, nothing to compare."""
    _verifying(lambda said, secret: not said.get("sign") or _is_right(said, secret))


@defect(*sealed(PUSHES, "sign-true"), *sealed(NOTICES, "sign-zero"))
def compares_signs_as_php_does() -> None:
    """`if ($sign == $expected)` in an old PHP: `true` equals any text, 0 any without a digit."""

    def verify(said: Parameters, secret: str) -> bool:
        sign = said.get("sign")
        return sign is True or as_text(sign) in ("0", "1") or _is_right(said, secret)

    _verifying(verify)


@defect(*signed(PUSHES, "rule/lower-case"))
def compares_signs_without_case() -> None:
    """`equalsIgnoreCase`, because the library's MD5 came out in lower case."""

    def verify(said: Parameters, secret: str) -> bool:
        return _is_right({**said, "sign": as_text(said.get("sign")).upper()}, secret)

    _verifying(verify)


@defect(*sealed(PUSHES, "unknown-parameter"))
def signs_the_documented_parameters_only() -> None:
    """A class with one member for each row of the table; what it does not know is not signed."""
    known = {
        parameter.name
        for kind in ("insurer", "guarantor")
        for interface in catalogue().of_kind(kind, "push")
        for parameter in interface.parameters
    }

    def verify(said: Parameters, secret: str) -> bool:
        return _is_right({name: said[name] for name in said if name in known}, secret)

    _verifying(verify)


@defect(*signed(later(ANSWERED), "rule/any-order"), *sealed(later(ANSWERED), "valid"))
def signs_in_the_order_of_arrival() -> None:
    """Forgot to sort, unlike those who made the page; the own tests signed in the same way."""

    def verify(said: Parameters, secret: str) -> bool:
        if brings_an_order():
            return _is_right(said, secret)
        base = "".join(name + as_text(value) for name, value in said.items() if name != "sign")
        expected = hashlib.md5(f"{secret}{base}{secret}".encode()).hexdigest().upper()
        return as_text(said.get("sign")) == expected

    _verifying(verify)


@defect(
    *signed(later(together(TYPED, ORDER_STATUS)), "rule/empty-value"),
    *signed(later(TYPED), "rule/zero"),
)
def leaves_empty_values_out() -> None:
    """Took the sign of another payment interface along: `if (empty($value)) continue;`."""

    def verify(said: Parameters, secret: str) -> bool:
        kept = {name: value for name, value in said.items() if as_text(value) not in ("", "0")}
        return _is_right(said if applies() else kept, secret)

    _verifying(verify)


@defect(*signed(later(TYPED), "rule/outer-spaces"))
def trims_every_value() -> None:
    """`array_map('trim', $params)` at the door, before the sign is looked at."""
    _with_values(str.strip)


@defect(*signed(later(TYPED), "rule/several-lines"))
def unifies_line_ends() -> None:
    """A filter makes one kind of line end of all before anything else sees them."""
    _with_values(lambda text: text.replace("\r\n", "\n"))


@defect(*signed(later(NOTICES), "rule/quotes-and-markup", "rule/form-characters"))
def escapes_markup_first() -> None:
    """A global filter against scripts rewrites `<`, `&` and quotes; the sign is verified after."""
    _with_values(html.escape)


@defect(*signed(later(together(JUMPS, NOTICES)), "rule/form-characters"))
def decodes_values_twice() -> None:
    """URL-decodes what the framework has decoded already: `+` becomes a blank, `%25` a `%`."""
    _with_values(unquote_plus)


@defect(*signed(ANSWERED, "rule/old-timestamp"))
def refuses_old_timestamps() -> None:
    """Adds a window of five minutes against replays, which no manual speaks of."""

    def verify(said: Parameters, secret: str) -> bool:
        written = as_text(said.get("timestamp")) + "+0800"
        stamped = datetime.strptime(written, "%Y%m%d%H%M%S%z")
        seconds = abs((datetime.now(_SHANGHAI) - stamped).total_seconds())
        return seconds < 300 and _is_right(said, secret)

    _verifying(verify)


@defect(*signed(TYPED, "utf-8/rare-characters"))
def keeps_text_in_three_byte_utf8() -> None:
    """MySQL's `utf8` holds three bytes; a rare character of a name is an error of the insert."""
    opened = envelope.open_param

    def open_param(param: str, private: Any) -> Any:
        whole = opened(param, private)
        if any(ord(character) > 0xFFFF for character in whole.text):
            raise NoticeRefused(404, "Incorrect string value")
        return whole

    notices.envelope = SimpleNamespace(open_param=open_param)  # type: ignore[attr-defined]


@defect(*of(RECORDED, "{section}/4/forged-without-effect"))
def stores_before_it_verifies() -> None:
    """The interceptor that verifies runs after the transaction that stores: refused, and kept."""
    open_push, verify = server.open_push, signing.verify
    kept: dict[str, Any] = {}

    def open_anyway(param: str, letter: AccountLetter, **codes: int) -> dict[str, str]:
        try:
            return open_push(param, letter, **codes)
        except NoticeRefused as refused:
            said = kept.pop("said", None)
            handle = opened[0].handlers().get(flask.request.path)
            if said and handle:
                with suppress(NoticeRefused):
                    handle(said)
            raise refused

    def remember(said: Parameters, secret: str) -> Any:
        verdict = verify(said, secret)
        if not verdict.valid:
            stamps = ("sign", "timestamp")
            kept["said"] = {n: as_text(v) for n, v in said.items() if n not in stamps}
        return verdict

    opened = opened_institutions()
    notices.signing = SimpleNamespace(verify=remember)  # type: ignore[attr-defined]
    server.open_push = open_anyway


def _with_base(join: Callable[[Mapping[str, str]], str]) -> None:
    """Let this make of names and values what is hashed between the secrets."""

    def verify(said: Parameters, secret: str) -> bool:
        texts = {name: as_text(value) for name, value in said.items() if name != "sign"}
        expected = signing.digest(secret + join(texts) + secret)
        return as_text(said.get("sign")) == expected

    _verifying(verify)


@defect(*signed(ANSWERED, "rule/awkward-names"))
def sorts_names_without_case() -> None:
    """A sorted map with `CASE_INSENSITIVE_ORDER`; all names of the manual are in small letters."""
    _with_base(
        lambda said: "".join(n + said[n] for n in sorted(said, key=lambda n: (n.lower(), n)))
    )


@defect(*signed(later(ANSWERED), "rule/awkward-names"))
def sorts_names_joined_with_values() -> None:
    """Makes the strings first and sorts them then, but of an application, which was tried."""

    def join(said: Mapping[str, str]) -> str:
        by_name = [name + said[name] for name in sorted(said)]
        return "".join(by_name if applies() else sorted(by_name))

    _with_base(join)


@defect(*signed(NOTICES, *(f"rule/number-{how}" for how in ("decimals", "exponent", "long"))))
def signs_numbers_through_doubles() -> None:
    """The JSON library makes doubles of numbers, and they are signed as it prints them."""

    def verify(said: Parameters, secret: str) -> bool:
        printed = {
            name: str(float(value)) if isinstance(value, Number) else value
            for name, value in said.items()
        }
        return _is_right(printed, secret)

    _verifying(verify)


@defect(*signed(NOTICES, "utf-8/beyond-gbk"), *signed(TYPED, "utf-8/rare-characters"))
def keeps_texts_in_gbk() -> None:
    """The database is in GBK, but for the names of the blocks, which came from elsewhere."""
    opened = envelope.open_param

    def open_param(param: str, private: Any) -> Any:
        whole = opened(param, private)
        for name, value in whole.parameters.items():
            if not (applies() and name == "block_name"):
                try:
                    as_text(value).encode("gbk")
                except UnicodeEncodeError as error:
                    raise NoticeRefused(404, "编码错误") from error
        return whole

    notices.envelope = SimpleNamespace(open_param=open_param)  # type: ignore[attr-defined]
