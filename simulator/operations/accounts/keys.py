"""Key pairs: from a pool of test-only pairs, generated once it is used up (P1)."""

import hashlib
from functools import cache

from Crypto.PublicKey.RSA import RsaKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator.protocol import rsa
from simulator.protocol.key_pool import read_bundle
from simulator.store.records import Account


@cache
def platform_key(bits: int) -> RsaKey:
    """Return the platform's own key pair, whose public half is `api_rsa_pk`."""
    return rsa.load_key(read_bundle(f"platform-{bits}.pem")[0])


def fingerprint(private: str) -> str:
    """Return the fingerprint of a key pair: the sha256 of its public half, in hexadecimal."""
    public = rsa.load_key(private).public_key()
    return hashlib.sha256(public.export_key("DER")).hexdigest()


def fresh_pair(session: Session, bits: int) -> str:
    """Return a private key (PEM) that no account has; generating one takes up to a second."""
    taken = set(session.scalars(select(Account.key_fingerprint)))
    for candidate in read_bundle(f"institutions-{bits}.pem"):
        if fingerprint(candidate) not in taken:
            return candidate
    return rsa.pem(rsa.generate(bits))
