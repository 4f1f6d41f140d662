"""Reading a decrypted plaintext: three forms recognised, everything else refused (P3, P7, P8)."""

import pytest

from simulator.protocol import plaintext
from simulator.protocol.plaintext import Compound, NotAPlaintext, Number, as_text, form_of, read


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ('{"method":"get_access_token","remark":"保函 a/b","timestamp":"2018"}', "json"),
        (
            r'{"method":"get_access_token","remark":"\u4fdd\u51fd a\/b","timestamp":"2018"}',
            "json",
        ),
        ("method=get_access_token&remark=%E4%BF%9D%E5%87%BD+a%2Fb&timestamp=2018", "query"),
        ("method=get_access_token&remark=%e4%bf%9d%e5%87%bd%20a/b&timestamp=2018", "query"),
        ("method=get_access_token&remark=保函 a/b&timestamp=2018", "query"),
    ],
)
def test_each_form_is_recognised_and_means_the_same(written, form):
    assert form_of(written.encode()) == form
    assert list(read(written.encode()).items()) == [
        ("method", "get_access_token"),
        ("remark", "保函 a/b"),
        ("timestamp", "2018"),
    ]


def test_blanks_and_a_byte_order_mark_before_json_are_tolerated():
    for text in ('\ufeff{"a":"b"}', ' \r\n\t{ "a" :\n"b" } \n', '\ufeff {"a":"b"}'):
        assert read(text.encode()) == {"a": "b"}


def test_each_json_value_keeps_its_kind():
    text = '{"t":"1","n":1,"y":true,"f":false,"z":null,"l":[1],"o":{},"e":""}'
    kinds = {name: type(value) for name, value in read(text.encode()).items()}
    assert kinds == {
        "t": str,
        "n": Number,
        "y": bool,
        "f": bool,
        "z": type(None),
        "l": Compound,
        "o": Compound,
        "e": str,
    }


@pytest.mark.parametrize(
    "literal",
    ["1000.00", "0", "-0", "-0.0", "1e5", "1E+05", "0.1000", "12345678901234567890", "9" * 5000],
)
def test_a_number_keeps_its_literal_text(literal):
    value = read(f'{{"amount": {literal} }}'.encode())["amount"]
    assert isinstance(value, Number)
    assert value == as_text(value) == literal


@pytest.mark.parametrize(
    ("written", "compact"),
    [
        ("[ ]", "[]"),
        ("{ }", "{}"),
        ('[ 1.00 , -0, 1E5, "a b" ]', '[1.00,-0,1E5,"a b"]'),
        ('{ "b" : [true, false, null], "a": { "保": "\\u51fd\\/" } }', None),
        ('["quote \\" and \\\\", "line\\n"]', '["quote \\" and \\\\","line\\n"]'),
    ],
)
def test_a_bare_array_or_object_is_kept_as_compact_text(written, compact):
    value = read(f'{{"files": {written}}}'.encode())["files"]
    assert isinstance(value, Compound)
    assert value == (compact or '{"b":[true,false,null],"a":{"保":"函/"}}')


def test_a_repeated_name_keeps_its_last_value():
    assert read(b'{"a":"1","b":"2","a":"3"}') == {"a": "3", "b": "2"}
    assert read(b"a=1&sign=x&a=3") == {"a": "3", "sign": "x"}


@pytest.mark.parametrize(
    "bad",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "[NaN]",
        "01",
        "1.",
        ".5",
        "+1",
        "True",
        "'x'",
        '"x',
        '"line\nbreak"',
        r'"\x41"',
        "1,",
        "1}{",
        "1} x",
        "",
    ],
)
def test_what_only_resembles_json_is_refused(bad):
    assert read(b'{"a":1}') == {"a": "1"}
    with pytest.raises(NotAPlaintext):
        read(f'{{"a":{bad}}}'.encode())


@pytest.mark.parametrize("top", ["[]", '[{"sign":"x"}]', '"sign=x"', "1", "null", "true"])
def test_json_that_is_not_an_object_is_refused(top):
    with pytest.raises(NotAPlaintext):
        read(top.encode())


@pytest.mark.parametrize("lone", [r"\ud800", r"\udc00", r"\ude00\ud83d", r"x\ud83dx"])
def test_a_lone_surrogate_is_refused_wherever_it_stands(lone):
    assert read(rb'{"a":"\ud83d\ude00"}') == {"a": "😀"}
    for member in (f'"a":"{lone}"', f'"{lone}":1', f'"a":["{lone}"]', f'"a":{{"{lone}":1}}'):
        with pytest.raises(NotAPlaintext):
            read(f"{{{member}}}".encode())


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_nesting_is_read_within_reason_and_refused_beyond_without_a_crash(opening, closing):
    def nested(depth: int) -> bytes:
        inner = opening * depth + ("" if opening == "[" else "1") + closing * depth
        return f'{{"a":{inner}}}'.encode()

    assert read(nested(50))["a"] == nested(50).decode()[5:-1]
    for depth in (2_000, 200_000):
        with pytest.raises(NotAPlaintext):
            read(nested(depth))
    with pytest.raises(NotAPlaintext):
        read(b'{"a":' + opening.encode() * 200_000)


@pytest.mark.parametrize("empty", [b"", b" ", b"\n\t "])
def test_an_empty_plaintext_is_refused(empty):
    for reader in (read, form_of):
        with pytest.raises(NotAPlaintext, match="is empty"):
            reader(empty)


@pytest.mark.parametrize(
    "data", [b"\xff", b'{"a":"\xe4\xbf"}', b"sign=\xe4\xbf", b'{"a":"\xc0\x80"}']
)
def test_bytes_that_are_no_utf8_are_refused(data):
    for reader in (read, form_of):
        with pytest.raises(NotAPlaintext, match="not UTF-8"):
            reader(data)


def test_what_a_value_means_as_text():
    values = [None, False, True, Number("1.0"), Compound("[]"), "x", ""]
    assert [plaintext.as_text(value) for value in values] == ["", "", "1", "1.0", "[]", "x", ""]
