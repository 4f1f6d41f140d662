"""The flows of a claim: applied for (3.1), accepted, settled and recovered (3.2)."""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import expect
from conformance_tests.suite.scenes.guarantor.flow import Flow
from conformance_tests.suite.scenes.guarantor.scene import Scene

#: The ends of a claim: the steps to each, the last of which names its status (P32).
_ENDS = {
    "returned": (("return_claim",), "DEAL_RETURN"),
    "rejected": (("accept_claim", "reject_claim"), "REJECT_APPLY"),
    "mediated": (("accept_claim", "mediate_claim"), "CLAIM_MEDIATE"),
    "settled-by-principal": (
        ("accept_claim", "settle_claim_by_principal"),
        "POLICYHOLDER_LIQUIDATION",
    ),
    "recovered-by-counter-guarantee": (
        ("accept_claim", "compensate_claim", "recover_by_counter_guarantee"),
        "COUNTER_GUARANTEE_RECOVERY",
    ),
    "recovered-by-court": (
        ("accept_claim", "compensate_claim", "recover_by_court"),
        "JUDICIAL_LITIGATION_RECOVERY",
    ),
    "recovered-from-principal": (
        ("accept_claim", "compensate_claim", "recover_from_principal"),
        "POLICYHOLDER_LIQUIDATION",
    ),
}
_COMPANY = ("accept_claim", "compensate_claim_as_company", "recover_as_company")
_REPORT = (
    "Report each result of a claim by 3.2 as soon as there is one: first do_type 1, then 2, then "
    "3 (追偿), with the status that the table prints for it.",
    "理赔的每个结果都应及时通过 3.2 推送：依次为 do_type 1、2、3（追偿），status 按参数表填写。",
)


@check("guarantor/3.1/function", "{end}", zh="理赔处理至结束的每一步都推送给平台", fix=_REPORT)
@pytest.mark.parametrize("end", _ENDS)
def test_a_claim_is_taken_to_its_end(scene: Scene, flow: Flow, end: str) -> None:
    steps, status = _ENDS[end]
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)

    flow.take(claim_no, steps)

    expect_status(scene, claim_no, status)


@check(
    "guarantor/3.1/function",
    "compensated-by-company",
    zh="分离式保函由担保公司代偿并追偿",
    fix=_REPORT,
)
def test_a_claim_of_the_separate_line_is_paid_by_the_company(scene: Scene, flow: Flow) -> None:
    for action in ("approve", *_COMPANY):
        scene.expect_declared(action)
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued_separately())
    flow.notify(push)

    flow.take(claim_no, _COMPANY)

    expect_status(scene, claim_no, "GUARANTEE_COMPANY_COMPENSATION")


def expect_status(scene: Scene, claim_no: str, status: str) -> None:
    """Show that a claim has come to a status on the platform."""
    reached = scene.platform.claim(claim_no)["status"]
    expect(
        reached == status,
        f"the claim is {reached}, not {status}",
        f"理赔状态为 {reached}，应为 {status}",
    )


@check(
    "guarantor/3.1/function",
    "claimed-again",
    zh="退回后再次申请的理赔被接受",
    fix=(
        "Keep claims by claim_no: after a return the beneficiary may claim on the same guarantee "
        "again, with a new claim_no.",
        "理赔按 claim_no 保存：退回后受益人可就同一保函以新的 claim_no 再次申请。",
    ),
)
def test_a_claim_after_a_returned_one_is_taken(scene: Scene, flow: Flow) -> None:
    first, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)
    flow.act("return_claim", claim_no=first)

    again, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)

    flow.act("accept_claim", claim_no=again)
