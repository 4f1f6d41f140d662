"""A developer's code for signs and seals, right and wrong, independent of the simulator."""

import base64
import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from simulator.protocol import plaintext
from simulator.protocol.diagnosis import MISTAKES, Credentials, Finding, explain_seal, explain_sign
from simulator.protocol.rsa import load_key

SECRET = "5f0e9a7c31d84b62a7e4c9d81b3f6a20"
API_KEY = "k7Q2mWz81LpXsd04"
TOKEN = "h3Jq/0bXv+ZfT1c9kWm5RrU8sYdLaE2o"
OTHER_SECRET = "c0ffee00c0ffee00c0ffee00c0ffee00"
#: A business call as it should be sent: no null, no number, letters of all sorts.
CALL = {
    "method": "insurer_apply_guarantee_result",
    "timestamp": "20240102030405",
    "btc_id": "1001",
    "enter_institution_type": "3",
    "order_no": "BH2024-01/7",
    "order_type": "",
    "company": "福州市 建设+工程<有限>公司",
    "guarantee_amount": "50000.00",
    "apply_status": "AGREE",
}


def pair(number: int, bits: int = 1024) -> rsa.RSAPrivateKey:
    """Return one of the key pairs: 0 the account's own, 1 the platform's, 2 another account's."""
    return _pair(number, bits)


@functools.cache
def _pair(_number: int, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def letter_form(key: rsa.RSAPrivateKey) -> str:
    """Return a private key as the account letter has it."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def md5(text: str) -> str:
    """Return an MD5 as it should be written."""
    return hashlib.md5(text.encode()).hexdigest().upper()


def join(parameters: dict[str, Any]) -> str:
    """Return sorted names and values, nothing between."""
    return "".join(name + str(parameters[name]) for name in sorted(parameters))


def signature(parameters: dict[str, Any]) -> str:
    """Return the right sign of parameters that are all text."""
    return md5(SECRET + join(parameters) + SECRET)


def asked_about(sent: dict[str, Any], sign: str, **more: Any) -> list[Finding]:
    """Ask why a sign is wrong, the parameters having travelled as JSON."""
    return asked_about_json(json.dumps(sent, ensure_ascii=False), sign, **more)


def asked_about_json(text: str, sign: str, **more: Any) -> list[Finding]:
    """Ask about parameters whose JSON is written by hand, so that numbers keep their text."""
    parameters = {**plaintext.read(text.encode()), "sign": sign}
    own = Credentials("tester", API_KEY, SECRET, "")
    others = [Credentials("sandbox", "otherKey00001111", OTHER_SECRET, "")]
    return explain_sign(parameters, own, others, **more)


def message(size: int = 0) -> bytes:
    """Return a signed plaintext, of at least `size` bytes."""
    parameters = {**CALL, "remark": "备" * (size // 3)}
    return json.dumps({**parameters, "sign": signature(parameters)}, ensure_ascii=False).encode()


def encrypt(plain: bytes, key: rsa.RSAPrivateKey) -> list[bytes]:
    """Return the blocks of a message, sealed as they should be."""
    room = key.key_size // 8 - 11
    parts = [plain[start : start + room] for start in range(0, len(plain), room)] or [b""]
    return [key.public_key().encrypt(part, padding.PKCS1v15()) for part in parts]


def base64_of(data: bytes) -> str:
    """Return standard Base64."""
    return base64.b64encode(data).decode()


def ask_why(param: str, bits: int = 1024, expected: str = "own", own: bool = True) -> Any:
    """Ask why a `param` does not open."""
    return explain_seal(
        param,
        load_key(letter_form(pair(0, bits))) if own else None,
        load_key(letter_form(pair(1, bits))),
        expected,
        [
            Credentials("tester", API_KEY, SECRET, letter_form(pair(0, bits))),
            Credentials("sandbox", "otherKey00001111", OTHER_SECRET, letter_form(pair(2, bits))),
        ],
    )


def makes(*names: str, certain: bool = True) -> Callable[[Any], Any]:
    """Let a test return the findings; they must be these mistakes, in this order."""

    def decorate(test: Callable[..., list[Finding]]) -> Callable[..., None]:
        @functools.wraps(test)
        def checked(*arguments: Any, **named: Any) -> None:
            findings = test(*arguments, **named)
            found = [finding.mistake.name for finding in findings]
            assert found == list(names), found
            assert findings[0].certain is certain
            for finding in findings:
                assert finding.mistake is MISTAKES[finding.mistake.name]
                assert_nothing_is_given_away(finding)

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
