"""False notices to guarantors: applications (2.1), and what only they compare (2.4, 3.1)."""

import pytest

from conformance_tests.both.test_false_notices import (
    expect_no_effect,
    expect_no_record,
)
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level
from conformance_tests.suite.scenes.both.false_notices import NAMES
from conformance_tests.suite.scenes.guarantor.false_notices import FalseNotices

_KEEP_THE_ORDER = (
    "Look the order up by order_no first: where it is known, compare block, principal and "
    "creditor, and never overwrite them by another application.",
    "先按 order_no 查找订单：已存在时核对标段、被保证人、受益人，不得用另一份申请覆盖。",
)
_APPLICANT = (
    "Compare applicant, too: it is the principal of a 直开式 order, your company for 分离式.",
    "同时核对 applicant：直开式为被保证人，分离式为本公司。",
)
_OWN_NAME = (
    "Compare guarantor and out_guarantee of a claim with your company's name, and refuse what "
    "differs.",
    "核对理赔中的 guarantor、out_guarantee 与本公司名称，不一致则拒绝。",
)
_COMPANIES = ("guarantor", "out_guarantee")


@pytest.mark.parametrize("wrong", NAMES)
@check(
    "guarantor/2.1/4",
    "wrong-{wrong}",
    zh="名称不一致的重复申请不产生业务效果",
    fix=_KEEP_THE_ORDER,
)
def test_a_known_order_applied_for_with_another_name_has_no_effect(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_effect(false_notices.application(wrong))


@pytest.mark.parametrize("wrong", NAMES)
@check(
    "guarantor/2.1/4",
    "wrong-{wrong}-no-record",
    zh="名称不一致的重复申请不留下业务记录",
    fix=_KEEP_THE_ORDER,
)
def test_a_known_order_applied_for_with_another_name_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.application(wrong))


@check(
    "guarantor/2.4/request",
    "wrong-applicant",
    zh="申请人不一致的取消通知不产生业务效果",
    level=Level.SHOULD,
    decision="P50",
    fix=_APPLICANT,
)
def test_a_cancellation_with_a_wrong_applicant_has_no_effect(false_notices: FalseNotices) -> None:
    expect_no_effect(false_notices.cancellation("applicant"))


@check(
    "guarantor/2.4/request",
    "wrong-applicant-no-record",
    zh="申请人不一致的取消通知不留下业务记录",
    level=Level.SHOULD,
    decision="P50",
    fix=_APPLICANT,
)
def test_a_cancellation_with_a_wrong_applicant_leaves_no_record(
    false_notices: FalseNotices,
) -> None:
    expect_no_record(false_notices.cancellation("applicant"))


@pytest.mark.parametrize("wrong", _COMPANIES)
@check(
    "guarantor/3.1/4",
    "wrong-{wrong}",
    zh="保证人不一致的理赔申请不产生业务效果",
    level=Level.SHOULD,
    decision="P50",
    fix=_OWN_NAME,
)
def test_a_claim_on_another_company_has_no_effect(false_notices: FalseNotices, wrong: str) -> None:
    expect_no_effect(false_notices.claim(wrong))


@pytest.mark.parametrize("wrong", _COMPANIES)
@check(
    "guarantor/3.1/4",
    "wrong-{wrong}-no-record",
    zh="保证人不一致的理赔申请不留下业务记录",
    level=Level.SHOULD,
    decision="P50",
    fix=_OWN_NAME,
)
def test_a_claim_on_another_company_leaves_no_record(
    false_notices: FalseNotices, wrong: str
) -> None:
    expect_no_record(false_notices.claim(wrong))
