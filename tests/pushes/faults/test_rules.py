"""Fault rules on what a push sends and gets: each does what it says, and is tagged."""

from collections.abc import Callable
from typing import Any

import pytest
from pushes.contents import open_push
from support.endpoint import OK, Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.fault_tag import FaultTag
from simulator.protocol import envelope, signing
from simulator.protocol.plaintext import NotAPlaintext
from simulator.protocol.rsa import CannotOpen

Notice = Callable[..., int]


def first_attempt(platform: Platform, push: int) -> dict[str, Any]:
    platform.advance(0)
    return dict(platform.push(push)["attempts"][0])


def assert_tagged(platform: Platform, made: dict[str, Any], rule: dict[str, Any]) -> None:
    tag = FaultTag(rule["rule"], rule["id"]).as_json()
    assert made["faults"] == [tag]
    entry = platform.journal(direction="push")[0]
    assert (entry["attempt"], entry["faults"]) == (made["number"], [tag])
    [kept] = platform.get("faults")
    assert (kept["hits"], kept["times"]) == (1, 0)


def test_lose_ack_delivers_but_takes_the_acknowledgement_for_lost(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    rule = platform.fault("lose_ack")
    push = notice()

    made = first_attempt(platform, push)

    assert len(endpoint.posts) == 1
    assert (made["outcome"], made["verdict"]["code"]) == ("failed", "ack_lost")
    assert "lost on purpose" in made["verdict"]["en"]
    assert "有意丢失" in made["verdict"]["zh"]
    assert made["received"]["body"] == OK.decode()
    assert_tagged(platform, made, rule)
    platform.run()
    assert len(endpoint.posts) == 2
    assert platform.push(push)["state"] == "acknowledged"


def test_lose_ack_leaves_a_refusal_as_it_is(
    platform: Platform, failing: Endpoint, notice: Notice
) -> None:
    platform.fault("lose_ack")

    made = first_attempt(platform, notice())

    assert made["verdict"]["code"] == "http_status"


def test_no_delivery_sends_nothing(platform: Platform, endpoint: Endpoint, notice: Notice) -> None:
    rule = platform.fault("no_delivery")
    push = notice()

    made = first_attempt(platform, push)

    assert endpoint.posts == []
    assert (made["outcome"], made["verdict"]["code"]) == ("failed", "not_delivered")
    assert made["received"] == {}
    assert_tagged(platform, made, rule)
    platform.run()
    assert len(endpoint.posts) == 1


@pytest.mark.parametrize(
    ("value", "name", "changed"),
    [
        ({"parameter": "order_status", "to": "FINISH"}, "order_status", "FINISH"),
        ({"parameter": "principal", "to": ""}, "principal", ""),
        ({"parameter": "order_status_old"}, "order_status_old", "WAIT_TUNE_UP0"),
    ],
)
def test_change_value_spoils_the_sign(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    notice: Notice,
    value: dict[str, str],
    name: str,
    changed: str,
) -> None:
    rule = platform.fault("change_value", value=value)
    made = first_attempt(platform, notice())

    said = institution.open(endpoint.posts[0].fields["param"])

    assert said[name] == changed
    assert not signing.verify(said, institution.letter["api_secret"]).valid
    assert made["sent"]["params"][name] == changed
    assert_tagged(platform, made, rule)


def test_change_value_changes_the_first_parameter_by_default(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.fault("change_value")
    platform.post("orders", order["order_no"], "cancel")
    platform.advance(0)

    said = institution.open(endpoint.posts[0].fields["param"])

    assert said["order_no"] == f"{order['order_no']}0"


def test_sign_with_other_key_makes_a_sign_of_another_secret(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    rule = platform.fault("sign_with_other_key")
    made = first_attempt(platform, notice())

    said = institution.open(endpoint.posts[0].fields["param"])

    assert not signing.verify(said, institution.letter["api_secret"]).valid
    assert len(str(said["sign"])) == 32
    assert_tagged(platform, made, rule)
    # The rule strikes once: the repeat is right again.
    platform.advance(0)
    platform.post("pushes", str(platform.pushes()[0]["id"]), "resend")
    open_push(institution, "2.2", endpoint.posts[1].fields["param"])


def test_seal_with_other_key_cannot_be_opened(
    platform: Platform, institution: Institution, endpoint: Endpoint, notice: Notice
) -> None:
    rule = platform.fault("seal_with_other_key")
    made = first_attempt(platform, notice())

    with pytest.raises((CannotOpen, NotAPlaintext)):
        envelope.open_param(endpoint.posts[0].fields["param"], institution.own_private)

    assert signing.verify(made["sent"]["params"], institution.letter["api_secret"]).valid
    assert_tagged(platform, made, rule)
