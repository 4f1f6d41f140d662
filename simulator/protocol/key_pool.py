"""The test-only key pairs that come along, so that nobody waits for new ones (P1)."""

import re
from functools import cache

from Crypto.PublicKey.RSA import RsaKey

from simulator import paths
from simulator.protocol import rsa

_PEM = re.compile(r"-----BEGIN [^-]+-----.+?-----END [^-]+-----", re.DOTALL)


@cache
def read_bundle(name: str) -> tuple[str, ...]:
    """Return the private keys (PEM) of one file of the pool."""
    text = (paths.fixtures() / "keys" / name).read_text("ascii")
    return tuple(_PEM.findall(text))


@cache
def strangers_key(bits: int) -> RsaKey:
    """Return a key pair that belongs to no account, to seal what the target must not open."""
    pairs = map(rsa.load_key, read_bundle("strangers.pem"))
    return next(key for key in pairs if key.size_in_bits() == bits)
