"""Order of events, of claims: a notice that comes again late, and revocations (P48)."""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.crossings import Crossings
from conformance_tests.suite.scenes.both.scene import Scene

_CLAIM_FORWARD = (
    "Keep a claim's own status: a repeated 3.1 with the first status of 5.7 must not take a claim "
    "back that you accepted already.",
    "理赔状态只能前进：重复到达的初始状态（见 5.7）通知不得使已受理的理赔回退。",
)
_REVOCATION = (
    "Take the status in 3.1 into account: that of a revocation (5.7) ends the claim of that "
    "claim_no.",
    "处理 3.1 中的理赔状态：撤销状态（见 5.7）表示该 claim_no 的理赔已撤销。",
)


@check(
    "{kind}/3.1/2",
    "late-claim",
    zh="受理后重复到达的理赔通知不使理赔回退，仍可继续处理",
    fix=_CLAIM_FORWARD,
)
def test_a_claim_repeated_after_its_acceptance_does_not_undo_it(scene: Scene) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    scene.platform.deliver(push)
    scene.target.act("accept_claim", claim_no=claim_no)

    late = scene.platform.repeat_later(push)

    expect(
        scene.target.succeeds(scene.settlement, claim_no=claim_no),
        f"the accepted claim could not be settled after its notice came again ({late})",
        f"理赔通知重复到达后，已受理的理赔无法继续处理（{late.zh}）",
    )


@check(
    "{kind}/3.1/function",
    "revocation",
    level=Level.INFORM,
    decision="P48",
    zh="理赔撤销通知被确认",
    fix=_REVOCATION,
)
def test_a_revocation_is_acknowledged(crossings: Crossings) -> None:
    revocation = crossings.revocation()

    expect(
        revocation.answer.acknowledged,
        f"the revocation of a claim was not acknowledged: {revocation.answer}",
        f"理赔撤销通知未被确认：{revocation.answer.zh}",
    )


@check(
    "{kind}/3.1/function",
    "revocation-known",
    level=Level.INFORM,
    decision="P48",
    zh="理赔撤销后，机构记录的理赔为已撤销",
    fix=_REVOCATION,
)
def test_a_revoked_claim_is_known_as_revoked(crossings: Crossings) -> None:
    revocation = crossings.revocation()

    expect(
        revocation.known,
        f"the beneficiary has revoked the claim {revocation.about}, the target does not know it",
        f"受益人已撤销理赔 {revocation.about}，目标的记录却未撤销",
    )


@check(
    "{kind}/3.1/function",
    "revocation-stays",
    level=Level.INFORM,
    decision="P48",
    zh="先于理赔申请到达的撤销通知最终生效",
    fix=_REVOCATION,
)
def test_a_claim_that_arrives_after_its_revocation_stays_revoked(crossings: Crossings) -> None:
    revocation = crossings.early_revocation()

    expect(
        revocation.known,
        f"the claim {revocation.about} came after its revocation and counts as open",
        f"理赔 {revocation.about} 在撤销通知之后到达，仍被视为有效",
    )
