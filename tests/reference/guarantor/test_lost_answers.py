"""Answers to a guarantor's calls that get lost: the platform did it, and we must find that out."""

from typing import Any

import pytest
import requests
from reference.both import Both

NOTIFY = "notify_order_status"
CANCEL = "cancel_order"
ISSUE = "guarantor_push_guarantee"
REMOVE = "remove_guarantee"
ON_CLAIM = "guarantor_update_claim_result"

OUT = {"order_status": "WAIT_OUT_GUARANTEE", "order_amount": "500.00"}


def issued(both: Both, fixture: str = "standard") -> Any:
    """Bring an order to its guarantee; return the guarantee as the platform shows it."""
    number = both.bring(fixture=fixture)
    both.done("forward", order_no=number, **OUT)
    both.done("issue", order_no=number)
    return both.guarantees()[-1]


@pytest.mark.parametrize(
    ("name", "body", "method", "state"),
    [
        ("forward", {"order_status": "WAIT_OFFER"}, NOTIFY, "WAIT_OFFER"),
        ("forward", OUT, NOTIFY, "WAIT_OUT_GUARANTEE"),
        ("withdraw", {"statement": "资料不全"}, NOTIFY, "WAIT_SUBMIT_FIRST_TRAIL"),
        ("cancel", {"cancel_reason": "不予受理"}, CANCEL, "CANCEL"),
    ],
)
def test_a_decision_whose_answer_is_lost_is_taken_once(
    both: Both, name: str, body: dict[str, str], method: str, state: str
) -> None:
    number = both.bring()
    events = both.events(number)
    both.proxy.losing.append(method)

    assert both.act(name, order_no=number, **body) == (200, "成功")

    assert both.list_calls(method) == [f"{method} lost"], "2.2 has told that it was effective"
    assert len(both.events(number)) == len(events) + 1
    assert both.platform.state(number) == both.record("orders", number)["status"] == state


def test_what_cannot_be_is_said_and_not_called(both: Both) -> None:
    number = both.bring()
    assert both.act("forward", order_no=number) == (400, "The request lacks `order_status`.")
    assert both.act("forward", order_no=number, order_status="FINISH")[0] == 409
    both.done("withdraw", order_no=number)
    assert both.act("withdraw", order_no=number)[0] == 400
    assert both.act("release", guarantee_no="BH1")[0] == 400
    assert both.act("release", block_number="FZ")[0] == 400
    assert both.act("claim", claim_no="1", do_type="1", status="1")[0] == 400
    assert both.list_calls(NOTIFY) == [NOTIFY] * 2


def test_the_answer_to_an_application_is_taken_by_the_platform(both: Both) -> None:
    number = both.bring()
    both.platform.run()
    order = both.platform.order(number)
    assert order["reply"]["pay_method"] == "REDIRECT"
    assert number in requests.get(order["reply"]["redirect_url"], timeout=20).text
    [push] = both.platform.pushes(interface="application")
    assert push["state"] == "acknowledged"


@pytest.mark.parametrize("again", ["same_answer", "2427"])
def test_a_guarantee_whose_answer_is_lost_is_issued_once(both: Both, again: str) -> None:
    both.platform.switch(push_again=again)
    number = both.bring()
    both.done("forward", order_no=number, **OUT)
    both.proxy.losing.append(ISSUE)

    done = both.done("issue", order_no=number)

    [guarantee] = both.guarantees()
    serial = str(guarantee["serial_num"])
    assert done["serial_num"] == (serial if again == "same_answer" else None)
    asked = both.platform.post("guarantees", "query", guarantee_no=guarantee["guarantee_no"])
    assert asked["answer"]["data"]["serial_num"] == serial
    assert both.record("guarantees", guarantee["guarantee_no"])["serial_num"] == serial


@pytest.mark.parametrize("lost", [1, 2])
def test_a_release_is_told_again_with_the_same_moment(both: Both, lost: int) -> None:
    guarantee = issued(both)
    number = guarantee["guarantee_no"]
    block = both.platform.order(guarantee["order_no"])["block_number"]
    both.platform.post("releases", block_number=block)
    both.platform.run()
    both.proxy.losing += [REMOVE] * lost

    status, data = both.act("release", block_number=block)
    if lost > 1:
        assert status == 502
        assert both.record("releases", number)["status"] == "REVOKED"
        status, data = both.act("release", guarantee_no=number)

    assert (status, data) == (200, {"released": [number], "errors": []})
    release = both.record("releases", number)
    assert release["status"] == "RELEASED"
    assert release["release_date"] == both.guarantees()[0]["removed_at"]
    assert both.act("release", guarantee_no=number)[1]["errors"] == []


def test_an_error_of_a_single_guarantee_leaves_it_unreleased(both: Both) -> None:
    guarantee = issued(both)
    number = guarantee["guarantee_no"]
    block = both.platform.order(guarantee["order_no"])["block_number"]
    both.platform.post("releases", block_number=block)
    both.platform.run()
    both.institution.store.give_serial(number, "1")

    data = both.done("release", guarantee_no=number)

    assert data["released"] == []
    assert data["errors"][0]["error_info"]["guarantee_no"] == number
    release = both.record("releases", number)
    assert (release["status"], release["release_date"]) == ("REVOKED", None)


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize(
    ("fixture", "results", "state"),
    [
        ("standard", ["1/1"], "DEAL_PASS"),
        ("standard", ["1/2"], "DEAL_RETURN"),
        ("standard", ["1/1", "2/5"], "REJECT_APPLY"),
        ("standard", ["1/1", "2/4", "3/3"], "POLICYHOLDER_LIQUIDATION"),
        ("separate", ["1/1", "2/3", "3/4"], "GUARANTEE_COMPANY_COMPENSATION"),
    ],
)
def test_a_result_of_a_claim_is_told_once(
    both: Both, fixture: str, results: list[str], state: str, lost: int
) -> None:
    guarantee = issued(both, fixture)
    claim_no = both.platform.post("claims", order_no=guarantee["order_no"])["claim_no"]
    both.platform.run()
    bodies: list[dict[str, str]] = [
        {"claim_no": claim_no, "do_type": result[0], "status": result[2]} for result in results
    ]
    for body in bodies[:-1]:
        both.done("claim", **body)
    both.proxy.losing += [ON_CLAIM] * lost

    status, _ = both.act("claim", **bodies[-1])
    if lost > 1:
        assert status == 502
        status, _ = both.act("claim", **bodies[-1])

    assert status == 200
    [claim] = both.platform.get("claims")
    record = both.record("claims", claim_no)
    assert claim["status"] == record["status"] == state
    accepted = both.platform.journal(direction="call", interface="guarantor/3.2", status="200")
    assert len(accepted) == len(results)
    assert both.act("claim", **bodies[-1])[0] == 409


def test_a_result_that_only_the_other_line_has_is_refused(both: Both) -> None:
    guarantee = issued(both)
    claim_no = both.platform.post("claims", order_no=guarantee["order_no"])["claim_no"]
    both.platform.run()
    both.done("claim", claim_no=claim_no, do_type="1", status="1")
    assert both.act("claim", claim_no=claim_no, do_type="2", status="3")[0] == 409
    assert both.act("claim", claim_no=claim_no, do_type="2", status="9")[0] == 400
    assert both.record("claims", claim_no)["status"] == "DEAL_PASS"


def test_a_claim_that_its_beneficiary_revokes_and_one_that_is_closed(both: Both) -> None:
    guarantee = issued(both)
    first = both.platform.post("claims", order_no=guarantee["order_no"])["claim_no"]
    both.platform.post("claims", first, "revoke")
    second = both.platform.post("claims", order_no=guarantee["order_no"])["claim_no"]
    both.platform.run()
    both.done("claim", claim_no=second, do_type="1", status="2")
    both.platform.post("claims", second, "close")
    both.done("refresh_claim", claim_no=second)
    assert both.record("claims", first)["status"] == "CLAIM_CANCEL"
    assert both.record("claims", second)["status"] == "CLAIM_CLOSE"
