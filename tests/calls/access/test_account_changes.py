"""A change of an account counts from the next call on, whichever process made it."""

from collections.abc import Callable
from typing import Any

import pytest
from calls.insurer import BRANCHES, Insurer

from simulator.app import Simulator
from simulator.gateway.pipeline import Pipeline
from simulator.gateway.wire import Request
from simulator.operations.traffic import Traffic
from simulator.protocol import envelope, rsa
from simulator.protocol.diagnosis.forms import Posting

FORM = "application/x-www-form-urlencoded"
CHANGES: dict[str, tuple[Callable[[Insurer], Any], int]] = {
    "disabled": (lambda i: i.platform.change(disabled=True), 1021),
    "another allow-list": (lambda i: i.platform.change(allow_list=["10.9.9.9"]), 1014),
    "token ended": (lambda i: i.platform.fault("end_token"), 1006),
    "token over": (lambda i: i.platform.advance(7200), 1006),
    "answer forced": (lambda i: i.platform.fault("answer", value={"code": 1010}), 1010),
    "other keys": (lambda i: i.platform.post("keys"), 1006),
}


def call(insurer: Insurer) -> int:
    return int(insurer.call(BRANCHES, insurer_name="无")["status"])


def call_elsewhere(simulator: Simulator, insurer: Insurer) -> int:
    """Make the call as another process on the same database would."""
    pipeline = Pipeline(
        simulator.database, simulator.platform, Traffic(), simulator.journal, lambda: None
    )
    public = rsa.load_key(insurer.platform.letter()["rsa_pk"]["pem"])
    sealed = envelope.seal(insurer.institution.sign(BRANCHES, insurer_name="无"), public)
    fields = {"access_token": insurer.institution.token, "param": sealed}
    reply = pipeline.serve(Request("insurer", "127.0.0.1", Posting(FORM, fields=fields)))
    assert reply.answer is not None
    return int(reply.answer["status"])


@pytest.mark.parametrize("name", CHANGES)
def test_the_next_call_sees_the_change_and_leaves_one_entry(insurer: Insurer, name: str) -> None:
    change, code = CHANGES[name]
    insurer.platform.freeze()
    assert [call(insurer), call(insurer)] == [200, 200]
    change(insurer)
    before = insurer.platform.journal(strays=1)[-1]["id"]

    assert call(insurer) == code
    entries = insurer.platform.journal(direction="call", strays=1, after=before)
    assert [entry["status"] for entry in entries] == [str(code)]


def test_a_token_that_was_used_elsewhere_lives_on_here(
    simulator: Simulator, insurer: Insurer
) -> None:
    insurer.platform.freeze()
    assert call(insurer) == 200
    insurer.platform.advance(4000)
    assert call_elsewhere(simulator, insurer) == 200

    insurer.platform.advance(4000)

    assert call(insurer) == 200
