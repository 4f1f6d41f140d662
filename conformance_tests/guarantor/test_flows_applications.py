"""The beginning of every flow: the application (2.1), and what its answer says."""

import pytest

from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Informed, Level, Warned, expect
from conformance_tests.suite.scenes.guarantor.flow import Flow
from conformance_tests.suite.scenes.guarantor.scene import Scene

_METHODS = ("DIRECT_DEBIT", "REDIRECT", "CLIENT")
#: Where an order of each line may be after 2.1 was answered; what 2.1 asks for lies before.
_STATES = {
    "standard": (
        "WAIT_FIRST_TRAIL",
        "WAIT_TUNE_UP",
        "WAIT_OFFER",
        "WAIT_PAY",
        "WAIT_OUT_GUARANTEE",
    ),
    "separate": ("WAIT_APPROVAL_DATA", "WAIT_OUT_GUARANTEE"),
}
#: The action that only whoever does a line declares.
_LAST = {"standard": "pay", "separate": "approve"}
_ALL_OF_IT = (
    "Take every value that the table of 2.1 allows: an optional one may be empty, project_type is "
    "one of ten and in the case in which it is printed.",
    "接受 2.1 参数表允许的全部取值：非必填参数可能为空，project_type 共十种且区分大小写。",
)
_PAY = (
    "Answer data.pay_method as one of DIRECT_DEBIT, REDIRECT, CLIENT; with REDIRECT also "
    "redirect_url, a whole http or https address of your own system.",
    "应答的 data.pay_method 为 DIRECT_DEBIT、REDIRECT、CLIENT 之一；REDIRECT 时还应返回 "
    "redirect_url（本系统完整的 http 或 https 地址）。",
)


@check(
    "guarantor/2.1/function",
    "acted-upon",
    zh="保函申请推送后可继续处理至待出函",
    fix=(
        "Store the application under its order_no, so that the order can be examined and taken "
        "on by 2.3.",
        "按 order_no 保存保函申请，之后即可审批并通过 2.3 推进订单。",
    ),
)
def test_an_application_can_be_acted_upon(scene: Scene, flow: Flow) -> None:
    order_no = flow.enter()

    flow.advance(order_no)

    state = scene.platform.state(order_no)
    expect(
        state == "WAIT_OUT_GUARANTEE",
        f"the order is {state} after every step",
        f"全部步骤完成后，订单状态为 {state}",
    )


@check("guarantor/2.1/request", "minimal", zh="非必填参数为空的申请被确认", fix=_ALL_OF_IT)
def test_an_application_without_what_is_optional_is_taken(flow: Flow) -> None:
    flow.enter("minimal")


@check(
    "guarantor/2.1/request", "type-{project_type}", zh="各种项目类型的申请被确认", fix=_ALL_OF_IT
)
@pytest.mark.parametrize("project_type", ["EPC", "rail_transit", "other"])
def test_an_application_of_any_project_type_is_taken(flow: Flow, project_type: str) -> None:
    flow.enter(project_type=project_type)


# The answer.


@check(
    "guarantor/2.1/data",
    "state-{line}",
    zh="2.1 应答的订单状态属于该订单的流程",
    fix=(
        "Answer data.order_status as a state of 5.4 of the order's own line, the present one or "
        "a later one, WAIT_OUT_GUARANTEE at the most.",
        "应答的 data.order_status 应取自 5.4 中该订单所属流程，"
        "为当前或之后的状态，最远为 WAIT_OUT_GUARANTEE。",
    ),
)
@pytest.mark.parametrize("line", _STATES)
def test_the_answer_names_a_state_of_the_orders_line(scene: Scene, line: str) -> None:
    scene.expect_declared(_LAST[line])

    said = scene.platform.answer_to(scene.platform.known_order(line)).get("order_status")

    if said is None:
        raise Warned("the answer has no data.order_status", "应答没有 data.order_status")
    expect(
        said in _STATES[line],
        f"data.order_status is {said!r}",
        f"data.order_status 为 {said!r}",
    )


@check("guarantor/2.1/data", "pay-method", zh="2.1 应答的扣款方式为规定取值", fix=_PAY)
def test_the_answer_names_a_way_of_paying(scene: Scene) -> None:
    said = scene.platform.answer_to(scene.spare_order()).get("pay_method")

    if said is None:
        raise Warned("the answer has no data.pay_method", "应答没有 data.pay_method")
    expect(said in _METHODS, f"data.pay_method is {said!r}", f"data.pay_method 为 {said!r}")


@check(
    "guarantor/2.1/data",
    "redirect-url",
    zh="跳转支付时返回有效的跳转地址",
    level=Level.SHOULD,
    decision="P56",
    fix=_PAY,
)
def test_the_answer_says_where_the_principal_pays(scene: Scene) -> None:
    answer = scene.platform.answer_to(scene.spare_order())

    url, wanted = answer.get("redirect_url"), answer.get("pay_method") == "REDIRECT"
    expect(
        str(url).startswith(("http://", "https://")) if url else not wanted,
        f"pay_method is {answer.get('pay_method')!r}, redirect_url is {url!r}",
        f"pay_method 为 {answer.get('pay_method')!r}，redirect_url 为 {url!r}",
    )


@check(
    "guarantor/2.1/data",
    "same-again",
    zh="重复推送的申请得到相同的应答",
    level=Level.INFORM,
    decision="P31",
    fix=(
        "Answer a repeated application as the first time: the platform goes by the first answer "
        "and ignores another one.",
        "重复的申请应返回与首次相同的应答：平台以首次应答为准，忽略不同的内容。",
    ),
)
def test_a_repeated_application_is_answered_as_the_first(scene: Scene) -> None:
    matter = scene.matter("application")

    first, again = (scene.platform.send(matter.notice) for _ in range(2))

    if not first.acknowledged:
        raise Informed(f"it was not acknowledged: {first}", f"申请未被确认：{first.zh}")
    expect(
        first.data == again.data,
        f"the answer was {first.data} and then {again.data}",
        f"首次应答为 {first.data}，再次应答为 {again.data}",
    )
