"""Mistakes with the values: what was signed is not what was sent."""

import hashlib
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from diagnosis.asking import Found, Sent, asked_about, asked_about_json, makes
from diagnosis.developer import CALL, SECRET, join, md5, signature

from simulator.protocol.diagnosis.sign.numbers import explain_number

LIST = [{"name": "保函/1", "url": "http://a/b", "amount": 1000.00}]


def signed_as(**changes: str) -> str:
    """Sign with some values in other words than they are sent."""
    return signature({**CALL, **changes})


def with_each(change) -> str:
    """Sign with each value changed."""
    return signature({name: change(text) for name, text in CALL.items()})


@makes("values_url_encoded")
@pytest.mark.parametrize("encode", [quote, quote_plus, lambda text: quote(text, safe="")])
def test_url_encoding_before_signing(encode):
    return asked_about(CALL, with_each(encode))


@makes("sent_url_encoded")
def test_url_encoding_after_signing():
    return asked_about({name: quote_plus(text) for name, text in CALL.items()}, signature(CALL))


@makes("signed_in_gbk")
def test_hashing_in_the_encoding_of_a_chinese_windows():
    text = SECRET + join(CALL) + SECRET
    return asked_about(CALL, hashlib.md5(text.encode("gbk")).hexdigest().upper())


@makes("letters_lost")
@pytest.mark.parametrize("charset", ["ascii", "latin-1"])
def test_hashing_in_an_encoding_without_chinese(charset):
    text = SECRET + join(CALL) + SECRET
    return asked_about(CALL, hashlib.md5(text.encode(charset, "replace")).hexdigest().upper())


@makes("plus_became_blank")
def test_a_plus_that_is_decoded_to_a_blank_after_signing():
    sent = {**CALL, "company": "a b", "file_hash": "x y z=="}
    return asked_about(sent, signature({**sent, "company": "a+b", "file_hash": "x+y+z=="}))


@makes("null_left_out")
def test_leaving_null_out_of_the_sign():
    return asked_about({**CALL, "remark": None, "order_type": "1"}, signed_as(order_type="1"))


@makes("null_signed_as_another_word")
@pytest.mark.parametrize("word", ["None", "NULL", "undefined"])
def test_signing_null_as_another_language_prints_it(word):
    return asked_about({**CALL, "remark": None}, signed_as(remark=word))


@makes("null_sent_as_a_word")
def test_sending_the_word_null():
    return asked_about({**CALL, "remark": "null"}, signed_as(remark=""))


@makes("empty_left_out")
def test_leaving_empty_values_out_of_the_sign():
    sent = {**CALL, "remark": ""}
    return asked_about(sent, signature({name: text for name, text in sent.items() if text}))


@makes("empty_left_out")
def test_leaving_out_what_php_takes_for_empty():
    sent = {**CALL, "remark": "0"}
    signed = {name: text for name, text in sent.items() if text not in ("", "0")}
    return asked_about(sent, signature(signed))


@makes("empty_signed_as_null")
def test_signing_null_and_sending_the_empty_text():
    return asked_about(CALL, signed_as(order_type="null"))


@makes("number_written_otherwise")
@pytest.mark.parametrize(
    ("sent", "signed"),
    [
        ("1000.00", "1000.0"),
        ("1000.00", "1,000.00"),
        ("1000", "1000.0"),
        ("1000", "1000.00"),
        ("1000.0", "1000.00"),
        ('"1000.00"', "1000"),
        ('"1000.00"', "1000.0"),
        ('"1000"', "1000.00"),
        ('"1000"', "1000.0"),
        ('"1000.0"', "1000"),
        ('"0.10"', "0.1"),
    ],
)
def test_signing_an_amount_in_another_writing(sent, signed):
    text = json.dumps({**CALL, "guarantee_amount": "AMOUNT"}).replace('"AMOUNT"', sent)
    return asked_about_json(text, signed_as(guarantee_amount=signed))


@makes("number_written_otherwise")
@pytest.mark.parametrize(
    ("sent", "signed"), [("25000000", "2.5E7"), ("12345678.90", "1.23456789E7")]
)
def test_signing_a_double_as_java_prints_it(sent, signed):
    return asked_about({**CALL, "guarantee_amount": sent}, signed_as(guarantee_amount=signed))


@makes("number_written_otherwise")
def test_a_number_signed_as_php_reads_it_where_the_switch_forbids():
    sent = json.dumps({**CALL, "guarantee_amount": 5.50}).replace("5.5", "5.50")
    return asked_about_json(sent, signed_as(guarantee_amount="5.5"), number_sign="literal")


@makes("boolean_signed_as_a_word")
@pytest.mark.parametrize("words", [("true", "false"), ("True", "False"), ("1", "0")])
def test_signing_booleans_as_words(words):
    return asked_about(
        {**CALL, "is_long": True, "is_lost": False}, signed_as(is_long=words[0], is_lost=words[1])
    )


@makes("json_written_again")
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_parsing_json_and_writing_it_again(separators, ascii_only):
    sent = json.dumps(LIST, separators=(",", ":")).replace("/", "\\/")
    again = json.dumps(LIST, separators=separators, ensure_ascii=ascii_only)
    if ascii_only and separators == (",", ":"):
        sent = json.dumps(LIST, ensure_ascii=False)
    return asked_about({**CALL, "attach_files": sent}, signed_as(attach_files=again))


@makes("json_written_again")
def test_json_signed_as_php_writes_it_and_sent_otherwise():
    php = json.dumps(LIST, separators=(",", ":")).replace("/", "\\/")
    sent = {**CALL, "attach_files": json.dumps(LIST, ensure_ascii=False)}
    return asked_about(sent, signed_as(attach_files=php))


@makes("json_written_again")
def test_json_whose_members_come_out_of_a_hash_map():
    text = json.dumps(LIST, ensure_ascii=False, separators=(",", ":"))
    ordered = json.dumps(LIST, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return asked_about({**CALL, "attach_files": text}, signed_as(attach_files=ordered))


@makes("values_trimmed")
def test_trimming_only_for_the_sign():
    sent = {**CALL, "company": "福州建设 ", "remark": "\t好\n"}
    return asked_about(sent, signed_as(company="福州建设", remark="好"))


@makes("html_escaped")
@pytest.mark.parametrize("escape", [html.escape, lambda text: html.escape(text, quote=False)])
def test_escaping_html_before_signing(escape):
    sent = {**CALL, "remark": 'a & b "c"'}
    return asked_about(sent, signature({name: escape(text) for name, text in sent.items()}))


@makes("sent_html_escaped")
def test_a_filter_that_escapes_html_after_signing():
    return asked_about({name: html.escape(text) for name, text in CALL.items()}, signature(CALL))


@makes("line_breaks_changed")
@pytest.mark.parametrize(
    ("sent", "signed"), [("a\nb", "a\r\nb"), ("a\r\nb", "a\nb"), ("a\nb", "ab")]
)
def test_line_breaks_that_changed_on_the_way(sent, signed):
    return asked_about({**CALL, "remark": sent}, signed_as(remark=signed))


@makes("bare_array_or_object")
@pytest.mark.parametrize("value", [LIST, {}, []])
def test_sending_an_array_instead_of_its_text(value):
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    findings = asked_about({**CALL, "attach_files": value}, signed_as(attach_files=text))
    assert "attach_files" in findings[0].detail.en
    return findings


@makes("timestamp_of_12_digits")
@pytest.mark.parametrize(
    ("sent", "signed"), [("240102030405", "20240102030405"), ("202401020304", "20240102030400")]
)
def test_sending_a_timestamp_of_12_digits_and_signing_14(sent, signed):
    return asked_about({**CALL, "timestamp": sent}, signed_as(timestamp=signed))


@makes("timestamp_taken_twice")
@pytest.mark.parametrize("signed", ["20240102030404", "20240102030407"])
def test_asking_the_clock_twice(signed):
    return asked_about(CALL, signed_as(timestamp=signed))


@makes("timestamp_signed_otherwise")
@pytest.mark.parametrize("signed", ["2024-01-02 03:04:05", "1704135845", "240102030405"])
def test_signing_the_time_in_another_form(signed):
    return asked_about(CALL, signed_as(timestamp=signed))


@makes("timestamp_is_unix", certain=False)
@pytest.mark.parametrize("sent", ["1704135845", "1704135845000"])
def test_a_unix_timestamp_is_remarked_on_when_the_sign_fails(sent):
    return asked_about({**CALL, "timestamp": sent}, md5("something else"))


@makes("lower_case", "timestamp_is_unix")
def test_a_unix_timestamp_is_remarked_on_after_what_explains_the_sign():
    return asked_about(
        {**CALL, "timestamp": "1704135845"}, signed_as(timestamp="1704135845").lower()
    )


@makes("null_signed_as_another_word", "boolean_signed_as_a_word")
def test_signing_what_python_prints():
    return asked_about(
        {**CALL, "is_long": True, "remark": None}, signed_as(is_long="True", remark="None")
    )


@makes("number_written_otherwise")
@pytest.mark.parametrize(
    ("sent", "signed"),
    [
        ("1.0E7", "10000000.00"),
        ("1E+7", "10000000.00"),
        ("2.4E7", "2.4E+7"),
        ('"1E+7"', "10000000"),
        ("10000000", "1e+07"),
        ("1234567.8", "1234567.75"),
    ],
)
def test_signing_or_sending_an_exponent(sent, signed):
    text = json.dumps({**CALL, "guarantee_amount": "AMOUNT"}).replace('"AMOUNT"', sent)
    return asked_about_json(text, signed_as(guarantee_amount=signed))


@makes("plus_became_blank")
@pytest.mark.parametrize("text", ["A+B 第 2 期", "C++ 与 A+B"])
def test_a_plus_among_blanks_that_is_decoded(text):
    sent = {**CALL, "company": text.replace("+", " ")}
    return asked_about(sent, signature({**sent, "company": text}))


@makes("null_signed_but_not_sent")
def test_signing_the_word_undefined_for_what_is_not_sent():
    return asked_about(CALL, signature({**CALL, "note": "undefined"}), absent=["note", "remark"])


@makes("boolean_signed_as_a_word")
@pytest.mark.parametrize(("sent", "signed"), [("0", ""), ("1", "true"), ("0", "false")])
def test_sending_a_boolean_as_a_digit(sent, signed):
    return asked_about({**CALL, "order_type": sent}, signature({**CALL, "order_type": signed}))


@makes("misread_before_signing")
@pytest.mark.parametrize("charset", ["latin-1", "gbk"])
def test_reading_utf_8_in_another_charset_before_signing(charset):
    text = (SECRET + join(CALL) + SECRET).encode().decode(charset, "replace")
    return asked_about(CALL, md5(text))


@makes("misread_before_sending")
@pytest.mark.parametrize(("charset", "company"), [("latin-1", "福州"), ("gbk", "福州市建")])
def test_reading_utf_8_in_another_charset_before_sending(charset, company):
    right = {**CALL, "company": company}
    sent = {name: text.encode().decode(charset) for name, text in right.items()}
    return asked_about(sent, signature(right))


@makes("misread_before_sending", certain=False)
def test_losing_bytes_while_reading_utf_8_as_gbk():
    sent = {**CALL, "company": "福州市建设工程有限公司".encode().decode("gbk", "replace")}
    return asked_about(sent, signature({**CALL, "company": "福州市建设工程有限公司"}))


@makes("number_with_exponent")
@pytest.mark.parametrize("text", ["1.0E7", "1E+3", "2.5e-1"])
def test_sending_an_exponent_where_digits_are_due(text):
    return Found("number", Sent(amount=text))


@pytest.mark.parametrize("text", ["1000.00", "", "E7", "1E999", "abc"])
def test_what_is_no_exponent_is_not_named(text):
    assert explain_number(text, lambda plain: True) is None
