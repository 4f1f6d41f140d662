"""The institution calls the platform while it handles a push, before it answers (P42)."""

import threading
from collections.abc import Callable
from typing import Any

from pushes import business
from support.endpoint import Endpoint, Post
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator

Notice = Callable[..., int]


def calling_back(institution: Institution, answers: list[Any]) -> Callable[[Post], None]:
    def handler(post: Post) -> None:
        order_no = institution.open(post.fields["param"])["order_no"]
        answers.append(institution.call("insurer_get_guarantee_info", order_no=order_no))

    return handler


def test_the_institution_reads_the_order_while_it_handles_a_push_in_a_walk(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    answers: list[Any] = []
    endpoint.handler = calling_back(institution, answers)
    notice()

    walked = platform.run()

    assert [answer["data"]["order_status"] for answer in answers] == ["CANCEL"]
    assert [attempt["acknowledged"] for attempt in walked["attempts"]] == [True]


def test_the_institution_calls_back_in_real_time_too(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    answers: list[Any] = []
    endpoint.handler = calling_back(institution, answers)
    push = notice()

    platform.post("clock", action="resume")

    [entry] = platform.get("journal", "wait", direction="push", timeout=10)
    assert (entry["push"], entry["status"]) == (push, "acknowledged")
    assert [answer["status"] for answer in answers] == [200]


def test_a_call_back_may_change_the_order(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    business.decide(institution, order, "1", status="2", note="请补充")

    def handler(_post: Post) -> None:
        business.decide(institution, order, "2", status="1", note="通过")

    endpoint.handler = handler
    platform.post("orders", order["order_no"], "submit")
    platform.run()

    assert platform.state(order["order_no"]) == "WAIT_OFFER"
    assert len(endpoint.posts) == 1


def test_many_pushes_with_call_backs_at_once_do_not_starve_each_other(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    answers: list[Any] = []
    endpoint.handler = calling_back(institution, answers)
    assert institution.token
    numbers = [platform.create_order()["order_no"] for _ in range(8)]
    for number in numbers:
        platform.post("orders", number, "cancel")

    platform.post("clock", action="resume")
    endpoint.wait_for(8)
    walked = platform.run()

    assert [answer["data"]["order_status"] for answer in answers] == ["CANCEL"] * 8
    assert all(attempt["acknowledged"] for attempt in walked["attempts"])
    assert {push["state"] for push in platform.pushes()} == {"acknowledged"}


def test_a_walk_waits_for_calls_in_progress_before_it_goes_on(
    simulator: Simulator, platform: Platform, institution: Institution, failing: Endpoint
) -> None:
    happened: list[str] = []
    account = institution.letter["btc_id"]
    entered, may_end = threading.Event(), threading.Event()

    def call() -> None:
        with simulator.control.walker.traffic.passing(account):
            entered.set()
            assert may_end.wait(10)
            happened.append("call over")

    def handler(_post: Post) -> None:
        happened.append("push")
        if len(happened) == 1:
            threading.Thread(target=call, daemon=True).start()
            assert entered.wait(10)

    failing.handler = handler
    order_no = platform.create_order()["order_no"]
    platform.post("orders", order_no, "cancel")
    walk = threading.Thread(target=platform.advance, args=(15,))
    walk.start()
    # The first attempt is written, and the call goes on: the clock must not have moved.
    [entry] = platform.get("journal", "wait", direction="push", timeout=10)
    assert platform.get("clock")["now"] == round(entry["at"], 3)
    assert platform.get("clock")["moving"] is True
    may_end.set()
    walk.join()

    assert happened == ["push", "call over", "push"]
