"""Writing JSON: readable UTF-8, or byte for byte what PHP's `json_encode` writes (P3)."""

import json

import pytest

from simulator.protocol.plaintext import Compound, Number, form_of, read, write


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("plain", "plain"),
        ("保函", r"\u4fdd\u51fd"),
        ("é", r"\u00e9"),
        ("\x80", r"\u0080"),
        ("\uffff", r"\uffff"),
        ("\uabcd", r"\uabcd"),
        ("😀", r"\ud83d\ude00"),
        ("\U0010ffff", r"\udbff\udfff"),
        ("\u2028\u2029", r"\u2028\u2029"),
        ("https://a/b", r"https:\/\/a\/b"),
        ('"', r"\""),
        ("\\", r"\\"),
        ("\\/", r"\\\/"),
        ("\b\f\n\r\t", r"\b\f\n\r\t"),
        ("\x00\x01\x0b\x1f", r"\u0000\u0001\u000b\u001f"),
        ("'<>&+=%~ ", "'<>&+=%~ "),
    ],
)
def test_json_ascii_escapes_exactly_as_php_does(text, written):
    expected = f'{{"{written}":"{written}"}}'.encode("ascii")
    assert write({text: text}, "json-ascii") == expected
    assert read(expected) == {text: text}


def test_json_stays_readable():
    written = write({"备注": "保函 😀 a/b\u2028", "q": '"\\\n'}, "json")
    assert written.decode() == '{"备注":"保函 😀 a/b\u2028","q":"\\"\\\\\\n"}'


@pytest.mark.parametrize("form", ["json", "json-ascii"])
def test_each_kind_of_value_is_written_as_itself(form):
    parameters = {
        "a": "1000.00",
        "b": Number("1000.00"),
        "c": True,
        "d": False,
        "e": None,
        "f": Compound("[1.0]"),
        "g": Number("1E400"),
    }
    written = write(parameters, form)
    expected = b'{"a":"1000.00","b":1000.00,"c":true,"d":false,"e":null,"f":[1.0],"g":1E400}'
    assert written == expected
    back = read(written)
    assert [(type(value), value) for value in back.values()] == [
        (type(value), value) for value in parameters.values()
    ]


@pytest.mark.parametrize("form", ["json", "json-ascii"])
def test_text_that_is_itself_json_stays_text(form):
    inner = r'[{"url":"http:\/\/a","name":"\u4fdd"}]'
    written = write({"attach_files": inner}, form)
    assert json.loads(written) == {"attach_files": inner}
    assert type(read(written)["attach_files"]) is str
    assert form_of(written) == "json"


@pytest.mark.parametrize("form", ["json", "json-ascii"])
def test_names_stay_in_the_order_given_with_no_blanks_between(form):
    assert write({"b": "1", "a": "2", "B": "3"}, form) == b'{"b":"1","a":"2","B":"3"}'
    assert write({}, form) == b"{}"
