"""The calls about an order: what 2.3 says of each step, 2.2 after a return, and 2.5's names."""

from typing import Any

import pytest

from conformance_tests.both.test_calls import AMOUNT, amount_of
from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, expect
from conformance_tests.suite.scenes.both.repeats import Repeats
from conformance_tests.suite.scenes.guarantor.scene import Scene
from conformance_tests.suite.scenes.guarantor.target_actions import Actions

#: The states to which 2.3 may take an order by each action; a step may be left out (P31).
_STATES = {
    "pass_first_trial": ("WAIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY"),
    "pass_due_diligence": ("WAIT_OFFER", "WAIT_PAY"),
    "offer": ("WAIT_PAY",),
    "pay": ("WAIT_OUT_GUARANTEE",),
    "approve": ("WAIT_OUT_GUARANTEE",),
}
#: The states to which each return may take an order.
_SUBMITTING = {
    "return_first_trial": ("WAIT_SUBMIT_FIRST_TRAIL",),
    "return_due_diligence": ("WAIT_SUBMIT_TUNE_UP", "WAIT_SUBMIT_FIRST_TRAIL"),
    "return_data": ("WAIT_SUBMIT_DATA",),
}
_DONE_ONCE = (
    "notify_order_status",
    "guarantor_push_guarantee",
    "remove_guarantee",
    "cancel_order",
    "guarantor_update_claim_result",
)
_WITHDRAW = (
    "Return an order by 2.3 with is_withdraw 1 and the reason in statement; order_status is the "
    "submitting state of 5.4 to which it goes back.",
    "退回订单时调用 2.3：is_withdraw 为 1，statement 填写退回说明，"
    "order_status 为 5.4 中对应的待提交状态。",
)


# 2.3: ahead.


@check(
    "guarantor/2.3/request",
    "state-{action}",
    zh="推进订单的 2.3 使用对应的订单状态",
    fix=(
        "Send as order_status the state that the order has now, in the words of 5.4 and of the "
        "order's own line.",
        "order_status 填写订单进入的状态，取自 5.4 中该订单所属流程（直开式或分离式）的状态码。",
    ),
)
@pytest.mark.parametrize("action", _STATES)
def test_a_step_is_told_by_the_state_that_it_leads_to(deeds: Actions, action: str) -> None:
    sent = deeds.of(action).params.get("order_status")

    expect(
        sent in _STATES[action],
        f"`{action}` came as order_status {sent!r}",
        f"操作 `{action}` 发送的 order_status 为 {sent!r}",
    )


@check("guarantor/2.3/request", "amount-{action}", zh="待出函时带有订单金额", fix=AMOUNT)
@pytest.mark.parametrize("action", ["pay", "approve"])
def test_an_order_that_waits_for_its_guarantee_has_its_amount(deeds: Actions, action: str) -> None:
    paid = amount_of(deeds.of(action), "order_amount")

    expect(paid > 0, f"order_amount is {paid}", f"order_amount 为 {paid}")


@check(
    "guarantor/2.3/request",
    "no-return",
    zh="推进订单时 is_withdraw 为 0 或不填",
    fix=(
        "Send is_withdraw 0, or leave it out, unless the order goes back to the principal.",
        "除审批退回外，is_withdraw 应为 0 或不发送。",
    ),
)
def test_a_step_ahead_is_no_return(deeds: Actions) -> None:
    flag = deeds.with_amounts()[0].params.get("is_withdraw")

    expect(
        flag in (None, "", "0"),
        f"is_withdraw is {flag!r} in a step ahead",
        f"推进订单时 is_withdraw 为 {flag!r}",
    )


# 2.3: back.


@check(
    "guarantor/2.3/request", "withdraw-{action}", zh="审批退回以 is_withdraw 1 发送", fix=_WITHDRAW
)
@pytest.mark.parametrize("action", _SUBMITTING)
def test_a_return_is_sent_as_is_withdraw_1(deeds: Actions, action: str) -> None:
    flag = deeds.of(action).params.get("is_withdraw")

    expect(
        flag == "1",
        f"`{action}` came with is_withdraw {flag!r}",
        f"操作 `{action}` 发送的 is_withdraw 为 {flag!r}",
    )


@check("guarantor/2.3/request", "statement-{action}", zh="审批退回带有说明", fix=_WITHDRAW)
@pytest.mark.parametrize("action", _SUBMITTING)
def test_a_return_has_its_statement(deeds: Actions, action: str) -> None:
    params = deeds.of(action).params

    expect(
        params.get("statement"),
        f"`{action}` came without statement",
        f"操作 `{action}` 没有填写 statement",
    )


@check(
    "guarantor/2.3/request",
    "withdraw-state-{action}",
    zh="审批退回使用待提交状态",
    level=Level.SHOULD,
    decision="P31",
    fix=_WITHDRAW,
)
@pytest.mark.parametrize("action", _SUBMITTING)
def test_a_return_names_the_state_to_which_it_goes_back(deeds: Actions, action: str) -> None:
    sent = deeds.of(action).params.get("order_status")

    expect(
        sent in _SUBMITTING[action],
        f"`{action}` came with order_status {sent!r}",
        f"操作 `{action}` 发送的 order_status 为 {sent!r}",
    )


@check(
    "guarantor/2.2/function",
    "after-resubmission",
    zh="重新提交资料后通过 2.2 获取订单",
    level=Level.SHOULD,
    fix=(
        "When 2.4 says that material was handed in again, read the order by 2.2 and store what it "
        "says before the order goes on.",
        "收到 2.4 的重新提交通知后，应调用 2.2 获取订单并更新本地数据，再继续处理。",
    ),
)
def test_an_order_is_read_again_after_its_resubmission(scene: Scene, repeats: Repeats) -> None:
    task = repeats.task("order_status")
    submitted = scene.platform.mark()
    scene.platform.deliver(task.matter.number)
    ahead = scene.target.act(task.action, **task.values)

    read = scene.platform.calls("get_guarantee_info", task.matter.about, since=submitted)

    expect(
        any(call.accepted and call.number < ahead.number for call in read),
        f"the order {task.matter.about} went on without 2.2 after its material came again",
        f"订单 {task.matter.about} 重新提交资料后，未调用 2.2 就继续处理",
    )


# 2.5.


@check(
    "guarantor/2.5/request",
    "names",
    zh="2.5 的名称与订单一致",
    fix=(
        "Take principal and creditor from 2.1 or 2.2 exactly as they stand there, not from your "
        "own customer records.",
        "被保证人、受益人应与 2.1、2.2 中的内容完全一致，不要取自本系统的客户资料。",
    ),
)
def test_a_guarantee_names_the_order_as_the_application_does(deeds: Actions) -> None:
    deed = deeds.of("issue")

    differing = [
        (name, deed.params.get(name), deed.order[name])
        for name in ("order_no", "principal", "creditor")
        if deed.params.get(name) != deed.order[name]
    ]

    expect(
        not differing,
        "; ".join(f"{name} is {sent!r} instead of {known!r}" for name, sent, known in differing),
        "；".join(f"{name} 为 {sent!r}，应为 {known!r}" for name, sent, known in differing),
    )


@check(
    "guarantor/5.1/rule",
    "own-calls-awkward",
    zh="含特殊字符的参数签名与编码正确",
    fix=(
        "Keep names in UTF-8 (4-byte characters, too) and sign them as they are: no URL encoding, "
        "no HTML escapes, no trimming.",
        "名称全程使用 UTF-8（含四字节字符），按原文签名：不做 URL 编码、HTML 转义或裁剪。",
    ),
)
def test_awkward_names_come_back_as_they_were(scene: Scene) -> None:
    scene.expect_line("difficult")
    order_no = scene.advance(scene.platform.known_order("difficult"))
    principal = scene.platform.order(order_no)["principal"]

    scene.target.expect_accepted("issue", principal, order_no=order_no)


# Of all.


@check(
    "guarantor/{section}/function",
    "once",
    each=_DONE_ONCE,
    zh="一次操作只发起一次调用",
    level=Level.SHOULD,
    fix=(
        "Make the call once; repeat it only when no answer came.",
        "每次操作只调用一次，仅在没有收到应答时才重试。",
    ),
)
def test_a_deed_is_reported_once(scene: Scene, deeds: Actions, interface: str) -> None:
    deed = deeds.showing(interface)
    said = _content(deed.call)

    made = [call for call in scene.platform.calls_of_run() if _content(call) == said]

    expect(
        len(made) <= 1,
        f"one `{deed.action}` made {len(made)} calls {interface}",
        f"一次 `{deed.action}` 操作发起了 {len(made)} 次 {interface} 调用",
    )


def _content(call: Call) -> dict[str, Any]:
    """Return what a call says, whenever it is made; nothing of one that met a dead token."""
    said = {} if call.status == "1006" else call.params
    return {name: value for name, value in said.items() if name not in ("sign", "timestamp")}
