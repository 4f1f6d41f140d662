"""A developer's code for signs and seals, right and wrong, independent of the simulator."""

import base64
import functools
import hashlib
import json
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

SECRET = "5f0e9a7c31d84b62a7e4c9d81b3f6a20"
API_KEY = "k7Q2mWz81LpXsd04"
TOKEN = base64.b64encode(
    b"".join(hashlib.sha512(bytes([number])).digest() for number in range(5))[:299]
).decode()
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
