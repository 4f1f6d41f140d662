"""An insurer's own tests of its integration. Nothing here waits: the platform's clock is moved."""

import pytest
from flask.testing import FlaskClient
from insurer import Insurer, Refused

from simulator.testing import Platform


@pytest.mark.usefixtures("app")
def test_a_jump_shows_the_order(conzhu_platform: Platform) -> None:
    order = conzhu_platform.create_order(guarantee_amount="80000.00")

    page = order.open()

    assert page.acknowledged
    assert "80000.00 元" in page.attempts[0].body
    conzhu_platform.wait_for_call("insurer_get_guarantee_info", order)


def test_an_offer_reaches_the_platform(conzhu_platform: Platform, desk: FlaskClient) -> None:
    order = conzhu_platform.create_order()
    order.open()

    desk.post(f"/desk/orders/{order}/offer", data={"price": "500.00"})

    conzhu_platform.wait_for_call("insurer_apply_guarantee_result", order, price="500.00")
    assert order.state == "WAIT_PAY"


def test_a_cancellation_is_taken(conzhu_platform: Platform, insurer: Insurer) -> None:
    order = conzhu_platform.create_order()
    order.open()

    notice = order.cancel()

    assert notice.acknowledged
    assert insurer.orders[order.order_no]["order_status"] == "CANCEL"


def test_a_cancellation_comes_again_until_it_is_acknowledged(
    conzhu_platform: Platform, insurer: Insurer
) -> None:
    order = conzhu_platform.create_order()
    order.open()
    conzhu_platform.fault("lose_ack", "order_status", times=3)

    notice = order.cancel()
    assert not notice.acknowledged
    conzhu_platform.advance(minutes=1)

    assert notice.acknowledged
    assert [attempt.number for attempt in notice.attempts] == [1, 2, 3, 4]
    assert insurer.orders[order.order_no]["order_status"] == "CANCEL"


def test_a_false_notice_is_refused(conzhu_platform: Platform, insurer: Insurer) -> None:
    order = conzhu_platform.create_order()
    order.open()

    notice = conzhu_platform.push(
        "order_status", order, order_status="CANCEL", principal="别家建筑工程有限公司"
    )

    assert not notice.acknowledged
    assert insurer.orders[order.order_no]["order_status"] == "WAIT_TUNE_UP"


def test_an_offer_outlives_an_expired_token(conzhu_platform: Platform, insurer: Insurer) -> None:
    order = conzhu_platform.create_order()
    order.open()
    conzhu_platform.advance(hours=2)

    insurer.offer(order.order_no, "500.00")

    assert [call.status for call in conzhu_platform.calls("get_access_token")] == ["200", "200"]
    assert order.state == "WAIT_PAY"


def test_a_refused_offer_is_told(conzhu_platform: Platform, insurer: Insurer) -> None:
    order = conzhu_platform.create_order()
    order.open()
    conzhu_platform.fault("answer", "insurer_apply_guarantee_result", code=2325)

    with pytest.raises(Refused, match="2325"):
        insurer.offer(order.order_no, "500.00")

    refused = conzhu_platform.wait_for_call("insurer_apply_guarantee_result", order, status=2325)
    assert refused.params["price"] == "500.00"


@pytest.mark.conzhu(key_bits=1024, switches={"first_state": "WAIT_OFFER"})
def test_short_keys_do_as_well(conzhu_platform: Platform, insurer: Insurer) -> None:
    order = conzhu_platform.create_order()
    order.open()

    insurer.offer(order.order_no, "500.00")

    assert order.state == "WAIT_PAY"
