"""The base string that is shown: the rule stays readable, the credentials do not appear."""

from simulator.protocol.masking import mask_base
from simulator.protocol.plaintext import Compound, Number
from simulator.protocol.signing import base_string

SECRET = "s3cr3t-of-the-account"
REQUEST = {"method": "get_access_token", "api_secret": SECRET, "timestamp": "20181015114423"}


def test_the_secret_is_masked_at_both_ends_and_as_a_parameter():
    assert SECRET in base_string(REQUEST, SECRET)
    assert mask_base(REQUEST) == (
        "[api_secret]api_secret[api_secret]methodget_access_tokentimestamp20181015114423[api_secret]"
    )


def test_values_of_every_kind_stand_in_the_shown_string_as_they_are_signed():
    shown = mask_base(
        {
            "amount": Number("1000.00"),
            "flag": True,
            "nothing": None,
            "remark": "保函",
            "sign": "ABC",
            "zero": False,
        }
    )
    assert shown == "[api_secret]amount1000.00flag1nothingremark保函zero[api_secret]"


def test_a_bare_array_can_be_shown_although_it_cannot_be_signed():
    assert mask_base({"files": Compound("[1]")}) == "[api_secret]files[1][api_secret]"


def test_api_key_and_tokens_do_not_appear_in_the_shown_string():
    given = {
        "access_token": "tok-1234567890",
        "api_key": "key-1234567890",
        "file_url": "https://example.test/file?access_token=url-1234567890&id=7",
    }
    shown = mask_base(given)
    assert "1234567890" not in shown
    assert "https://example.test/file?" in shown
    assert shown.endswith("&id=7[api_secret]")
