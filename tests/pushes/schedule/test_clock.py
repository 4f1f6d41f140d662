"""The account's clock: frozen nothing fires, running the heartbeat does, a walk is alone (P46)."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from pushes.contents import OFFSETS
from support.endpoint import Endpoint, Post
from support.platform import Platform

from simulator.app import Simulator
from simulator.errors import SimulatorError

Notice = Callable[..., int]


def settle(platform: Platform) -> None:
    """Let the attempt under way end: an account is not closed in the middle of one."""
    platform.advance(0)


def test_with_a_frozen_clock_nothing_fires_by_itself(
    simulator: Simulator, platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    push = notice()

    simulator.dispatcher.tick()
    simulator.dispatcher.tick()

    assert endpoint.posts == []
    shown = platform.push(push)
    assert (shown["state"], shown["attempts_made"]) == ("pending", 0)
    clock = platform.get("clock")
    assert clock["mode"] == "frozen"
    assert clock["next_due"] == pytest.approx(clock["now"], rel=0, abs=0.01)


def test_a_frozen_clock_stands_still(platform: Platform) -> None:
    first, second = platform.get("clock"), platform.get("clock")

    assert first == second


def test_a_resumed_clock_fires_the_first_attempt_by_itself(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    notice()

    platform.post("clock", action="resume")

    endpoint.wait_for(1)
    assert platform.get("clock")["mode"] == "real"
    settle(platform)


def test_a_notice_of_a_running_account_goes_out_at_once(
    platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.post("clock", action="resume")

    platform.post("orders", order["order_no"], "cancel")

    endpoint.wait_for(1)
    settle(platform)


def test_an_attempt_that_is_due_fires_after_a_resume(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    notice()
    platform.advance(14.9)
    assert len(failing.posts) == 1

    platform.post("clock", action="resume")

    failing.wait_for(2)
    settle(platform)


def test_a_walk_from_a_running_clock_leaves_it_running_at_the_target(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    platform.post("clock", action="resume")
    notice()

    walked = platform.advance(7200)

    assert walked["to"] - walked["from"] == pytest.approx(7200)
    clock = walked["clock"]
    assert clock["mode"] == "real"
    assert 0 <= clock["now"] - walked["to"] < 60
    # The notice may have begun in real time; each of the eight attempts has its moment.
    [push] = platform.pushes()
    began = [attempt["started_at"] for attempt in platform.push(push["id"])["attempts"]]
    assert [round(at - began[0], 3) for at in began] == list(OFFSETS[:8])
    assert platform.get("clock")["now"] >= clock["now"]


def test_a_walk_from_a_frozen_clock_leaves_it_frozen_at_the_target(platform: Platform) -> None:
    before = platform.get("clock")["now"]

    clock = platform.advance(3600)["clock"]

    assert clock["mode"] == "frozen"
    assert clock["now"] == pytest.approx(before + 3600, rel=0, abs=0.002)
    assert platform.get("clock") == clock


def test_freezing_keeps_a_moved_clock_where_it_is(platform: Platform) -> None:
    platform.post("clock", action="resume")
    target = platform.advance(86_400)["to"]

    now = platform.freeze()["clock"]["now"]

    assert target <= now + 0.002 < target + 60


def test_of_two_walks_at_once_one_is_refused_in_one_sentence(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    push_is_in, may_answer = threading.Event(), threading.Event()

    def hold(_post: Post) -> None:
        push_is_in.set()
        assert may_answer.wait(4)

    endpoint.handler = hold
    notice()
    walk = threading.Thread(target=platform.run)
    walk.start()
    assert push_is_in.wait(10)
    moving = platform.get("clock")

    with pytest.raises(SimulatorError) as refused:
        platform.advance(10)
    may_answer.set()
    walk.join()

    sentence = refused.value.text
    assert sentence.en == f"The clock of {platform.name} is being moved by another request."
    assert sentence.zh == f"账户 {platform.name} 的时钟正在被其他请求推进。"
    assert moving["moving"] is True
    assert platform.get("clock")["moving"] is False
    assert len(endpoint.posts) == 1
    platform.advance(10)


@pytest.mark.parametrize("action", ["freeze", "resume"])
def test_a_clock_that_is_being_moved_is_neither_frozen_nor_resumed(
    platform: Platform, endpoint: Endpoint, notice: Notice, action: str
) -> None:
    refused: list[str] = []

    def meddle(_post: Post) -> None:
        try:
            platform.post("clock", action=action)
        except SimulatorError as error:
            refused.append(error.text.en)

    endpoint.handler = meddle
    notice()

    platform.run()

    assert refused == [f"The clock of {platform.name} is being moved by another request."]


def test_an_account_whose_clock_is_being_moved_is_not_reset(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    refused: list[str] = []

    def meddle(_post: Post) -> None:
        try:
            platform.post("reset")
        except SimulatorError as error:
            refused.append(error.text.en)

    endpoint.handler = meddle
    push = notice()

    platform.run()

    assert len(refused) == 1
    assert platform.push(push)["state"] == "acknowledged"


def test_a_walk_ends_even_if_the_institution_is_slow(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    platform.switch(push_limit=0.3)
    endpoint.handler = lambda _post: threading.Event().wait(0.6) and None
    push = notice()

    walked = platform.post("clock", action="next")

    assert walked["attempts"][0]["verdict"]["en"].startswith("no complete answer within 0.3 s")
    assert platform.push(push)["state"] == "pending"
