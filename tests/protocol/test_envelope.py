"""`param`: Base64 as it may arrive, and a decryption that fails is never a message (P2, P45)."""

import base64
import binascii

import pytest

from simulator.protocol import envelope, rsa, signing
from simulator.protocol.envelope import NotBase64, decode, open_param
from simulator.protocol.plaintext import FORMS, Compound, NotAPlaintext, Number

SECRET = "s3cr3t"
GIVEN = {"method": "get_access_token", "remark": "保函", "timestamp": "20181015114423"}


def test_a_param_is_standard_base64_on_one_line_with_its_padding(keys):
    for bits, key in keys.items():
        param = envelope.seal(GIVEN, key.public_key())
        assert set(param) <= set(binascii.b2a_base64(bytes(range(256)) * 9).decode() + "+/=")
        assert "\n" not in param
        assert len(base64.b64decode(param, validate=True)) == bits // 8
        assert param.endswith("=") == (bits // 8 % 3 != 0)


def test_line_breaks_and_url_safe_letters_are_tolerated():
    data = bytes(range(256))
    standard = base64.b64encode(data).decode()
    assert "+" in standard
    assert "/" in standard
    folded = "\r\n".join(standard[at : at + 76] for at in range(0, len(standard), 76)) + "\n"
    for text in (standard, folded, base64.urlsafe_b64encode(data).decode()):
        assert decode(text) == data


@pytest.mark.parametrize(
    "text",
    ["YWJjZA", "YWJjZA=", "YWJj ZA==", "YWJjZA==YWJj", "保函", "{}", "%2B", "YWJj\tZA==", "A"],
)
def test_what_is_not_base64_cannot_be_opened(keys, text):
    with pytest.raises(NotBase64):
        decode(text)
    with pytest.raises(rsa.CannotOpen):
        open_param(text, keys[2048])


def test_an_empty_param_and_a_plus_lost_to_form_decoding_cannot_be_opened(keys):
    with pytest.raises(rsa.CannotOpen):
        open_param("", keys[2048])
    params = (envelope.seal(GIVEN, keys[2048].public_key()) for _ in range(50))
    param = next(param for param in params if "+" in param)
    assert open_param(param, keys[2048]).parameters == GIVEN
    with pytest.raises(NotBase64):
        open_param(param.replace("+", " "), keys[2048])


@pytest.mark.parametrize("form", FORMS)
def test_a_signed_param_opens_in_each_form_and_its_sign_holds(keys, form):
    for key in keys.values():
        parameters = envelope.signed(GIVEN, SECRET)
        assert parameters == {**GIVEN, "sign": signing.sign(GIVEN, SECRET)}
        opened = open_param(envelope.seal(parameters, key.public_key(), form), key)
        assert opened.parameters == parameters
        assert signing.verify(opened.parameters, SECRET).valid
        assert not signing.verify(opened.parameters, SECRET + "x").valid


def test_signing_again_replaces_the_sign_and_a_bare_array_is_not_signed():
    once = envelope.signed(GIVEN, SECRET)
    assert envelope.signed(once, SECRET) == once
    assert envelope.signed({**GIVEN, "sign": "stale"}, SECRET) == once
    with pytest.raises(signing.UnsignableValue):
        envelope.signed({**GIVEN, "files": Compound("[]")}, SECRET)


def test_the_text_is_kept_as_it_was_decrypted(keys):
    text = '{ "amount" : 1000.00,\n "timestamp":"2018" }'
    param = base64.b64encode(rsa.seal(text.encode(), keys[1024].public_key())).decode()
    opened = open_param(param, keys[1024])
    assert opened.text == text
    assert opened.parameters == {"amount": "1000.00", "timestamp": "2018"}
    assert isinstance(opened.parameters["amount"], Number)


@pytest.mark.parametrize(
    "decrypted", [b"", b" ", b"hello", b"\xff\xfe\x00", b"[]", b"a=1", b"{", b"\x00" * 20]
)
def test_blocks_that_open_to_something_else_are_no_plaintext(keys, decrypted):
    for key in keys.values():
        param = base64.b64encode(rsa.seal(decrypted, key.public_key())).decode()
        with pytest.raises(NotAPlaintext):
            open_param(param, key)
