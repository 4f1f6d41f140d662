"""What a test lets happen: it reaches the app by real pushes, and the clock alone repeats them."""

import json
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from testing.conftest import Reference

from simulator.errors import SimulatorError
from simulator.testing import Platform

GAPS = (15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600)


@pytest.mark.usefixtures("app")
def test_a_jump_brings_the_order_to_the_app(conzhu_platform: Platform) -> None:
    order = conzhu_platform.create_order(guarantee_amount="80000.00")

    page = order.open()

    assert page.acknowledged
    assert (page.name, page.about) == ("order_page", order.order_no)
    assert (page.attempts[0].http_status, page.attempts[0].code) == (200, "opened")
    assert "80000.00 元" in page.attempts[0].body
    call = conzhu_platform.wait_for_call("insurer_get_guarantee_info", order)
    assert call.data["guarantee_amount"] == order["guarantee_amount"] == "80000.00"


def test_an_order_without_an_endpoint_is_not_opened(conzhu_platform: Platform) -> None:
    with pytest.raises(SimulatorError, match=r"platform\.connect\(app, order_page='/\.\.\.'\)"):
        conzhu_platform.create_order().open()


def test_what_happens_is_pushed_once_before_the_method_returns(
    conzhu_platform: Platform, insurer: Any
) -> None:
    order = conzhu_platform.create_order()
    order.open()

    notice = order.cancel("不投了")

    assert notice.acknowledged
    assert (notice.state, notice.verdict, notice.next_due) == (
        "acknowledged",
        "acknowledged.",
        None,
    )
    assert notice.answer == {"status": 200}
    assert notice.content["order_status"] == notice.attempts[0].params["order_status"] == "CANCEL"
    assert insurer.orders[order.order_no]["order_status"] == order.state == "CANCEL"


def test_a_push_without_an_endpoint_says_how_to_give_it_one(conzhu_platform: Platform) -> None:
    notice = conzhu_platform.create_order().cancel()

    assert (notice.state, notice.attempts) == ("unroutable", [])
    assert "platform.connect(app, order_status=...)" in repr(notice)


@pytest.mark.usefixtures("app")
def test_the_clock_alone_repeats_what_was_not_acknowledged(conzhu_platform: Platform) -> None:
    order = conzhu_platform.create_order()
    order.open()
    conzhu_platform.fault("lose_ack", "order_status", times=None)
    began = conzhu_platform.now

    notice = order.cancel()
    assert notice.next_due == began + timedelta(seconds=15)
    [second] = conzhu_platform.advance_to_next()
    made = conzhu_platform.advance(minutes=1, seconds=-15)
    made += conzhu_platform.run()

    assert [second.number, *(attempt.number for attempt in made)] == list(range(2, 11))
    assert {attempt.code for attempt in made} == {"ack_lost"}
    started = [attempt.started_at for attempt in notice.attempts]
    gaps = [(b - a).total_seconds() for a, b in pairwise(started)]
    assert gaps == list(GAPS)
    assert (notice.state, notice.next_due) == ("exhausted", None)
    assert conzhu_platform.now - began == timedelta(seconds=sum(GAPS))
    with pytest.raises(SimulatorError, match="Nothing is due"):
        conzhu_platform.advance_to_next()


@pytest.mark.usefixtures("app")
def test_what_is_held_back_goes_when_it_is_delivered(conzhu_platform: Platform) -> None:
    orders = [conzhu_platform.create_order() for _ in range(2)]
    for order in orders:
        order.open()

    with conzhu_platform.holding_back():
        notices = [order.cancel() for order in orders]
    assert [len(notice.attempts) for notice in notices] == [0, 0]
    assert "platform.deliver()" in repr(notices[0])

    made = conzhu_platform.deliver()
    assert [attempt.push.id for attempt in made] == [notice.id for notice in notices]
    assert all(notice.acknowledged for notice in notices)


@pytest.mark.usefixtures("app")
def test_a_push_is_sent_again_by_hand_and_given_up(conzhu_platform: Platform) -> None:
    order = conzhu_platform.create_order()
    order.open()
    conzhu_platform.fault("no_delivery", "order_status")

    notice = order.cancel()
    notice.give_up()
    assert conzhu_platform.run() == []
    again = notice.send_again()

    assert (again.number, again.acknowledged, again.http_status) == (2, True, 200)
    assert notice.acknowledged


@pytest.mark.usefixtures("app")
def test_a_running_clock_pushes_by_itself(conzhu_platform: Platform) -> None:
    order = conzhu_platform.create_order()
    order.open()

    conzhu_platform.resume()
    with conzhu_platform.holding_back():
        notice = order.cancel()
    conzhu_platform.wait_for_call("insurer_get_guarantee_info", order)
    conzhu_platform.wait_for_call("insurer_get_guarantee_info", order)

    assert notice.attempts[0].number == 1


def test_a_whole_life_with_an_insurer(conzhu_platform: Platform, reference: Reference) -> None:
    order = conzhu_platform.create_order()
    order.open()
    reference.act("due_diligence", order_no=order.order_no, **{"pass": False})
    assert order.state == "WAIT_SUBMIT_TUNE_UP"
    assert order.submit().acknowledged
    reference.act("offer", order_no=order.order_no, price="500.00")
    reference.act("pay", order_no=order.order_no, real_pay="500.00")
    assert order.guarantee is None
    reference.act("issue", order_no=order.order_no)

    guarantee = order.guarantee
    assert guarantee is not None
    assert guarantee.pdf.startswith(b"%PDF-")
    asked = guarantee.query()
    assert asked.acknowledged
    assert asked.answer is not None
    assert asked.answer["data"]["serial_num"] == guarantee.serial_num
    modified = [guarantee.verify(pdf).answer for pdf in (None, guarantee.pdf + b"\n")]
    assert [(each or {})["data"]["is_modified"] for each in modified] == [2, 1]

    invoice = order.apply_for_invoice(receiver_email="finance@example.com")
    assert invoice.push is not None
    assert invoice.push.acknowledged
    assert not invoice.issued
    reference.act("invoice", invoice_id=invoice.invoice_id)
    conzhu_platform.wait_for_call("insurer_push_invoice", invoice)
    assert invoice.issued
    later = conzhu_platform.now + timedelta(days=40)
    assert order.change_bid_opening(later, delayed=True).content["type"] == "2"

    claim = order.apply_for_claim("50000.00", files={"letter.pdf": b"%PDF-1.4 a letter"})
    assert claim.push is not None
    assert claim.push.acknowledged
    assert claim.status == "WAIT_ACCEPT"
    assert claim.revoke().acknowledged
    assert order.finish().acknowledged
    assert conzhu_platform.order(order.order_no).state == "FINISH"
    assert [push.name for push in conzhu_platform.pushes(about=claim)] == ["claim", "claim"]


@pytest.mark.conzhu(kind="guarantor")
def test_a_whole_life_with_a_guarantee_company(
    conzhu_platform: Platform, reference: Reference
) -> None:
    order = conzhu_platform.create_order()
    assert order.push is not None
    assert (order.push.name, order.push.acknowledged) == ("application", True)
    for state in ("WAIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY", "WAIT_OUT_GUARANTEE"):
        reference.act("forward", order_no=order.order_no, order_status=state)
    reference.act("issue", order_no=order.order_no)
    guarantee = order.guarantee
    assert guarantee is not None

    claim = order.apply_for_claim()
    reference.act("claim", claim_no=claim.claim_no, do_type="1", status="2", note="不予受理")
    claim.close()
    assert claim.status == "CLAIM_CLOSE"
    batch = order.revoke_guarantees(penalty=[guarantee.guarantee_no], note="测试")
    assert batch.push is not None
    assert batch.push.acknowledged
    assert batch["note"] == "测试"
    assert guarantee.search_release().acknowledged


@pytest.mark.usefixtures("app")
def test_a_fault_strikes_as_often_as_it_shall(conzhu_platform: Platform, insurer: Any) -> None:
    order = conzhu_platform.create_order()
    order.open()
    fault = conzhu_platform.fault(
        "answer", "insurer_apply_guarantee_result", order, times=None, code=2325
    )

    for _ in range(2):
        with pytest.raises(Exception, match="2325"):
            insurer.offer(order.order_no, "500.00")
    assert fault.hits == 2
    fault.remove()
    insurer.offer(order.order_no, "500.00")

    assert order.state == "WAIT_PAY"
    with pytest.raises(SimulatorError, match="was removed"):
        _ = fault.hits
    assert conzhu_platform.fault("end_token").hits == 1


def test_tokens_end_by_the_clock_and_by_hand(conzhu_platform: Platform, insurer: Any) -> None:
    order = conzhu_platform.create_order()
    order.open()
    conzhu_platform.advance(hours=2)
    order.open()
    conzhu_platform.expire_token()
    order.open()

    assert len(conzhu_platform.calls("get_access_token")) == 3
    refused = [call for call in conzhu_platform.calls() if not call.accepted]
    # What ended by hand is known no more, so that call belongs to no account.
    assert [(call.status, call.is_stray) for call in refused] == [("1006", False), ("1006", True)]


def test_an_account_is_emptied_for_an_app_that_goes_on(
    conzhu_platform: Platform, app: Any, insurer: Any
) -> None:
    first = conzhu_platform.create_order()
    first.open()
    letter, endpoints = conzhu_platform.letter, conzhu_platform.endpoints

    conzhu_platform.reset()

    assert (conzhu_platform.calls(), conzhu_platform.pushes()) == ([], [])
    assert conzhu_platform.endpoints == endpoints
    assert conzhu_platform.get("letter") == letter.json
    assert conzhu_platform.create_order().open().acknowledged
    assert insurer.orders.keys() > {first.order_no}


def test_an_account_is_saved_for_a_colleague(conzhu_platform: Platform, tmp_path: Path) -> None:
    order = conzhu_platform.create_order()

    place = conzhu_platform.save_snapshot(tmp_path / "bug.json")

    saved = json.loads(place.read_text("utf-8"))
    assert saved["orders"][0]["order_no"] == order.order_no
    assert saved["personal_data"] is False


def test_switches_change_what_the_platform_does(conzhu_platform: Platform) -> None:
    conzhu_platform.switch(first_state="WAIT_OFFER")

    assert conzhu_platform.create_order().state == "WAIT_OFFER"
    with pytest.raises(SimulatorError, match="There is no switch 'first'"):
        conzhu_platform.switch(first="WAIT_OFFER")
