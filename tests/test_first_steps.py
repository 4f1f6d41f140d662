"""The walking skeleton: a token, an order read, a push with its attempts, all in the journal."""

from typing import Any

from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform


def test_a_token_opens_the_door_to_an_order(
    institution: Institution, order: dict[str, Any]
) -> None:
    answer = institution.call("insurer_get_guarantee_info", order_no=order["order_no"])

    assert answer["status"] == 200
    assert answer["data"]["principal"] == order["principal"]
    assert answer["data"]["order_status"] == "WAIT_TUNE_UP"


def test_a_cancelled_order_is_pushed_until_it_is_acknowledged(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    endpoint.answers = [(500, b"oops"), (200, b"<html>"), (200, b'{"status":200}')]
    platform.post("orders", order["order_no"], "cancel", note="测试")

    walked = platform.run()

    times = [attempt["at"] - walked["from"] for attempt in walked["attempts"]]
    assert [round(time, 3) for time in times] == [0, 15, 30]
    notice = institution.open(endpoint.posts[2].fields["param"])
    assert (notice["order_status_old"], notice["order_status"]) == ("WAIT_TUNE_UP", "CANCEL")
    [push] = platform.pushes()
    assert push["state"] == "acknowledged"
    verdicts = [each["verdict"]["en"] for each in platform.push(push["id"])["attempts"]]
    assert verdicts == [
        'HTTP 500: answer HTTP 200 with {"status":200}.',
        'HTTP 200, but the body is HTML: answer {"status":200}.',
        "acknowledged.",
    ]
    assert [entry["status"] for entry in platform.journal(direction="push")] == [
        "failed",
        "failed",
        "acknowledged",
    ]
