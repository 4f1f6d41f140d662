"""The query form is read strictly, because noise from a wrong key must not pass for it (P3)."""

import pytest

from simulator.protocol.plaintext import NotAPlaintext, Number, read, write


@pytest.mark.parametrize("name", ["a", "_", "A1", "api_key", "__x9", "Z" * 200])
def test_a_name_is_letters_digits_and_underscores_and_starts_with_no_digit(name):
    assert read(f"{name}=1&timestamp=2".encode()) == {name: "1", "timestamp": "2"}


@pytest.mark.parametrize(
    "name", ["", "1a", "a-b", "a.b", "a b", "a[]", "a%5F", "é", "保", "a+", "\ufeffa", "a\n", " a"]
)
def test_any_other_name_is_refused(name):
    with pytest.raises(NotAPlaintext):
        read(f"{name}=1&timestamp=2".encode())
    with pytest.raises(NotAPlaintext):
        read(f"timestamp=2&{name}=1".encode())


@pytest.mark.parametrize(
    "text", ["timestamp=2&a", "timestamp=2&", "&timestamp=2", "a&&timestamp=2"]
)
def test_every_piece_is_a_name_an_equals_sign_and_a_value(text):
    with pytest.raises(NotAPlaintext):
        read(text.encode())


def test_sign_or_timestamp_must_be_among_the_names():
    assert read(b"sign=") == {"sign": ""}
    assert read(b"a=1&timestamp=") == {"a": "1", "timestamp": ""}
    for text in (b"a=1", b"a=sign", b"a=timestamp&b=sign", b"Sign=1", b"signs=1", b"time_stamp=1"):
        with pytest.raises(NotAPlaintext):
            read(text)


@pytest.mark.parametrize("broken", ["%", "%4", "%zz", "%4g", "100%", "%%41", "%u4fdd", "% 41"])
def test_a_broken_escape_is_refused(broken):
    with pytest.raises(NotAPlaintext, match="broken %-escape"):
        read(f"sign=x&a={broken}&b=1".encode())


@pytest.mark.parametrize(
    "escaped", ["%FF", "%E4%BF", "%C0%80", "%ED%A0%80", "%F5%80%80%80", "x%80"]
)
def test_escapes_that_are_no_utf8_are_refused(escaped):
    with pytest.raises(NotAPlaintext, match="not UTF-8"):
        read(f"sign=x&a={escaped}".encode())


def test_only_the_first_equals_sign_of_a_piece_separates():
    assert read(b"a=b=c==&sign=x") == {"a": "b=c==", "sign": "x"}


def test_values_are_unescaped_once_and_plus_is_a_blank():
    assert read(b"sign=%2541+%2B%26%3D%00%0a") == {"sign": "%41 +&=\x00\n"}


def test_everything_is_text_in_the_query_form():
    assert {type(value) for value in read(b"sign=1&b=1000.00&c=null&d=true&e=").values()} == {str}


def test_writing_escapes_what_separates_and_gives_each_kind_its_text():
    parameters = {
        "a": "x y&z=1",
        "amount": Number("1000.00"),
        "b": True,
        "c": False,
        "d": None,
        "e": "保+/%",
        "sign": "",
    }
    written = write(parameters, "query")
    assert written == b"a=x+y%26z%3D1&amount=1000.00&b=1&c=&d=&e=%E4%BF%9D%2B%2F%25&sign="
    assert read(written)["e"] == "保+/%"
