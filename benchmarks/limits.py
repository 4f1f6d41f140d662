"""What RSA alone allows: 2048-bit operations a second on one core, by three libraries."""

import re
import subprocess
import time
from collections.abc import Callable

from Crypto.Cipher import PKCS1_v1_5
from Crypto.PublicKey import RSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

_PLAIN = b"x" * 200


def _rate(work: Callable[[], object], seconds: float) -> float:
    work()
    started, count = time.perf_counter(), 0
    while (took := time.perf_counter() - started) < seconds:
        work()
        count += 1
    return count / took


def rsa(seconds: float) -> dict[str, tuple[float, float]]:
    """Return decryptions and encryptions a second, by library."""
    own = RSA.generate(2048)
    theirs = load_pem_private_key(own.export_key(), None)
    assert isinstance(theirs, RSAPrivateKey)
    public, padding, cipher = theirs.public_key(), PKCS1v15(), PKCS1_v1_5.new(own)
    sealed = public.encrypt(_PLAIN, padding)
    return {
        "pycryptodome": (
            _rate(lambda: cipher.decrypt(sealed, b""), seconds),
            _rate(lambda: cipher.encrypt(_PLAIN), seconds),
        ),
        "cryptography": (
            _rate(lambda: theirs.decrypt(sealed, padding), seconds),
            _rate(lambda: public.encrypt(_PLAIN, padding), seconds),
        ),
        "openssl speed rsa2048": _openssl(),
    }


def _openssl() -> tuple[float, float]:
    """Return OpenSSL's signatures and verifications, which are the same operations."""
    command = ["openssl", "speed", "-seconds", "1", "rsa2048"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    numbers = re.findall(r"rsa\s+2048 bits\s+\S+\s+\S+\s+([\d.]+)\s+([\d.]+)", said)[0]
    return float(numbers[0]), float(numbers[1])
