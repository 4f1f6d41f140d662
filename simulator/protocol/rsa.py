"""RSA in blocks, PKCS#1 v1.5 (P2), and the formats of keys (P1)."""

import base64
import binascii
import re
from functools import lru_cache

from Crypto.Cipher import PKCS1_v1_5
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicKey,
    RSAPublicNumbers,
    rsa_crt_dmp1,
    rsa_crt_dmq1,
    rsa_crt_iqmp,
)

from simulator.errors import SimulatorError, Unreadable

#: Bytes that PKCS#1 v1.5 padding takes of each block.
PADDING = 11
KEY_SIZES = (1024, 2048)

#: PEM whose body is Base64 alone, on however many lines; an encrypted one has headers.
_ARMOUR = re.compile(r"-----BEGIN [A-Z ]+-----([A-Za-z0-9+/=\s]+)-----END [A-Z ]+-----")
_PKCS1 = PKCS1v15()
_SENTINEL = b"\x00 bad padding \x00"


class CannotOpen(Unreadable):
    """This key does not decrypt the ciphertext: wrong length or wrong padding."""


def generate(bits: int) -> RSA.RsaKey:
    """Return a new key pair of `bits` bits; takes up to a second."""
    return RSA.generate(bits)


@lru_cache(maxsize=512)
def load_key(text: str) -> RSA.RsaKey:
    """Read a key written as PEM (PKCS#8, SPKI or PKCS#1) or as its bare Base64 line.

    Quotes around it, escaped line breaks and PEM on one line are read, too.

    Raises:
        SimulatorError: the text is not an RSA key.
    """
    # As it stands in a properties file, a JSON or a shell: in quotes, its line breaks escaped.
    plain = re.sub(r"\\[rn]", "\n", text.strip("\ufeff \t\r\n\"'`"))
    armoured = _ARMOUR.search(plain)
    try:
        if plain.startswith("-----") and armoured is None:
            return RSA.import_key(plain)
        body = armoured[1] if armoured else plain
        return RSA.import_key(base64.b64decode(re.sub(r"\s", "", body), validate=True))
    except (ValueError, IndexError, TypeError, binascii.Error) as error:
        raise SimulatorError(
            "This is no RSA key: give PEM text (PKCS#8, SPKI or PKCS#1) or its Base64 line.",
            "这不是 RSA 密钥：请提供 PEM 文本（PKCS#8、SPKI 或 PKCS#1）或其 Base64 单行。",
        ) from error


def pem(key: RSA.RsaKey) -> str:
    """Return a key as PEM: PKCS#8 for a private key, SPKI for a public one."""
    return (key.export_key(pkcs=8) if key.has_private() else key.export_key()).decode()


def bare(key: RSA.RsaKey) -> str:
    """Return a key as the single Base64 line that Java's `KeyFactory` wants."""
    return "".join(pem(key).splitlines()[1:-1])


def block_size(key: RSA.RsaKey) -> int:
    """Return the bytes of one ciphertext block (the key's own size)."""
    return key.size_in_bytes()


def public_half(private: RSA.RsaKey) -> RSA.RsaKey:
    """Return the public key of a pair (cached)."""
    return _public_half(_SameKey(private))


def seal(plaintext: bytes, public: RSA.RsaKey) -> bytes:
    """Encrypt in blocks of key size - 11 bytes, ciphertexts joined (P2).

    An empty plaintext gives one block, which no receiver accepts.
    """
    room = block_size(public) - PADDING
    key = _openssl_public(int(public.n), int(public.e))
    starts = range(0, len(plaintext), room) or range(1)
    return b"".join(key.encrypt(plaintext[start : start + room], _PKCS1) for start in starts)


def open_quickly(ciphertext: bytes, private: RSA.RsaKey) -> bytes:
    """Decrypt a ciphertext with OpenSSL, about three times as fast as `open_blocks`.

    OpenSSL returns random bytes for wrong padding instead of an error (P45): the result is the
    plaintext only if it parses as one; if not, `open_blocks` tells why.

    Raises:
        CannotOpen: the length is not a multiple of the block size, or OpenSSL refuses a block.
    """
    size = block_size(private)
    _check_length(ciphertext, size)
    key = _openssl_private(_SameKey(private))
    try:
        return b"".join(
            key.decrypt(ciphertext[start : start + size], _PKCS1)
            for start in range(0, len(ciphertext), size)
        )
    except ValueError:
        return open_blocks(ciphertext, private)


class _SameKey:
    """A key as a cache's key: the library's own objects have an equality, but no hash."""

    def __init__(self, key: RSA.RsaKey) -> None:
        self.key = key

    def __hash__(self) -> int:
        return id(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SameKey) and self.key is other.key


@lru_cache(maxsize=512)
def _openssl_private(same: _SameKey) -> RSAPrivateKey:
    key = same.key
    d, p, q = int(key.d), int(key.p), int(key.q)
    public = RSAPublicNumbers(int(key.e), int(key.n))
    return RSAPrivateNumbers(
        p, q, d, rsa_crt_dmp1(d, p), rsa_crt_dmq1(d, q), rsa_crt_iqmp(p, q), public
    ).private_key()


@lru_cache(maxsize=512)
def _public_half(same: _SameKey) -> RSA.RsaKey:
    return same.key.public_key()


@lru_cache(maxsize=512)
def _openssl_public(n: int, e: int) -> RSAPublicKey:
    return RSAPublicNumbers(e, n).public_key()


def open_blocks(ciphertext: bytes, private: RSA.RsaKey) -> bytes:
    """Decrypt a ciphertext block by block.

    Raises:
        CannotOpen: the length is not a multiple of the block size, or a block's padding is wrong.
    """
    size = block_size(private)
    _check_length(ciphertext, size)
    cipher = PKCS1_v1_5.new(private)
    opened = []
    for start in range(0, len(ciphertext), size):
        try:
            block = cipher.decrypt(ciphertext[start : start + size], _SENTINEL)
        except ValueError:
            block = _SENTINEL
        if block == _SENTINEL:
            raise CannotOpen(
                f"block {start // size + 1} of {len(ciphertext) // size} "
                "does not open with this private key",
                f"共 {len(ciphertext) // size} 段，第 {start // size + 1} 段无法用该私钥解密",
            )
        opened.append(block)
    return b"".join(opened)


def _check_length(ciphertext: bytes, size: int) -> None:
    if not ciphertext or len(ciphertext) % size:
        raise CannotOpen(
            f"{len(ciphertext)} bytes are no whole number of {size}-byte blocks "
            f"({size * 8}-bit key)",
            f"密文 {len(ciphertext)} 字节，不是 {size} 字节分段（{size * 8} 位密钥）的整数倍",
        )
