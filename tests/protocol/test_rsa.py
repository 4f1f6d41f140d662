"""RSA in blocks (P2): what is sealed opens, with the right key only; keys in every writing (P1)."""

import base64

import pytest
from Crypto.PublicKey.RSA import RsaKey

from simulator.errors import SimulatorError
from simulator.protocol import rsa
from simulator.protocol.rsa import CannotOpen

BOTH_SIZES = pytest.mark.parametrize("bits", rsa.KEY_SIZES)


def lengths(room: int) -> list[int]:
    """Every length of interest from nothing to just over three full blocks."""
    edges = [blocks * room + step for blocks in range(4) for step in (-2, -1, 0, 1, 2)]
    return [0, *(edge for edge in edges if edge > 0)]


@BOTH_SIZES
def test_every_length_around_the_block_limits_round_trips(keys, bits):
    key, size = keys[bits], bits // 8
    room = size - 11
    for length in lengths(room):
        plaintext = bytes(index % 256 for index in range(length))
        sealed = rsa.seal(plaintext, key.public_key())
        assert len(sealed) == size * max(1, -(-length // room))
        assert rsa.open_blocks(sealed, key) == plaintext


@BOTH_SIZES
def test_the_same_plaintext_never_seals_to_the_same_bytes(keys, bits):
    public = keys[bits].public_key()
    assert len({rsa.seal(b"the same", public) for _ in range(10)}) == 10


def try_open(sealed: bytes, key: RsaKey) -> bytes | None:
    try:
        return rsa.open_blocks(sealed, key)
    except CannotOpen:
        return None


@BOTH_SIZES
def test_a_wrong_key_does_not_open(key_rings, bits):
    right, *wrong = key_rings[bits]
    plaintexts = [b"one block", b"two blocks" * 20] * 10
    for key in wrong:
        outcomes = [try_open(rsa.seal(text, right.public_key()), key) for text in plaintexts]
        # One ciphertext in some 100,000 happens to look padded; what comes out is noise.
        assert outcomes.count(None) >= len(outcomes) - 1
        assert not set(outcomes) & set(plaintexts)


@BOTH_SIZES
def test_a_key_of_the_other_size_does_not_open(key_rings, bits):
    other = next(size for size in rsa.KEY_SIZES if size != bits)
    sealed = rsa.seal(b"one block", key_rings[bits][0].public_key())
    with pytest.raises(CannotOpen):
        rsa.open_blocks(sealed, key_rings[other][0])


@BOTH_SIZES
@pytest.mark.parametrize("cut", [1, 2, 64, 127])
def test_a_truncated_or_lengthened_ciphertext_does_not_open(keys, bits, cut):
    sealed = rsa.seal(b"x" * 300, keys[bits].public_key())
    for damaged in (sealed[:-cut], sealed[cut:], sealed + b"x" * cut, sealed[:cut]):
        with pytest.raises(CannotOpen, match=f"no whole number of {bits // 8}-byte blocks"):
            rsa.open_blocks(damaged, keys[bits])


@BOTH_SIZES
def test_garbage_and_nothing_do_not_open(keys, bits):
    size = bits // 8
    for garbage in (b"", b"\x00" * size, b"\xff" * size, b"\x00" * (size - 1) + b"\x01"):
        with pytest.raises(CannotOpen):
            rsa.open_blocks(garbage, keys[bits])


@BOTH_SIZES
def test_the_block_that_does_not_open_is_named(keys, bits):
    size = bits // 8
    sealed = rsa.seal(b"x" * 3 * (size - 11), keys[bits].public_key())
    damaged = sealed[:size] + b"\xff" * size + sealed[2 * size :]
    with pytest.raises(CannotOpen, match="block 2 of 3 does not open"):
        rsa.open_blocks(damaged, keys[bits])


@BOTH_SIZES
def test_blocks_are_joined_in_the_order_given(keys, bits):
    size, room = bits // 8, bits // 8 - 11
    sealed = rsa.seal(b"a" * room + b"b" * room, keys[bits].public_key())
    swapped = rsa.open_blocks(sealed[size:] + sealed[:size], keys[bits])
    assert swapped == b"b" * room + b"a" * room


@BOTH_SIZES
def test_generated_keys_have_the_size_asked_for_and_differ(key_rings, bits):
    ring = key_rings[bits]
    assert {key.size_in_bits() for key in ring} == {bits}
    assert {rsa.block_size(key) for key in ring} == {bits // 8}
    assert len({key.n for key in ring}) == len(ring)


@BOTH_SIZES
def test_a_key_is_read_back_from_pem_and_from_its_bare_line(keys, bits):
    private, public = keys[bits], keys[bits].public_key()
    assert rsa.pem(private).startswith("-----BEGIN PRIVATE KEY-----\n")
    assert rsa.pem(public).startswith("-----BEGIN PUBLIC KEY-----\n")
    for key in (private, public):
        line = rsa.bare(key)
        assert not set(line) & set("\r\n -")
        folded = "\r\n".join(line[at : at + 76] for at in range(0, len(line), 76))
        crlf = rsa.pem(key).replace("\n", "\r\n")
        for text in (rsa.pem(key), crlf, f"\n  {rsa.pem(key)}\n\n", line, f" {line}\n", folded):
            loaded = rsa.load_key(text)
            assert loaded == key
            assert loaded.has_private() == key.has_private()


@pytest.mark.parametrize(
    "write",
    [
        lambda text: f'"{text}"',
        lambda text: f"'{text}'",
        lambda text: text.replace("\n", "\\n"),
        lambda text: text.replace("\n", "\\r\\n"),
        lambda text: text.replace("\n", " "),
        lambda text: text.replace("\n", ""),
        lambda text: f"\ufeff{text}",
        lambda text: f"Bag Attributes\n    friendlyName: a\n{text}",
    ],
)
def test_a_key_is_read_as_settings_and_shells_write_it(keys, write):
    for key in (keys[1024], keys[1024].public_key()):
        assert rsa.load_key(write(rsa.pem(key))) == key


@BOTH_SIZES
def test_pkcs1_is_read_for_private_and_public_keys(openssl, keys, bits):
    private, public = keys[bits], keys[bits].public_key()
    private_pkcs1 = openssl("rsa", "-traditional", stdin=rsa.pem(private).encode()).decode()
    public_pkcs1 = openssl(
        "rsa", "-pubin", "-RSAPublicKey_out", stdin=rsa.pem(public).encode()
    ).decode()
    assert private_pkcs1.startswith("-----BEGIN RSA PRIVATE KEY-----")
    assert public_pkcs1.startswith("-----BEGIN RSA PUBLIC KEY-----")
    for text, key in ((private_pkcs1, private), (public_pkcs1, public)):
        line = "".join(text.split("-----")[2].split())
        assert rsa.load_key(text) == rsa.load_key(line) == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "no key",
        "私钥",
        "AAAA",
        "MIIB====",
        "-----BEGIN PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n!!!!\n-----END PUBLIC KEY-----",
        base64.b64encode(b"\x30\x82\x01\x0a" + b"x" * 100).decode(),
    ],
)
def test_what_is_no_key_is_refused_in_both_languages(text):
    with pytest.raises(SimulatorError) as caught:
        rsa.load_key(text)
    assert "no RSA key" in caught.value.text.en
    assert "不是 RSA 密钥" in caught.value.text.zh


def test_a_truncated_key_and_a_key_of_another_kind_are_refused(openssl, keys):
    elliptic = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    line = rsa.bare(keys[1024])
    for text in (elliptic.decode(), line[:-8], line[8:], line[: len(line) // 2]):
        with pytest.raises(SimulatorError):
            rsa.load_key(text)
