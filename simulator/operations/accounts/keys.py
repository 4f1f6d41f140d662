"""Where key pairs come from: a pool of test-only pairs, and new ones when it is used up (P1)."""

import hashlib
import re
from functools import cache

from Crypto.PublicKey.RSA import RsaKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator import paths
from simulator.protocol import rsa
from simulator.store.records import Account

_PEM = re.compile(r"-----BEGIN [^-]+-----.+?-----END [^-]+-----", re.DOTALL)


@cache
def _bundle(name: str) -> tuple[str, ...]:
    text = (paths.fixtures() / "keys" / name).read_text("ascii")
    return tuple(_PEM.findall(text))


@cache
def platform_key(bits: int) -> RsaKey:
    """Return the platform's own key pair, whose public half is `api_rsa_pk`."""
    return rsa.load_key(_bundle(f"platform-{bits}.pem")[0])


@cache
def strangers_key(bits: int) -> RsaKey:
    """Return a key pair of nobody's, for the fault rule that seals with another key."""
    return next(k for k in map(rsa.load_key, _bundle("strangers.pem")) if k.size_in_bits() == bits)


def fingerprint(private: str) -> str:
    """Return what tells one key pair from another: the sha256 of the public half, in hex."""
    public = rsa.load_key(private).public_key()
    return hashlib.sha256(public.export_key("DER")).hexdigest()


def fresh_pair(session: Session, bits: int) -> str:
    """Return a private key (PEM) that no account has; takes up to a second past the pool."""
    taken = set(session.scalars(select(Account.key_fingerprint)))
    for candidate in _bundle(f"institutions-{bits}.pem"):
        if fingerprint(candidate) not in taken:
            return candidate
    return rsa.pem(rsa.generate(bits))
