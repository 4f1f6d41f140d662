"""What the app did: its calls, waited for, and what is said of one that did not come."""

import re
import threading
from typing import Any

import pytest
import requests

from simulator.errors import SimulatorError
from simulator.testing import NoSuchCall, Order, Platform

OFFER = "insurer_apply_guarantee_result"
READ = "insurer_get_guarantee_info"
SOON = 0.05


@pytest.fixture
def order(conzhu_platform: Platform, insurer: Any) -> Order:
    """An order that the app knows; it has asked for a token and for the order."""
    order = conzhu_platform.create_order()
    order.open()
    return order


def missed(platform: Platform, *wanted: Any, **more: Any) -> list[str]:
    """Wait in vain; return the message's lines."""
    with pytest.raises(NoSuchCall) as raised:
        platform.wait_for_call(*wanted, timeout=SOON, **more)
    return str(raised.value).splitlines()


def test_a_call_that_came_before_is_found_once(conzhu_platform: Platform, order: Order) -> None:
    call = conzhu_platform.wait_for_call(READ, order)

    assert (call.method, call.about, call.accepted) == (READ, order.order_no, True)
    assert missed(conzhu_platform, READ, order)[0] == (
        f"no call {READ} about {order} was accepted within 0.05 s."
    )
    order.open()
    assert conzhu_platform.wait_for_call(READ, order).entry["id"] > call.entry["id"]
    assert len(conzhu_platform.calls(READ, order)) == 2


def test_a_call_that_comes_later_is_waited_for(
    conzhu_platform: Platform, order: Order, insurer: Any
) -> None:
    asked = threading.Event()

    def offer_when_asked() -> None:
        asked.wait(10)
        insurer.offer(order.order_no, "500.00")

    thread = threading.Thread(target=offer_when_asked)
    thread.start()
    assert conzhu_platform.calls(OFFER) == []
    asked.set()

    call = conzhu_platform.wait_for_call(OFFER, order, price="500.00", timeout=10)

    thread.join()
    assert call.params["order_do_type"] == "3"
    assert call.base is not None
    assert "price500.00" in call.base
    assert call.received_at <= conzhu_platform.now


def test_calls_are_chosen_by_what_they_say(
    conzhu_platform: Platform, order: Order, insurer: Any
) -> None:
    for price in ("500.00", "600.00"):
        insurer.offer(order.order_no, price)

    assert [call.params["price"] for call in conzhu_platform.calls(OFFER)] == ["500.00", "600.00"]
    assert len(conzhu_platform.calls(OFFER, order, price="600.00")) == 1
    assert conzhu_platform.calls(OFFER, "another") == []
    assert conzhu_platform.wait_for_call(OFFER, price="600.00").status == "200"


def test_a_refusal_can_be_waited_for(conzhu_platform: Platform, order: Order, insurer: Any) -> None:
    conzhu_platform.fault("answer", OFFER, code=2325)
    with pytest.raises(Exception, match="2325"):
        insurer.offer(order.order_no, "500.00")

    refused = conzhu_platform.wait_for_call(OFFER, order, status=2325)

    assert "The fault rule answer" in refused.why
    assert "故障规则 answer" in refused.why_zh
    assert conzhu_platform.calls(OFFER) == [refused]


def test_no_call_at_all(conzhu_platform: Platform) -> None:
    assert missed(conzhu_platform, "insurer_push_guarantee", "4711") == [
        "no call insurer_push_guarantee about 4711 was accepted within 0.05 s.",
        "0.05 秒内没有被接受的调用：insurer_push_guarantee（4711）。",
        "The app made no call since the test began. 测试开始以来应用没有发出任何调用。",
    ]


def test_a_call_that_there_is_not_is_not_waited_for(conzhu_platform: Platform) -> None:
    typed = "insurer_push_guarante"
    sentence = (
        f"An account of kind insurer has no call '{typed}'. Did you mean insurer_push_guarantee? "
        "Its calls are: get_access_token, "
    )

    with pytest.raises(SimulatorError, match=re.escape(sentence)) as raised:
        # Whoever waits in vain is ended by the test's own limit of time.
        conzhu_platform.wait_for_call(typed, timeout=3600)
    with pytest.raises(SimulatorError, match=re.escape(sentence)):
        conzhu_platform.calls(typed)

    assert raised.value.text.zh.startswith(
        f"insurer 类账户没有调用接口 '{typed}'。是否应为 insurer_push_guarantee？可用的调用："
    )
    with pytest.raises(SimulatorError, match=r"has no call 'zzz'\. Its calls are: get_acc"):
        conzhu_platform.wait_for_call("zzz", timeout=3600)


@pytest.mark.conzhu(kind="guarantor")
def test_calls_are_those_of_the_accounts_kind(conzhu_platform: Platform) -> None:
    with pytest.raises(SimulatorError, match="Did you mean guarantor_push_guarantee"):
        conzhu_platform.calls("insurer_push_guarantee")
    assert conzhu_platform.calls("guarantor_push_guarantee") == []


def test_the_same_call_about_another_order_refused(
    conzhu_platform: Platform, order: Order, insurer: Any
) -> None:
    other = conzhu_platform.create_order()
    with pytest.raises(Exception, match="2416"):
        insurer.call("insurer_push_guarantee", order_no=other.order_no)

    lines = missed(conzhu_platform, "insurer_push_guarantee", order)

    why = "guarantee_pdf is missing (insurer/2.5)."
    assert lines[2] == (
        f"Nearest: a call insurer_push_guarantee about {other}, not about {order}, refused 2416: "
        f"{why}"
    )
    assert lines[3].startswith(
        f"最接近的调用：insurer_push_guarantee（{other}），而不是 {order}，被拒绝 2416：缺少参数"
    )
    assert lines[4] == "The others 其他调用:"
    assert lines[5:] == ["  get_access_token  200", f"  {READ} {order} 200"]


def test_a_refusal_of_the_right_call_is_nearer_than_another_order(
    conzhu_platform: Platform, order: Order, insurer: Any
) -> None:
    other = conzhu_platform.create_order()
    other.open()
    conzhu_platform.fault("answer", OFFER, order, code=2325)
    insurer.offer(other.order_no, "500.00")
    with pytest.raises(Exception, match="2325"):
        insurer.offer(order.order_no, "500.00")
    insurer.offer(other.order_no, "600.00")

    lines = missed(conzhu_platform, OFFER, order)

    assert lines[2].startswith(f"Nearest: a call {OFFER} about {order}, refused 2325: ")


def test_a_parameter_that_differs_is_named(
    conzhu_platform: Platform, order: Order, insurer: Any
) -> None:
    insurer.offer(order.order_no, "500.00")

    lines = missed(conzhu_platform, OFFER, order, price="600.00", note="x")

    assert lines[0] == (
        f"no call {OFFER} about {order} with price='600.00', note='x' was accepted within 0.05 s."
    )
    assert lines[2] == (
        f"Nearest: a call {OFFER} about {order}, price was '500.00', not '600.00', "
        "note was None, not 'x', accepted"
    )
    assert "price 为 '500.00'，而不是 '600.00'" in lines[3]


def test_what_was_waited_for_is_no_near_miss(conzhu_platform: Platform, order: Order) -> None:
    for method in ("get_access_token", READ):
        conzhu_platform.wait_for_call(method)

    lines = missed(conzhu_platform, OFFER, status=None)

    assert lines == [
        f"no call {OFFER} was made within 0.05 s.",
        f"0.05 秒内没有调用：{OFFER}。",
        "The app made no further call since the test began. 测试开始以来应用没有发出其他调用。",
    ]


def test_a_call_of_no_account_is_shown(conzhu_platform: Platform) -> None:
    url = conzhu_platform.letter.platform
    requests.post(url, data={"param": "x" * 344, "access_token": "stale"}, timeout=10)

    lines = missed(conzhu_platform, READ, status="200")

    assert lines[2].startswith(
        "Nearest: a call (not opened) (of no account), refused 1006: This access_token is unknown"
    )


def test_pushes_that_failed_and_errors_of_the_app_are_named(
    conzhu_platform: Platform, order: Order, insurer: Any
) -> None:
    insurer.orders.clear()
    order.cancel()

    lines = missed(conzhu_platform, OFFER)

    assert any(
        line.startswith(f"Not acknowledged 未确认: order_status about {order}: HTTP 500: ")
        for line in lines
    ), lines
    [error] = [line for line in lines if line.startswith("The app failed 应用异常")]
    assert f"POST /conzhu/status: KeyError: '{order}' (insurer.py:" in error
    assert error.endswith("in take_status)")


def test_a_wait_ends_early_when_the_call_is_there(
    conzhu_platform: Platform, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conzhu_platform, "patience", 3600.0)

    assert conzhu_platform.wait_for_call(READ, order).accepted
    conzhu_platform.settle(0.02)
    assert conzhu_platform.calls(OFFER) == []


def test_the_timeline_tells_everything_in_its_order(
    conzhu_platform: Platform, order: Order
) -> None:
    fault = conzhu_platform.fault("lose_ack", "order_status")
    order.cancel()

    lines = conzhu_platform.timeline().splitlines()

    told = [line[9:].split(" [")[0] for line in lines if not line.startswith("   ")]
    assert told[:4] == [
        f"← insurer/2.1 {order} acknowledged",
        "→ insurer/1.1 get_access_token 200",
        f"→ insurer/2.3 {READ} {order} 200",
        f"← insurer/2.2 {order} failed",
    ]
    [why] = [line for line in lines if line.startswith("   ")]
    assert "lost on purpose" in why
    assert why.endswith(f"[lose_ack #{fault.id}]")
    entries = conzhu_platform.journal(direction="push")
    assert [entry["interface"] for entry in entries] == ["insurer/2.1", "insurer/2.2"]
