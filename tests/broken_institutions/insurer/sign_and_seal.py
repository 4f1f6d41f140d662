"""Mistakes with the sign."""

import hashlib
import html
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote_plus

import flask

from broken_institutions.defects import defect
from reference_institution import pushes as notices
from reference_institution.insurer import notices as checks
from reference_institution.insurer.notices import Notices
from reference_institution.pushes import NoticeRefused
from simulator.protocol import envelope, signing
from simulator.protocol.plaintext import Parameters, as_text

_ANSWERED = ("2.2", "2.6", "2.7", "2.8", "2.10", "3.1")
_ALL = ("2.1", *_ANSWERED)
_NOTICES = ("2.2", "2.8", "2.10", "3.1")
_NAMES = {
    "2.1": "order_page",
    "2.2": "order_status",
    "2.6": "verify",
    "2.7": "query",
    "2.8": "invoice_application",
    "2.10": "bid_opening",
    "3.1": "claim",
}


def for_each(sections: tuple[str, ...], *behaviours: str) -> list[str]:
    """Return the ids of checks of each section's 数据加密说明."""
    return [f"insurer/{s}/encryption/{b}" for b in behaviours for s in sections]


def by_name(sections: tuple[str, ...], *behaviours: str) -> list[str]:
    """Return the ids of checks of 5.1 that are named by the interface."""
    return [f"insurer/5.1/{b}/{_NAMES[s]}" for b in behaviours for s in sections]


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
        return _is_right(changed, secret)

    _verifying(verify)


@defect(
    *for_each(_ALL, "changed-value", "sign-missing", "sign-empty", "sign-true", "other-secret"),
    *for_each(_NOTICES, "sign-zero"),
)
def never_looks_at_the_sign() -> None:
    """Decrypts and goes on: what opens with our key must come from the platform, surely."""
    _verifying(lambda *_: True)


@defect(*for_each(_ALL, "sign-missing", "sign-empty"))
def verifies_a_sign_only_if_there_is_one() -> None:
    """`if (isNotEmpty(sign) && !sign.equals(expected))`: no sign, nothing to compare."""
    _verifying(lambda said, secret: not said.get("sign") or _is_right(said, secret))


@defect(*for_each(_ALL, "sign-true"), *for_each(_NOTICES, "sign-zero"))
def compares_signs_as_php_does() -> None:
    """`if ($sign == $expected)` in an old PHP: `true` equals any text, 0 any without a digit."""

    def verify(said: Parameters, secret: str) -> bool:
        sign = said.get("sign")
        return sign is True or as_text(sign) in ("0", "1") or _is_right(said, secret)

    _verifying(verify)


@defect(*by_name(_ALL, "rule/lower-case"))
def compares_signs_without_case() -> None:
    """`equalsIgnoreCase`, because the library's MD5 came out in lower case."""

    def verify(said: Parameters, secret: str) -> bool:
        return _is_right({**said, "sign": as_text(said.get("sign")).upper()}, secret)

    _verifying(verify)


@defect(*for_each(_ALL, "unknown-parameter"))
def signs_the_documented_parameters_only() -> None:
    """A class with one member for each row of the table; what it does not know is not signed."""
    known = {
        *("timestamp", "sign", "order_no", "return_url", "serial_num", "remark", "bank_name"),
        *("bank_account", "registered_address", "link_phone_number", "claim_statement"),
        *("claim_file", *checks._STATUS, *checks._INVOICE, *checks._BID_OPENING),
        *checks._CLAIM,
    }

    def verify(said: Parameters, secret: str) -> bool:
        return _is_right({name: said[name] for name in said if name in known}, secret)

    _verifying(verify)


@defect(*by_name(_ANSWERED, "rule/any-order"), *for_each(_ANSWERED, "valid"))
def signs_in_the_order_of_arrival() -> None:
    """Forgot to sort, unlike those who made the page; the own tests signed in the same way."""

    def verify(said: Parameters, secret: str) -> bool:
        if flask.request.path == "/order-page":
            return _is_right(said, secret)
        base = "".join(name + as_text(value) for name, value in said.items() if name != "sign")
        expected = hashlib.md5(f"{secret}{base}{secret}".encode()).hexdigest().upper()
        return as_text(said.get("sign")) == expected

    _verifying(verify)


@defect(*by_name(("2.2", "2.8", "3.1"), "rule/empty-value"), *by_name(("2.8", "3.1"), "rule/zero"))
def leaves_empty_values_out() -> None:
    """Took the sign of another payment interface along: `if (empty($value)) continue;`."""

    def verify(said: Parameters, secret: str) -> bool:
        kept = {name: value for name, value in said.items() if as_text(value) not in ("", "0")}
        return _is_right(kept, secret)

    _verifying(verify)


@defect(*by_name(("2.8", "3.1"), "rule/outer-spaces"))
def trims_every_value() -> None:
    """`array_map('trim', $params)` at the door, before the sign is looked at."""
    _with_values(str.strip)


@defect(*by_name(("2.8", "3.1"), "rule/several-lines"))
def unifies_line_ends() -> None:
    """A filter makes one kind of line end of all before anything else sees them."""
    _with_values(lambda text: text.replace("\r\n", "\n"))


@defect(*by_name(_NOTICES, "rule/quotes-and-markup", "rule/form-characters"))
def escapes_markup_first() -> None:
    """A global filter against scripts rewrites `<`, `&` and quotes; the sign is verified after."""
    _with_values(html.escape)


@defect(*by_name(("2.1", *_NOTICES), "rule/form-characters"))
def decodes_values_twice() -> None:
    """URL-decodes what the framework has decoded already: `+` becomes a blank, `%25` a `%`."""
    _with_values(unquote_plus)


@defect(*by_name(_ANSWERED, "rule/old-timestamp"))
def refuses_old_timestamps() -> None:
    """Adds a window of five minutes against replays, which no manual speaks of."""

    def verify(said: Parameters, secret: str) -> bool:
        written = as_text(said.get("timestamp")) + "+0800"
        stamped = datetime.strptime(written, "%Y%m%d%H%M%S%z")
        seconds = abs((datetime.now(_SHANGHAI) - stamped).total_seconds())
        return seconds < 300 and _is_right(said, secret)

    _verifying(verify)


@defect(*by_name(("2.8", "3.1"), "utf-8/rare-characters"))
def keeps_text_in_three_byte_utf8() -> None:
    """MySQL's `utf8` holds three bytes; a rare character of a name is an error of the insert."""
    opened = envelope.open_param

    def open_param(param: str, private: Any) -> Any:
        whole = opened(param, private)
        if any(ord(character) > 0xFFFF for character in whole.text):
            raise NoticeRefused(404, "Incorrect string value")
        return whole

    notices.envelope = SimpleNamespace(open_param=open_param)  # type: ignore[attr-defined]


@defect(
    "insurer/2.8/4/forged-without-effect",
    "insurer/2.10/4/forged-without-effect",
    "insurer/3.1/4/forged-without-effect",
)
def stores_before_it_verifies() -> None:
    """The interceptor that verifies runs after the transaction that stores: refused, and kept."""
    kept: dict[str, Any] = {}
    opened, verify = envelope.open_param, signing.verify

    def open_param(param: str, private: Any) -> Any:
        whole = opened(param, private)
        kept["said"] = {name: as_text(value) for name, value in whole.parameters.items()}
        return whole

    def verify_too_late(said: Parameters, secret: str) -> Any:
        verdict = verify(said, secret)
        if not verdict.valid:
            _take_anyway(kept["said"])
        return verdict

    def remember(self: Notices, store: Any, known: Any) -> None:
        self._store, self._orders = store, known
        kept["notices"] = self

    def _take_anyway(said: Mapping[str, str]) -> None:
        content = {n: t for n, t in said.items() if n not in ("sign", "timestamp")}
        for name in ("invoice", "bid_opening", "claim"):
            try:
                getattr(kept["notices"], name)(content)
            except NoticeRefused:
                continue

    Notices.__init__ = remember  # type: ignore[method-assign]
    notices.envelope = SimpleNamespace(open_param=open_param)  # type: ignore[attr-defined]
    notices.signing = SimpleNamespace(verify=verify_too_late)  # type: ignore[attr-defined]
