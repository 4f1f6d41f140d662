"""One RSA block, opened without knowing its padding, so that the padding can be named."""

import hashlib
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from Crypto.PublicKey.RSA import RsaKey

Padding: TypeAlias = Literal["right", "oaep", "none", "private"]

#: The hash of OAEP's label and that of its mask; Java mixes SHA-256 with SHA-1.
_OAEP = (
    ("sha1", "sha1"),
    ("sha256", "sha256"),
    ("sha256", "sha1"),
    ("sha512", "sha512"),
    ("sha512", "sha1"),
)
_TEXT = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]{4,}")


@dataclass(frozen=True)
class Block:
    """A block that opened: how it was padded, its content, and the hashes of OAEP."""

    padding: Padding
    content: bytes
    hashes: str = ""


@dataclass
class Effort:
    """How many RSA operations with private keys may still be done for one message."""

    left: int = 64

    def spend(self) -> bool:
        """Take one operation, if there is one left."""
        self.left -= 1
        return self.left >= 0


def open_block(block: bytes, key: RsaKey, effort: Effort) -> Block | None:
    """Open a block by whatever padding it has; None if it is not for this key."""
    size = key.size_in_bytes()
    number = int.from_bytes(block)
    if len(block) != size or number >= key.n:
        return None
    with_public = pow(number, key.e, key.n).to_bytes(size)
    if match := re.fullmatch(rb"\x00\x01\xff{8,}\x00(.*)", with_public, re.DOTALL):
        return Block("private", match[1])
    if not effort.spend():
        return None
    padded = _with_private(number, key).to_bytes(size)
    # OAEP first: it proves itself by a hash, and one of its blocks in 256 begins like a right one.
    for label, mask in _OAEP:
        content = _oaep(padded, label, mask)
        if content is not None:
            shown = {"sha1": "SHA-1", "sha256": "SHA-256", "sha512": "SHA-512"}
            return Block("oaep", content, f"{shown[label]}, MGF1 {shown[mask]}")
    end = padded.find(0, 2)
    if padded[:2] == b"\x00\x02" and end >= 10:
        return Block("right", padded[end + 1 :])
    bare = padded.strip(b"\x00")
    return Block("none", bare) if _TEXT.fullmatch(bare) else None


def _with_private(number: int, key: RsaKey) -> int:
    """Return number ** d mod n by the Chinese remainder theorem, four times as fast."""
    p, q = int(key.p), int(key.q)
    by_p, by_q = pow(number, int(key.d) % (p - 1), p), pow(number, int(key.d) % (q - 1), q)
    return by_q + q * ((by_p - by_q) * pow(q, -1, p) % p)


def _oaep(padded: bytes, label: str, mask: str) -> bytes | None:
    length = hashlib.new(label).digest_size
    if padded[0] or len(padded) < 2 * length + 2:
        return None
    seed, data = padded[1 : length + 1], padded[length + 1 :]
    seed = _unmask(seed, data, mask)
    data = _unmask(data, seed, mask)
    if not data.startswith(hashlib.new(label).digest()):
        return None
    rest = data[length:].lstrip(b"\x00")
    return rest[1:] if rest.startswith(b"\x01") else None


def _unmask(data: bytes, seed: bytes, name: str) -> bytes:
    mask = b""
    while len(mask) < len(data):
        counter = len(mask) // hashlib.new(name).digest_size
        mask += hashlib.new(name, seed + counter.to_bytes(4)).digest()
    return bytes(one ^ other for one, other in zip(data, mask, strict=False))


@dataclass(frozen=True)
class Realigned:
    """Blocks that passed through a big number: those that lost a zero, those with a sign byte."""

    contents: tuple[bytes, ...]
    shortened: tuple[int, ...]
    lengthened: tuple[int, ...]


def realign(data: bytes, key: RsaKey, effort: Effort) -> Realigned | None:
    """Cut bytes into blocks of which some have a byte too few or too many; None if they are not.

    A big number drops zeros at its beginning, Java's puts one before a number whose first bit is
    set.
    """
    size, place = key.size_in_bytes(), 0
    contents: list[bytes] = []
    shortened, lengthened = [], []
    while place < len(data):
        number = len(contents) + 1
        for skipped, length in ((0, size), (1, size), (0, size - 1), (0, size - 2)):
            start = place + skipped
            piece = data[start : start + length]
            if len(piece) != length or any(data[place:start]):
                continue
            block = open_block(piece.rjust(size, b"\0"), key, effort)
            if block is not None and block.padding == "right":
                break
        else:
            return None
        contents.append(block.content)
        if skipped:
            lengthened.append(number)
        if length < size:
            shortened.append(number)
        place = start + length
    if not (shortened or lengthened):
        return None
    return Realigned(tuple(contents), tuple(shortened), tuple(lengthened))
