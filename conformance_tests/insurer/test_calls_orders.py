"""The calls about an order: what 2.4 says of each decision, and that 2.3's names are used."""

import re
from decimal import Decimal, InvalidOperation

import pytest

from conformance_tests.suite.checks import check
from conformance_tests.suite.deeds import Deed, Deeds
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import Level, Warned

#: What 2.4 says of each action: `order_do_type`, and `status` where it may not be left out.
_OPERATIONS = {
    "confirm": ("1", "1"),
    "return_due_diligence": ("2", "2"),
    "pass_due_diligence": ("2", "1"),
    "offer": ("3", None),
    "pay": ("4", None),
}
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?\Z")
_DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\Z")
_UNPADDED_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}\Z")

_AMOUNT = (
    "Write the amount in yuan with two decimals and nothing else: `1000.00`, no `1,000`, no 元, "
    "no 万元; from a decimal type, never from a binary float.",
    "金额以元为单位，保留两位小数，如 1000.00：不带千分位、单位或万元，使用十进制类型而非浮点数。",
)
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


def amount_of(deed: Deed, name: str) -> Decimal:
    """Return an amount of a call.

    Raises:
        AssertionError: it is none, or not written as the table asks.
    """
    text = str(deed.params.get(name, ""))
    assert _DECIMAL.match(text), f"{name} is {text!r}, not an amount with at most two decimals"
    try:
        return Decimal(text)
    except InvalidOperation:
        raise AssertionError(f"{name} is {text!r}, no amount") from None


def assert_day(deed: Deed, name: str) -> None:
    """Show that a parameter is a day written yyyy-MM-dd; an unpadded one warns (P10)."""
    text = str(deed.params.get(name, ""))
    if _UNPADDED_DAY.match(text) and not _DAY.match(text):
        raise Warned(f"{name} is {text}: write month and day with two digits (P10)")
    assert _DAY.match(text), f"{name} is {text!r}, not yyyy-MM-dd"


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
def test_a_decision_is_sent_as_its_operation(deeds: Deeds, action: str) -> None:
    do_type, status = _OPERATIONS[action]

    params = deeds.of(action).params

    sent = (params.get("order_do_type"), params.get("status") or status or "1")
    assert sent == (do_type, status or "1"), (
        f"`{action}` came as order_do_type {sent[0]} with status {params.get('status')}"
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
def test_a_cancellation_is_sent_as_status_3(deeds: Deeds) -> None:
    params = deeds.of("cancel").params

    assert params.get("status") == "3", f"the cancellation came with status {params.get('status')}"


@check("insurer/2.4/request", "price", zh="报价金额最多两位小数", fix=_AMOUNT)
def test_a_price_has_two_decimals_at_most(deeds: Deeds) -> None:
    price = amount_of(deeds.of("offer"), "price")

    assert price > 0, f"price is {price}"


@check("insurer/2.4/request", "real-pay", zh="实际支付金额最多两位小数", fix=_AMOUNT)
def test_a_payment_has_two_decimals_at_most(deeds: Deeds) -> None:
    paid = amount_of(deeds.of("pay"), "real_pay")

    assert paid > 0, f"real_pay is {paid}"


@check("insurer/2.4/request", "end-date", zh="报价中的担保截止日期为 yyyy-MM-dd", fix=_DATE)
def test_an_offer_has_an_end_date_as_the_table_writes_it(deeds: Deeds) -> None:
    offer = deeds.of("offer")

    assert_day(offer, "guarantee_end_date")


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
def test_an_offer_ends_when_the_order_asks_for_it(deeds: Deeds) -> None:
    offer = deeds.of("offer")

    wanted, sent = offer.order["guarantee_end_date"], offer.params.get("guarantee_end_date")
    assert sent == wanted, f"guarantee_end_date is {sent}, 2.3 says {wanted}"


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
def test_a_due_diligence_has_its_note(deeds: Deeds, action: str) -> None:
    params = deeds.of(action).params

    assert params.get("note"), f"`{action}` came without note"


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
def test_a_cancellation_has_its_reason(deeds: Deeds) -> None:
    params = deeds.of("cancel").params

    assert params.get("note"), "the cancellation came without note"


# The names are 2.3's.


@check("insurer/2.3/function", "names-in-2.4", zh="2.4 的标段与名称与 2.3 一致", fix=_NAMES)
def test_a_decision_names_the_order_as_2_3_does(deeds: Deeds) -> None:
    offer = deeds.of("offer")

    assert_named(offer, "block_number", "block_name", "principal", "creditor")


@check("insurer/2.3/function", "names-in-2.5", zh="2.5 的名称与 2.3 一致", fix=_NAMES)
def test_a_guarantee_names_the_order_as_2_3_does(deeds: Deeds) -> None:
    issue = deeds.of("issue")

    assert_named(issue, "order_no", "principal", "creditor")


@check("insurer/2.3/function", "names-in-2.11", zh="2.11 的名称与 2.3 一致", fix=_NAMES)
def test_a_reissue_names_the_order_as_2_3_does(deeds: Deeds) -> None:
    reissue = deeds.of("reissue")

    assert_named(reissue, "order_no", "principal", "creditor")


def assert_named(deed: Deed, *names: str) -> None:
    """Show that parameters say what 2.3 says of the order."""
    differing = [name for name in names if deed.params.get(name) != deed.order[name]]
    assert not differing, "; ".join(
        f"{name} is {deed.params.get(name)!r}, 2.3 says {deed.order[name]!r}" for name in differing
    )


@check("insurer/2.3/function", "moved-before-issue", zh="延期开标后按新的日期出函", fix=_LATEST)
def test_a_guarantee_has_the_dates_that_2_3_has_when_it_is_issued(
    scene: Scene, deeds: Deeds
) -> None:
    order_no = scene.paid()
    scene.platform.deliver(scene.platform.move_bid_opening(order_no))
    scene.platform.settle()
    scene.target.act("issue", order_no=order_no)

    told = deeds.queried(order_no)

    wanted = scene.platform.order(order_no)["guarantee_start_date"]
    assert told.get("guarantee_start_date") == wanted, (
        f"the guarantee starts {told.get('guarantee_start_date')}, 2.3 says {wanted}"
    )


@check(
    "insurer/2.3/function",
    "read-before-issue",
    zh="出函前通过 2.3 获取最新信息",
    level=Level.SHOULD,
    fix=_LATEST,
)
def test_an_order_is_read_again_before_its_guarantee_is_issued(scene: Scene, deeds: Deeds) -> None:
    order_no = scene.paid()
    scene.platform.move_bid_opening(order_no)
    scene.target.act("issue", order_no=order_no)

    told = deeds.queried(order_no)

    wanted = scene.platform.order(order_no)["guarantee_start_date"]
    assert told.get("guarantee_start_date") == wanted, (
        f"the notice 2.10 being under way, the guarantee starts "
        f"{told.get('guarantee_start_date')}; 2.3 says {wanted}"
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
def test_a_decision_is_reported_once(scene: Scene, deeds: Deeds, action: str) -> None:
    deed = deeds.of(action)
    effect = scene.target.effects[action]

    made = [
        call
        for call in scene.platform.calls(effect.method, str(deed.order["order_no"]), since=0)
        if call.params.get("order_do_type") == effect.parameters.get("order_do_type")
    ]

    assert len(made) <= 1, f"one `{action}` made {len(made)} calls"
