"""The account letter, new keys, and that no two accounts share a pair (P1)."""

import base64
from typing import Any

import pytest
from Crypto.PublicKey import RSA
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError

KEYS = ("rsa_pk", "rsa_sk", "api_rsa_pk")


def test_a_letter_has_what_an_institution_needs(platform: Platform) -> None:
    letter = platform.letter()

    assert letter["platform"].endswith("/api/insurer/v1")
    assert letter["btc_id"] == platform.get()["btc_id"]
    assert (letter["enter_institution_type"], letter["key_bits"]) == (4, 1024)
    assert len(letter["api_key"]) == len(letter["api_secret"]) == 32


@pytest.mark.parametrize("name", KEYS)
def test_both_forms_of_a_key_agree(platform: Platform, name: str) -> None:
    key = platform.letter()[name]

    assert key["pem"].startswith("-----BEGIN P")
    assert "RSA" not in key["pem"].splitlines()[0], "PKCS#8 or SPKI, not PKCS#1"
    assert "\n" not in key["base64"]
    from_line = RSA.import_key(base64.b64decode(key["base64"], validate=True))
    assert from_line == RSA.import_key(key["pem"])
    assert from_line.has_private() == (name == "rsa_sk")


def test_the_two_halves_belong_together(platform: Platform) -> None:
    letter = platform.letter()

    private = RSA.import_key(letter["rsa_sk"]["pem"])

    assert private.public_key() == RSA.import_key(letter["rsa_pk"]["pem"])
    assert private.public_key() != RSA.import_key(letter["api_rsa_pk"]["pem"])
    assert private.size_in_bits() == 1024


@pytest.mark.parametrize(("asked", "bits"), [({}, 2048), ({"key_bits": 1024}, 1024)])
def test_keys_have_the_size_that_was_asked_for(
    control: ControlClient, asked: dict[str, Any], bits: int
) -> None:
    control.post("accounts", name="sized", **asked)

    letter = control.get("accounts", "sized", "letter")
    control.delete("accounts", "sized")

    assert letter["key_bits"] == bits
    assert RSA.import_key(letter["rsa_sk"]["pem"]).size_in_bits() == bits


def test_no_two_accounts_share_a_pair_even_past_the_pool(control: ControlClient) -> None:
    names = [f"pair-{number}" for number in range(18)]
    for name in names:
        control.post("accounts", name=name, key_bits=1024)

    letters = [control.get("accounts", each["name"], "letter") for each in control.get("accounts")]
    for name in names:
        control.delete("accounts", name)

    moduli = [RSA.import_key(letter["rsa_pk"]["pem"]).n for letter in letters]
    assert len(moduli) >= 18
    assert len(set(moduli)) == len(moduli)
    assert len({letter["api_key"] for letter in letters}) == len(letters)


def test_new_keys_end_the_tokens_and_replace_the_credentials(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    token = institution.token
    before = institution.letter

    after = platform.post("keys")

    for name in ("api_secret", "rsa_pk", "rsa_sk"):
        assert after[name] != before[name]
    for name in ("api_key", "btc_id", "api_rsa_pk", "key_bits"):
        assert after[name] == before[name]
    assert after == platform.letter()
    assert institution.request_token()["status"] == 1002
    renewed = Institution(after)
    answer = renewed.post({"param": "AA==", "access_token": token})
    assert answer["status"] == 1006
    read = renewed.call("insurer_get_guarantee_info", order_no=order["order_no"])
    assert read["status"] == 200


def test_new_keys_may_have_another_size(platform: Platform) -> None:
    letter = platform.post("keys", key_bits=2048)

    assert RSA.import_key(letter["rsa_sk"]["pem"]).size_in_bits() == 2048
    assert platform.get()["key_bits"] == 2048


def test_a_whole_number_may_be_written_with_a_point(control: ControlClient) -> None:
    """JSON knows one kind of number: 1024.0 is 1024."""
    account = control.post("accounts", name="pointed", key_bits=1024.0)
    renewed = control.post("accounts", "pointed", "keys", key_bits=1024.0)
    control.delete("accounts", "pointed")

    assert account["key_bits"] == renewed["key_bits"] == 1024


def test_pushes_after_new_keys_use_them(platform: Platform, endpoint: Any) -> None:
    old = Institution(platform.letter())
    new = Institution(platform.post("keys"))
    platform.post("orders", platform.create_order()["order_no"], "cancel")
    platform.run()

    param = endpoint.posts[0].fields["param"]

    assert new.open(param)["order_status"] == "CANCEL"
    with pytest.raises((ValueError, SimulatorError), match=r".+"):
        old.open(param)
