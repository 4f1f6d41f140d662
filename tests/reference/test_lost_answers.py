"""Answers to calls that get lost: the platform did it, and the insurer must find that out."""

from typing import Any

import pytest
from reference.both import Both

DECIDE = "insurer_apply_guarantee_result"
ISSUE = "insurer_push_guarantee"
ANEW = "insurer_push_guarantee_update"
ON_CLAIM = "update_claim"
INVOICE = "insurer_push_invoice"


#: An action, the actions before it, and the order's state after it.
DECISIONS = [
    ("due_diligence", (), "WAIT_OFFER"),
    ("offer", (), "WAIT_PAY"),
    ("offer", ("due_diligence",), "WAIT_PAY"),
    ("pay", ("offer",), "WAIT_OUT_GUARANTEE"),
    ("cancel", ("offer",), "CANCEL"),
]


@pytest.mark.parametrize(("name", "before", "state"), DECISIONS)
def test_a_decision_whose_answer_is_lost_is_taken_once(
    both: Both, name: str, before: tuple[str, ...], state: str
) -> None:
    number = both.bring(*before)
    events = both.events(number)
    both.proxy.losing.append(DECIDE)

    assert both.act(name, order_no=number) == (200, "成功")

    assert both.list_calls(DECIDE) == [f"{DECIDE} lost"], "2.3 has told that it was effective"
    assert len(both.events(number)) == len(events) + 1
    assert both.platform.state(number) == both.record("orders", number)["status"] == state


def test_a_lost_offer_is_known_with_its_price(both: Both) -> None:
    number = both.bring()
    both.proxy.losing.append(DECIDE)

    both.done("offer", order_no=number, price="777.00")
    both.done("pay", order_no=number)

    order = both.platform.order(number)
    assert (order["price"], order["real_pay"]) == ("777.00", "777.00")


def test_material_that_is_sent_back_is_sent_back_once(both: Both) -> None:
    number = both.bring()
    both.proxy.losing.append(DECIDE)

    assert both.act("due_diligence", order_no=number, **{"pass": False}) == (200, "成功")

    assert both.events(number) == ["return_due_diligence"]
    assert both.record("orders", number)["status"] == "WAIT_SUBMIT_TUNE_UP"


@pytest.mark.parametrize("again", ["same_answer", "2427"])
def test_a_guarantee_whose_answer_is_lost_is_issued_once(both: Both, again: str) -> None:
    both.platform.switch(push_again=again)
    number = both.bring("offer", "pay")
    both.proxy.losing.append(ISSUE)

    issued = both.done("issue", order_no=number)

    [guarantee] = both.guarantees()
    serial = str(guarantee["serial_num"])
    assert both.list_calls(ISSUE) == [f"{ISSUE} lost", ISSUE]
    assert both.events(number) == ["offer", "pay", "issue"]
    assert both.record("orders", number)["status"] == "HAS_OUT_GUARANTEE"
    assert issued["serial_num"] == (serial if again == "same_answer" else None)
    _verify(both, guarantee)


@pytest.mark.parametrize("again", ["same_answer", "2427"])
def test_a_guarantee_whose_every_answer_is_lost_may_be_issued_again(both: Both, again: str) -> None:
    both.platform.switch(push_again=again)
    number = both.bring("offer", "pay")
    both.proxy.losing += [ISSUE, ISSUE]

    assert both.act("issue", order_no=number)[0] == 502
    status, _ = both.act("issue", order_no=number)

    assert status == (200 if again == "same_answer" else 409)
    assert both.events(number) == ["offer", "pay", "issue"]
    assert both.record("orders", number)["status"] == "HAS_OUT_GUARANTEE"
    [guarantee] = both.guarantees()
    _verify(both, guarantee)


def _verify(both: Both, guarantee: Any) -> None:
    """Let the platform ask about a guarantee; then at the latest its serial number is known."""
    number, serial = guarantee["guarantee_no"], str(guarantee["serial_num"])
    asked = both.platform.post("guarantees", "verify", guarantee_no=number)
    assert asked["answer"]["data"]["is_modified"] == 2, asked
    assert both.record("guarantees", number)["serial_num"] == serial
    assert both.record("guarantees", number)["sha256"] == guarantee["sha256"]


@pytest.mark.parametrize("lost", [1, 2])
def test_a_guarantee_that_is_issued_anew_is_so_once(both: Both, lost: int) -> None:
    number = both.bring("offer", "pay", "issue")
    order = both.platform.order(number)
    both.platform.post(
        "bid-openings",
        block_number=order["block_number"],
        type="delay",
        open_tender_time="2031-01-01 09:30:00",
    )
    both.proxy.losing += [ANEW] * lost

    status, _ = both.act("reissue", order_no=number)
    if lost > 1:
        assert status == 502
        status, _ = both.act("reissue", order_no=number)

    assert status == 200
    first, second = both.guarantees()
    assert (first["current"], second["current"]) == (False, True)
    assert both.record("guarantees", second["guarantee_no"])["serial_num"] == str(
        second["serial_num"]
    )


@pytest.mark.parametrize("lost", [1, 2])
@pytest.mark.parametrize(
    ("decisions", "state"),
    [
        (["ACCEPT"], "INVESTIGATING"),
        (["ACCEPT", "AGREE_INDEMNITY"], "WAIT_INDEMNITY"),
        (["ACCEPT", "REFUSE_INDEMNITY"], "REFUSE_INDEMNITY"),
        (["ACCEPT", "AGREE_INDEMNITY", "FINISH_INDEMNITY"], "FINISH_INDEMNITY"),
    ],
)
def test_a_decision_on_a_claim_is_taken_once(
    both: Both, decisions: list[str], state: str, lost: int
) -> None:
    number = both.bring("offer", "pay", "issue")
    claim_no = both.platform.post("claims", order_no=number)["claim_no"]
    both.platform.run()
    for decision in decisions[:-1]:
        both.done("claim", claim_no=claim_no, do=decision)
    both.proxy.losing += [ON_CLAIM] * lost

    status, _ = both.act("claim", claim_no=claim_no, do=decisions[-1])
    if lost > 1:
        assert status == 502
        status, _ = both.act("claim", claim_no=claim_no, do=decisions[-1])

    assert status == 200
    [claim] = both.platform.get("claims")
    assert claim["status"] == both.record("claims", claim_no)["status"] == state
    accepted = both.platform.journal(direction="call", interface="insurer/3.2", status="200")
    assert len(accepted) == len(decisions)


def test_an_invoice_whose_answer_is_lost_is_made_out_once(both: Both) -> None:
    number = both.bring("offer", "pay")
    wanted = both.platform.post("invoices", order_nos=[number])["invoice_id"]
    both.platform.run()
    both.proxy.losing.append(INVOICE)

    both.act("invoice", invoice_id=wanted)

    assert both.platform.get("invoices")[0]["issued"] is True
    assert both.record("invoices", wanted)["issued"] == 1


def test_a_token_whose_answer_is_lost_is_asked_for_again(both: Both) -> None:
    number = str(both.platform.create_order()["order_no"])
    both.proxy.losing.append("get_access_token")

    both.done("offer", order_no=number)

    assert both.proxy.losing == []
    assert both.events(number) == ["offer"]
