"""The journal names the mistake behind a refused call, whoever's credentials were mixed up."""

import base64
from typing import Any

from calls.insurer import BRANCHES, Insurer
from Crypto.Cipher import PKCS1_OAEP

from simulator.driver import ControlClient
from simulator.protocol import envelope, signing


def sealed_with(insurer: Insurer, key: Any) -> str:
    """Return a correct call, sealed with another key."""
    return envelope.seal(insurer.sign(BRANCHES, insurer_name="无"), key)


def post(insurer: Insurer, param: str) -> Any:
    institution = insurer.institution
    return institution.post({"param": param, "access_token": institution.token})


def test_the_platforms_key_instead_of_the_own_is_named(insurer: Insurer) -> None:
    answer = post(insurer, sealed_with(insurer, insurer.institution.common_public))

    assert answer["status"] == 1006
    assert "api_rsa_pk" in insurer.notes()
    assert "rsa_pk" in insurer.notes()


def test_the_own_key_of_a_token_request_is_named_not_its_absent_token(
    insurer: Insurer, control: ControlClient
) -> None:
    institution = insurer.institution
    request = insurer.sign("get_access_token", api_key=institution.letter["api_key"])

    institution.post({"param": envelope.seal(request, institution.own_public)})

    notes = control.get("journal")[-1]["notes"]
    assert [note.get("mistake") for note in notes] == [None, "own_key_instead_of_platform"]


def test_a_forgotten_token_is_not_put_down_to_the_key(
    insurer: Insurer, control: ControlClient
) -> None:
    institution = insurer.institution
    answer = institution.post({"param": sealed_with(insurer, institution.own_public)})

    assert answer["status"] == 1000
    [entry] = control.get("journal", limit=1)
    said = " ".join(note["en"] for note in entry["notes"])
    assert "There is no field access_token beside param" in said
    assert "must be sealed with" not in said


def test_another_accounts_key_is_named_with_the_account(
    insurer: Insurer, stranger: Insurer
) -> None:
    answer = post(insurer, sealed_with(insurer, stranger.institution.own_public))

    assert answer["status"] == 1006
    assert f"the account {stranger.platform.name}" in insurer.notes()


def test_oaep_is_named(insurer: Insurer) -> None:
    institution = insurer.institution
    oaep = PKCS1_OAEP.new(institution.own_public)
    post(insurer, base64.b64encode(oaep.encrypt(b'{"a":1}')).decode())

    assert "OAEP" in insurer.notes()


def test_a_lower_case_sign_is_named(insurer: Insurer) -> None:
    signed = insurer.sign(BRANCHES, insurer_name="无")

    answer = insurer.institution.send({**signed, "sign": signed["sign"].lower()})

    assert answer["status"] == 1007
    assert "lower case" in insurer.notes()


def test_the_access_token_in_the_sign_is_named_and_never_shown(insurer: Insurer) -> None:
    institution = insurer.institution
    parameters = institution.parameters(BRANCHES, insurer_name="无")
    with_token = {**parameters, "access_token": institution.token}
    sign = signing.sign(with_token, institution.letter["api_secret"])

    answer = institution.send({**parameters, "sign": sign})

    assert answer["status"] == 1007
    assert "access_token" in insurer.notes()
    assert institution.token not in str(insurer.entry())


def test_an_accepted_call_gets_no_hint(insurer: Insurer) -> None:
    assert insurer.call(BRANCHES, insurer_name="无")["status"] == 200
    assert insurer.entry()["notes"] == []
