"""Mistakes on the way from the encrypted blocks to the form."""

import base64
import json
from urllib.parse import quote, quote_plus, unquote_plus

import pytest
from diagnosis.asking import ask_why, makes
from diagnosis.developer import CALL, base64_of, encrypt, message, pair


def make_ciphertext(size: int = 0, bits: int = 1024) -> bytes:
    """Return a right ciphertext."""
    return b"".join(encrypt(message(size), pair(0, bits)))


def make_param_with(letter: str) -> str:
    """Return a right `param` with some letter in it."""
    while letter not in (param := base64_of(make_ciphertext())):
        pass
    return param


@makes("not_encrypted")
@pytest.mark.parametrize(
    "param",
    [
        message().decode(),
        json.dumps(CALL),
        json.dumps([CALL]),
        "method=get_access_token&sign=" + "A" * 32,
        json.dumps(json.dumps(CALL)),
    ],
)
def test_sending_the_parameters_in_the_clear(param):
    return ask_why(param)


@makes("blanks_instead_of_plus")
@pytest.mark.parametrize("bits", [1024, 2048])
def test_a_form_that_is_not_url_encoded(bits):
    param = base64_of(make_ciphertext(bits=bits))
    while "+" not in param:
        param = base64_of(make_ciphertext(bits=bits))
    return ask_why(unquote_plus(param), bits)


@makes("url_encoded_twice")
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("encode", [lambda text: quote(text, safe=""), quote_plus])
def test_url_encoding_before_the_client_does_it_again(encode, times):
    param = make_param_with("+")
    for _ in range(times):
        param = encode(param)
    return ask_why(param)


@makes("something_around_param")
@pytest.mark.parametrize("around", ['"{}"', "'{}'", "param={}", " {} ", '\t"{}"\n'])
def test_sending_param_with_something_around_it(around):
    return ask_why(around.format(make_param_with("/")))


@makes("something_around_param", "blanks_instead_of_plus")
@pytest.mark.parametrize("around", ['"{}"', "param={}"])
def test_quotation_marks_and_blanks(around):
    return ask_why(unquote_plus(around.format(make_param_with("+"))))


def sealed_with_plus_at_the_end() -> str:
    """Return a right `param` of three blocks, whose Base64 needs no `=` and ends with `+`."""
    while not (param := base64_of(sealed_in_three_blocks())).endswith("+"):
        pass
    return param


def sealed_in_three_blocks() -> bytes:
    """Return a right ciphertext of 3 times 128 bytes."""
    plain = json.dumps({**CALL, "sign": "A" * 32}, separators=(",", ":")).encode()
    assert 2 * 117 < len(plain) <= 3 * 117
    return b"".join(encrypt(plain, pair(0)))


@makes("blanks_instead_of_plus")
def test_a_blank_that_is_the_last_letter():
    return ask_why(unquote_plus(sealed_with_plus_at_the_end()))


@makes("something_around_param", "blanks_instead_of_plus")
def test_a_blank_that_is_the_last_letter_in_quotation_marks():
    return ask_why(unquote_plus(f'"{sealed_with_plus_at_the_end()}"'))


@makes("java_bytes_printed")
def test_sending_what_a_byte_array_prints():
    return ask_why("[B@6d06d69c")


@makes("java_bytes_printed")
def test_sending_what_arrays_to_string_prints():
    return ask_why(str([byte - 256 if byte > 127 else byte for byte in make_ciphertext()]))


@makes("not_base64")
@pytest.mark.parametrize("param", ["<xml/>", "保函", "MIIB!!!!", "a*b*c*d*"])
def test_sending_something_else_altogether(param):
    return ask_why(param)


@makes("hex_instead_of_base64")
@pytest.mark.parametrize("write", [bytes.hex, lambda data: data.hex().upper()])
@pytest.mark.parametrize("bits", [1024, 2048])
def test_writing_the_ciphertext_in_hexadecimal(write, bits):
    return ask_why(write(make_ciphertext(bits=bits)), bits)


@makes("hex_instead_of_base64")
def test_writing_hexadecimal_in_base64():
    return ask_why(base64_of(make_ciphertext().hex().encode()))


@makes("base64_padding_missing")
@pytest.mark.parametrize("bits", [1024, 2048])
def test_leaving_the_padding_of_base64_out(bits):
    data = make_ciphertext(1000 if bits == 2048 else 0, bits)
    while len(data) % 3 == 0:
        data = make_ciphertext(len(data) * 2, bits)
    return ask_why(base64_of(data).rstrip("="), bits)


@makes("base64_of_each_block")
@pytest.mark.parametrize("between", ["", ",", "\n", "|"])
@pytest.mark.parametrize("bits", [1024, 2048])
def test_encoding_each_block_by_itself(bits, between):
    blocks = encrypt(message(600), pair(0, bits))
    return ask_why(between.join(base64_of(block) for block in blocks), bits)


@makes("base64_twice")
@pytest.mark.parametrize("encode", [base64.b64encode, base64.encodebytes])
def test_encoding_twice(encode):
    return ask_why(base64_of(encode(make_ciphertext())))


@makes("only_base64")
@pytest.mark.parametrize(
    "plain", [message(), message().decode().encode("gbk"), b"timestamp=20240102030405&a=1"]
)
def test_taking_base64_for_encryption(plain):
    return ask_why(base64_of(plain))


@makes("not_base64")
@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_losing_the_case_of_the_letters(change):
    return ask_why(change(base64_of(make_ciphertext())))


@makes("param_is_a_word")
@pytest.mark.parametrize("word", ["null", "undefined", "[object Promise]", "System.Byte[]", "None"])
def test_sending_a_word(word):
    return ask_why(word)


@makes("hex_instead_of_base64")
@pytest.mark.parametrize(
    "write",
    [
        lambda data: f"0x{data.hex()}",
        lambda data: data.hex(":"),
        lambda data: data.hex("-").upper(),
        lambda data: data.hex(" "),
    ],
)
def test_marking_hexadecimal_digits(write):
    return ask_why(write(make_ciphertext()))


@makes("java_bytes_printed")
@pytest.mark.parametrize(
    "write",
    [
        repr,
        lambda data: ",".join(map(str, data)),
        lambda data: json.dumps(list(data)),
        lambda data: json.dumps({"type": "Buffer", "data": list(data)}),
    ],
)
def test_sending_what_bytes_print(write):
    return ask_why(write(make_ciphertext()))


@makes("param_escaped")
def test_escaping_base64_for_html():
    return ask_why(make_param_with("+").replace("+", "&#43;").replace("/", "&#x2F;"))
