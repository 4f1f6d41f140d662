"""A push that is given up, and the files that an account holds."""

import base64
import hashlib
from typing import Any

import pytest
from support.endpoint import Endpoint
from support.platform import Platform

from simulator.errors import SimulatorError


def test_a_push_that_was_given_up_is_not_sent_by_itself(
    platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.post("orders", order["order_no"], "cancel")
    [push] = platform.pushes()

    given_up = platform.post("pushes", str(push["id"]), "give-up")
    platform.run()

    assert (given_up["state"], given_up["due"]) == ("exhausted", None)
    assert endpoint.posts == []


def test_it_can_still_be_sent_by_hand(
    platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.post("orders", order["order_no"], "cancel")
    [push] = platform.pushes()
    platform.post("pushes", str(push["id"]), "give-up")

    sent = platform.post("pushes", str(push["id"]), "resend")

    assert sent["state"] == "acknowledged"


def test_what_does_not_wait_cannot_be_given_up(
    platform: Platform, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.post("orders", order["order_no"], "cancel")
    platform.run()
    [push] = platform.pushes()

    with pytest.raises(SimulatorError, match="is not waiting to be sent \\(acknowledged\\)"):
        platform.post("pushes", str(push["id"]), "give-up")


def test_a_file_of_the_account_is_shown_with_its_bytes(
    platform: Platform, order: dict[str, Any]
) -> None:
    shown = platform.get("files", order["files"][0]["file_id"])

    content = base64.b64decode(shown["content"])
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == shown["sha256"]


def test_another_file_is_not_there(platform: Platform) -> None:
    with pytest.raises(SimulatorError, match="has no file 1"):
        platform.get("files", "1")
