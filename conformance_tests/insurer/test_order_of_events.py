"""Order of events: notices that come late, cross each other, or cross the target's own calls (P40).

A repeat of a notice that was handled long ago is bound by 注意事项 2. That two notices about one
order may arrive in the wrong order is a decision (P23, P40): there a check warns or informs.
"""

import pytest

from conformance_tests.suite.checks import check
from conformance_tests.suite.crossings import Crossings, starts_on_the_day_of
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import Informed, Level
from conformance_tests.suite.repeats import Repeats

_NEVER_BACK = (
    "Move an order's status only forward: store the notice's status only if it comes after yours, "
    "and answer 200 to an older one; when in doubt, 2.3 has the truth.",
    "订单状态只能前进：仅当通知中的状态晚于本地状态时才更新，较早的直接返回 200；"
    "有疑问时以 2.3 为准。",
)
_CANCEL_ALWAYS = (
    "Take CANCEL in every state before the platform has accepted your payment; set your own status "
    "to paid only after 2.4 was answered 200.",
    "平台接受支付之前的任何状态都应接受 CANCEL；仅在 2.4 返回 200 后才将本地订单置为已支付。",
)
_NEWEST_DATES = (
    "Take the dates of a re-issue from 2.3 at that moment, not from the bid opening that arrived "
    "last.",
    "重新出函时的日期应以当时 2.3 返回的为准，而不是最后到达的延期通知。",
)
_CLAIM_FORWARD = (
    "Keep a claim's own status: a repeated 3.1 with WAIT_ACCEPT must not take a claim back that "
    "you accepted already.",
    "理赔状态只能前进：重复到达的 WAIT_ACCEPT 通知不得使已受理的理赔回退。",
)
_UNKNOWN = (
    "Expect notices about orders that you have not read yet: read them by 2.3, or refuse with a "
    "status other than 200; never fail with an exception.",
    "可能收到尚未获取过的订单的通知：应先通过 2.3 获取，或以非 200 状态拒绝，不应抛出异常。",
)
_REVOCATION = (
    "Take claim_status of 3.1 into account: REVOKED ends the claim of that claim_no.",
    "处理 3.1 中的 claim_status：REVOKED 表示该 claim_no 的理赔已撤销。",
)


@pytest.fixture
def repeats(scene: Scene) -> Repeats:
    """Notices that come again."""
    return Repeats(scene)


@pytest.fixture
def crossings(scene: Scene) -> Crossings:
    """Notices that cross something."""
    return Crossings(scene)


# An older status that comes again, late.


@check(
    "insurer/2.2/2",
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
    scene.target.act("pass_due_diligence", order_no=order_no)
    scene.target.act("offer", order_no=order_no)

    late = scene.platform.retry(task.matter.number)

    assert scene.target.succeeds("pay", order_no=order_no), (
        f"the offered order could not be paid after an older notice came again ({late})"
    )


@check(
    "insurer/2.2/2",
    "late-status",
    zh="重复到达的较早状态不使已支付订单回退，仍可出函",
    fix=_NEVER_BACK,
)
def test_an_older_status_repeated_after_the_payment_does_not_undo_it(
    scene: Scene, crossings: Crossings
) -> None:
    offered = crossings.offer_with_notice()
    order_no = offered.about
    crossings.deliver_without_ack(offered)
    scene.target.act("pay", order_no=order_no)
    scene.platform.deliver_all()

    late = scene.platform.repeat(offered.number)

    assert scene.target.succeeds("issue", order_no=order_no), (
        f"the paid order's guarantee could not be issued after an older status came again ({late})"
    )


@check(
    "insurer/2.3/function",
    "crossed-status",
    level=Level.SHOULD,
    decision="P40",
    zh="两条状态通知交叉到达后，订单保持较新的状态，仍可出函",
    fix=_NEVER_BACK,
)
def test_of_two_crossed_notices_the_newer_status_stays(scene: Scene, crossings: Crossings) -> None:
    offered = crossings.offer_with_notice()
    order_no = offered.about
    crossings.hold_back(offered)
    scene.target.act("pay", order_no=order_no)
    scene.platform.deliver_all()

    late = scene.platform.last_attempt(offered.number)

    assert scene.target.succeeds("issue", order_no=order_no), (
        f"the paid order's guarantee could not be issued after an older status arrived ({late})"
    )


@check(
    "insurer/2.2/2",
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
    late = scene.platform.repeat(offered.number)

    claim = scene.platform.deliver(scene.platform.apply_for_claim(order_no)[1])

    assert finish.acknowledged, f"the notice of FINISH was not acknowledged: {finish}"
    assert claim.acknowledged, (
        f"a claim on a finished order was not taken after an older status came again ({late}): "
        f"{claim}"
    )


# Cancellations that cross something.


@check(
    "insurer/2.2/encryption",
    "cancel-crosses-payment",
    zh="取消通知与支付交叉时仍被确认",
    fix=_CANCEL_ALWAYS,
)
def test_a_cancellation_that_crosses_the_payment_is_acknowledged(crossings: Crossings) -> None:
    crossing = crossings.cancellation_and_payment()

    assert crossing.answer.acknowledged, (
        f"the cancellation that came while the target paid was not acknowledged: {crossing.answer}"
    )


@check(
    "insurer/2.2/encryption",
    "cancel-crosses-payment-known",
    zh="取消通知与支付交叉后，机构记录的订单为已取消",
    fix=_CANCEL_ALWAYS,
)
def test_a_cancellation_that_crosses_the_payment_is_known_in_the_end(crossings: Crossings) -> None:
    crossing = crossings.cancellation_and_payment()

    assert crossing.known, (
        f"the platform has cancelled the order {crossing.about}, the target has not"
    )


@check(
    "insurer/2.2/encryption",
    "both-cancel",
    zh="双方同时取消时，平台的取消通知仍被确认",
    fix=_CANCEL_ALWAYS,
)
def test_a_cancellation_that_crosses_the_targets_own_is_acknowledged(scene: Scene) -> None:
    order_no = scene.spare_order()
    push = scene.platform.cancel(order_no)
    scene.target.try_to("cancel", order_no=order_no)

    answer = scene.platform.deliver(push)

    assert answer.acknowledged, (
        f"the principal's cancellation was not acknowledged after the target's own try: {answer}"
    )


@check(
    "insurer/2.2/encryption",
    "crossed-cancel",
    zh="先于较早通知到达的取消通知最终被确认",
    fix=_NEVER_BACK,
)
def test_a_cancellation_that_overtakes_an_older_notice_is_acknowledged_in_the_end(
    crossings: Crossings,
) -> None:
    crossing = crossings.cancellation_and_resubmission()

    assert crossing.answer.acknowledged, (
        f"the cancellation was not acknowledged in its whole schedule: {crossing.answer}"
    )


@check(
    "insurer/2.3/function",
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

    assert crossing.known, f"an older status took the cancelled order {crossing.about} back to life"


# Orders that the target has not read yet.


@check(
    "insurer/2.3/function",
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

    assert answer.acknowledged or answer.refused, f"the notice was not answered: {answer}"
    asked = scene.platform.wait_for_call("insurer_get_guarantee_info", order_no)
    if answer.acknowledged and asked is None:
        raise Informed(f"the order {order_no} was acknowledged without being read by 2.3")


# Bid openings.


@check(
    "insurer/2.10/2",
    "late-bid-opening",
    zh="重复到达的较早延期通知不影响重新出函的日期",
    fix=_NEWEST_DATES,
)
def test_a_bid_opening_repeated_after_a_newer_one_does_not_undo_it(
    scene: Scene, repeats: Repeats
) -> None:
    older, newer = repeats.task("bid_opening"), repeats.task("bid_opening")
    scene.platform.deliver_all()
    late = scene.platform.repeat(older.matter.number)

    reissue = scene.target.act(newer.action, **newer.values)

    assert starts_on_the_day_of(reissue, newer.matter), (
        f"the guarantee starts on {reissue.params.get('date1')}, but the newest bid opening is "
        f"{newer.matter.notice.parameters['open_tender_time']} (the older notice: {late})"
    )


@check(
    "insurer/2.3/function",
    "crossed-bid-openings",
    level=Level.SHOULD,
    decision="P40",
    zh="两条延期通知交叉到达后，以较新的日期重新出函",
    fix=_NEWEST_DATES,
)
def test_of_two_crossed_bid_openings_the_newer_counts(
    scene: Scene, repeats: Repeats, crossings: Crossings
) -> None:
    older = repeats.task("bid_opening")
    crossings.hold_back(older.matter)
    newer = repeats.task("bid_opening")
    scene.platform.deliver_all()

    reissue = scene.target.act(newer.action, **newer.values)

    assert starts_on_the_day_of(reissue, newer.matter), (
        f"the guarantee starts on {reissue.params.get('date1')}, but the newest bid opening is "
        f"{newer.matter.notice.parameters['open_tender_time']}"
    )


# Claims.


@check(
    "insurer/3.1/2",
    "late-claim",
    zh="受理后重复到达的理赔通知不使理赔回退，仍可同意赔付",
    fix=_CLAIM_FORWARD,
)
def test_a_claim_repeated_after_its_acceptance_does_not_undo_it(scene: Scene) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    scene.platform.deliver(push)
    scene.target.act("accept_claim", claim_no=claim_no)

    late = scene.platform.repeat(push)

    assert scene.target.succeeds("agree_claim", claim_no=claim_no), (
        f"the accepted claim could not be agreed to after its notice came again ({late})"
    )


@check(
    "insurer/3.1/function",
    "revocation",
    level=Level.INFORM,
    decision="P48",
    zh="理赔撤销通知被确认",
    fix=_REVOCATION,
)
def test_a_revocation_is_acknowledged(crossings: Crossings) -> None:
    revocation = crossings.revocation()

    assert revocation.answer.acknowledged, (
        f"the revocation of a claim was not acknowledged: {revocation.answer}"
    )


@check(
    "insurer/3.1/function",
    "revocation-known",
    level=Level.INFORM,
    decision="P48",
    zh="理赔撤销后，机构记录的理赔为已撤销",
    fix=_REVOCATION,
)
def test_a_revoked_claim_is_known_as_revoked(crossings: Crossings) -> None:
    revocation = crossings.revocation()

    assert revocation.known, (
        f"the beneficiary has revoked the claim {revocation.about}, the target does not know it"
    )


@check(
    "insurer/3.1/function",
    "revocation-stays",
    level=Level.INFORM,
    decision="P48",
    zh="先于理赔申请到达的撤销通知最终生效",
    fix=_REVOCATION,
)
def test_a_claim_that_arrives_after_its_revocation_stays_revoked(crossings: Crossings) -> None:
    revocation = crossings.early_revocation()

    assert revocation.known, (
        f"the claim {revocation.about} came after its revocation and counts as open"
    )
