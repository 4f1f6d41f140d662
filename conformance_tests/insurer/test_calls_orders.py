"""The calls about an order: what 2.4 says of each decision, and that 2.3's names are used."""

import re

import pytest

from conformance_tests.both.test_calls import AMOUNT, amount_of
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Blocked, Level, Warned, expect
from conformance_tests.suite.scenes.insurer.scene import Scene
from conformance_tests.suite.scenes.insurer.target_actions import Actions, TargetAction

#: What 2.4 says of each action: `order_do_type`, and `status` where it may not be left out.
_OPERATIONS = {
    "confirm": ("1", "1"),
    "return_due_diligence": ("2", "2"),
    "pass_due_diligence": ("2", "1"),
    "offer": ("3", None),
    "pay": ("4", None),
}
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
_UNPADDED_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\Z")

_DATE = ("Write the date as yyyy-MM-dd: `2018-10-30`.", "日期按 yyyy-MM-dd 书写，如 2018-10-30。")
_NAMES = (
    "Take block, principal and creditor from 2.3 exactly as they stand there, not from your own "
    "customer records.",
    "标段、被保证人、受益人应与 2.3 返回的内容完全一致，不要取自本系统的客户资料。",
)
_LATEST = (
    "Read the order by 2.3 before each decision and use what it says: it goes before what you "
    "stored.",
    "每次处理前通过 2.3 获取最新订单信息，并以其为准更新本地数据。",
)


def expect_day(deed: TargetAction, name: str) -> None:
    """Show that a parameter is a day written yyyy-MM-dd; an unpadded one warns (P10)."""
    text = str(deed.params.get(name, ""))
    if _UNPADDED_DAY.match(text) and not _DAY.match(text):
        raise Warned(
            f"{name} is {text}: write month and day with two digits (P10)",
            f"{name} 为 {text}：月和日应写成两位（P10）",
        )
    expect(
        _DAY.match(text),
        f"{name} is {text!r}, not yyyy-MM-dd",
        f"{name} 为 {text!r}，不是 yyyy-MM-dd",
    )


@check(
    "insurer/2.4/request",
    "operation-{action}",
    zh="操作类型与处理结果正确",
    fix=(
        "order_do_type is 1 for the confirmation, 2 for due diligence, 3 for the offer, 4 for the "
        "payment; status is 1 for yes, 2 for no.",
        "order_do_type：1 确认信息、2 尽调、3 报价、4 支付；status：1 通过、2 不通过。",
    ),
)
@pytest.mark.parametrize("action", _OPERATIONS)
def test_a_decision_is_sent_as_its_operation(deeds: Actions, action: str) -> None:
    do_type, status = _OPERATIONS[action]

    params = deeds.of(action).params

    sent = (params.get("order_do_type"), params.get("status") or status or "1")
    expect(
        sent == (do_type, status or "1"),
        f"`{action}` came as order_do_type {sent[0]} with status {params.get('status')}",
        f"操作 `{action}` 发送的 order_do_type 为 {sent[0]}，status 为 {params.get('status')}",
    )


@check(
    "insurer/2.4/request",
    "cancelled",
    zh="取消订单以 status 3 发送",
    fix=(
        "Cancel by status 3 before the payment, with the order_do_type of the step at hand.",
        "支付前取消订单应发送 status 3，order_do_type 为当前步骤的类型。",
    ),
)
def test_a_cancellation_is_sent_as_status_3(deeds: Actions) -> None:
    params = deeds.of("cancel").params

    expect(
        params.get("status") == "3",
        f"the cancellation came with status {params.get('status')}",
        f"取消订单发送的 status 为 {params.get('status')}",
    )


@check("insurer/2.4/request", "price", zh="报价金额最多两位小数", fix=AMOUNT)
def test_a_price_has_two_decimals_at_most(deeds: Actions) -> None:
    price = amount_of(deeds.of("offer"), "price")

    expect(price > 0, f"price is {price}", f"price 为 {price}")


@check("insurer/2.4/request", "real-pay", zh="实际支付金额最多两位小数", fix=AMOUNT)
def test_a_payment_has_two_decimals_at_most(deeds: Actions) -> None:
    paid = amount_of(deeds.of("pay"), "real_pay")

    expect(paid > 0, f"real_pay is {paid}", f"real_pay 为 {paid}")


@check("insurer/2.4/request", "end-date", zh="报价中的担保截止日期为 yyyy-MM-dd", fix=_DATE)
def test_an_offer_has_an_end_date_as_the_table_writes_it(deeds: Actions) -> None:
    offer = deeds.of("offer")

    expect_day(offer, "guarantee_end_date")


@check(
    "insurer/2.3/function",
    "offered-period",
    zh="报价的担保截止日期与订单一致",
    level=Level.SHOULD,
    decision="P28",
    fix=(
        "Offer the guarantee_end_date of 2.3: deadline of the bids + valid_day + 28 days.",
        "报价的 guarantee_end_date 应为 2.3 的担保期间结束日：投标截止日 + 投标有效期 + 28 天。",
    ),
)
def test_an_offer_ends_when_the_order_asks_for_it(deeds: Actions) -> None:
    offer = deeds.of("offer")

    wanted, sent = offer.order["guarantee_end_date"], offer.params.get("guarantee_end_date")
    expect(
        sent == wanted,
        f"guarantee_end_date is {sent}, 2.3 says {wanted}",
        f"guarantee_end_date 为 {sent}，2.3 返回的是 {wanted}",
    )


@check(
    "insurer/2.4/request",
    "note-{action}",
    zh="尽调结果带有备注",
    fix=(
        "Send note with order_do_type 2, whether the due diligence was passed or not.",
        "操作类型为 2（尽调）时，无论通过与否都必须填写 note。",
    ),
)
@pytest.mark.parametrize("action", ["return_due_diligence", "pass_due_diligence"])
def test_a_due_diligence_has_its_note(deeds: Actions, action: str) -> None:
    params = deeds.of(action).params

    expect(params.get("note"), f"`{action}` came without note", f"操作 `{action}` 没有填写 note")


@check(
    "insurer/2.4/request",
    "note-cancel",
    zh="取消订单带有取消理由",
    level=Level.SHOULD,
    decision="P24",
    fix=(
        "Send the reason of a cancellation (取消理由) as note.",
        "取消订单时在 note 中填写取消理由。",
    ),
)
def test_a_cancellation_has_its_reason(deeds: Actions) -> None:
    params = deeds.of("cancel").params

    expect(params.get("note"), "the cancellation came without note", "取消订单没有填写 note")


# The names are 2.3's.


@check("insurer/2.3/function", "names-in-2.4", zh="2.4 的标段与名称与 2.3 一致", fix=_NAMES)
def test_a_decision_names_the_order_as_2_3_does(deeds: Actions) -> None:
    offer = deeds.of("offer")

    expect_named(offer, "block_number", "block_name", "principal", "creditor")


@check("insurer/2.3/function", "names-in-2.5", zh="2.5 的名称与 2.3 一致", fix=_NAMES)
def test_a_guarantee_names_the_order_as_2_3_does(deeds: Actions) -> None:
    issue = deeds.of("issue")

    expect_named(issue, "order_no", "principal", "creditor")


@check("insurer/2.3/function", "names-in-2.11", zh="2.11 的名称与 2.3 一致", fix=_NAMES)
def test_a_reissue_names_the_order_as_2_3_does(deeds: Actions) -> None:
    reissue = deeds.of("reissue")

    expect_named(reissue, "order_no", "principal", "creditor")


def expect_named(deed: TargetAction, *names: str) -> None:
    """Show that parameters say what 2.3 says of the order."""
    differing = [
        (name, deed.params.get(name), deed.order[name])
        for name in names
        if deed.params.get(name) != deed.order[name]
    ]
    expect(
        not differing,
        "; ".join(f"{name} is {sent!r}, 2.3 says {known!r}" for name, sent, known in differing),
        "；".join(f"{name} 为 {sent!r}，2.3 返回的是 {known!r}" for name, sent, known in differing),
    )


@check("insurer/2.3/function", "moved-before-issue", zh="延期开标后按新的日期出函", fix=_LATEST)
def test_a_guarantee_has_the_dates_that_2_3_has_when_it_is_issued(
    scene: Scene, deeds: Actions
) -> None:
    order_no = scene.paid()
    scene.platform.deliver(scene.platform.move_bid_opening(order_no))
    scene.platform.settle()
    scene.target.act("issue", order_no=order_no)

    told = deeds.queried(order_no)

    wanted = scene.platform.order(order_no)["guarantee_start_date"]
    starts = told.get("guarantee_start_date")
    expect(
        starts == wanted,
        f"the guarantee starts {starts}, 2.3 says {wanted}",
        f"保函起始日期为 {starts}，2.3 返回的是 {wanted}",
    )


@check(
    "insurer/2.3/function",
    "read-before-issue",
    zh="出函前通过 2.3 获取最新信息",
    level=Level.SHOULD,
    fix=_LATEST,
)
def test_an_order_is_read_again_before_its_guarantee_is_issued(
    scene: Scene, deeds: Actions
) -> None:
    order_no = scene.paid()
    scene.platform.move_bid_opening(order_no)
    scene.target.act("issue", order_no=order_no)

    told = deeds.queried(order_no)

    wanted = scene.platform.order(order_no)["guarantee_start_date"]
    starts = told.get("guarantee_start_date")
    expect(
        starts == wanted,
        f"the notice 2.10 being under way, the guarantee starts {starts}; 2.3 says {wanted}",
        f"2.10 通知尚未送达时，保函起始日期为 {starts}，2.3 返回的是 {wanted}",
    )


@check(
    "insurer/2.4/function",
    "once-{action}",
    zh="一次操作只发起一次调用",
    level=Level.SHOULD,
    fix=(
        "Report a decision once; repeat the call only when no answer came.",
        "每次处理结果只上报一次，仅在没有收到应答时才重试。",
    ),
)
@pytest.mark.parametrize("action", ["offer", "pay", "issue"])
def test_a_decision_is_reported_once(scene: Scene, deeds: Actions, action: str) -> None:
    deed = deeds.of(action)
    effect = scene.target.effects[action]

    made = [
        call
        for call in scene.platform.calls(effect.method, str(deed.order["order_no"]), since=0)
        if call.params.get("order_do_type") == effect.parameters.get("order_do_type")
    ]

    if not made:
        raise Blocked(f"`{action}` led to no call", f"操作 `{action}` 没有引起任何调用")
    expect(
        len(made) == 1,
        f"one `{action}` made {len(made)} calls",
        f"一次 `{action}` 操作发起了 {len(made)} 次调用",
    )


@check(
    "insurer/5.1/rule",
    "own-calls-awkward",
    zh="含特殊字符的参数签名与编码正确",
    fix=(
        "Keep names in UTF-8 (4-byte characters, too) and sign them as they are: no URL encoding, "
        "no HTML escapes, no trimming.",
        "名称全程使用 UTF-8（含四字节字符），按原文签名：不做 URL 编码、HTML 转义或裁剪。",
    ),
)
def test_awkward_names_come_back_as_they_were(scene: Scene) -> None:
    order_no = scene.platform.known_order(fixture="difficult")
    order = scene.platform.order(order_no)

    scene.target.expect_accepted("offer", order["principal"], order_no=order_no)
