"""Asks the diagnosis; what a test makes wrong in one place, no other detector may name."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from Crypto.PublicKey.RSA import RsaKey
from diagnosis.developer import (
    API_KEY,
    OTHER_SECRET,
    SECRET,
    TOKEN,
    base64_of,
    encrypt,
    letter_form,
    message,
    pair,
)

from simulator import paths
from simulator.domain import money
from simulator.protocol import plaintext
from simulator.protocol.diagnosis import MISTAKES, Credentials, Finding, explain_seal, explain_sign
from simulator.protocol.diagnosis.access_tokens import explain_token
from simulator.protocol.diagnosis.files import explain_pdf
from simulator.protocol.diagnosis.forms import (
    MULTIPART,
    Posting,
    explain_absent_file,
    explain_absent_token,
    explain_fault,
    explain_form,
    explain_joint,
)
from simulator.protocol.diagnosis.hashes import explain_hash
from simulator.protocol.diagnosis.moments import explain_moment
from simulator.protocol.diagnosis.sign.numbers import explain_number
from simulator.protocol.rsa import load_key

FILE = "guarantee_pdf"
RIGHT_FILE = sorted((paths.fixtures() / "files").glob("*.pdf"))[0].read_bytes()
#: The mistake made, another name that is as right, and why both are.
BOTH_RIGHT = {
    ("number_written_otherwise", "number_with_exponent"): "1.0E7 is no amount, however signed",
}


@dataclass(frozen=True)
class Sent:
    """What detectors look at of one call; what a test does not give is right."""

    param: str | None = None
    bits: int = 1024
    expected: str = "own"
    own: bool = True
    token: str = TOKEN
    posting: Posting | None = None
    parameters: Mapping[str, Any] = field(default_factory=lambda: plaintext.read(message()))
    sign: Mapping[str, Any] = field(default_factory=dict)
    content: bytes = RIGHT_FILE
    sha256: str | None = None
    others: Mapping[str, bytes] = field(default_factory=dict)
    moment: tuple[datetime, datetime] | None = None
    amount: str | None = None


class Found(list[Finding]):
    """What one detector found, in which message."""

    def __init__(self, detector: str, sent: Sent) -> None:
        super().__init__(DETECTORS[detector](sent))
        self.detector, self.sent = detector, sent

    def list_second_names(self) -> list[str]:
        """Return what all other detectors name in the same message."""
        return [
            finding.mistake.name
            for name, detect in DETECTORS.items()
            if name != self.detector
            for finding in detect(self.sent)
        ]


def asked_about(sent: dict[str, Any], sign: str, **more: Any) -> Found:
    """Ask why a sign is wrong, the parameters having travelled as JSON."""
    return asked_about_json(json.dumps(sent, ensure_ascii=False), sign, **more)


def asked_about_json(text: str, sign: str, **more: Any) -> Found:
    """Ask about parameters whose JSON is written by hand, so that numbers keep their text."""
    return Found(
        "sign", Sent(parameters={**plaintext.read(text.encode()), "sign": sign}, sign=more)
    )


def ask_why(param: str, bits: int = 1024, expected: str = "own", own: bool = True) -> Found:
    """Ask why a `param` does not open."""
    return Found("seal", Sent(param=param, bits=bits, expected=expected, own=own))


@functools.cache
def right_param(bits: int = 1024) -> str:
    """Return a `param` without a mistake."""
    return base64_of(b"".join(encrypt(message(), pair(0, bits))))


@functools.cache
def list_credentials(bits: int = 1024) -> tuple[Credentials, Credentials]:
    """Return the account's credentials and another's."""
    own, other = (letter_form(pair(number, bits)) for number in (0, 2))
    return (
        Credentials("tester", API_KEY, SECRET, own),
        Credentials("sandbox", "otherKey00001111", OTHER_SECRET, other),
    )


@functools.cache
def load_pair(number: int, bits: int) -> RsaKey:
    """Return a key pair as the diagnosis takes it."""
    return load_key(letter_form(pair(number, bits)))


def _detect_seal(sent: Sent) -> list[Finding]:
    param = sent.param
    if param is None and sent.posting is not None:
        param = sent.posting.fields.get("param", "")
    # A form that is joined otherwise goes on with more than its param.
    if not param or explain_joint(_get_posting(sent)):
        return []
    return explain_seal(
        param,
        load_pair(0, sent.bits) if sent.own else None,
        load_pair(1, sent.bits),
        sent.expected,
        list_credentials(sent.bits),
    )


def _detect_sign(sent: Sent) -> list[Finding]:
    own, other = list_credentials()
    return explain_sign(sent.parameters, own, [other], **sent.sign)


def _get_posting(sent: Sent) -> Posting:
    if sent.posting is not None:
        return sent.posting
    fields = {"param": sent.param or right_param(sent.bits), "access_token": sent.token}
    return Posting(MULTIPART, fields=fields, files=frozenset({FILE}))


def _knows(token: str) -> bool:
    return token == TOKEN


def _detect_token(sent: Sent) -> Iterable[Finding | None]:
    fields = _get_posting(sent).fields
    if token := fields.get("access_token"):
        yield explain_token(token, _knows, [TOKEN])
    elif fields.get("param", "").strip():
        yield explain_absent_token(_get_posting(sent), sent.parameters, _knows)


def _detect_absent_file(sent: Sent) -> Iterable[Finding | None]:
    posting = _get_posting(sent)
    if FILE not in posting.files and "param" in posting.fields:
        yield explain_absent_file(FILE, {FILE}, posting)


def _detect_file(sent: Sent) -> Iterable[Finding | None]:
    yield explain_pdf(sent.content)


def _detect_hash(sent: Sent) -> Iterable[Finding | None]:
    given = hashlib.sha256(sent.content).hexdigest() if sent.sha256 is None else sent.sha256
    yield explain_hash(sent.content, given, sent.others)


def _detect_moment(sent: Sent) -> Iterable[Finding | None]:
    if sent.moment:
        yield explain_moment(*sent.moment)


def _detect_number(sent: Sent) -> Iterable[Finding | None]:
    given = sent.amount or str(sent.parameters.get("guarantee_amount"))
    yield explain_number(given, lambda plain: money.parse_yuan(plain) is not None)


def _detect_broken_form(sent: Sent) -> Iterable[Finding | None]:
    if "param" in _get_posting(sent).fields:
        yield explain_fault(_get_posting(sent))


def _present(detect: Callable[[Sent], Iterable[Finding | None]]) -> Callable[[Sent], list[Finding]]:
    return lambda sent: [finding for finding in detect(sent) if finding]


DETECTORS: Mapping[str, Callable[[Sent], list[Finding]]] = {
    "form": lambda sent: explain_form(_get_posting(sent)),
    "broken form": _present(_detect_broken_form),
    "absent file": _present(_detect_absent_file),
    "token": _present(_detect_token),
    "seal": _detect_seal,
    "sign": _detect_sign,
    "file": _present(_detect_file),
    "hash": _present(_detect_hash),
    "moment": _present(_detect_moment),
    "number": _present(_detect_number),
}


def makes(*names: str, certain: bool = True) -> Callable[[Any], Any]:
    """Let a test return the findings; they must be these mistakes, in this order, and no other."""

    def decorate(test: Callable[..., Found]) -> Callable[..., None]:
        @functools.wraps(test)
        def checked(*arguments: Any, **named: Any) -> None:
            findings = test(*arguments, **named)
            found = [finding.mistake.name for finding in findings]
            assert found == list(names), found
            assert findings[0].certain is certain
            for finding in findings:
                assert finding.mistake is MISTAKES[finding.mistake.name]
                assert_nothing_is_given_away(finding)
            second = findings.list_second_names()
            assert [name for name in second if (names[0], name) not in BOTH_RIGHT] == []

        return checked

    return decorate


def assert_nothing_is_given_away(finding: Finding) -> None:
    """Check that a finding has both languages and no credential."""
    for said in (finding.detail, finding.mistake.title, finding.mistake.remedy):
        assert said.en
        assert said.zh
        for text in (said.en, said.zh):
            for credential in (SECRET, API_KEY, TOKEN, OTHER_SECRET):
                assert credential not in text
                assert credential[:12] not in text
            assert "PRIVATE KEY" not in text
