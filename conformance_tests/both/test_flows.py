"""Turning points of a whole flow (业务流程) that every kind of institution comes to."""

from collections.abc import Mapping
from typing import Any

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.walk import Walk

_TAKE_STATUS = (
    "Store every status of 5.4 that {status_notice} brings, CANCEL and FINISH among them, and "
    "answer 200.",
    "保存 {status_notice} 推送的 5.4 中的每一种状态（包括 CANCEL、FINISH），并返回 200。",
)
_BY_ORDER = (
    "Keep guarantees and decisions by order_no; a block (标段) has as many orders as bidders.",
    "保函和处理结果应按 order_no 保存；同一标段可有多个投保人的订单。",
)


def expect_told(told: Mapping[str, Any], name: str, wanted: str) -> None:
    """Show that 2.7 tells a value as the platform has it."""
    expect(
        str(told.get(name)) == wanted,
        f"2.7 does not tell {wanted} as {name}: {told}",
        f"2.7 返回的 {name} 不是 {wanted}：{told}",
    )


# The order.


@check(
    "{kind}/{status_notice}/function",
    "cancelled-before-offer",
    zh="报价前投保人取消订单的通知被确认",
    fix=_TAKE_STATUS,
)
def test_a_cancellation_before_the_offer_is_taken(flow: Walk) -> None:
    order_no = flow.enter()

    flow.notify(flow.platform.cancel(order_no))


@check(
    "{kind}/{status_notice}/function",
    "cancelled-before-payment",
    zh="待支付时投保人取消订单的通知被确认",
    fix=_TAKE_STATUS,
)
def test_a_cancellation_before_the_payment_is_taken(scene: Scene, flow: Walk) -> None:
    order_no = scene.offered()

    flow.notify(flow.platform.cancel(order_no))


@check(
    "{kind}/{status_notice}/function",
    "cancelled-known",
    zh="投保人取消后，机构记录的订单为已取消",
    fix=_TAKE_STATUS,
    needs=["{kind}/{status_notice}/function/cancelled-before-offer"],
)
def test_a_cancelled_order_is_known_as_cancelled(scene: Scene, flow: Walk) -> None:
    order_no = scene.spare_order()
    flow.notify(flow.platform.cancel(order_no))

    known = scene.target.count_settled("cancelled_orders", order_no, 1)

    expect(
        known == 1,
        f"the target acknowledged that {order_no} is cancelled, but does not know it as such",
        f"目标确认了订单 {order_no} 的取消通知，其记录却未取消",
    )


@check(
    "{kind}/{status_notice}/function",
    "cancelled-is-not-paid",
    zh="已取消的订单不再上报支付",
    fix=(
        "Look at the order's status before the premium is taken: a cancelled order is not paid.",
        "收取保费前检查订单状态：已取消的订单不应再支付。",
    ),
    level=Level.SHOULD,
    needs=["{kind}/{status_notice}/function/cancelled-before-payment"],
)
def test_a_cancelled_order_is_not_reported_as_paid(scene: Scene, flow: Walk) -> None:
    order_no = scene.offered()
    payment = scene.next_step(order_no)
    flow.notify(flow.platform.cancel(order_no))

    calls = scene.target.try_to(payment, order_no=order_no)

    answers = ", ".join(call.status for call in calls)
    expect(
        not calls,
        f"the cancelled order was reported as paid: {answers}",
        f"已取消的订单仍上报了支付：{answers}",
    )


# The guarantee.


@check(
    "{kind}/2.5/answer",
    "kept",
    zh="2.5 返回的保函序列号被原样保存",
    fix=(
        "Keep the serial_num that 2.5 returns as text, digit by digit, beside the guarantee.",
        "把 2.5 返回的 serial_num 按文本原样保存在保函记录中。",
    ),
)
def test_the_serial_number_is_kept_as_the_platform_gave_it(scene: Scene, flow: Walk) -> None:
    guarantee = scene.platform.guarantee(scene.shared_issued())

    told = flow.query(guarantee)

    expect_told(told, "serial_num", str(guarantee["serial_num"]))


@check(
    "{kind}/2.7/function",
    "orders-of-one-block",
    zh="同一标段的两个订单各有各的保函",
    fix=_BY_ORDER,
)
def test_two_orders_of_one_block_are_kept_apart(scene: Scene, flow: Walk) -> None:
    one = scene.shared_issued()
    block = scene.platform.block_of(one)
    other = scene.platform.known_order(principal="厦门示例市政工程股份有限公司", **block)
    second = flow.issue(other)

    told = [flow.query(each).get("warrantee") for each in (scene.platform.guarantee(one), second)]

    wanted = [scene.platform.order(each)["principal"] for each in (one, other)]
    expect(
        told == wanted,
        f"2.7 tells other names (warrantee): {told}",
        f"2.7 返回的 warrantee 与订单不符：{told}",
    )


# The claim.


@check(
    "{kind}/3.1/function",
    "after-finish",
    zh="交易完成后的理赔申请仍被接受",
    fix=(
        "Take claims on orders that are FINISH: the guarantee runs on after the deal is closed.",
        "FINISH 的订单仍应接受理赔申请：交易完成后保函仍在有效期内。",
    ),
    level=Level.SHOULD,
    decision="P47",
)
def test_a_claim_after_the_end_of_the_deal_is_taken(scene: Scene, flow: Walk) -> None:
    order_no = scene.issued()
    flow.notify(scene.platform.finish(order_no))

    _, push = scene.platform.apply_for_claim(order_no)

    flow.notify(push)


@check(
    "{kind}/3.1/function",
    "revoked",
    zh="理赔撤销的通知被确认",
    fix=(
        "Expect 3.1 once more with the same claim_no and the status of a revocation (5.7), and "
        "stop there.",
        "同一 claim_no 可能再次推送，其状态为撤销（见 5.7）；应停止处理该理赔。",
    ),
    level=Level.INFORM,
    decision="P48",
)
def test_a_revoked_claim_is_taken_note_of(scene: Scene, flow: Walk) -> None:
    claim_no, push = scene.platform.apply_for_claim(scene.shared_issued())
    flow.notify(push)

    flow.notify(scene.platform.revoke_claim(claim_no))


# The call for a file; the manual says "may", so that nobody has to make it.


@check(
    "{kind}/4.1/function",
    "renewed",
    zh="文件地址过期后通过 4.1 获取新地址",
    fix=(
        "Keep file_id beside file_url; when the URL is over, ask 4.1 for a new one by file_id.",
        "保存 file_url 的同时保存 file_id；地址过期后用 file_id 调用 4.1 获取新地址。",
    ),
    level=Level.SHOULD,
)
def test_an_expired_file_address_is_renewed(scene: Scene, flow: Walk) -> None:
    order_no = scene.platform.known_order()
    file_id = scene.platform.order(order_no)["files"][0]["file_id"]
    scene.platform.advance(7201)

    flow.act("renew_file_url", file_id=file_id)
