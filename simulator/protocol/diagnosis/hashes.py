"""Why the hash of a file is not the sha256 of its bytes: recomputed, so each finding is certain."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

from simulator.errors import Text
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding

#: Bytes above which only the file itself is digested anew, not what may have been made of it.
_LONG = 4 * 1024 * 1024
#: Digits by which the beginning of a hash is recognised.
_SHORTEST = 16
#: What stands around or between digits: a prefix, quotation marks, separators.
_MARKS = re.compile(r"\A\W*(?:sha-?256\W|0x)|[^0-9A-Za-z]", re.IGNORECASE)
_DIGESTS = ("md5", "sha1", "sha224", "sha384", "sha512", "sha3_256", "sm3")
_NAMES = {
    **{"md5": "MD5", "sha1": "SHA-1", "sha224": "SHA-224", "sha384": "SHA-384"},
    **{"sha512": "SHA-512", "sha3_256": "SHA3-256", "sm3": "SM3"},
}


def explain_hash(
    content: bytes, given: str, others: Mapping[str, bytes] | None = None
) -> Finding | None:
    """Return which mistake makes this hash of a file, None where no known one does.

    `others` are further files of the same request, by their fields.
    """
    right = hashlib.sha256(content).digest()
    written = given.strip()
    if written.lower() == right.hex():
        return None
    for name, detail, made in _candidates(content, right, written, others or {}):
        if made and _same(made, written):
            return make_finding(name, detail)
    return None


def _same(made: str, written: str) -> bool:
    # Base64 has letters of either case, hexadecimal has them for nothing.
    return made == written or (
        made.lower() == written.lower() and all(letter in _HEXADECIMAL for letter in made)
    )


_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")


def _candidates(
    content: bytes, right: bytes, written: str, others: Mapping[str, bytes]
) -> Iterator[tuple[str, Text, str]]:
    empty = Text("The bytes that came have another.", "与收到的内容不一致。")
    yield "hash_of_nothing", empty, hashlib.sha256(b"").hexdigest()
    yield from _written(right, written)
    for digest in _DIGESTS:
        made = _digest(digest, content)
        for way, text in _spellings(made):
            detail = Text(f"It is {_NAMES[digest]}{way}.", f"使用了 {_NAMES[digest]}{way}。")
            yield "hash_of_another_kind", detail, text
    for field, other in others.items():
        detail = Text(f"It is the hash of {field}.", f"它是 {field} 的哈希。")
        yield "hash_of_another_file", detail, hashlib.sha256(other).hexdigest()
    if len(content) <= _LONG:
        yield from _of_other_bytes(content, right)


def _digest(name: str, content: bytes) -> bytes:
    try:
        return hashlib.new(name, content, usedforsecurity=False).digest()
    except ValueError:
        return b""


def _spellings(digest: bytes) -> Iterator[tuple[str, str]]:
    if digest:
        yield "", digest.hex()
        yield " (Base64)", base64.b64encode(digest).decode()


def _written(right: bytes, given: str) -> Iterator[tuple[str, Text, str]]:
    """Return the right digest in wrong spellings."""
    hexadecimal = right.hex()
    encoded = Text("Decoded, it is right.", "解码后正确。")
    standard = base64.b64encode(right).decode()
    for text in (standard, standard.rstrip("="), base64.urlsafe_b64encode(right).decode()):
        yield "hash_in_base64", encoded, text
    yield "hash_in_base64", encoded, base64.b64encode(hexadecimal.encode()).decode()
    zeros = Text(f"{len(given)} of 64 digits came.", f"64 位只有 {len(given)} 位。")
    yield "hash_zeros_lost", zeros, hexadecimal.lstrip("0")
    yield "hash_zeros_lost", zeros, "".join(f"{byte:x}" for byte in right)
    number = int.from_bytes(right, "big")
    signed = int.from_bytes(right, "big", signed=True)
    decimal = Text("It is written in decimal.", "按十进制书写。")
    yield "hash_written_otherwise", decimal, str(number)
    yield "hash_written_otherwise", decimal, str(signed)
    negative = Text("It is a negative number in hexadecimal.", "写成了负的十六进制数。")
    yield "hash_written_otherwise", negative, f"{signed:x}"
    extended = "".join(f"{byte:x}" if byte < 128 else f"ffffff{byte:02x}" for byte in right)
    detail = Text("Bytes above 127 came as ffffffxx.", "大于 127 的字节写成了 ffffffxx。")
    yield "hash_written_otherwise", detail, extended
    listed = Text("It is a list of bytes.", "写成了字节列表。")
    yield "hash_written_otherwise", listed, str(list(right))
    java = [byte - 256 if byte > 127 else byte for byte in right]
    yield "hash_written_otherwise", listed, str(java)
    if _SHORTEST <= len(given) < len(hexadecimal):
        cut = Text(f"Only {len(given)} of 64 digits came.", f"64 位只传了 {len(given)} 位。")
        yield "hash_cut", cut, hexadecimal[: len(given)]
    if _MARKS.sub("", given).lower() == hexadecimal:
        around = Text(
            "Something stands around or between its digits.", "数字前后或中间有多余的字符。"
        )
        yield "hash_written_otherwise", around, given


def _of_other_bytes(content: bytes, right: bytes) -> Iterator[tuple[str, Text, str]]:
    standard = base64.b64encode(content)
    folded = base64.encodebytes(content)
    crossed: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("hash_of_base64", "In one line.", "不分行。", lambda: standard),
        ("hash_of_base64", "In lines of 76.", "每行 76 字符。", lambda: folded),
        (
            "hash_of_base64",
            "In lines of 76.",
            "每行 76 字符。",
            lambda: folded.replace(b"\n", b"\r\n"),
        ),
        (
            "hash_of_text",
            "Decoded as UTF-8.",
            "按 UTF-8 解码。",
            lambda: _as_text(content, "utf-8"),
        ),
        ("hash_of_text", "Decoded as GBK.", "按 GBK 解码。", lambda: _as_text(content, "gbk")),
        (
            "hash_of_text",
            *("Decoded as ISO-8859-1.", "按 ISO-8859-1 解码。"),
            lambda: content.decode("latin-1").encode(),
        ),
        (
            "hash_of_text",
            *("With other line ends.", "换行符不同。"),
            lambda: content.replace(b"\r\n", b"\n"),
        ),
        ("hash_of_text", "In hexadecimal.", "按十六进制文本。", lambda: content.hex().encode()),
        ("hash_of_hash", "Of its 32 bytes.", "对其 32 个字节。", lambda: right),
        ("hash_of_hash", "Of its 64 digits.", "对其 64 位文本。", lambda: right.hex().encode()),
        (
            "hash_of_hash",
            "Of its 64 digits.",
            "对其 64 位文本。",
            lambda: right.hex().upper().encode(),
        ),
    )
    for name, en, zh, make in crossed:
        yield name, Text(en, zh), hashlib.sha256(make()).hexdigest()


def _as_text(content: bytes, charset: str) -> bytes:
    return content.decode(charset, "replace").encode(charset, "replace")
