"""Mistakes inside the blocks: what they open to is no plaintext."""

import gzip
import json
import zlib
from urllib.parse import quote, quote_plus

import pytest
from diagnosis.asking import ask_why, makes
from diagnosis.developer import CALL, base64_of, encrypt, message, pair

from simulator.protocol.diagnosis.seal.contents import judge


def seal(plain: bytes) -> str:
    """Seal whatever it is."""
    return base64_of(b"".join(encrypt(plain, pair(0))))


@makes("plaintext_empty")
@pytest.mark.parametrize("plain", [b"", b" ", b"\r\n"])
def test_encrypting_nothing(plain):
    return ask_why(seal(plain))


@makes("plaintext_in_gbk")
def test_encrypting_in_the_encoding_of_a_chinese_windows():
    return ask_why(seal(message(300).decode().encode("gbk")))


@makes("plaintext_is_an_array")
@pytest.mark.parametrize("array", [[], [CALL], [["method", "x"]]])
def test_encrypting_an_array(array):
    return ask_why(seal(json.dumps(array).encode()))


@makes("plaintext_is_a_text")
def test_writing_json_twice():
    return ask_why(seal(json.dumps(message().decode()).encode()))


@makes("plaintext_is_xml")
def test_encrypting_xml():
    return ask_why(seal("<xml><method>保函</method></xml>".encode()))


@makes("plaintext_without_sign")
@pytest.mark.parametrize("plain", ["order_no=BH1&company=福州", "method=x", "a=1&b=%E4%BF%9D+x"])
def test_encrypting_a_query_string_without_sign_and_timestamp(plain):
    return ask_why(seal(plain.encode()))


@makes("plaintext_in_base64")
def test_encoding_before_encrypting():
    return ask_why(seal(base64_of(message()).encode()))


@makes("plaintext_url_encoded")
@pytest.mark.parametrize("encode", [quote, quote_plus])
def test_url_encoding_before_encrypting(encode):
    return ask_why(seal(encode(message().decode()).encode()))


@makes("map_printed")
@pytest.mark.parametrize(
    "plain", ["{" + ", ".join(f"{name}={text}" for name, text in CALL.items()) + "}", str(CALL)]
)
def test_printing_a_map(plain):
    return ask_why(seal(plain.encode()))


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ('{"a":-Infinity}', "It has -Infinity"),
        ('{"a":"\\ud800"}', "half of a letter"),
        (f'{{"a":{"[" * 9000}{"]" * 9000}}}', "nested too deeply"),
        ('{"a":"1",}', "broken at byte 9 of 10"),
    ],
)
def test_what_is_wrong_with_json_that_has_no_wrong_byte(plain, said):
    finding = judge([plain.encode()], 20_000)

    assert said in finding.detail.en


@makes("broken_json")
@pytest.mark.parametrize(
    "plain",
    [
        '{"company":"福州"建设"公司"}',
        '{"a":"line\nbreak"}',
        '{"a":"1",}',
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        '{"company":"保',
    ],
)
def test_joining_json_by_hand(plain):
    return ask_why(seal(plain.encode()))


@makes("no_plaintext")
@pytest.mark.parametrize("plain", [b"hello", b"\xff\xfe\x00", b"null", b"12", b"a=%zz&sign=1"])
def test_encrypting_something_else_altogether(plain):
    return ask_why(seal(plain))


@makes("no_plaintext")
@pytest.mark.parametrize(
    ("hide", "said"),
    [
        (gzip.compress, "gzip"),
        (zlib.compress, "gzip"),
        (lambda plain: plain.decode().encode("utf-16"), "UTF-16"),
        (lambda plain: plain.hex().encode(), "hexadecimal"),
        (lambda plain: b"cb(" + plain + b")", "3 bytes stand before"),
        (lambda plain: b"param=" + plain, "6 bytes stand before"),
        (lambda plain: b"\0\0" + plain, "2 bytes stand before"),
    ],
)
def test_hiding_the_plaintext(hide, said):
    findings = ask_why(seal(hide(message())))
    assert said in findings[0].detail.en
    return findings


def query(between):
    """Return a signed query string with something between the pairs."""
    pairs = {**CALL, "company": "ABC", "order_no": "1", "sign": "A" * 32}
    return between.join(f"{name}={value}" for name, value in pairs.items()).encode()


@makes("query_not_plain")
@pytest.mark.parametrize("between", [";", "\n", "\r\n", "&amp;", ","])
def test_joining_a_query_string_otherwise(between):
    return ask_why(seal(query(between)))


@makes("segment_repeated")
@pytest.mark.parametrize("repeated", [0, -1])
def test_sealing_one_segment_twice(repeated):
    blocks = encrypt(message(), pair(0))
    blocks.insert(repeated if repeated >= 0 else len(blocks), blocks[repeated])
    return ask_why(base64_of(b"".join(blocks)))
