"""False notices (假通知): what fits no order or guarantee changes nothing (注意事项 4).

An effect fails; an acknowledgement without any effect only warns (P50): some stop a stray notice
that way.
"""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import NotApplicable, Warned, expect
from conformance_tests.suite.scenes.both.false_notices import NAMES, Aftermath, AnyFalseNotices

COMPARE = (
    "Compare order_no, block, principal and creditor of the notice with your own record, or with "
    "the order as the platform tells it, before anything is changed, and refuse what differs.",
    "在更新数据之前，将通知中的订单编号、标段、被保证人、受益人与本地记录（或平台返回的订单信息）核对，"
    "不一致则拒绝。",
)
KNOWN_GUARANTEE = (
    "Look up the guarantee by guarantee_no, then compare its block, principal and creditor with "
    "the claim, and refuse what differs.",
    "按 guarantee_no 查找保函，再核对标段、被保证人、受益人，不一致则拒绝。",
)


def expect_no_effect(came: Aftermath) -> None:
    """Show that a false notice changed nothing; one that is acknowledged all the same warns."""
    if isinstance(came.effect, NotApplicable):
        raise came.effect
    expect(
        not came.effect.en,
        f"a false notice had an effect: {came.effect.en} ({came.answer})",
        f"假通知产生了业务效果：{came.effect.zh}（{came.answer.zh}）",
    )
    if came.answer.acknowledged:
        raise Warned(
            f"a false notice was acknowledged, though without effect: {came.answer}",
            f"假通知虽无业务效果，但被确认：{came.answer.zh}",
        )


def expect_no_record(came: Aftermath) -> None:
    """Show that the target has no more records after a false notice than before."""
    if isinstance(came.records, NotApplicable):
        raise came.records
    expect(
        came.records == 0,
        f"a false notice left {came.records} records ({came.answer})",
        f"假通知留下了 {came.records} 条业务记录（{came.answer.zh}）",
    )


@pytest.mark.parametrize("wrong", NAMES)
@check(
    "{kind}/{status_notice}/4",
    "wrong-{wrong}",
    zh="名称不一致的取消通知不产生业务效果",
    fix=COMPARE,
)
def test_a_cancellation_with_one_wrong_name_has_no_effect(
    false_notices: AnyFalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.cancellation(wrong))


@pytest.mark.parametrize("wrong", NAMES)
@check(
    "{kind}/{status_notice}/4",
    "wrong-{wrong}-no-record",
    zh="名称不一致的取消通知不留下业务记录",
    fix=COMPARE,
)
def test_a_cancellation_with_one_wrong_name_leaves_no_record(
    false_notices: AnyFalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.cancellation(wrong))


@check(
    "{kind}/{status_notice}/4",
    "unknown-order",
    zh="订单不存在的取消通知不产生业务效果",
    fix=COMPARE,
)
def test_a_cancellation_of_an_order_that_does_not_exist_has_no_effect(
    false_notices: AnyFalseNotices,
) -> None:
    expect_no_effect(false_notices.cancellation_of_unknown_order())


@check(
    "{kind}/{status_notice}/4",
    "unknown-order-no-record",
    zh="订单不存在的取消通知不留下业务记录",
    fix=COMPARE,
)
def test_a_cancellation_of_an_order_that_does_not_exist_leaves_no_record(
    false_notices: AnyFalseNotices,
) -> None:
    expect_no_record(false_notices.cancellation_of_unknown_order())


@pytest.mark.parametrize("wrong", ["guarantee_no", "guarantee-of-another-order", *NAMES])
@check(
    "{kind}/3.1/4",
    "wrong-{wrong}",
    zh="与保函不一致的理赔申请不产生业务效果",
    fix=KNOWN_GUARANTEE,
)
def test_a_claim_that_does_not_fit_its_guarantee_has_no_effect(
    false_notices: AnyFalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.claim(wrong))


@pytest.mark.parametrize("wrong", ["guarantee_no", "guarantee-of-another-order", *NAMES])
@check(
    "{kind}/3.1/4",
    "wrong-{wrong}-no-record",
    zh="与保函不一致的理赔申请不留下业务记录",
    fix=KNOWN_GUARANTEE,
)
def test_a_claim_that_does_not_fit_its_guarantee_leaves_no_record(
    false_notices: AnyFalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.claim(wrong))


@pytest.mark.parametrize("wrong", ["principal", "guarantee_no"])
@check(
    "{kind}/3.1/4",
    "revocation-wrong-{wrong}",
    zh="与保函不一致的理赔撤销通知不产生业务效果",
    fix=KNOWN_GUARANTEE,
)
def test_a_revocation_that_does_not_fit_its_guarantee_has_no_effect(
    false_notices: AnyFalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.revocation(wrong))


@pytest.mark.parametrize("wrong", ["principal", "guarantee_no"])
@check(
    "{kind}/3.1/4",
    "revocation-wrong-{wrong}-no-record",
    zh="与保函不一致的理赔撤销通知不留下业务记录",
    fix=KNOWN_GUARANTEE,
)
def test_a_revocation_that_does_not_fit_its_guarantee_leaves_no_record(
    false_notices: AnyFalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.revocation(wrong))
