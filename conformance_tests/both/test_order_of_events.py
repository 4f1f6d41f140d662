"""Order of events: notices that come late, cross each other, or cross the target's own calls (P40).

A repeat of a notice that was handled long ago is bound by 注意事项 2. That two notices about one
order may arrive in the wrong order is a decision (P23, P40): there a check warns or informs.
"""

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.platform.seen import Attempt
from conformance_tests.suite.rules.checks import check, section_of
from conformance_tests.suite.rules.outcomes import Informed, Level, expect
from conformance_tests.suite.scenes.both.crossings import Crossings
from conformance_tests.suite.scenes.both.repeats import Repeats
from conformance_tests.suite.scenes.both.scene import Scene

_NEVER_BACK = (
    "Move an order's status only forward: store the notice's status only if it comes after yours, "
    "and answer 200 to an older one; when in doubt, {reading} has the truth.",
    "订单状态只能前进：仅当通知中的状态晚于本地状态时才更新，较早的直接返回 200；"
    "有疑问时以 {reading} 为准。",
)
_CANCEL_ALWAYS = (
    "Take CANCEL in every state before the platform has accepted your payment; set your own status "
    "to paid only after {payment_call} was answered 200.",
    "平台接受支付之前的任何状态都应接受 CANCEL；仅在 {payment_call} 返回 200 后"
    "才将本地订单置为已支付。",
)
_UNKNOWN = (
    "Expect notices about orders that you have not read yet: read them by {reading}, or refuse "
    "with a status other than 200; never fail with an exception.",
    "可能收到尚未获取过的订单的通知：应先通过 {reading} 获取，或以非 200 状态拒绝，不应抛出异常。",
)


def _expect_still_issued(scene: Scene, order_no: str, late: Attempt | Answer) -> None:
    expect(
        scene.target.succeeds("issue", order_no=order_no),
        f"the paid order's guarantee could not be issued after an older status came ({late})",
        f"较早的状态到达后，已支付的订单无法出函（{late.zh}）",
    )


# An older status that comes again, late.


@check(
    "{kind}/{status_notice}/2",
    "late-resubmission",
    zh="迟到的“重新提交”通知不使已报价订单回退，仍可支付",
    fix=_NEVER_BACK,
)
def test_a_resubmission_repeated_after_the_offer_does_not_undo_it(
    scene: Scene, repeats: Repeats, crossings: Crossings
) -> None:
    task = repeats.task("order_status")
    crossings.deliver_without_ack(task.matter)
    order_no = task.matter.about
    scene.target.act(task.action, **task.values)
    scene.ask_for_payment(order_no)
    ahead = scene.next_step(order_no)
    scene.platform.next_second()

    late = scene.platform.retry(task.matter.number)

    expect(
        scene.target.succeeds(ahead, order_no=order_no),
        f"`{ahead}` had no effect after an older notice of the order came again ({late})",
        f"较早的通知重复到达后，操作 `{ahead}` 没有效果（{late.zh}）",
    )


@check(
    "{kind}/{status_notice}/2",
    "late-status",
    zh="重复到达的较早状态不使已支付订单回退，仍可出函",
    fix=_NEVER_BACK,
)
def test_an_older_status_repeated_after_the_payment_does_not_undo_it(
    scene: Scene, crossings: Crossings
) -> None:
    offered = crossings.offer_with_notice()
    crossings.deliver_without_ack(offered)
    crossings.pay_with_notice(offered)
    scene.platform.deliver_all()

    late = scene.platform.repeat_later(offered.number)

    _expect_still_issued(scene, offered.about, late)


@check(
    "{kind}/{reading}/function",
    "crossed-status",
    level=Level.SHOULD,
    decision="P40",
    zh="两条状态通知交叉到达后，订单保持较新的状态，仍可出函",
    fix=_NEVER_BACK,
)
def test_of_two_crossed_notices_the_newer_status_stays(scene: Scene, crossings: Crossings) -> None:
    offered = crossings.offer_with_notice()
    paid = crossings.pay_with_notice(offered)

    late = crossings.send_in_turn(paid, offered)

    _expect_still_issued(scene, offered.about, late)


@check(
    "{kind}/{status_notice}/2",
    "late-after-finish",
    zh="交易完成后重复到达的较早状态不使订单回退，仍可接受理赔",
    fix=_NEVER_BACK,
)
def test_an_older_status_repeated_after_the_finish_does_not_undo_it(
    scene: Scene, crossings: Crossings
) -> None:
    offered = crossings.offer_with_notice()
    order_no = offered.about
    crossings.deliver_without_ack(offered)
    scene.target.act("pay", order_no=order_no)
    scene.target.act("issue", order_no=order_no)
    finish = scene.platform.deliver(scene.platform.finish(order_no))
    late = scene.platform.repeat_later(offered.number)

    claim = scene.platform.deliver(scene.platform.apply_for_claim(order_no)[1])

    expect(
        finish.acknowledged,
        f"the notice of FINISH was not acknowledged: {finish}",
        f"FINISH 通知未被确认：{finish.zh}",
    )
    expect(
        claim.acknowledged,
        f"a claim on a finished order was not taken after an older status came again ({late}): "
        f"{claim}",
        f"较早的状态重复到达（{late.zh}）后，已完成订单的理赔申请未被接受：{claim.zh}",
    )


# Cancellations that cross something.


@check(
    "{kind}/{status_notice}/encryption",
    "cancel-crosses-payment",
    zh="取消通知与支付交叉时仍被确认",
    fix=_CANCEL_ALWAYS,
)
def test_a_cancellation_that_crosses_the_payment_is_acknowledged(crossings: Crossings) -> None:
    crossing = crossings.cancellation_and_payment()

    expect(
        crossing.answer.acknowledged,
        f"the cancellation that came while the target paid was not acknowledged: {crossing.answer}",
        f"与支付交叉的取消通知未被确认：{crossing.answer.zh}",
    )


@check(
    "{kind}/{status_notice}/encryption",
    "cancel-crosses-payment-known",
    zh="取消通知与支付交叉后，机构记录的订单为已取消",
    fix=_CANCEL_ALWAYS,
)
def test_a_cancellation_that_crosses_the_payment_is_known_in_the_end(crossings: Crossings) -> None:
    crossing = crossings.cancellation_and_payment()

    expect(
        crossing.known,
        f"the platform has cancelled the order {crossing.about}, the target has not",
        f"平台已取消订单 {crossing.about}，目标的记录却未取消",
    )


@check(
    "{kind}/{status_notice}/encryption",
    "both-cancel",
    zh="双方同时取消时，平台的取消通知仍被确认",
    fix=_CANCEL_ALWAYS,
)
def test_a_cancellation_that_crosses_the_targets_own_is_acknowledged(scene: Scene) -> None:
    order_no = scene.spare_order()
    push = scene.platform.cancel(order_no)
    scene.target.try_to("cancel", order_no=order_no)

    answer = scene.platform.deliver(push)

    expect(
        answer.acknowledged,
        f"the principal's cancellation was not acknowledged after the target's own try: {answer}",
        f"目标自行取消后，投保人的取消通知未被确认：{answer.zh}",
    )


@check(
    "{kind}/{status_notice}/encryption",
    "crossed-cancel",
    zh="先于较早通知到达的取消通知最终被确认",
    fix=_NEVER_BACK,
)
def test_a_cancellation_that_overtakes_an_older_notice_is_acknowledged_in_the_end(
    crossings: Crossings,
) -> None:
    crossing = crossings.cancellation_and_resubmission()

    expect(
        crossing.answer.acknowledged,
        f"the cancellation was not acknowledged in its whole schedule: {crossing.answer}",
        f"取消通知在全部重发之后仍未被确认：{crossing.answer.zh}",
    )


@check(
    "{kind}/{reading}/function",
    "crossed-cancel-known",
    level=Level.SHOULD,
    decision="P40",
    zh="较早通知晚到后，订单仍为已取消",
    fix=_NEVER_BACK,
)
def test_an_older_status_that_arrives_late_does_not_undo_a_cancellation(
    crossings: Crossings,
) -> None:
    crossing = crossings.cancellation_and_resubmission()

    expect(
        crossing.known,
        f"an older status took the cancelled order {crossing.about} back to life",
        f"较早的状态使已取消的订单 {crossing.about} 恢复为未取消",
    )


# Orders that the target has not read yet.


@check(
    "{kind}/{reading}/function",
    "unread-order",
    level=Level.SHOULD,
    decision="P40",
    zh="对尚未获取的订单的通知：拒绝，或查询后接受，而不是系统错误",
    fix=_UNKNOWN,
)
def test_a_notice_about_an_order_not_read_yet_is_refused_or_looked_up(scene: Scene) -> None:
    order_no = scene.platform.apply()
    notice = scene.platform.notice_of(scene.platform.cancel(order_no))

    answer = scene.platform.send(notice)

    expect(
        answer.acknowledged or answer.refused,
        f"the notice was neither acknowledged nor refused: {answer}",
        f"通知既未被确认，也未被拒绝：{answer.zh}",
    )
    method = scene.target.effects["refresh_order"].method
    section = section_of(scene.kind, method)
    asked = scene.platform.wait_for_call(method, order_no)
    if answer.acknowledged and asked is None:
        raise Informed(
            f"the order {order_no} was acknowledged without being read by {section}",
            f"确认了订单 {order_no} 的通知，但没有通过 {section} 获取该订单",
        )
