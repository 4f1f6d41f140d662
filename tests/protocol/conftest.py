"""Key pairs and the openssl command line, shared by the tests of the protocol."""

import shutil
import subprocess
from collections.abc import Callable

import pytest
from Crypto.PublicKey.RSA import RsaKey
from hypothesis import settings

from simulator.protocol import rsa

# Applied test by test (`settings.get_profile`), so that no other folder's tests are affected.
settings.register_profile("protocol", deadline=None, max_examples=100)

OpenSsl = Callable[..., bytes]


@pytest.fixture(scope="session")
def key_rings() -> dict[int, list[RsaKey]]:
    """Three key pairs of each size; the first is the one in use, the others are wrong keys."""
    return {bits: [rsa.generate(bits) for _ in range(3)] for bits in rsa.KEY_SIZES}


@pytest.fixture(scope="session")
def keys(key_rings: dict[int, list[RsaKey]]) -> dict[int, RsaKey]:
    """One key pair of each size, by its bits."""
    return {bits: ring[0] for bits, ring in key_rings.items()}


@pytest.fixture(scope="session")
def openssl() -> OpenSsl:
    """Run `openssl` with the arguments and standard input given; return its standard output."""
    if shutil.which("openssl") is None:
        pytest.fail("the tests need the openssl command line: install openssl")

    def run(*arguments: str, stdin: bytes = b"") -> bytes:
        return subprocess.run(
            ["openssl", *arguments], input=stdin, capture_output=True, check=True
        ).stdout

    return run
