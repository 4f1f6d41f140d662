"""Mistakes with the key, the padding and the blocks."""

import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from diagnosis.asking import ask_why, makes
from diagnosis.developer import base64_of, encrypt, message, pair

OWN, PLATFORM, OTHER, STRANGER = range(4)
BITS = pytest.mark.parametrize("bits", [1024, 2048])


def param_for(number: int, bits: int = 1024, size: int = 0) -> str:
    """Return a message sealed for one of the key pairs."""
    return base64_of(b"".join(encrypt(message(size), pair(number, bits))))


@BITS
@makes("platform_key_instead_of_own")
def test_a_business_call_sealed_for_the_platform(bits):
    return ask_why(param_for(PLATFORM, bits), bits)


@BITS
@makes("own_key_instead_of_platform")
@pytest.mark.parametrize("known", [True, False])
def test_a_token_request_sealed_for_the_account_itself(bits, known):
    return ask_why(param_for(OWN, bits), bits, expected="platform", own=known)


@BITS
@makes("key_of_another_account")
def test_a_call_sealed_for_another_account(bits):
    findings = ask_why(param_for(OTHER, bits), bits)
    assert "sandbox" in findings[0].detail.en
    return findings


@BITS
@makes("unknown_key", certain=False)
def test_a_call_sealed_with_a_key_of_another_environment(bits):
    return ask_why(base64_of(b"".join(encrypt(b"x" * 300, pair(STRANGER, bits)))), bits)


@makes("another_key_size", certain=False)
def test_a_call_sealed_with_a_key_of_another_size():
    # Three blocks of 1024 bits cannot be blocks of 2048.
    return ask_why(base64_of(b"".join(encrypt(b"x" * 300, pair(STRANGER, 1024)))), 2048)


@pytest.mark.parametrize("sealed", [1024, 2048])
@BITS
@makes("unknown_key", certain=False)
def test_a_strangers_key_that_may_be_of_either_size(bits, sealed):
    # 512 bytes either way; only who has the key could tell four small blocks from two large ones.
    param = base64_of(b"".join(encrypt(b"x" * 400, pair(STRANGER, sealed))))
    findings = ask_why(param, bits)
    for said in (findings[0].detail.en, findings[0].detail.zh):
        assert "512" in said
        assert "1024" in said
        assert "2048" in said
    return findings


@BITS
@makes("oaep_padding")
@pytest.mark.parametrize(
    ("label", "mask"),
    [
        (hashes.SHA1, hashes.SHA1),
        (hashes.SHA256, hashes.SHA256),
        (hashes.SHA256, hashes.SHA1),
    ],
)
def test_padding_with_oaep(bits, label, mask):
    way = padding.OAEP(padding.MGF1(mask()), label(), None)
    blocks = [pair(OWN, bits).public_key().encrypt(part, way) for part in (b"{" * 60, b"x" * 9)]
    return ask_why(base64_of(b"".join(blocks)), bits)


@makes("oaep_padding")
def test_an_oaep_block_that_looks_like_a_right_one():
    way = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    own = pair(OWN).private_numbers()
    modulus = own.public_numbers.n
    while True:
        block = pair(OWN).public_key().encrypt(b'{"a":"1"}', way)
        padded = pow(int.from_bytes(block), own.d, modulus).to_bytes(128)
        if padded[1] == 2 and padded.find(0, 2) >= 10:
            return ask_why(base64_of(block))


@makes("platform_key_instead_of_own", "oaep_padding")
def test_the_wrong_key_and_the_wrong_padding():
    way = padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None)
    return ask_why(base64_of(pair(PLATFORM).public_key().encrypt(b'{"a":"1"}', way)))


@BITS
@makes("no_padding")
def test_not_padding_at_all(bits):
    numbers = pair(OWN, bits).public_key().public_numbers()
    plain, size = message(), bits // 8
    parts = [plain[start : start + size] for start in range(0, len(plain), size)]
    blocks = [pow(int.from_bytes(part), numbers.e, numbers.n).to_bytes(size) for part in parts]
    return ask_why(base64_of(b"".join(blocks)), bits)


@BITS
@makes("private_key_used")
def test_encrypting_with_the_private_key(bits):
    private, size = pair(OWN, bits).private_numbers(), bits // 8
    blocks = []
    for part in (message()[: size - 11], b"}"):
        padded = b"\x00\x01" + b"\xff" * (size - 3 - len(part)) + b"\x00" + part
        number = pow(int.from_bytes(padded), private.d, private.public_numbers.n)
        blocks.append(number.to_bytes(size))
    return ask_why(base64_of(b"".join(blocks)), bits)


@BITS
@makes("truncated")
@pytest.mark.parametrize("lost", [3, 4, 5, 6, 30, 100])
def test_a_column_that_is_too_short_for_param(bits, lost):
    return ask_why(param_for(OWN, bits, 600)[:-lost], bits)


@makes("truncated")
def test_a_buffer_that_is_written_whole_after_the_last_read():
    return ask_why(base64_of(b"".join(encrypt(message(), pair(OWN))) + b"\x00" * 40))


@BITS
@makes("later_block_does_not_open")
def test_joining_a_block_that_is_not_encrypted(bits):
    first = encrypt(message(900), pair(OWN, bits))[0]
    return ask_why(base64_of(first + b"\x01" * (bits // 8)), bits)


@BITS
@makes("cut_to_one_block")
def test_encrypting_the_first_part_only(bits):
    return ask_why(base64_of(encrypt(message(900), pair(OWN, bits))[0]), bits)


@BITS
@makes("block_lost")
@pytest.mark.parametrize("lost", [0, -1])
def test_losing_the_first_or_the_last_block(bits, lost):
    blocks = encrypt(message(900), pair(OWN, bits))
    del blocks[lost]
    return ask_why(base64_of(b"".join(blocks)), bits)


@makes("block_lost", certain=False)
def test_losing_a_block_in_the_middle():
    plain = json.dumps({"a" * 100: "b" * 9, "c" * 150: "d", "e": "f" * 100}).encode()
    blocks = encrypt(plain, pair(OWN))
    del blocks[1]
    return ask_why(base64_of(b"".join(blocks)))


@BITS
@makes("blocks_out_of_order")
@pytest.mark.parametrize("size", [300, 2400])
@pytest.mark.parametrize("parts", ["reversed", "swapped", "rotated"])
def test_joining_the_blocks_in_another_order(bits, size, parts):
    blocks = encrypt(message(size), pair(OWN, bits))
    if parts == "reversed":
        blocks.reverse()
    elif parts == "swapped":
        blocks[0], blocks[1] = blocks[1], blocks[0]
    else:
        blocks.append(blocks.pop(0))
    return ask_why(base64_of(b"".join(blocks)), bits)
