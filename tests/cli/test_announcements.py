"""What commands say about the pushes that they announced."""

import re
import threading
from typing import Any

from cli.command_line import Cli
from cli.conftest import Issue
from support.endpoint import Endpoint, Post
from support.platform import Platform

from simulator.cli.output import announcements


def _last_push(platform: Platform) -> int:
    return int(platform.pushes()[-1]["id"])


def test_with_a_frozen_clock_next_sends_it(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    _, line = cli.text("order", "cancel", order["order_no"]).splitlines()

    number = _last_push(platform)
    assert line == (
        f"Push {number} (order_status) is pending. The clock is frozen: `clock next` sends push "
        f"{number}."
    )
    cli.text("clock", "next")
    assert platform.push(number)["state"] == "acknowledged"


def test_what_is_due_earlier_would_go_first() -> None:
    waiting = {"id": 7, "state": "pending", "due": 20.0, "attempts_made": 0}
    clock = {"mode": "frozen", "next_due": 10.0}

    advice = announcements._advise(waiting, clock, "demo")

    assert advice.en == "The clock is frozen: `clock advance 0` sends push 7."


def test_without_an_endpoint_it_says_which_to_register(
    cli: Cli, platform: Platform, order: dict[str, Any]
) -> None:
    en = cli.text("order", "cancel", order["order_no"]).splitlines()[1]
    block = cli.json("order", "create")["block_number"]
    delay = ("bid", "delay", block, "2030-01-31 09:30:00", "--lang", "zh")
    zh = cli.text(*delay).splitlines()[1]

    first, second = (int(push["id"]) for push in platform.pushes())
    assert en == (
        f"Push {first} (order_status) is unroutable. Register its endpoint: `account endpoint "
        f"{cli.account} order_status URL`, then `push resend {first}`."
    )
    assert zh.startswith(f"推送 {second}（bid_opening）：无接收地址 unroutable。请登记接收地址：")


def test_with_a_running_clock_it_is_on_its_way(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    answered = threading.Event()

    def wait(_post: Post) -> None:
        answered.wait(5)

    endpoint.handler = wait
    platform.post("clock", action="resume")

    text = cli.text("order", "cancel", order["order_no"])
    answered.set()
    platform.advance(0)

    assert re.search(r"^Push (\d+) .+ See `push show \1`\.$", text, re.MULTILINE)


def test_only_what_was_announced_now_is_told(
    cli: Cli, platform: Platform, endpoint: Endpoint, issue: Issue
) -> None:
    number = issue()["order_no"]
    texts = [cli.text("invoice", "apply", number), cli.text("claim", "apply", number)]
    [claim] = platform.get("claims")
    texts.append(cli.text("claim", "revoke", claim["claim_no"]))
    texts.append(cli.text("order", "finish", number))

    said = [re.findall(r"^Push (\d+) \((\w+)\)", text, re.MULTILINE) for text in texts]
    pushes = [(str(push["id"]), push["name"]) for push in platform.pushes()]
    assert [len(each) for each in said] == [1, 1, 1, 1]
    assert [each[0] for each in said] == pushes[-4:]


def test_what_is_not_announced_is_not_told(
    cli: Cli, platform: Platform, endpoint: Endpoint, issue: Issue
) -> None:
    platform.switch(push_claim_revocation=False)
    number = issue()["order_no"]
    made = cli.json("claim", "apply", number)

    assert len(cli.text("claim", "revoke", made["claim_no"]).splitlines()) == 1


def test_json_stays_as_it_is(
    cli: Cli, platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    made = cli.json("order", "cancel", order["order_no"])

    assert made == platform.order(order["order_no"])
