"""Own changes are not pushed back, and accounts do not touch each other (P22, P23)."""

from collections.abc import Iterator
from typing import Any

import pytest
from pushes import business
from pushes.conftest import FAILING
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.protocol.plaintext import NotAPlaintext
from simulator.protocol.rsa import CannotOpen


@pytest.fixture
def neighbour(platform: Platform, endpoint: Endpoint) -> Iterator[Platform]:
    """A second account with its own frozen clock and the same endpoint."""
    name = f"{platform.name}-neighbour"
    platform.control.post("accounts", name=name, key_bits=1024)
    neighbour = Platform(platform.control, name)
    neighbour.freeze()
    neighbour.register(f"{endpoint.url}/neighbour")
    yield neighbour
    platform.control.delete("accounts", name)


def test_changes_that_the_institution_made_are_not_pushed_back(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    business.issue(institution, order)

    assert platform.pushes() == []
    assert platform.run()["attempts"] == []


def test_a_switch_pushes_them_too(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.switch(push_own_changes=True)
    business.issue(institution, order)
    platform.run()

    said = [institution.open(post.fields["param"]) for post in endpoint.posts]

    assert [(each["order_status_old"], each["order_status"]) for each in said] == [
        ("WAIT_TUNE_UP", "WAIT_PAY"),
        ("WAIT_PAY", "WAIT_OUT_GUARANTEE"),
        ("WAIT_OUT_GUARANTEE", "HAS_OUT_GUARANTEE"),
    ]


def test_a_decision_without_a_change_of_state_is_not_pushed(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.switch(push_own_changes=True)
    business.decide(institution, order, "1", status="1")

    assert platform.pushes() == []


def test_pushes_about_one_order_keep_their_own_schedules(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    endpoint.answers = [FAILING, (200, b'{"status":200}')]
    business.decide(institution, order, "1", status="2", note="请补充")
    platform.post("orders", order["order_no"], "submit")
    platform.post("orders", order["order_no"], "cancel")
    platform.run()

    states = [institution.open(post.fields["param"])["order_status"] for post in endpoint.posts]

    # The newer notice overtakes the older one, which is repeated after 15 s.
    assert states == ["WAIT_TUNE_UP", "CANCEL", "WAIT_TUNE_UP"]


def test_two_accounts_have_two_clocks(platform: Platform, neighbour: Platform) -> None:
    before = neighbour.get("clock")

    platform.advance(86_400)

    assert neighbour.get("clock") == before


def test_a_walk_of_one_account_delivers_nothing_of_another(
    platform: Platform, neighbour: Platform, endpoint: Endpoint
) -> None:
    for each in (platform, neighbour):
        each.post("orders", each.create_order()["order_no"], "cancel")

    platform.run()

    assert [post.path for post in endpoint.posts] == ["/order_status"]
    assert [push["state"] for push in neighbour.pushes()] == ["pending"]
    assert neighbour.journal(direction="push") == []
    neighbour.run()
    assert [post.path for post in endpoint.posts][1:] == ["/neighbour/order_status"]


def test_each_account_seals_with_its_own_key(
    platform: Platform, neighbour: Platform, endpoint: Endpoint
) -> None:
    for each in (platform, neighbour):
        each.post("orders", each.create_order()["order_no"], "cancel")
        each.run()

    first, second = endpoint.posts
    assert Institution(platform.letter()).open(first.fields["param"])
    assert Institution(neighbour.letter()).open(second.fields["param"])
    with pytest.raises((CannotOpen, NotAPlaintext)):
        Institution(neighbour.letter()).open(first.fields["param"])


def test_a_reset_empties_one_account_and_leaves_the_other(
    platform: Platform, neighbour: Platform, endpoint: Endpoint
) -> None:
    for each in (platform, neighbour):
        each.post("orders", each.create_order()["order_no"], "cancel")
        each.switch(strict_ack=True)
        each.fault("lose_ack")
        each.run()

    shown = platform.post("reset")

    for what in ("orders", "pushes", "faults", "journal", "guarantees", "invoices", "claims"):
        assert platform.get(what) == []
    for what in ("orders", "pushes", "faults", "journal"):
        assert neighbour.get(what) != []
    assert shown["clock"]["mode"] == "real"
    assert shown["switches"]["strict_ack"] is True
    assert shown["endpoints"]["claim"] == f"{endpoint.url}/claim"
    assert neighbour.get("clock")["mode"] == "frozen"


def test_a_push_of_another_account_cannot_be_seen_or_sent(
    platform: Platform, neighbour: Platform
) -> None:
    platform.post("orders", platform.create_order()["order_no"], "cancel")
    [push] = platform.pushes()

    for path in ((str(push["id"]),), (str(push["id"]), "resend")):
        send = neighbour.get if len(path) == 1 else neighbour.post
        with pytest.raises(Exception, match=f"has no push {push['id']}"):
            send("pushes", *path)
