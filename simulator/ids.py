"""Derives all ids and secrets (except RSA padding) from seeds.

An account's seed and a running number determine each of them, so the same scenario gives the same
numbers in any process, and no generator's state has to be kept.
"""

import base64
import hashlib
import itertools
import secrets

_TOKEN_BYTES = 304
#: Letters of a token before its padding, about as many as the manual's sample has.
TOKEN_LETTERS = 406
TOKEN_PADDING = "=="


def new_seed() -> str:
    """Return a fresh unpredictable seed (32 hex digits)."""
    return secrets.token_hex(16)


def derive(seed: str, purpose: str, number: int, size: int) -> bytes:
    """Return `size` bytes that depend on the seed, the purpose and the running number only."""
    return hashlib.shake_256(f"{seed}|{purpose}|{number}".encode()).digest(size)


def digits(seed: str, purpose: str, number: int, length: int) -> str:
    """Return `length` decimal digits, no leading zero; different numbers never collide.

    An affine step, whose multiplier is coprime to the range, scatters the running numbers.
    """
    span = 9 * 10 ** (length - 1)
    shift = int.from_bytes(derive(seed, purpose, 0, 8), "big")
    multiplier = 7_368_787  # a prime that is neither 2, 3 nor 5: coprime to 9 * 10**n
    return str(10 ** (length - 1) + (number * multiplier + shift) % span)


def letters(seed: str, purpose: str, number: int, length: int) -> str:
    """Return `length` hexadecimal characters, for keys and secrets."""
    return derive(seed, purpose, number, (length + 1) // 2).hex()[:length]


def api_key(seed: str, name: str) -> str:
    """Return the `api_key` of the account with this name and seed."""
    return letters(seed, f"{name}|api_key", 1, 32)


def token(seed: str, purpose: str, number: int) -> str:
    """Return an access token: 408 characters of Base64 with `+` and `/` among them (P12)."""
    for attempt in itertools.count():
        text = base64.b64encode(derive(seed, f"{purpose}|{attempt}", number, _TOKEN_BYTES)).decode()
        if "+" in text and "/" in text:
            return text
    raise AssertionError("unreachable")
