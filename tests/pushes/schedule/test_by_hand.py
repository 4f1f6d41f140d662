"""Sent by hand: exhausted, acknowledged, pending and unroutable pushes (P16, P20)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from pushes.contents import OFFSETS
from support.endpoint import OK, Endpoint, Post
from support.platform import Platform

from simulator.errors import SimulatorError

Notice = Callable[..., int]


def resend(platform: Platform, push: int) -> Any:
    return platform.post("pushes", str(push), "resend")


def test_an_exhausted_push_sent_by_hand_in_vain_stays_exhausted(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    platform.run()

    shown = resend(platform, push)

    assert (shown["state"], shown["due"], shown["attempts_made"]) == ("exhausted", None, 11)
    assert shown["attempts"][-1]["by_hand"] is True
    assert shown["attempts"][-1]["outcome"] == "failed"
    assert shown["attempts"][-1]["next_due"] is None
    platform.run()
    assert len(failing.posts) == 11


def test_an_exhausted_push_sent_by_hand_with_success_is_acknowledged(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    platform.run()
    failing.answers = [(200, OK)]

    shown = resend(platform, push)

    assert shown["state"] == "acknowledged"
    assert platform.run()["attempts"] == []


@pytest.mark.parametrize("answer", [(200, OK), (500, b"oops")])
def test_an_acknowledged_push_sent_by_hand_stays_acknowledged(
    platform: Platform, endpoint: Endpoint, notice: Notice, answer: tuple[int, bytes]
) -> None:
    push = notice()
    platform.run()
    endpoint.answers = [answer]

    shown = resend(platform, push)

    assert (shown["state"], shown["due"], shown["attempts_made"]) == ("acknowledged", None, 2)
    assert platform.run()["attempts"] == []


def test_a_failed_attempt_by_hand_leaves_the_schedule_as_it_was(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    start = platform.advance(20)["from"]
    due = platform.push(push)["due"]

    shown = resend(platform, push)
    platform.run()

    assert (shown["state"], shown["due"]) == ("pending", due)
    attempts = platform.push(push)["attempts"]
    scheduled = [round(a["started_at"] - start, 3) for a in attempts if not a["by_hand"]]
    assert scheduled == list(OFFSETS)
    assert len(attempts) == 11
    by_hand = next(attempt for attempt in attempts if attempt["by_hand"])
    assert round(by_hand["started_at"] - start, 3) == 20
    assert by_hand["next_due"] == due


def test_an_acknowledged_attempt_by_hand_ends_the_schedule(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    platform.advance(20)
    failing.answers = [(200, OK)]

    assert resend(platform, push)["state"] == "acknowledged"

    assert platform.run()["attempts"] == []


def test_a_push_in_flight_is_not_sent_by_hand(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    push, refused = notice(), []

    def handler(_post: Post) -> None:
        with pytest.raises(SimulatorError, match=r"is being delivered right now\.$") as error:
            resend(platform, push)
        refused.append(error.value)

    endpoint.handler = handler
    platform.run()

    assert len(refused) == 1
    assert len(endpoint.posts) == 1


def test_a_walk_waits_for_an_attempt_by_hand_about_the_same_thing(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    push, may_answer, order = notice(), threading.Event(), []

    def hold(_post: Post) -> None:
        if not order:
            order.append("by hand arrived")
            assert may_answer.wait(4)
            order.append("by hand answered")

    endpoint.handler = hold
    by_hand = threading.Thread(target=resend, args=(platform, push))
    by_hand.start()
    endpoint.wait_for(1)
    walk = threading.Thread(target=lambda: order.append(len(platform.run()["attempts"])))
    walk.start()
    may_answer.set()
    walk.join()
    by_hand.join()

    assert order == ["by hand arrived", "by hand answered", 0]
    assert platform.push(push)["state"] == "acknowledged"


def test_a_push_without_an_endpoint_is_kept_as_unroutable(
    platform: Platform, notice: Notice
) -> None:
    push = notice()

    walked = platform.run()

    shown = platform.push(push)
    assert (shown["state"], shown["due"], shown["attempts"]) == ("unroutable", None, [])
    assert walked["attempts"] == []


def test_an_unroutable_push_sent_by_hand_says_what_to_do(
    platform: Platform, notice: Notice
) -> None:
    push = notice()

    with pytest.raises(SimulatorError) as refused:
        resend(platform, push)

    command = f"`conzhu-sim account endpoint {platform.name} order_status URL`"
    assert refused.value.text.en == (
        f"No endpoint is registered for order_status (insurer/2.2): set it with {command}."
    )
    assert refused.value.text.zh == (
        f"尚未登记 order_status（insurer/2.2）的接收地址：请用 {command} 设置。"
    )
    assert platform.push(push)["attempts"] == []


def test_an_unroutable_push_enters_the_schedule_when_sent_by_hand(
    platform: Platform, notice: Notice, request: pytest.FixtureRequest
) -> None:
    push = notice()
    failing: Endpoint = request.getfixturevalue("failing")

    shown = resend(platform, push)
    start = shown["attempts"][0]["started_at"]
    platform.run()

    assert (shown["state"], shown["attempts"][0]["by_hand"]) == ("pending", False)
    assert round(shown["due"] - start, 3) == 15
    attempts = platform.push(push)["attempts"]
    assert [round(a["started_at"] - start, 3) for a in attempts] == list(OFFSETS)
    assert len(failing.posts) == 10


def test_a_push_whose_endpoint_is_removed_becomes_unroutable(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    push = notice()
    platform.advance(20)
    platform.change(endpoints={"order_status": None})

    platform.run()

    shown = platform.push(push)
    assert (shown["state"], shown["due"], shown["attempts_made"]) == ("unroutable", None, 2)
    platform.change(endpoints={"order_status": f"{failing.url}/order_status"})
    assert resend(platform, push)["attempts_made"] == 3
