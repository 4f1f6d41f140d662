"""Fault rules on how many pushes there are, in which order, and on calls and tokens."""

import threading
from collections.abc import Callable
from typing import Any

from pushes.contents import open_push
from support.endpoint import Endpoint, Post
from support.institution import Institution
from support.platform import Platform

from simulator.fault_tag import FaultTag

Notice = Callable[..., int]


def test_copies_are_all_in_flight_together(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    rule = platform.fault("copies", value={"copies": 8})
    together = threading.Barrier(8)

    def wait_for_the_others(_post: Post) -> None:
        together.wait(4)

    endpoint.handler = wait_for_the_others
    push = notice()
    platform.run()

    assert not together.broken
    shown = platform.push(push)
    assert [made["number"] for made in shown["attempts"]] == list(range(1, 9))
    assert {made["outcome"] for made in shown["attempts"]} == {"acknowledged"}
    assert shown["attempts"]
    for made in shown["attempts"]:
        assert made["faults"] == [FaultTag("copies", rule["id"]).as_json()]
    assert len({made["started_at"] for made in shown["attempts"]}) == 1
    assert len(endpoint.posts) == 8
    assert len(platform.journal(direction="push")) == 8
    contents = [open_push(institution, "2.2", post.fields["param"]) for post in endpoint.posts]
    assert len({each["order_no"] for each in contents}) == 1


def test_two_copies_are_one_step_of_the_schedule(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    platform.fault("copies")
    push = notice()
    start = platform.run()["from"]

    made = platform.push(push)["attempts"]

    assert len(made) == 11
    moments = [round(each["started_at"] - start, 3) for each in made]
    assert moments == [0, 0, 15, 30, 60, 240, 2040, 3840, 5640, 7440, 11040]
    assert platform.push(push)["state"] == "exhausted"


def test_hold_back_lets_the_next_push_overtake(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    rule = platform.fault("hold_back")
    other = platform.create_order()["order_no"]
    platform.post("orders", order["order_no"], "cancel")
    platform.post("orders", other, "cancel")

    platform.run()

    arrived = [institution.open(post.fields["param"])["order_no"] for post in endpoint.posts]
    assert arrived == [other, order["order_no"]]
    held = platform.journal(status="held")
    assert [entry["faults"] for entry in held] == [[FaultTag("hold_back", rule["id"]).as_json()]]
    assert [push["state"] for push in platform.pushes()] == ["acknowledged", "acknowledged"]


def test_a_push_held_back_alone_waits(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    platform.fault("hold_back")
    push = notice()

    walked = platform.run()

    assert walked["attempts"] == []
    assert (platform.push(push)["state"], platform.push(push)["due"]) == ("held", None)
    assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"


def test_answer_gives_the_code_and_has_no_effect(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    rule = platform.fault(
        "answer", interface="insurer_apply_guarantee_result", value={"code": 2313}
    )
    names = ("order_no", "block_number", "block_name", "principal", "creditor")
    known = {name: order[name] for name in names}
    decision = {**known, "order_do_type": "2", "status": "1", "note": "通过"}

    forced = institution.call("insurer_apply_guarantee_result", **decision)

    assert forced == {"status": 2313, "data": "该订单不允许审批操作"}
    assert platform.state(order["order_no"]) == "WAIT_TUNE_UP"
    [entry] = platform.journal(status="2313")
    assert entry["faults"] == [FaultTag("answer", rule["id"]).as_json()]
    assert "on purpose; nothing is wrong with the call." in entry["notes"][0]["en"]
    assert institution.call("insurer_apply_guarantee_result", **decision)["status"] == 200
    assert platform.state(order["order_no"]) == "WAIT_OFFER"


def test_end_token_ends_all_tokens_at_once(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    first = institution.token
    institution.forget_token()
    assert institution.token != first

    assert platform.fault("end_token") == {"done": True}

    for _ in range(2):
        answer = institution.call("insurer_get_guarantee_info", order_no=order["order_no"])
        assert answer["status"] == 1006
    assert platform.get("faults") == []
    institution.forget_token()
    answer = institution.call("insurer_get_guarantee_info", order_no=order["order_no"])
    assert answer["status"] == 200
