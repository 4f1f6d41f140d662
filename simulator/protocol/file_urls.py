"""Expiring file URLs (P35): `<base>/api/<kind>/v1?param=...&access_token=...`.

Nothing is stored for a URL: its token carries the account, the file and the expiry (in the
account's time) under a keyed digest, and is padded to look like the manual's sample token.
"""

import base64
import hashlib
import hmac
import itertools
import struct
from dataclasses import dataclass
from urllib.parse import urlencode

from Crypto.PublicKey.RSA import RsaKey

from simulator.protocol import envelope

#: Life of a file URL in seconds (insurer 2.3: 默认2小时).
LIFETIME = 7200
_HEAD = struct.Struct(">QdI16s")
_DIGEST = 32
_SIZE = 304


@dataclass(frozen=True)
class FileToken:
    """The content of a file token: account, expiry (account's time, Unix seconds) and file."""

    btc_id: int
    expires_at: float
    fingerprint: bytes

    def is_for(self, file_id: str) -> bool:
        """Return whether the token was made for this file."""
        return hmac.compare_digest(self.fingerprint, _fingerprint(file_id))


def _fingerprint(file_id: str) -> bytes:
    return hashlib.sha256(file_id.encode()).digest()[:16]


def make_token(secret: str, btc_id: int, file_id: str, expires_at: float) -> str:
    """Return the token of one file URL, about 400 characters of Base64 with `+` and `/`."""
    for salt in itertools.count():
        head = _HEAD.pack(btc_id, expires_at, salt, _fingerprint(file_id))
        mark = hmac.digest(secret.encode(), head, "sha256")
        stretch = hashlib.shake_256(head + mark).digest(_SIZE - len(head) - _DIGEST)
        text = base64.b64encode(head + mark + stretch).decode()
        if "+" in text and "/" in text:
            return text
    raise AssertionError("unreachable")


def read_account_id(token: str) -> int | None:
    """Return the `btc_id` that a token states, unverified; None if it is not a file token."""
    raw = _raw(token)
    return None if raw is None else int(_HEAD.unpack_from(raw)[0])


def read_token(secret: str, token: str) -> FileToken | None:
    """Return the content of a token with a valid digest, else None; the expiry is not checked."""
    raw = _raw(token)
    if raw is None:
        return None
    head = raw[: _HEAD.size]
    mark = hmac.digest(secret.encode(), head, "sha256")
    if not hmac.compare_digest(mark, raw[_HEAD.size : _HEAD.size + _DIGEST]):
        return None
    btc_id, expires_at, _, fingerprint = _HEAD.unpack(head)
    return FileToken(btc_id, expires_at, fingerprint)


def _raw(token: str) -> bytes | None:
    try:
        raw = envelope.decode(token)
    except envelope.NotBase64:
        return None
    return raw if len(raw) == _SIZE else None


def make_url(base: str, kind: str, public: RsaKey, token: str, file_id: str, stamp: str) -> str:
    """Return the whole URL; `param` is sealed with the platform's own public key."""
    param = envelope.seal({"file_id": file_id, "timestamp": stamp}, public)
    return f"{base}/api/{kind}/v1?" + urlencode({"param": param, "access_token": token})
