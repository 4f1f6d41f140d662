"""Checking a sign: what is accepted where the manual leaves a reading open (P6-P8)."""

import hashlib

import pytest

from simulator.protocol.plaintext import Compound, Number
from simulator.protocol.signing import sign, verify

SECRET = "s3cr3t-of-the-account"
GIVEN = {"method": "get_access_token", "api_key": "xxx", "timestamp": "20181015114423"}


def signed_as(base: str) -> str:
    """Sign by hand: what someone else's implementation makes of a base string without secrets."""
    return hashlib.md5(f"{SECRET}{base}{SECRET}".encode()).hexdigest().upper()


@pytest.mark.parametrize("compound", [Compound("[]"), Compound('{"a":1}'), Compound("[1,2]")])
def test_a_bare_array_or_object_is_refused_even_if_its_text_is_signed(compound):
    parameters = {"attach_files": compound, "timestamp": "20240102030405"}
    as_its_text = signed_as(f"attach_files{compound}timestamp20240102030405")
    result = verify({**parameters, "sign": as_its_text}, SECRET)
    assert not result.valid
    assert result.expected == ""
    assert "attach_files" in result.notes[0].en
    assert "attach_files" in result.notes[0].zh


@pytest.mark.parametrize("number_sign", ["both", "literal", "php"])
def test_a_right_sign_holds_without_remarks_under_every_switch(number_sign):
    right = sign(GIVEN, SECRET)
    result = verify({**GIVEN, "sign": right}, SECRET, number_sign)
    assert (result.valid, result.expected, result.notes) == (True, right, ())


@pytest.mark.parametrize(
    "wrong", ["", None, True, "0" * 32, "签名", " ", Number("1"), Compound("[]"), "short"]
)
def test_a_wrong_sign_is_refused_and_the_right_one_is_named(wrong):
    result = verify({**GIVEN, "sign": wrong}, SECRET)
    assert not result.valid
    assert result.expected == sign(GIVEN, SECRET)


def test_a_missing_sign_another_secret_and_blanks_around_the_sign_are_refused():
    right = sign(GIVEN, SECRET)
    assert verify({**GIVEN, "sign": right}, SECRET).valid
    assert not verify(GIVEN, SECRET).valid
    assert not verify({**GIVEN, "sign": right}, SECRET + "x").valid
    assert not verify({**GIVEN, "sign": right + " "}, SECRET).valid


def test_a_digest_in_lower_case_is_refused():
    right = sign(GIVEN, SECRET)
    assert right == right.upper() != right.lower()
    assert not verify({**GIVEN, "sign": right.lower()}, SECRET).valid


@pytest.mark.parametrize("reading", ["", "null"])
def test_null_is_accepted_as_the_empty_string_and_as_null_and_a_note_says_which(reading):
    parameters = {"end_date": None, "remark": "x", "sign": signed_as(f"end_date{reading}remarkx")}
    result = verify(parameters, SECRET)
    assert result.valid
    assert len(result.notes) == 1
    assert result.notes[0].en == f'end_date: null, signed as "{reading}" (P8).'
    assert f'"{reading}"' in result.notes[0].zh


def test_the_sign_named_as_right_takes_numbers_literally_and_null_as_empty():
    parameters = {"amount": Number("1000.00"), "remark": None, "sign": "wrong"}
    assert verify(parameters, SECRET).expected == signed_as("amount1000.00remark")
    assert verify(parameters, SECRET, "php").expected == signed_as("amount1000remark")


@pytest.mark.parametrize("reading", ["NULL", "None", "0"])
def test_null_has_no_third_reading(reading):
    assert not verify({"end_date": None, "sign": signed_as(f"end_date{reading}")}, SECRET).valid


def test_the_text_null_is_not_null():
    assert not verify({"end_date": "null", "sign": signed_as("end_date")}, SECRET).valid
    assert not verify({"end_date": "", "sign": signed_as("end_datenull")}, SECRET).valid


@pytest.mark.parametrize(
    ("number_sign", "signed_text", "valid", "way"),
    [
        ("both", "1000.00", True, "literal text"),
        ("both", "1000", True, "PHP's reading"),
        ("literal", "1000.00", True, "literal text"),
        ("literal", "1000", False, ""),
        ("php", "1000.00", False, ""),
        ("php", "1000", True, "PHP's reading"),
        ("both", "1000.0", False, ""),
    ],
)
def test_a_number_is_signed_as_the_switch_allows(number_sign, signed_text, valid, way):
    parameters = {"guarantee_amount": Number("1000.00")}
    parameters["sign"] = signed_as(f"guarantee_amount{signed_text}")
    result = verify(parameters, SECRET, number_sign)
    assert result.valid is valid
    assert len(result.notes) == valid
    for note in result.notes:
        assert way in note.en
        assert note.en.startswith("guarantee_amount: ")


def test_an_amount_sent_as_a_string_is_never_read_as_a_number():
    parameters = {"guarantee_amount": "1000.00", "sign": signed_as("guarantee_amount1000")}
    for number_sign in ("both", "literal", "php"):
        assert not verify(parameters, SECRET, number_sign).valid


def test_numbers_that_the_manual_itself_prints_as_numbers_earn_no_remark():
    parameters = {"btc_id": Number("7"), "enter_institution_type": Number("2")}
    result = verify({**parameters, "sign": sign(parameters, SECRET)}, SECRET)
    assert (result.valid, result.notes) == (True, ())


def test_both_readings_of_numbers_and_of_null_combine():
    parameters = {"amount": Number("1000.00"), "rate": Number("0.50"), "remark": None}
    parameters["sign"] = signed_as("amount1000rate0.5remarknull")
    result = verify(parameters, SECRET)
    assert result.valid
    assert [note.en.split(":")[0] for note in result.notes] == ["amount, rate", "remark"]
    mixed = {**parameters, "sign": signed_as("amount1000rate0.50remark")}
    assert not verify(mixed, SECRET).valid
