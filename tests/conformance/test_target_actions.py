"""Calls are told apart by what they did, not by their method alone."""

from collections.abc import Mapping

import pytest

from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.scenes.both.actions import shows_another


def _call(answered: str, params: Mapping[str, str]) -> Call:
    return Call({"status": answered, "sent": {"params": params}})


@pytest.mark.parametrize(
    ("call", "another"),
    [
        (_call("200", {"order_do_type": "3"}), True),
        (_call("200", {"order_do_type": "2", "status": "2"}), False),
        (_call("2325", {"order_do_type": "3"}), False),
        (_call("200", {"order_do_type": "9"}), False),
    ],
    ids=["an offer that was taken", "its own", "an offer that was refused", "none that is known"],
)
def test_an_early_offer_is_no_returned_due_diligence(call: Call, another: bool) -> None:
    assert shows_another(call, "return_due_diligence", "insurer") is another
