"""Order of events, of what guarantors alone are told: applications (2.1) and revocations (2.8).

A repeat of a notice that was handled long ago is bound by 注意事项 2. That two notices may arrive
in the wrong order is a decision (P23, P40): there a check warns.
"""

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.repeats import Repeats
from conformance_tests.suite.scenes.guarantor.crossings import GuarantorCrossings
from conformance_tests.suite.scenes.guarantor.scene import Scene

_APPLICATION = (
    "A repeated 2.1 carries the state in which the order was applied for: answer it with success, "
    "and leave a known order as it stands.",
    "重复推送的 2.1 携带申请时的状态：已存在的订单应直接返回成功，不得改变其现有状态。",
)
_RELEASE = (
    "Recognise a repeated 2.8 by its revoke_no and answer 200 without touching guarantees that "
    "you have released since.",
    "按 revoke_no 识别重复的 2.8，直接返回 200，不得改变已解保的保函。",
)
_LATE_BATCH = (
    "Handle each batch by its own current_revoke_data: one that arrives after a later batch of "
    "the block still revokes its guarantees.",
    "每个批次按自己的当次撤销名单处理：晚于后续批次到达的批次，仍应撤销其名单中的保函。",
)


# Applications.


@check(
    "guarantor/2.1/2",
    "late-after-payment",
    zh="重复到达的保函申请不使待出函的订单回退，仍可出函",
    fix=_APPLICATION,
)
def test_an_application_repeated_after_the_payment_does_not_undo_it(scene: Scene) -> None:
    order_no = scene.paid()

    late = scene.platform.repeat_later(scene.platform.application_of(order_no))

    expect(
        scene.target.succeeds("issue", order_no=order_no),
        f"the guarantee could not be issued after the application came again ({late})",
        f"保函申请重复到达后，无法出函（{late.zh}）",
    )


@check(
    "guarantor/2.1/2",
    "late-after-return",
    zh="重复到达的保函申请不影响退回后重新提交的订单",
    fix=_APPLICATION,
)
def test_an_application_repeated_after_a_return_does_not_disturb_it(
    scene: Scene, repeats: Repeats
) -> None:
    task = repeats.task("order_status")
    late = scene.platform.repeat_later(scene.platform.application_of(task.matter.about))
    scene.platform.deliver(task.matter.number)

    ahead = scene.target.succeeds(task.action, **task.values)

    expect(
        ahead,
        f"`{task.action}` had no effect after the application came again ({late})",
        f"保函申请重复到达后，操作 `{task.action}` 没有效果（{late.zh}）",
    )


@check(
    "guarantor/2.2/function",
    "cancelled-before-application",
    level=Level.SHOULD,
    decision="P40",
    zh="先于保函申请到达的取消通知最终生效",
    fix=(
        "Expect 2.4 before the 2.1 of its order: look the order up by 2.2, or refuse the notice "
        "until you know it; either way the order is cancelled in the end.",
        "2.4 可能先于该订单的 2.1 到达：应用 2.2 查询订单，或在未知时先拒绝；最终订单应为已取消。",
    ),
)
def test_an_order_cancelled_before_its_application_arrives_is_cancelled_in_the_end(
    crossings: GuarantorCrossings,
) -> None:
    crossing = crossings.cancellation_and_application()

    expect(
        crossing.known,
        f"the order {crossing.about} was cancelled before its application came, and counts as open",
        f"订单 {crossing.about} 的取消通知先于申请到达，目标仍视其为未取消",
    )


# Revocations.


@check(
    "guarantor/2.8/2",
    "late-after-release",
    zh="重复到达的撤销通知不使已解保的保函回退",
    fix=_RELEASE,
)
def test_a_revocation_repeated_after_the_release_does_not_undo_it(
    crossings: GuarantorCrossings,
) -> None:
    state, late = crossings.revocation_after_release()

    expect(
        state == "5",
        f"2.10 answers {state} for the released guarantee after 2.8 came again ({late})",
        f"2.8 重复到达后，2.10 对已解保的保函返回 {state}（{late.zh}）",
    )


@check(
    "guarantor/2.8/request",
    "crossed-batches",
    level=Level.SHOULD,
    decision="P40",
    zh="晚于后续批次到达的撤销批次仍然生效",
    fix=_LATE_BATCH,
)
def test_a_batch_that_arrives_after_a_later_one_revokes_its_guarantees(
    crossings: GuarantorCrossings,
) -> None:
    states = crossings.crossed_batches()

    # Released both is the state of one that releases by itself what was revoked.
    expect(
        states in (["4", "4"], ["5", "5"]),
        f"2.10 answers {' and '.join(states)} for the guarantees of two crossed batches",
        f"两个批次交叉到达后，2.10 对其保函分别返回 {'、'.join(states)}",
    )


@check(
    "guarantor/3.1/function",
    "crosses-revocation",
    level=Level.SHOULD,
    decision="P40",
    zh="与保函撤销交叉到达的理赔申请仍被确认",
    fix=(
        "Take a claim on a guarantee that is revoked but not released yet: it was applied for "
        "while the guarantee was in force.",
        "保函已撤销但尚未解保时仍应接受理赔申请：申请时保函仍然有效。",
    ),
)
def test_a_claim_that_crosses_the_revocation_is_acknowledged(
    crossings: GuarantorCrossings,
) -> None:
    answer = crossings.claim_after_revocation()

    expect(
        answer.acknowledged,
        f"the claim that came after the revocation was not acknowledged: {answer}",
        f"在撤销通知之后到达的理赔申请未被确认：{answer.zh}",
    )


# Claims.


@check(
    "guarantor/3.1/2",
    "late-after-settlement",
    zh="代偿后重复到达的理赔通知不使理赔回退，仍可追偿",
    fix=(
        "Keep a claim's own status and phase: a repeated 3.1 with APPLY_WAIT_DEAL changes nothing.",
        "理赔状态与阶段只能前进：重复到达的 APPLY_WAIT_DEAL 通知不得改变理赔。",
    ),
)
def test_a_claim_repeated_after_its_settlement_can_still_be_recovered(scene: Scene) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    scene.platform.deliver(push)
    scene.target.act("accept_claim", claim_no=claim_no)
    scene.target.act("compensate_claim", claim_no=claim_no)

    late = scene.platform.repeat_later(push)

    expect(
        scene.target.succeeds("recover_by_court", claim_no=claim_no),
        f"the settled claim could not be recovered after its notice came again ({late})",
        f"理赔通知重复到达后，已代偿的理赔无法追偿（{late.zh}）",
    )
