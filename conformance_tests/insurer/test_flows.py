"""Whole flows (业务流程): an order's life from the application to its end, and its turning points.

In a flow every step is judged: one without effect fails the check (`Flow`). Turning points have
checks of their own, so that a report says which part of a flow is broken.
"""

from conformance_tests.both.test_flows import expect_told
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.insurer.flow import Flow
from conformance_tests.suite.scenes.insurer.scene import Scene

_WALK = (
    "Take the order through the steps in the order of the manual: 2.1, 2.3, 2.4, 2.5, then 2.6 and "
    "2.7; the report shows the first step that had no effect.",
    "按手册流程依次处理：2.1、2.3、2.4、2.5，然后应答 2.6、2.7；报告会指出第一个无效的步骤。",
)


# The order.


@check("insurer/0/functions", "happy-path", zh="从申请到完成的完整流程", fix=_WALK)
def test_a_guarantee_lives_from_the_application_to_the_end(scene: Scene, flow: Flow) -> None:
    order_no = flow.enter()
    guarantee = flow.issue(order_no)

    told = flow.query(guarantee)
    verified = flow.verify(guarantee)
    flow.notify(scene.platform.finish(order_no))

    number = guarantee["guarantee_no"]
    expect(
        str(told.get("guarantee_no")) == number,
        f"2.7 told of another guarantee: {told}",
        f"2.7 返回的是另一份保函：{told}",
    )
    expect(
        str(verified.get("is_modified")) == "2",
        f"2.6 takes the issued PDF for another: {verified}",
        f"2.6 未将已签发的 PDF 认定为真实：{verified}",
    )


@check(
    "insurer/2.1/function",
    "read-by-2.3",
    zh="跳转后通过 2.3 获取订单",
    fix=(
        "When the jump (2.1) is opened and verified, read the order by 2.3 with its order_no.",
        "2.1 跳转解密、验签通过后，用其中的 order_no 调用 2.3 获取订单信息。",
    ),
)
def test_a_jump_makes_the_target_read_the_order(flow: Flow) -> None:
    flow.enter()


@check(
    "insurer/2.1/offer",
    "returns-and-pays",
    zh="投保人返回列表后可再次跳转并支付",
    fix=(
        "Expect the same order_no to jump again: show the order as it stands, do not begin anew.",
        "同一 order_no 可能再次跳转：应显示订单现状，不要重新开始处理。",
    ),
)
def test_a_principal_may_leave_come_back_and_pay(flow: Flow) -> None:
    order_no = flow.enter()
    flow.act("offer", order_no=order_no)

    flow.jump(order_no)
    flow.platform.settle()

    flow.act("pay", order_no=order_no)


@check(
    "insurer/2.1/offer",
    "once-after-return",
    zh="再次跳转不产生第二次报价",
    fix=(
        "Offer once for each order: look whether it was offered before a jump leads to an offer.",
        "每个订单只报价一次：跳转触发报价之前，先检查是否已报价。",
    ),
    level=Level.SHOULD,
)
def test_a_repeated_jump_leads_to_no_second_offer(scene: Scene, flow: Flow) -> None:
    order_no = scene.platform.known_order()
    scene.target.act("offer", order_no=order_no)

    flow.jump(order_no)
    scene.platform.settle()

    offers = scene.target.calls_for("offer", since=0, order_no=order_no)
    expect(
        len(offers) == 1,
        f"one order was offered {len(offers)} times, after its principal came back",
        f"投保人再次跳转后，同一订单共报价 {len(offers)} 次",
    )


@check(
    "insurer/0/functions",
    "due-diligence",
    zh="尽调：确认、退回、重新提交、通过",
    fix=(
        "Send 2.4 with order_do_type 1, then 2 with status 2 and a note; after 2.2 brought "
        "WAIT_TUNE_UP back, type 2 with status 1, and only then the offer.",
        "依次发送 2.4：类型 1；类型 2、status 2 并填写 note；收到 2.2 的 WAIT_TUNE_UP 后，"
        "再发类型 2、status 1，然后报价。",
    ),
)
def test_due_diligence_is_returned_submitted_again_and_passed(flow: Flow) -> None:
    order_no = flow.enter()
    flow.act("confirm", order_no=order_no)
    flow.act("return_due_diligence", order_no=order_no)

    flow.notify(flow.platform.submit(order_no))

    flow.act("pass_due_diligence", order_no=order_no)
    flow.act("offer", order_no=order_no)


@check(
    "insurer/2.4/function",
    "cancels",
    zh="保险公司可在支付前取消订单",
    fix=(
        "Cancel by 2.4 with status 3 and the reason in note, before the order is paid.",
        "支付前通过 2.4 取消：status 为 3，note 填写取消理由。",
    ),
)
def test_an_order_is_cancelled_by_the_insurer(flow: Flow) -> None:
    order_no = flow.enter()

    flow.act("cancel", order_no=order_no)

    state = flow.platform.state(order_no)
    expect(
        state == "CANCEL",
        f"2.4 did not cancel the order: it is {state}",
        f"2.4 未能取消订单，订单状态为 {state}",
    )


@check(
    "insurer/2.4/paid",
    "still-issued",
    zh="已支付的订单不能再取消，仍应出函",
    fix=(
        "Cancel an order in your own records only after 2.4 answered 200: a paid one is refused "
        "(2330, 2331) and must still be issued.",
        "2.4 返回 200 后才能在本方系统中取消订单：已支付的订单会被拒绝（2330、2331），仍须出函。",
    ),
)
def test_a_paid_order_cannot_be_cancelled_and_is_issued(scene: Scene, flow: Flow) -> None:
    order_no = scene.paid()

    scene.target.try_to("cancel", order_no=order_no)

    flow.act("issue", order_no=order_no)


# The bid opening.


@check(
    "insurer/2.10/request",
    "changed-time",
    zh="开标时间变更（type 1）的通知被确认",
    fix=(
        "Take both types of 2.10: 1 (changed time) and 2 (delayed).",
        "2.10 的两种 type 都应处理：1 开标时间变更，2 延期开标。",
    ),
)
def test_a_changed_bid_opening_is_taken(scene: Scene, flow: Flow) -> None:
    order_no = flow.enter()

    flow.notify(scene.platform.move_bid_opening(order_no, kind="change"))


@check(
    "insurer/2.3/function",
    "moved-dates",
    zh="开标时间变更后，保函起期以 2.3 的新信息为准",
    fix=(
        "Read the order by 2.3 again after 2.10, and before the guarantee is made out.",
        "收到 2.10 后、出函之前，应重新调用 2.3，以其返回的日期为准。",
    ),
    needs=["insurer/2.10/request/changed-time"],
)
def test_a_guarantee_begins_when_the_moved_bid_opens(scene: Scene, flow: Flow) -> None:
    order_no = scene.platform.known_order()
    old = scene.platform.order(order_no)["guarantee_start_date"]
    flow.notify(scene.platform.move_bid_opening(order_no))

    told = flow.query(flow.issue(order_no))

    expect(
        told.get("guarantee_start_date") != old,
        f"2.7 still tells the old first day {old}",
        f"2.7 返回的仍是原起始日期 {old}",
    )


@check(
    "insurer/2.11/function",
    "reissued",
    zh="延期开标后通过 2.11 推送新保函",
    fix=(
        "Send 2.11 with the present number as guarantee_no_old, the new dates and the new PDF.",
        "调用 2.11：guarantee_no_old 填现行保函编号，并提供新的日期和新的 PDF。",
    ),
    level=Level.SHOULD,
)
def test_a_delayed_guarantee_is_issued_anew(scene: Scene, flow: Flow) -> None:
    order_no = scene.issued()
    flow.notify(scene.platform.move_bid_opening(order_no))

    flow.act("reissue", order_no=order_no)


@check(
    "insurer/2.7/function",
    "reissued",
    zh="重新出函后可按新保函编号查验",
    fix=(
        "Store the new guarantee_no and the new serial_num that 2.11 returns, and answer 2.7 by "
        "them with the new dates.",
        "保存 2.11 的新保函编号和返回的新序列号，2.7 应按新编号返回新的日期。",
    ),
)
def test_a_reissued_guarantee_is_known_by_its_new_numbers(scene: Scene, flow: Flow) -> None:
    guarantee = scene.platform.guarantee(scene.shared_reissued())

    told = flow.query(guarantee)

    expect_told(told, "guarantee_start_date", str(guarantee["start_date"]))


@check(
    "insurer/2.11/answer",
    "kept",
    zh="2.11 返回的新保函序列号被保存",
    fix=(
        "2.11 returns a serial_num of its own: keep it with the new guarantee, not the old one.",
        "2.11 会返回新的 serial_num：应与新保函一起保存，不要沿用旧的。",
    ),
    needs=["insurer/2.7/function/reissued"],
)
def test_the_new_serial_number_is_kept(scene: Scene, flow: Flow) -> None:
    guarantee = scene.platform.guarantee(scene.shared_reissued())

    told = flow.query(guarantee)

    expect_told(told, "serial_num", str(guarantee["serial_num"]))
