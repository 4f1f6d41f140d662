"""The ways to make a sign of a base string: MD5 as asked, and what is taken for it."""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from simulator.errors import Text


@dataclass(frozen=True)
class Base:
    """A base string in its parts, and the secret as a key for HMAC."""

    before: bytes
    content: bytes
    behind: bytes
    secret: bytes

    @property
    def whole(self) -> bytes:
        """The bytes that are hashed."""
        return self.before + self.content + self.behind


@dataclass(frozen=True)
class Digest:
    """One way to make the sign; `mistake` is None for the right one. Hexadecimal in lower case."""

    mistake: str | None
    detail: Text
    make: Callable[[Base], str]


_NOTHING = Text("", "")


def _md5(data: bytes) -> "hashlib._Hash":
    return hashlib.md5(data, usedforsecurity=False)


def _sha1(data: bytes) -> "hashlib._Hash":
    return hashlib.sha1(data, usedforsecurity=False)


def _hex(data: bytes) -> str:
    return _md5(data).hexdigest()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _hmac(name: str, whole: bool) -> Digest:
    shown = {"md5": "HMAC-MD5", "sha1": "HMAC-SHA1", "sha256": "HMAC-SHA256"}[name]
    over = "the base string with both secrets" if whole else "the sorted names and values"
    over_zh = "两端带密钥的待签名串" if whole else "排序拼接后的参数串"
    return Digest(
        "hmac_instead_of_md5",
        Text(f"The sign is {shown} over {over}.", f"sign 是对{over_zh}计算的 {shown}。"),
        lambda base: hmac.new(base.secret, base.whole if whole else base.content, name).hexdigest(),
    )


def _sixteen(start: int) -> Digest:
    return Digest(
        "md5_of_16_digits",
        Text(
            f"The sign is digits {start + 1} to {start + 16} of the right MD5.",
            f"sign 是正确 MD5 的第 {start + 1} 到 {start + 16} 位。",
        ),
        lambda base: _hex(base.whole)[start : start + 16],
    )


def _odd_hex(how: Text, make: Callable[[bytes], str]) -> Digest:
    return Digest("hex_written_badly", how, lambda base: make(_md5(base.whole).digest()))


def _between(mark: str) -> Digest:
    how = Text(f"Between its bytes stands {mark!r}.", f"字节之间有 {mark!r}。")
    return _odd_hex(how, lambda raw: raw.hex(mark))


def _twice(how: Text, again: Callable[[bytes], bytes]) -> Digest:
    return Digest("md5_twice", how, lambda base: _hex(again(base.whole)))


_MD5 = Digest(None, _NOTHING, lambda base: _hex(base.whole))
_SHA1 = Digest(
    "sha1_instead_of_md5",
    Text("The sign is SHA-1: 40 digits.", "sign 为 SHA-1：共 40 位。"),
    lambda base: _sha1(base.whole).hexdigest(),
)
_SHA256 = Digest(
    "sha256_instead_of_md5",
    Text("The sign is SHA-256: 64 digits.", "sign 为 SHA-256：共 64 位。"),
    lambda base: hashlib.sha256(base.whole).hexdigest(),
)
_BASE64 = Digest(
    "md5_in_base64",
    Text("The sign is the Base64 of the digest's 16 bytes.", "sign 是 16 字节摘要的 Base64。"),
    lambda base: _base64(_md5(base.whole).digest()),
)
_BASE64_OF_HEX = (
    Digest(
        "md5_in_base64",
        Text("The sign is the Base64 of the hexadecimal text.", "sign 是十六进制文本的 Base64。"),
        lambda base: _base64(_hex(base.whole).upper().encode()),
    ),
    Digest(
        "md5_in_base64",
        Text(
            "The sign is the Base64 of the hexadecimal text in lower case.",
            "sign 是小写十六进制文本的 Base64。",
        ),
        lambda base: _base64(_hex(base.whole).encode()),
    ),
)
_TWICE = (
    _twice(
        Text("MD5 over the MD5 in lower case.", "对小写 MD5 再做一次 MD5。"),
        lambda data: _hex(data).encode(),
    ),
    _twice(
        Text("MD5 over the MD5 in upper case.", "对大写 MD5 再做一次 MD5。"),
        lambda data: _hex(data).upper().encode(),
    ),
    _twice(
        Text("MD5 over the 16 bytes of the MD5.", "对 MD5 的 16 个字节再做一次 MD5。"),
        lambda data: _md5(data).digest(),
    ),
)
#: As .NET and openssl write bytes.
_MARKED = (
    *map(_between, "-: "),
    _odd_hex(Text("0x stands before it.", "前面多了 0x。"), lambda raw: f"0x{raw.hex()}"),
)
_ODD = (
    _odd_hex(
        Text("Zeros at its beginning are lost.", "开头的 0 丢失。"),
        lambda raw: raw.hex().lstrip("0"),
    ),
    _odd_hex(
        Text("Bytes below 16 have one digit instead of two.", "小于 16 的字节只写了一位。"),
        lambda raw: "".join(f"{byte:x}" for byte in raw),
    ),
    _odd_hex(
        Text(
            "Bytes from 128 on are written as negative numbers (ffffff…).",
            "128 以上的字节被写成负数（ffffff…）。",
        ),
        lambda raw: "".join(f"{byte:x}" if byte < 128 else f"ffffff{byte:x}" for byte in raw),
    ),
    _odd_hex(
        Text(
            "The whole digest is written as a negative number.",
            "整个摘要被写成了负数。",
        ),
        lambda raw: f"{int.from_bytes(raw, signed=True):x}",
    ),
)


def find_fitting(sign: str) -> tuple[tuple[Digest, ...], tuple[Digest, ...]]:
    """Return the digests whose look a sign has: the usual ones, and the rare ones."""
    if not re.fullmatch(r"-?[0-9A-Fa-f]+", sign):
        if re.fullmatch(r"0[xX][0-9A-Fa-f]{32}|[0-9A-Fa-f]{2}([-: ][0-9A-Fa-f]{2}){15}", sign):
            return _MARKED, ()
        if len(sign) == 44:
            return _BASE64_OF_HEX, ()
        return ((_BASE64,), ()) if len(sign) == 24 else ((), ())
    if len(sign) == 32:
        return (_MD5,), (_hmac("md5", False), _hmac("md5", True), *_TWICE)
    if len(sign) == 40:
        return (_SHA1,), (_hmac("sha1", False), _hmac("sha1", True), *_ODD)
    if len(sign) == 64:
        return (_SHA256,), (_hmac("sha256", False), _hmac("sha256", True), *_ODD)
    if len(sign) == 16:
        return (_sixteen(8), _sixteen(0), _sixteen(16)), ()
    return _ODD, ()
