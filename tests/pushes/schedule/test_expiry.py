"""What is over is decided by the account's clock, and moved by the same walk (P12, P35, P46)."""

import time
from typing import Any

import requests
from pushes.conftest import Issued
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform


def read_order(institution: Institution, order: dict[str, Any]) -> Any:
    return institution.call("insurer_get_guarantee_info", order_no=order["order_no"])


def test_a_token_lives_two_hours_of_the_account_time(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    assert institution.token

    platform.advance(7199)
    assert read_order(institution, order)["status"] == 200
    platform.advance(7199)
    assert read_order(institution, order)["status"] == 200
    platform.advance(7200)

    assert read_order(institution, order)["status"] == 1006
    institution.forget_token()
    assert read_order(institution, order)["status"] == 200


def test_the_end_of_a_token_is_written_in_wall_time(
    platform: Platform, institution: Institution
) -> None:
    platform.advance(86_400)

    ends = institution.request_token()["data"]["expired_at"]

    assert abs(ends - time.time() - 7200) < 60


def test_a_file_url_lives_two_hours_of_the_account_time(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    file = read_order(institution, order)["data"]["guarantee_sign_files"][0]

    platform.advance(7199)
    alive = requests.get(file["file_url"], timeout=10)
    platform.advance(1)
    over = requests.get(file["file_url"], timeout=10)

    assert alive.content.startswith(b"%PDF-")
    assert over.json()["status"] == 1006
    fresh = institution.call("insurer_get_file_url", file_id=file["file_id"])["status"]
    assert fresh == 1006, "the token is over as well"
    institution.forget_token()
    again = institution.call("insurer_get_file_url", file_id=file["file_id"])["data"]["file_url"]
    assert requests.get(again, timeout=10).content == alive.content


def test_a_walk_over_two_hours_brings_fresh_urls_with_each_attempt(
    platform: Platform, institution: Institution, failing: Endpoint, issued: Issued
) -> None:
    platform.post("claims", order_no=issued.order_no)
    platform.run()
    urls = [str(institution.open(post.fields["param"])["claim_file"]) for post in failing.posts]

    answers = [requests.get(url, timeout=10) for url in urls]

    assert len(set(urls)) == 10
    # The tenth attempt is at 11040 s: what was sent up to 3840 s is over by then.
    assert [answer.content.startswith(b"%PDF-") for answer in answers] == [False] * 7 + [True] * 3
    assert answers[0].json()["status"] == 1006


def test_identical_repeats_carry_dead_urls_from_the_ninth_attempt_on(
    platform: Platform, institution: Institution, failing: Endpoint, issued: Issued
) -> None:
    platform.switch(repeat="identical")
    alive: list[bool] = []

    def download(post: Any) -> None:
        url = str(institution.open(post.fields["param"])["claim_file"])
        alive.append(requests.get(url, timeout=10).content.startswith(b"%PDF-"))

    failing.handler = download
    platform.post("claims", order_no=issued.order_no)
    platform.run()

    assert alive == [True] * 8 + [False] * 2
