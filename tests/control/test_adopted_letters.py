"""An account opened from a letter that an institution uses already."""

from collections.abc import Iterator
from typing import Any

import pytest
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.protocol import rsa


@pytest.fixture
def letter(control: ControlClient) -> Iterator[dict[str, Any]]:
    """A letter whose account is gone, as after a simulator was started anew."""
    control.post("accounts", name="before", key_bits=1024)
    letter = control.get("accounts", "before", "letter")
    control.delete("accounts", "before")
    yield letter
    if any(account["name"] == "again" for account in control.get("accounts")):
        control.delete("accounts", "again")


def test_an_institution_goes_on_with_the_letter_it_has(
    control: ControlClient, letter: dict[str, Any]
) -> None:
    account = control.post("accounts", name="again", letter=letter)

    order = Platform(control, "again").create_order()
    answer = Institution(letter).call("insurer_get_guarantee_info", order_no=order["order_no"])
    assert answer["data"]["order_no"] == order["order_no"]
    assert account["btc_id"] == letter["btc_id"]
    assert control.get("accounts", "again", "letter") == {**letter, "name": "again"}


def test_bare_keys_and_a_btc_id_as_text_are_read_too(
    control: ControlClient, letter: dict[str, Any]
) -> None:
    bare = {name: letter[name]["base64"] for name in ("rsa_pk", "rsa_sk", "api_rsa_pk")}
    changed = {**letter, **bare, "btc_id": str(letter["btc_id"])}

    control.post("accounts", name="again", letter=changed)

    assert Institution(control.get("accounts", "again", "letter")).token


def test_one_letter_opens_one_account(control: ControlClient, letter: dict[str, Any]) -> None:
    control.post("accounts", name="again", letter=letter)

    with pytest.raises(SimulatorError, match="'again' has the letter's btc_id"):
        control.post("accounts", name="third", letter=letter)


def _without(name: str) -> Any:
    return lambda letter: {key: value for key, value in letter.items() if key != name}


_OTHER = rsa.generate(1024)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_without("api_secret"), "it lacks api_secret"),
        (_without("rsa_sk"), "rsa_sk is not an RSA key"),
        (lambda it: {**it, "rsa_sk": it["rsa_pk"]}, "rsa_sk is not a private key"),
        (lambda it: {**it, "rsa_pk": it["api_rsa_pk"]}, "are not a pair"),
        (lambda it: {**it, "api_rsa_pk": rsa.bare(_OTHER.public_key())}, "another platform's"),
        (lambda it: {**it, "btc_id": "A7"}, "btc_id is not a number"),
        (lambda it: {**it, "kind": "bank"}, "no accounts of kind 'bank'"),
    ],
)
def test_a_letter_that_cannot_be_used_says_why(
    control: ControlClient, letter: dict[str, Any], change: Any, said: str
) -> None:
    with pytest.raises(SimulatorError, match=said):
        control.post("accounts", name="again", letter=change(letter))

    assert "again" not in [account["name"] for account in control.get("accounts")]


def test_what_the_letter_says_is_not_said_twice(
    control: ControlClient, letter: dict[str, Any]
) -> None:
    with pytest.raises(SimulatorError, match="says the key_bits already"):
        control.post("accounts", name="again", letter=letter, key_bits=2048)
