"""2.4's parameters: each missing or wrong one has its code, and what the right ones do."""

from typing import Any

import pytest
from calls.insurer import ABSENT, DECIDE, Insurer
from support.platform import Platform

from simulator.protocol.plaintext import Number

MISSING = [
    (1, {"timestamp": ABSENT}, 404, "失败：timestamp"),
    (1, {"timestamp": "2030-01-01 10:00:00"}, 404, "失败：timestamp"),
    (1, {"order_no": ABSENT}, 2300, "参数缺失：order_no"),
    (1, {"order_no": ""}, 2300, "参数缺失：order_no"),
    (1, {"block_number": ABSENT}, 2317, "该订单的信息缺失：block_number"),
    (1, {"block_name": ABSENT}, 2317, "该订单的信息缺失：block_name"),
    (1, {"principal": ABSENT}, 2314, "参数缺失：principal"),
    (1, {"principal": ""}, 2314, "参数缺失：principal"),
    (1, {"creditor": ABSENT}, 2315, "参数缺失：creditor"),
    (1, {"order_do_type": ABSENT}, 2301, "参数缺失：order_do_type"),
    (1, {"status": ABSENT}, 2304, "参数缺失：status"),
    (1, {"status": ""}, 2304, "参数缺失：status"),
    (2, {"status": ABSENT}, 2307, "参数缺失：status"),
    (2, {"note": ABSENT}, 2317, "该订单的信息缺失：note"),
    (3, {"price": ABSENT}, 2309, "参数缺失: price"),
    (3, {"guarantee_end_date": ABSENT}, 2317, "该订单的信息缺失：guarantee_end_date"),
    (4, {"real_pay": ABSENT}, 2317, "该订单的信息缺失：real_pay"),
    (1, {"status": "3", "note": ABSENT}, 2317, "该订单的信息缺失：note"),
]
WRONG = [
    (1, {"order_do_type": "0"}, 2303, "参数错误：order_do_type"),
    (1, {"order_do_type": "5"}, 2303, "参数错误：order_do_type"),
    (1, {"order_do_type": "1\n"}, 2303, "参数错误：order_do_type"),
    (1, {"status": "0"}, 2305, "参数错误: status"),
    (2, {"status": "pass"}, 2308, "参数错误: status"),
    (3, {"status": "2"}, 2329, "参数错误: status"),
    (4, {"status": "2"}, 2329, "参数错误: status"),
    (3, {"price": "0"}, 2310, "参数错误: price"),
    (3, {"price": "0.00"}, 2310, "参数错误: price"),
    (3, {"price": "-1"}, 2310, "参数错误: price"),
    (3, {"price": "1.005"}, 2310, "参数错误: price"),
    (3, {"price": "1,000.00"}, 2310, "参数错误: price"),
    (3, {"price": "1e3"}, 2310, "参数错误: price"),
    (3, {"guarantee_end_date": "2031/05/06"}, 2317, "该订单的信息缺失：guarantee_end_date"),
    (3, {"guarantee_end_date": "2031-02-29"}, 2317, "该订单的信息缺失：guarantee_end_date"),
    (4, {"real_pay": "0"}, 2317, "该订单的信息缺失：real_pay"),
    (4, {"real_pay": "free"}, 2317, "该订单的信息缺失：real_pay"),
    (1, {"order_no": "4040404040"}, 2302, "订单不存在"),
    (1, {"principal": "别家公司"}, 2319, "被保证人名称不正确"),
    (1, {"creditor": "别家公司"}, 2321, "受益人名称不正确"),
    (1, {"block_number": "X"}, 2318, "该订单的信息缺失"),
    (1, {"block_number": ""}, 2318, "该订单的信息缺失"),
    (1, {"block_name": "X"}, 2318, "该订单的信息缺失"),
]


@pytest.mark.parametrize(("do_type", "changes", "code", "remark"), [*MISSING, *WRONG])
def test_a_missing_or_wrong_parameter_has_its_code_and_remark(
    insurer: Insurer, order: dict[str, Any], do_type: int, changes: Any, code: int, remark: str
) -> None:
    right = {**insurer.decision(order, do_type, "1"), **changes}

    assert insurer.send(DECIDE, **right) == {"status": code, "data": remark}
    assert insurer.platform.state(order["order_no"]) == "WAIT_TUNE_UP"
    assert insurer.notes()


PAIRS = [
    (1, {"order_no": ABSENT, "block_number": ABSENT}, 2300),
    (1, {"block_name": ABSENT, "principal": ABSENT}, 2317),
    (1, {"principal": ABSENT, "creditor": ABSENT}, 2314),
    (1, {"creditor": ABSENT, "order_do_type": ABSENT}, 2315),
    (1, {"order_do_type": ABSENT, "status": ABSENT}, 2301),
    (1, {"order_do_type": "9", "creditor": ABSENT}, 2315),
    (1, {"order_do_type": "9", "status": ABSENT}, 2303),
    (1, {"status": ABSENT, "order_no": "404"}, 2304),
    (1, {"status": ABSENT, "price": "x"}, 2304),
    (3, {"price": ABSENT, "guarantee_end_date": "x"}, 2309),
    (3, {"price": ABSENT, "guarantee_end_date": ABSENT}, 2309),
    (3, {"price": "x", "guarantee_end_date": "x"}, 2310),
    (3, {"price": ABSENT, "principal": "别家公司"}, 2309),
    (4, {"order_no": "404", "principal": "别家公司"}, 2302),
    (4, {"principal": "别家公司"}, 2319),
]


@pytest.mark.parametrize(("do_type", "changes", "code"), PAIRS)
def test_of_two_faults_the_earlier_in_the_table_decides_and_missing_before_wrong(
    insurer: Insurer, order: dict[str, Any], do_type: int, changes: Any, code: int
) -> None:
    both = {**insurer.decision(order, do_type, "1"), **changes}

    assert insurer.call(DECIDE, **both)["status"] == code


def test_a_cancellation_goes_before_what_the_types_ask_for(insurer: Insurer) -> None:
    nothing = {"price": ABSENT, "guarantee_end_date": ABSENT, "real_pay": ABSENT}
    for do_type in (1, 2, 3, 4):
        order = insurer.platform.create_order()

        assert insurer.decide(order, do_type, 3, **nothing)["status"] == 200
        assert insurer.platform.state(order["order_no"]) == "CANCEL"


@pytest.mark.parametrize(("status", "answered"), [("1", 200), ("2", 2317)])
def test_a_pass_needs_no_note_where_the_switch_is_lenient(
    insurer: Insurer, order: dict[str, Any], status: str, answered: int
) -> None:
    assert insurer.decide(order, 2, status, note=ABSENT)["status"] == 2317
    insurer.platform.switch(lenient_note=True)

    assert insurer.decide(order, 2, status, note=ABSENT)["status"] == answered


@pytest.mark.parametrize("number", [Number("3"), "3"])
def test_a_number_and_its_text_are_one_value(
    insurer: Insurer, order: dict[str, Any], number: str
) -> None:
    assert insurer.decide(order, number, Number("1"), price=Number("88"))["status"] == 200
    assert insurer.platform.order(order["order_no"])["price"] == "88.00"


def test_an_offer_made_again_replaces_price_and_end_date(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    before = insurer.read(order)["guarantee_end_date"]
    insurer.decide(order, 3, price="1000.5")
    assert before != insurer.read(order)["guarantee_end_date"] == "2031-05-06"

    insurer.decide(order, 3, price="900", guarantee_end_date="2031-7-8")

    assert insurer.platform.order(order["order_no"])["price"] == "900.00"
    assert insurer.read(order)["guarantee_end_date"] == "2031-07-08"


def test_an_offer_refused_leaves_price_and_end_date(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    insurer.bring(order, "WAIT_OUT_GUARANTEE")

    insurer.decide(order, 3, price="1.00", guarantee_end_date="2032-01-01")

    assert insurer.platform.order(order["order_no"])["price"] == "1000.00"
    assert insurer.read(order)["guarantee_end_date"] == "2031-05-06"


@pytest.mark.parametrize(
    ("paid", "note"),
    [("1000", ""), ("990.1", "real_pay 990.10 differs from the offered price 1000.00.")],
)
def test_a_payment_that_differs_from_the_price_is_taken_and_noted(
    insurer: Insurer, order: dict[str, Any], paid: str, note: str
) -> None:
    insurer.bring(order, "WAIT_PAY")

    assert insurer.decide(order, "4", real_pay=paid)["status"] == 200
    assert insurer.platform.order(order["order_no"])["real_pay"] == f"{float(paid):.2f}"
    assert insurer.notes() == note


def test_an_empty_block_number_is_a_value_where_the_order_has_none(insurer: Insurer) -> None:
    order = insurer.platform.create_order("minimal")

    assert insurer.decide(order, 1, 1, block_number="")["status"] == 200
    assert insurer.decide(order, 1, 1, block_number="1")["status"] == 2318
    assert insurer.decide(order, 1, 1, block_number=ABSENT)["status"] == 2317


def test_another_institutions_order_does_not_exist_here(
    insurer: Insurer, stranger: Insurer, platform: Platform
) -> None:
    order = stranger.platform.create_order()

    answer = insurer.decide(order, 1, 1)

    assert answer == {"status": 2334, "data": "订单不存在"}
    assert "belongs to another institution" in insurer.notes()


def test_a_cancellation_goes_before_the_form_of_what_it_does_not_need(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    unused = {"price": "x", "guarantee_end_date": "x", "real_pay": "x"}

    assert insurer.decide(order, 3, 3, **unused)["status"] == 200

    assert insurer.platform.state(order["order_no"]) == "CANCEL"
