"""A repeat is the same notice: made afresh, or byte for byte (P18)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.clock import SHANGHAI

Notice = Callable[..., int]
MADE_AFRESH = ("sign", "timestamp")


def open_all(institution: Institution, endpoint: Endpoint) -> list[dict[str, str]]:
    return [open_push(institution, "2.2", post.fields["param"]) for post in endpoint.posts]


def content(each: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in each.items() if name not in MADE_AFRESH}


def test_a_fresh_repeat_has_the_same_content_under_another_sign(
    platform: Platform, institution: Institution, failing: Endpoint, notice: Notice
) -> None:
    platform.switch(wire_time="account")
    notice()
    platform.run()

    repeats = open_all(institution, failing)

    assert len({post.fields["param"] for post in failing.posts}) == 10
    assert len({each["sign"] for each in repeats}) == 10
    assert len({each["timestamp"] for each in repeats}) == 10
    assert all(content(each) == content(repeats[0]) for each in repeats)


def test_with_account_time_on_the_wire_the_timestamps_follow_the_schedule(
    platform: Platform, institution: Institution, failing: Endpoint, notice: Notice
) -> None:
    platform.switch(wire_time="account")
    notice()
    start = platform.run()["from"]

    moments = [
        datetime.strptime(each["timestamp"], "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI)
        for each in open_all(institution, failing)
    ]

    first = datetime.fromtimestamp(int(start), SHANGHAI)
    assert moments[0] == first
    assert moments[-1] - first == timedelta(seconds=11_040)


def test_by_default_the_wire_has_wall_time_whatever_the_clock_says(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    platform.advance(30 * 86_400)
    notice()
    before = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")
    platform.run()
    after = datetime.now(SHANGHAI).strftime("%Y%m%d%H%M%S")

    assert before <= open_all(institution, endpoint)[0]["timestamp"] <= after


def test_an_identical_repeat_is_the_same_byte_for_byte(
    platform: Platform, institution: Institution, failing: Endpoint, notice: Notice
) -> None:
    platform.switch(wire_time="account", repeat="identical")
    push = notice()
    platform.run()
    platform.post("pushes", str(push), "resend")

    assert len(failing.posts) == 11
    assert len({post.fields["param"] for post in failing.posts}) == 1
    shown: list[dict[str, Any]] = platform.push(push)["attempts"]
    assert len({each["sent"]["base"] for each in shown}) == 1


def test_identical_copies_are_the_same_byte_for_byte(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    platform.switch(repeat="identical")
    platform.fault("copies", value={"copies": 3})
    notice()
    platform.run()

    assert len(endpoint.posts) == 3
    assert len({post.fields["param"] for post in endpoint.posts}) == 1


def test_an_identical_repeat_does_not_repeat_what_a_fault_spoiled(
    platform: Platform, institution: Institution, failing: Endpoint, notice: Notice
) -> None:
    platform.switch(repeat="identical")
    platform.fault("seal_with_other_key")
    notice()
    platform.advance(60)

    first, *others = [post.fields["param"] for post in failing.posts]

    assert len(others) == 3
    assert first not in others
    assert len(set(others)) == 1
    open_push(institution, "2.2", others[0])
