"""2.7 保函查验 of guarantors: what the checks for both kinds do not say."""

from datetime import date, timedelta

from conformance_tests.both.test_query import asked_about, expect_day, expect_fixed, told
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.guarantor.scene import Scene

_DAYS_OF_GRACE = 28
_KTYPE = (
    "Answer ktype by the order's ktype of 2.1: 1 for 直开式, 2 for 分离式.",
    "ktype 应与 2.1 的 ktype 一致：1 为直开式，2 为分离式。",
)
_PROPOSER = (
    "proposer is 申请人: the principal for 直开式, the guarantee company for 分离式.",
    "proposer 为申请人：直开式为被保证人，分离式为担保公司。",
)
_PERIOD = (
    "Where 2.1 names no dates: guarantee_start_date is the day of bid_deadline, "
    "guarantee_end_date is valid_day + 28 days later.",
    "2.1 未给出担保期间时：起期为 bid_deadline 当日，止期为起期加 valid_day 再加 28 天。",
)


@check("guarantor/2.7/data", "ktype", zh="直开式保函的 ktype 为 1", fix=_KTYPE)
def test_a_direct_guarantee_is_of_type_1(scene: Scene) -> None:
    wanted = str(scene.platform.order(scene.shared_issued())["ktype"])

    expect_fixed("ktype", told(scene).get("ktype"), wanted)


@check("guarantor/2.7/data", "ktype-separate", zh="分离式保函的 ktype 为 2", fix=_KTYPE)
def test_a_separate_guarantee_is_of_type_2(scene: Scene) -> None:
    guarantee = scene.platform.guarantee(scene.shared_issued_separately())

    answer = scene.platform.send(asked_about(scene, guarantee))

    expect_fixed("ktype", answer.member("ktype"), "2")


@check("guarantor/2.7/data", "proposer", zh="直开式保函的申请人为被保证人", fix=_PROPOSER)
def test_the_principal_applied_for_a_direct_guarantee(scene: Scene) -> None:
    order = scene.platform.order(scene.shared_issued())

    said = told(scene).get("proposer")

    wanted = scene.applicant(order)
    expect(
        said == wanted,
        f"proposer is {said!r}, {wanted!r} applied",
        f"proposer 为 {said!r}，申请人应为 {wanted!r}",
    )


@check(
    "guarantor/2.7/data",
    "proposer-separate",
    zh="分离式保函的申请人为担保公司",
    level=Level.SHOULD,
    decision="P31",
    fix=_PROPOSER,
)
def test_the_company_applied_for_a_separate_guarantee(scene: Scene) -> None:
    order_no = scene.shared_issued_separately()

    answer = scene.platform.send(asked_about(scene, scene.platform.guarantee(order_no)))

    said, wanted = answer.member("proposer"), scene.applicant(scene.platform.order(order_no))
    expect(
        said == wanted,
        f"proposer is {said!r}, {wanted!r} applied: {answer}",
        f"proposer 为 {said!r}，申请人应为 {wanted!r}：{answer.zh}",
    )


@check("guarantor/2.1/period", "told", zh="未给出担保期间时按规则计算止期", fix=_PERIOD)
def test_the_period_follows_from_the_deadline_where_none_is_given(scene: Scene) -> None:
    order_no = scene.issued_without_dates()
    order = scene.platform.order(order_no)

    answer = scene.platform.send(asked_about(scene, scene.platform.guarantee(order_no)))

    start = date.fromisoformat(order["bid_deadline"][:10])
    end = start + timedelta(days=int(order["valid_day"]) + _DAYS_OF_GRACE)
    expect_day("guarantee_start_date", answer.member("guarantee_start_date"), start.isoformat())
    expect_day("guarantee_end_date", answer.member("guarantee_end_date"), end.isoformat())
