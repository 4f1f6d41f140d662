"""The account letter, the records, and what an action says without a platform."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from reference_institution.insurer.store import InsurerStore as Store
from reference_institution.letter import AccountLetter, LetterError


def test_a_letter_is_read_from_its_file(letter_json: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "letter.json"
    path.write_text(json.dumps(letter_json), "utf-8")
    letter = AccountLetter.read(path)
    assert (letter.btc_id, letter.enter_institution_type) == ("10001", "4")
    assert letter.rsa_sk.has_private()


@pytest.mark.parametrize("name", ["api_secret", "rsa_sk", "btc_id", "kind"])
def test_a_letter_that_lacks_something_says_what(letter_json: dict[str, Any], name: str) -> None:
    with pytest.raises(LetterError, match=f'"{name}"'):
        AccountLetter.from_json({**letter_json, name: None})


def test_a_public_key_in_the_place_of_the_private_one_is_noticed(
    letter_json: dict[str, Any],
) -> None:
    with pytest.raises(LetterError, match="private"):
        AccountLetter.from_json({**letter_json, "rsa_sk": letter_json["rsa_pk"]})


def test_a_letter_that_is_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(LetterError, match="cannot be read"):
        AccountLetter.read(tmp_path / "nothing.json")


def test_an_answer_older_than_a_notice_is_not_stored(order: dict[str, Any], tmp_path: Path) -> None:
    store = Store(tmp_path / "records.sqlite3")
    assert store.remember_order(order, revision=0)
    store.change_order_status(order["order_no"], "WAIT_OUT_GUARANTEE", "HAS_OUT_GUARANTEE")
    assert not store.remember_order(order, revision=1)
    assert store.remember_order({**order, "order_status": "FINISH"}, revision=2)
    known = store.order(order["order_no"])
    assert known is not None
    assert (known["status"], known["revision"]) == ("FINISH", 3)


def test_an_action_says_what_it_lacks_and_that_the_platform_is_silent(live: Any) -> None:
    def act(name: str, **body: str) -> tuple[int, Any]:
        reply = requests.post(f"{live.url}/actions/{name}", json=body, timeout=20)
        return reply.status_code, reply.json()["data"] if reply.status_code != 404 else None

    assert act("issue") == (400, "The request lacks `order_no`.")
    assert act("claim", claim_no="9", do="ACCEPT") == (400, "There is no claim 9.")
    assert act("offer", order_no="1812487543")[0] == 502
    assert act("dance")[0] == 404
    assert requests.get(f"{live.url}/health", timeout=20).status_code == 200
    assert requests.get(f"{live.url}/records/dances/1", timeout=20).status_code == 404
