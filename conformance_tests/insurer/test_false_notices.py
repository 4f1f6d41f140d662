"""False notices to insurers: what the checks for both kinds do not say (2.8, 2.10)."""

import pytest

from conformance_tests.both.test_false_notices import expect_no_effect, expect_no_record
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.scenes.insurer.false_notices import FalseNotices

_KNOWN_ORDERS = (
    "Check that every number in order_nos is an order of yours before the application is stored.",
    "保存开票申请前，逐个检查 order_nos 中的订单编号是否存在。",
)
_KNOWN_BLOCK = (
    "Look up your orders by block_number and block_name together; without a match change nothing, "
    "and read new dates from 2.3, not from the notice.",
    "按 block_number 与 block_name 同时匹配本地订单；无匹配则不作任何更改，新日期以 2.3 为准。",
)


@pytest.mark.parametrize("wrong", ["alone", "among-others"])
@check(
    "insurer/2.8/4",
    "unknown-order-{wrong}",
    zh="含有不存在订单的开票申请不产生业务效果",
    fix=_KNOWN_ORDERS,
)
def test_an_application_for_an_order_that_does_not_exist_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.invoice(wrong))


@pytest.mark.parametrize("wrong", ["alone", "among-others"])
@check(
    "insurer/2.8/4",
    "unknown-order-{wrong}-no-record",
    zh="含有不存在订单的开票申请不留下业务记录",
    fix=_KNOWN_ORDERS,
)
def test_an_application_for_an_order_that_does_not_exist_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.invoice(wrong))


@pytest.mark.parametrize("wrong", ["block_number", "block_name", "both"])
@check(
    "insurer/2.10/4",
    "wrong-{wrong}",
    zh="标段不一致的延期开标通知不产生业务效果",
    fix=_KNOWN_BLOCK,
)
def test_a_bid_opening_of_a_block_that_does_not_fit_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.bid_opening(wrong))


@pytest.mark.parametrize("wrong", ["block_number", "block_name", "both"])
@check(
    "insurer/2.10/4",
    "wrong-{wrong}-no-record",
    zh="标段不一致的延期开标通知不留下业务记录",
    fix=_KNOWN_BLOCK,
)
def test_a_bid_opening_of_a_block_that_does_not_fit_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.bid_opening(wrong))
