"""Hashes that are not the sha256 of the bytes: each recomputed; a right one gets no finding."""

import base64
import hashlib

import pytest
from diagnosis.asking import RIGHT_FILE, Found, Sent, makes

from simulator.protocol.diagnosis.hashes import explain_hash

CONTENT = RIGHT_FILE + b"\r\n%\xe2\xe3\xcf\xd3\xff\r\n"
DIGEST = hashlib.sha256(CONTENT).digest()


def found(given, content=CONTENT, **others):
    """Ask of what a hash is."""
    return Found("hash", Sent(content=content, sha256=given, others=others))


def until(wanted):
    """Return bytes whose digest is as wanted."""
    for number in range(100_000):
        content = RIGHT_FILE + b"\n%%%d" % number
        if wanted(hashlib.sha256(content).digest()):
            return content
    raise AssertionError("no such digest")


@makes("hash_of_another_kind")
@pytest.mark.parametrize("name", ["md5", "sha1", "sha224", "sha384", "sha512", "sha3_256"])
@pytest.mark.parametrize(
    "spell",
    [bytes.hex, lambda it: it.hex().upper(), lambda it: base64.b64encode(it).decode()],
)
def test_using_another_digest(name, spell):
    return found(spell(hashlib.new(name, CONTENT).digest()))


@makes("hash_in_base64")
@pytest.mark.parametrize(
    "encode",
    [
        lambda it: base64.b64encode(it).decode(),
        lambda it: base64.b64encode(it).decode().rstrip("="),
        lambda it: base64.urlsafe_b64encode(it).decode(),
        lambda it: base64.b64encode(it.hex().encode()).decode(),
    ],
)
def test_writing_it_in_base64(encode):
    return found(encode(DIGEST))


@makes("hash_written_otherwise")
@pytest.mark.parametrize(
    "given",
    [
        str(int.from_bytes(DIGEST, "big")),
        "".join(f"{byte:x}" if byte < 128 else f"ffffff{byte:02x}" for byte in DIGEST),
        str(list(DIGEST)),
        str([byte - 256 if byte > 127 else byte for byte in DIGEST]),
        f"0x{DIGEST.hex()}",
        f"sha256:{DIGEST.hex()}",
        f'"{DIGEST.hex()}"',
        DIGEST.hex(":"),
        DIGEST.hex(" ").upper(),
        f"SHA-256={DIGEST.hex()}",
    ],
)
def test_writing_it_in_another_way(given):
    return found(given)


@makes("hash_zeros_lost")
@pytest.mark.parametrize("way", ["leading", "each"])
def test_losing_zeros(way):
    content = until(lambda digest: digest[0] < 16 and digest[1] >= 16)
    digest = hashlib.sha256(content).digest()
    lost = digest.hex().lstrip("0") if way == "leading" else "".join(f"{b:x}" for b in digest)
    return found(lost, content)


@makes("hash_cut")
@pytest.mark.parametrize("end", [16, 32, 50, 63])
def test_cutting_it(end):
    return found(DIGEST.hex()[:end])


@makes("hash_of_nothing")
def test_hashing_a_stream_that_was_read():
    return found(hashlib.sha256().hexdigest())


@makes("hash_of_base64")
@pytest.mark.parametrize("encode", [base64.b64encode, base64.encodebytes])
def test_hashing_base64(encode):
    return found(hashlib.sha256(encode(CONTENT * 9)).hexdigest(), CONTENT * 9)


@makes("hash_of_text")
@pytest.mark.parametrize(
    "read",
    [
        lambda it: it.decode("utf-8", "replace").encode(),
        lambda it: it.decode("gbk", "replace").encode("gbk", "replace"),
        lambda it: it.decode("latin-1").encode(),
        lambda it: it.replace(b"\r\n", b"\n"),
        lambda it: it.hex().encode(),
    ],
)
def test_hashing_it_as_text(read):
    return found(hashlib.sha256(read(CONTENT)).hexdigest())


@makes("hash_of_hash")
@pytest.mark.parametrize("of", [DIGEST, DIGEST.hex().encode(), DIGEST.hex().upper().encode()])
def test_hashing_twice(of):
    return found(hashlib.sha256(of).hexdigest())


@makes("hash_of_another_file")
def test_hashing_another_file():
    return found(hashlib.sha256(b"other").hexdigest(), invoice_pdf=b"other")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "0",
        DIGEST.hex(),
        DIGEST.hex().upper(),
        "f" * 64,
        "no hash",
        hashlib.sha256(b"x").hexdigest(),
    ],
)
def test_what_nothing_proves_is_not_named(given):
    assert explain_hash(CONTENT, given) is None
