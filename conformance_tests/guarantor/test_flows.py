"""Whole flows (业务流程): an order's life from the application to its end, and its turning points.

In a flow every step is judged: one without effect fails the check (`Flow`). Turning points have
checks of their own, so that a report says which part of a flow is broken; those that insurers
come to, too, are in both/.
"""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.guarantor.flow import Flow
from conformance_tests.suite.scenes.guarantor.scene import Scene

_WALK = (
    "Take the order through the steps in the order of the manual: 2.1, 2.3, 2.5, 2.6, 2.7, then "
    "2.8 and 2.9; the report shows the first step that had no effect.",
    "按手册流程依次处理：2.1、2.3、2.5、2.6、2.7，然后是 2.8、2.9；报告会指出第一个无效的步骤。",
)
_APPLICANT = (
    "Compare applicant of 2.4 with the principal on the direct product (直开式, ktype 1), and with "
    "your own company's name on the separate product (分离式, ktype 2).",
    "2.4 的 applicant：直开式（ktype 为 1）为被保证人，分离式（ktype 为 2）为担保公司自身名称，"
    "应分别核对。",
)


@check("guarantor/0/functions", "happy-path", zh="从申请到解保的完整流程", fix=_WALK)
def test_a_guarantee_lives_from_the_application_to_its_release(scene: Scene, flow: Flow) -> None:
    order_no = flow.enter()
    guarantee = flow.issue(order_no)

    told = flow.query(guarantee)
    verified = flow.verify(guarantee)
    flow.notify(scene.platform.finish(order_no))
    flow.revoke(order_no)
    flow.release(order_no)

    number = guarantee["guarantee_no"]
    expect(
        str(told.get("guarantee_no")) == number,
        f"2.7 told of another guarantee than {number}: {told}",
        f"2.7 返回的不是保函 {number}：{told}",
    )
    expect(
        str(verified.get("is_modified")) == "2",
        f"2.6 takes the issued PDF for another: {verified}",
        f"2.6 未认出已签发的 PDF：{verified}",
    )


@check("guarantor/0/functions", "separate-line", zh="分离式订单从申请到解保的完整流程", fix=_WALK)
def test_a_guarantee_of_the_separate_line_lives_to_its_release(scene: Scene, flow: Flow) -> None:
    scene.expect_declared("approve")
    order_no = scene.platform.known_separate_order()

    flow.query(flow.issue(order_no))
    flow.notify(scene.platform.finish(order_no))
    flow.revoke(order_no)

    flow.release(order_no)


@check(
    "guarantor/0/functions",
    "returned-{returned}",
    zh="退回、重新提交后继续处理直至出函",
    fix=(
        "A return (2.3, is_withdraw 1) does not cancel the order: wait for 2.4 with the examining "
        "state, read the order by 2.2, and go on to the guarantee.",
        "审批退回（2.3，is_withdraw 为 1）不会取消订单：收到 2.4 的待审状态后，"
        "用 2.2 获取订单并继续处理直至出函。",
    ),
)
@pytest.mark.parametrize("returned", ["first_trial", "due_diligence", "data"])
def test_a_returned_order_is_handed_in_again_and_issued(
    scene: Scene, flow: Flow, returned: str
) -> None:
    order_no = scene.before_return(returned)
    flow.act(f"return_{returned}", order_no=order_no)

    flow.notify(flow.platform.submit(order_no))

    flow.issue(order_no)


@check(
    "guarantor/2.11/function",
    "cancels",
    zh="担保公司可在出函前取消订单",
    fix=(
        "Cancel an order by 2.11 with its order_no and cancel_reason, before it is issued.",
        "出函前通过 2.11 取消订单，填写 order_no 和 cancel_reason。",
    ),
)
def test_an_order_is_cancelled_by_the_guarantor(flow: Flow) -> None:
    order_no = flow.enter()

    flow.act("cancel", order_no=order_no)

    state = flow.platform.state(order_no)
    expect(
        state == "CANCEL",
        f"2.11 did not cancel the order: it is {state}",
        f"2.11 未能取消订单，订单状态为 {state}",
    )


@check(
    "guarantor/2.11/function",
    "issued-stays",
    zh="已出函的订单不能再取消，保函仍然有效",
    fix=(
        "Cancel an order in your own records only after 2.11 answered 200: an issued one is "
        "refused (2330), and its guarantee stays valid.",
        "2.11 返回 200 后才能在本方系统中取消订单：已出函的订单会被拒绝（2330），保函仍然有效。",
    ),
)
def test_an_issued_order_cannot_be_cancelled_and_stays_valid(scene: Scene, flow: Flow) -> None:
    order_no = scene.issued()

    scene.target.try_to("cancel", order_no=order_no)

    flow.query(scene.platform.guarantee(order_no))


@check("guarantor/2.4/request", "applicant", zh="直开式订单的申请人为被保证人", fix=_APPLICANT)
def test_the_applicant_of_a_direct_order_is_its_principal(scene: Scene, flow: Flow) -> None:
    scene.expect_declared("pay")
    order_no = scene.platform.known_order()

    flow.notify(scene.platform.cancel(order_no))


@check(
    "guarantor/2.4/request", "applicant-separate", zh="分离式订单的申请人为担保公司", fix=_APPLICANT
)
def test_the_applicant_of_a_separate_order_is_the_guarantor(scene: Scene, flow: Flow) -> None:
    scene.expect_declared("approve")
    order_no = scene.platform.known_separate_order()

    flow.notify(scene.platform.cancel(order_no))


@check(
    "guarantor/2.4/function",
    "finished",
    zh="交易完成的通知被确认",
    fix=(
        "Take FINISH (交易完成) by 2.4 like every other status of 5.4, and answer 200.",
        "2.4 推送的 FINISH（交易完成）与 5.4 的其他状态一样处理，并返回 200。",
    ),
)
def test_the_end_of_a_deal_is_taken(scene: Scene, flow: Flow) -> None:
    order_no = scene.issued()

    flow.notify(scene.platform.finish(order_no))


@check(
    "guarantor/2.9/function",
    "whole-block",
    zh="同一标段的保函全部撤销后逐一解保",
    fix=(
        "Keep releases by guarantee_no: each guarantee of a block that 2.8 lists is released, in "
        "one call of 2.9 or in several.",
        "解保按保函编号处理：2.8 列出的同一标段的每份保函都应解保，可一次或分多次调用 2.9。",
    ),
)
def test_every_guarantee_of_a_revoked_block_is_released(scene: Scene, flow: Flow) -> None:
    one, other = scene.issued_in_one_block(2)
    flow.notify(scene.platform.release(scene.platform.block_of(one))[1])

    flow.release(one)

    flow.release(other)


@check(
    "guarantor/2.1/function",
    "separate",
    zh="分离式订单的申请被确认",
    level=Level.SHOULD,
    decision="P31",
    fix=(
        "Take applications with ktype 2 (分离式) and the states of their line, though the table "
        "of 2.1 prints 固定：1.",
        "虽然 2.1 的表格写“固定：1”，仍应接收 ktype 为 2（分离式）及其流程状态的申请。",
    ),
)
def test_an_application_of_the_separate_line_is_taken(scene: Scene, flow: Flow) -> None:
    scene.expect_declared("approve")

    flow.enter("separate")
