"""2.4 by state, operation and status: the whole table of P24 and P25."""

from typing import Any

import pytest
from calls.insurer import ABSENT, Insurer
from support.endpoint import Endpoint
from support.platform import Platform

STATES = (
    "WAIT_TUNE_UP",
    "WAIT_SUBMIT_TUNE_UP",
    "WAIT_OFFER",
    "WAIT_PAY",
    "WAIT_OUT_GUARANTEE",
    "HAS_OUT_GUARANTEE",
    "FINISH",
    "CANCEL",
)
# By order_do_type and status: in the order of STATES the code, or the state that follows.
TABLE: dict[tuple[str, Any], list[Any]] = {
    ("1", "1"): ["WAIT_TUNE_UP", 2332, *[2323] * 6],
    ("1", "2"): ["WAIT_SUBMIT_TUNE_UP", 2332, *[2323] * 6],
    ("1", "3"): [*["CANCEL"] * 4, *[2330] * 4],
    ("1", ABSENT): [2304] * 8,
    ("1", "4"): [2305] * 8,
    ("2", "1"): ["WAIT_OFFER", 2333, *[2324] * 6],
    ("2", "2"): ["WAIT_SUBMIT_TUNE_UP", 2333, *[2324] * 6],
    ("2", "3"): [*["CANCEL"] * 4, *[2330] * 4],
    ("2", ABSENT): [2307] * 8,
    ("2", "4"): [2308] * 8,
    ("3", "1"): ["WAIT_PAY", 2325, "WAIT_PAY", "WAIT_PAY", *[2325] * 4],
    ("3", "2"): [2329] * 8,
    ("3", "3"): [*["CANCEL"] * 4, *[2330] * 4],
    ("3", ABSENT): ["WAIT_PAY", 2325, "WAIT_PAY", "WAIT_PAY", *[2325] * 4],
    ("3", "4"): [2329] * 8,
    ("4", "1"): [*[2313] * 3, "WAIT_OUT_GUARANTEE", *[2313] * 4],
    ("4", "2"): [2329] * 8,
    ("4", "3"): [*["CANCEL"] * 4, *[2331] * 4],
    ("4", ABSENT): [*[2313] * 3, "WAIT_OUT_GUARANTEE", *[2313] * 4],
    ("4", "4"): [2329] * 8,
}
CASES = [
    pytest.param(state, *decision, outcome, id=f"{state}-{decision[0]}-{status}")
    for decision, outcomes in TABLE.items()
    for status in ["absent" if decision[1] is ABSENT else decision[1]]
    for state, outcome in zip(STATES, outcomes, strict=True)
]


@pytest.mark.parametrize(("state", "do_type", "status", "outcome"), CASES)
def test_a_decision_moves_an_order_or_is_refused_by_the_table(
    insurer: Insurer, order: dict[str, Any], state: str, do_type: str, status: Any, outcome: Any
) -> None:
    insurer.bring(order, state)

    answer = insurer.decide(order, do_type, status)

    if isinstance(outcome, int):
        assert answer["status"] == outcome
        assert insurer.platform.state(order["order_no"]) == state
    else:
        assert answer == {"status": 200, "data": "成功"}
        assert insurer.platform.state(order["order_no"]) == outcome


@pytest.mark.parametrize("do_type", [1, 2])
def test_a_returned_order_is_submitted_again_and_decided_anew(
    insurer: Insurer, order: dict[str, Any], do_type: int
) -> None:
    insurer.decide(order, do_type, 2)
    insurer.platform.post("orders", order["order_no"], "submit")

    assert insurer.read(order)["order_status"] == "WAIT_TUNE_UP"
    assert insurer.decide(order, do_type, 1)["status"] == 200


def test_orders_may_start_where_the_offer_is_awaited(insurer: Insurer) -> None:
    insurer.platform.switch(first_state="WAIT_OFFER")
    order = insurer.platform.create_order()

    assert insurer.read(order)["order_status"] == "WAIT_OFFER"
    assert insurer.decide(order, 1, 1)["status"] == 2323
    assert insurer.decide(order, 3)["status"] == 200


def test_an_offer_waits_for_due_diligence_where_it_is_required(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    insurer.platform.switch(due_diligence="required")

    assert insurer.decide(order, 3)["status"] == 2325
    insurer.decide(order, 2, 1)
    assert insurer.decide(order, 3)["status"] == 200
    assert insurer.decide(order, 3)["status"] == 200


def test_every_step_stands_in_the_orders_history_with_its_note(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    insurer.decide(order, 1, 1, note=ABSENT)
    insurer.decide(order, 1, 3, note="项目终止")

    steps = insurer.platform.order(order["order_no"])["history"]
    assert [(each["event"], each["by"], each.get("note")) for each in steps] == [
        ("apply", "principal", None),
        ("confirm", "institution", None),
        ("cancel", "institution", "项目终止"),
    ]


@pytest.mark.parametrize(
    ("switch", "pushed"), [(False, []), (True, [("WAIT_TUNE_UP", "WAIT_OFFER")])]
)
def test_the_insurers_own_changes_are_pushed_back_only_by_the_switch(
    insurer: Insurer,
    platform: Platform,
    endpoint: Endpoint,
    order: dict[str, Any],
    switch: bool,
    pushed: list[Any],
) -> None:
    platform.switch(push_own_changes=switch)

    insurer.decide(order, 1, 1)
    insurer.decide(order, 2, 1)
    platform.run()

    said = [push["content"] for push in platform.pushes(interface="order_status")]
    assert [(each["order_status_old"], each["order_status"]) for each in said] == pushed
    assert len(endpoint.posts) == len(pushed)
