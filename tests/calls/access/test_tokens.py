"""Access tokens (1.1, P12, P46): two hours, moved on by accepted calls only, three switches."""

import time
from typing import Any

import pytest
import requests
from calls.insurer import ABSENT, BRANCHES, GET_ORDER, Insurer

LIFE = 7200


def issue(insurer: Insurer) -> dict[str, Any]:
    answer = insurer.institution.request_token()
    assert answer["status"] == 200
    return dict(answer["data"])


def use(insurer: Insurer, token: str, **parameters: Any) -> int:
    """Make a call with this token, by default one that is accepted; return the status."""
    institution = insurer.institution
    institution._token = token
    return int(insurer.send(BRANCHES, **{"insurer_name": "无", **parameters})["status"])


def test_a_token_looks_like_the_sample_and_needs_url_encoding(insurer: Insurer) -> None:
    for _ in range(20):
        token = issue(insurer)["access_token"]

        assert 380 <= len(token) <= 440
        assert "+" in token
        assert "/" in token


def test_a_token_ends_two_hours_after_its_issue(insurer: Insurer) -> None:
    token = issue(insurer)["access_token"]

    insurer.platform.advance(LIFE)

    assert use(insurer, token) == 1006
    assert "ended 0 s ago by the account's clock" in insurer.notes()
    assert use(insurer, issue(insurer)["access_token"]) == 200


def test_each_accepted_call_gives_a_token_two_hours_anew(insurer: Insurer) -> None:
    token = issue(insurer)["access_token"]

    for _ in range(3):
        insurer.platform.advance(LIFE - 1)
        assert use(insurer, token) == 200
    insurer.platform.advance(LIFE)

    assert use(insurer, token) == 1006


REFUSED: list[tuple[dict[str, Any], int]] = [
    ({"sign": "0" * 32}, 1007),
    ({"btc_id": "1"}, 1020),
    ({"insurer_name": ABSENT}, 404),
    ({"timestamp": "now"}, 404),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_a_call_refused_by_the_gateway_moves_no_end(
    insurer: Insurer, changes: dict[str, Any], code: int
) -> None:
    token = issue(insurer)["access_token"]
    insurer.platform.advance(LIFE - 1)

    if "sign" in changes:
        right = insurer.sign(BRANCHES, insurer_name="无")
        insurer.institution._token = token
        assert insurer.institution.send({**right, **changes})["status"] == code
    else:
        assert use(insurer, token, **changes) == code
    insurer.platform.advance(1)

    assert use(insurer, token) == 1006


def test_a_call_refused_by_its_operation_moves_no_end(insurer: Insurer, order: Any) -> None:
    assert insurer.institution.token
    insurer.platform.advance(LIFE - 1)

    assert insurer.call(GET_ORDER, order_no="404")["status"] == 1101
    insurer.platform.advance(1)

    assert insurer.call(GET_ORDER, order_no=order["order_no"])["status"] == 1006


def test_a_call_answered_by_a_fault_rule_moves_no_end(insurer: Insurer) -> None:
    token = issue(insurer)["access_token"]
    insurer.platform.advance(LIFE - 1)
    insurer.platform.fault("answer", value={"code": 404})

    assert use(insurer, token) == 404
    insurer.platform.advance(1)

    assert use(insurer, token) == 1006


def test_a_download_moves_no_end(insurer: Insurer, order: Any) -> None:
    url = insurer.read(order)["guarantee_sign_files"][0]["file_url"]
    insurer.platform.advance(LIFE - 1)

    assert requests.get(url, timeout=10).content.startswith(b"%PDF-")
    insurer.platform.advance(1)

    assert insurer.call(GET_ORDER, order_no=order["order_no"])["status"] == 1006


def test_a_new_token_moves_no_end_of_an_earlier_one(insurer: Insurer) -> None:
    first = issue(insurer)["access_token"]
    insurer.platform.advance(LIFE - 1)
    second = issue(insurer)["access_token"]
    insurer.platform.advance(1)

    assert (use(insurer, first), use(insurer, second)) == (1006, 200)


@pytest.mark.parametrize(
    ("switch", "same", "first_lives"),
    [("keep", False, 200), ("revoke", False, 1006), ("same", True, 200)],
)
def test_the_switch_says_what_a_new_token_does_to_the_earlier_ones(
    insurer: Insurer, switch: str, same: bool, first_lives: int
) -> None:
    insurer.platform.switch(new_token=switch)

    first = issue(insurer)["access_token"]
    second = issue(insurer)["access_token"]

    assert (first == second) is same
    assert use(insurer, first) == first_lives
    assert use(insurer, second) == 200


def test_the_same_token_again_lives_two_hours_from_then_and_ends_at_last(insurer: Insurer) -> None:
    insurer.platform.switch(new_token="same")
    first = issue(insurer)["access_token"]
    insurer.platform.advance(LIFE - 1)
    assert issue(insurer)["access_token"] == first
    insurer.platform.advance(LIFE - 1)
    assert use(insurer, first) == 200

    insurer.platform.advance(LIFE)

    assert issue(insurer)["access_token"] != first
    assert use(insurer, first) == 1006


def test_a_refused_token_request_revokes_nothing(insurer: Insurer) -> None:
    insurer.platform.switch(new_token="revoke")
    token = issue(insurer)["access_token"]

    assert insurer.institution.request_token(timestamp="now")["status"] == 404

    assert use(insurer, token) == 200


def test_all_tokens_can_be_ended_at_once(insurer: Insurer) -> None:
    tokens = [issue(insurer)["access_token"] for _ in range(2)]

    insurer.platform.fault("end_token")

    assert [use(insurer, token) for token in tokens] == [1006, 1006]


@pytest.mark.parametrize(("switch", "ahead"), [("wall", 0), ("account", 100_000)])
def test_expired_at_is_two_hours_from_now_by_the_clock_of_the_switch(
    insurer: Insurer, switch: str, ahead: int
) -> None:
    insurer.platform.switch(wire_time=switch)
    insurer.platform.advance(100_000)

    before = int(time.time())
    expired_at = issue(insurer)["expired_at"]

    assert isinstance(expired_at, int)
    # The account's clock stands still since the account was opened, a moment ago.
    assert before + LIFE + ahead - 60 <= expired_at <= time.time() + LIFE + ahead
