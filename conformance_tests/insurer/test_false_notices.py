"""False notices (假通知): what fits no order or guarantee changes nothing (注意事项 4).

An effect fails; an acknowledgement without any effect only warns (P50): some stop a stray notice
that way.
"""

import pytest

from conformance_tests.suite.checks import check
from conformance_tests.suite.false_notices import NAMES, Aftermath, FalseNotices
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import NotApplicable, Warned

_COMPARE = (
    "Compare order_no, block, principal and creditor of the notice with your own record (or with "
    "2.3) before anything is changed, and refuse what differs.",
    "在更新数据之前，将通知中的订单编号、标段、被保证人、受益人与本地记录（或 2.3）核对，"
    "不一致则拒绝。",
)
_KNOWN_ORDERS = (
    "Check that every number in order_nos is an order of yours before the application is stored.",
    "保存开票申请前，逐个检查 order_nos 中的订单编号是否存在。",
)
_KNOWN_BLOCK = (
    "Look up your orders by block_number and block_name together; without a match change nothing, "
    "and read new dates from 2.3, not from the notice.",
    "按 block_number 与 block_name 同时匹配本地订单；无匹配则不作任何更改，新日期以 2.3 为准。",
)
_KNOWN_GUARANTEE = (
    "Look up the guarantee by guarantee_no, then compare its block, principal and creditor with "
    "the claim, and refuse what differs.",
    "按 guarantee_no 查找保函，再核对标段、被保证人、受益人，不一致则拒绝。",
)


@pytest.fixture
def false_notices(scene: Scene) -> FalseNotices:
    """Notices that do not fit."""
    return FalseNotices(scene)


def _assert_no_effect(came: Aftermath) -> None:
    if came.effect is None:
        raise NotApplicable("the target file declares no action that would show an effect")
    assert not came.effect, f"a false notice had an effect: {came.effect} ({came.answer})"
    if came.answer.acknowledged:
        raise Warned(f"a false notice was acknowledged, though without effect: {came.answer}")


def _assert_no_record(came: Aftermath) -> None:
    if came.records is None:
        raise NotApplicable("the target file declares no probe that would show a record")
    assert came.records == 0, f"a false notice left {came.records} records ({came.answer})"


@pytest.mark.parametrize("wrong", NAMES)
@check(
    "insurer/2.2/4",
    "wrong-{wrong}",
    zh="名称不一致的取消通知不产生业务效果",
    fix=_COMPARE,
)
def test_a_cancellation_with_one_wrong_name_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    _assert_no_effect(false_notices.cancellation(wrong))


@pytest.mark.parametrize("wrong", NAMES)
@check(
    "insurer/2.2/4",
    "wrong-{wrong}-no-record",
    zh="名称不一致的取消通知不留下业务记录",
    fix=_COMPARE,
)
def test_a_cancellation_with_one_wrong_name_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    _assert_no_record(false_notices.cancellation(wrong))


@check(
    "insurer/2.2/4",
    "unknown-order",
    zh="订单不存在的取消通知不产生业务效果",
    fix=_COMPARE,
)
def test_a_cancellation_of_an_order_that_does_not_exist_has_no_effect(
    false_notices: FalseNotices,
) -> None:
    _assert_no_effect(false_notices.cancellation_of_unknown_order())


@check(
    "insurer/2.2/4",
    "unknown-order-no-record",
    zh="订单不存在的取消通知不留下业务记录",
    fix=_COMPARE,
)
def test_a_cancellation_of_an_order_that_does_not_exist_leaves_no_record(
    false_notices: FalseNotices,
) -> None:
    _assert_no_record(false_notices.cancellation_of_unknown_order())


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
    _assert_no_effect(false_notices.invoice(wrong))


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
    _assert_no_record(false_notices.invoice(wrong))


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
    _assert_no_effect(false_notices.bid_opening(wrong))


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
    _assert_no_record(false_notices.bid_opening(wrong))


@pytest.mark.parametrize("wrong", ["guarantee_no", "guarantee-of-another-order", *NAMES])
@check(
    "insurer/3.1/4",
    "wrong-{wrong}",
    zh="与保函不一致的理赔申请不产生业务效果",
    fix=_KNOWN_GUARANTEE,
)
def test_a_claim_that_does_not_fit_its_guarantee_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    _assert_no_effect(false_notices.claim(wrong))


@pytest.mark.parametrize("wrong", ["guarantee_no", "guarantee-of-another-order", *NAMES])
@check(
    "insurer/3.1/4",
    "wrong-{wrong}-no-record",
    zh="与保函不一致的理赔申请不留下业务记录",
    fix=_KNOWN_GUARANTEE,
)
def test_a_claim_that_does_not_fit_its_guarantee_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    _assert_no_record(false_notices.claim(wrong))


@pytest.mark.parametrize("wrong", ["principal", "guarantee_no"])
@check(
    "insurer/3.1/4",
    "revocation-wrong-{wrong}",
    zh="与保函不一致的理赔撤销通知不产生业务效果",
    fix=_KNOWN_GUARANTEE,
)
def test_a_revocation_that_does_not_fit_its_guarantee_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    _assert_no_effect(false_notices.revocation(wrong))


@pytest.mark.parametrize("wrong", ["principal", "guarantee_no"])
@check(
    "insurer/3.1/4",
    "revocation-wrong-{wrong}-no-record",
    zh="与保函不一致的理赔撤销通知不留下业务记录",
    fix=_KNOWN_GUARANTEE,
)
def test_a_revocation_that_does_not_fit_its_guarantee_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    _assert_no_record(false_notices.revocation(wrong))
