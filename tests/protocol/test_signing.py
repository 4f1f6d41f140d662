"""The sign: the rule of insurer 5.1, and what P6-P8 decide where it is silent."""

import hashlib

import pytest

from simulator.protocol.plaintext import Compound, Number
from simulator.protocol.signing import UnsignableValue, base_string, sign

SECRET = "s3cr3t-of-the-account"
PRINTED = {
    "method": "get_access_token",
    "api_key": "xxx",
    "api_secret": "xxx",
    "timestamp": "20181015114423",
}
PRINTED_STRING = (
    "api_secretapi_keyxxxapi_secretxxxmethodget_access_tokentimestamp20181015114423api_secret"
)


def signed_as(base: str) -> str:
    """Sign by hand: what someone else's implementation makes of a base string without secrets."""
    return hashlib.md5(f"{SECRET}{base}{SECRET}".encode()).hexdigest().upper()


def test_sorted_names_and_values_stand_between_two_secrets():
    assert base_string(PRINTED, "api_secret") == PRINTED_STRING
    assert base_string({}, SECRET) == SECRET + SECRET


def test_the_digest_printed_in_the_manual_does_not_follow_from_the_string_printed_there():
    assert sign(PRINTED, "api_secret") == "B9805889383B0B5D800A9384E2DC7300"
    assert sign(PRINTED, "api_secret") != "4776C5249AB8F65F5B2AF3A53FD15938"
    assert sign(PRINTED, "xxx") != "4776C5249AB8F65F5B2AF3A53FD15938"


def test_the_sign_is_the_same_whatever_the_order_of_the_parameters():
    assert sign(dict(reversed(PRINTED.items())), SECRET) == sign(PRINTED, SECRET)


def test_names_are_sorted_by_their_bytes():
    names = ["b", "保函", "a_b", "a", "B", "_a", "ab", "aB", "a1", "é", "😀", "Z", "\uff01"]
    in_order = ["B", "Z", "_a", "a", "a1", "aB", "a_b", "ab", "b", "é", "保函", "\uff01", "😀"]
    assert base_string(dict.fromkeys(names, "="), "") == "=".join(in_order) + "="


def test_sign_itself_is_left_out_but_names_that_look_like_it_are_not():
    assert sign({**PRINTED, "sign": "ABC"}, SECRET) == sign(PRINTED, SECRET)
    assert base_string({"sign": "x", "Sign": "y", "signs": "z"}, "") == "Signysignsz"


def test_the_rule_joins_with_nothing_so_it_cannot_tell_where_a_name_ends():
    assert sign({"a": "bc"}, SECRET) == sign({"ab": "c"}, SECRET)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        (" x ", " x "),
        ("a=1&b=%20+/", "a=1&b=%20+/"),
        (True, "1"),
        (False, ""),
        (None, ""),
        (Number("1000.00"), "1000.00"),
        ('["保函"]', '["保函"]'),
        (r'["\u4fdd\/"]', r'["\u4fdd\/"]'),
    ],
)
def test_a_value_is_signed_as_the_text_it_stands_for(value, text):
    assert sign({"v": value}, SECRET) == signed_as("v" + text)


@pytest.mark.parametrize(
    "value",
    ["xxx", "福州市建设工程", "保函😀 and text", 'quotes " and \\', "a\nb\t\x00", "+/=%&", ""],
)
def test_the_digest_is_the_one_that_openssl_computes(openssl, value):
    parameters = {"remark": value, "timestamp": "20240102030405"}
    base = f"{SECRET}remark{value}timestamp20240102030405{SECRET}"
    printed = openssl("dgst", "-md5", "-r", stdin=base.encode()).split()[0].decode()
    assert sign(parameters, SECRET) == printed.upper()


@pytest.mark.parametrize("compound", [Compound("[]"), Compound('{"a":1}'), Compound("[1,2]")])
def test_a_bare_array_or_object_is_not_signed(compound):
    with pytest.raises(UnsignableValue, match=r"\Aattach_files\Z"):
        sign({"attach_files": compound, "timestamp": "20240102030405"}, SECRET)
    assert sign({"attach_files": str(compound)}, SECRET) == signed_as(f"attach_files{compound}")
