"""2.1 保函申请订单: what is answered to an application, and what it may contain."""

import pytest

from conformance_tests.suite.messages.notices import Answer
from conformance_tests.suite.rules.checks import catalogue, check
from conformance_tests.suite.rules.outcomes import Level, NotApplicable, expect
from conformance_tests.suite.scenes.guarantor.applications import LATER, STATES, Applications
from conformance_tests.suite.scenes.guarantor.scene import Scene

_WAYS = ("DIRECT_DEBIT", "REDIRECT", "CLIENT")
_ADDRESSES = ("http://", "https://")
_NO_FILES = {"empty": "", "list-of-none": "[]"}
_TYPES = (
    *("construction", "purchase", "design", "supervisor", "survey", "property", "consult"),
    *("rail_transit", "EPC", "other"),
)
_AMOUNTS = ("800000", "800000.5", "800000.55")
_FILE_LISTS = ("guarantee_sign_files", "attach_files")

_ANSWER = (
    'Answer {{"status": 200, "data": {{"order_status": …, "pay_method": …, "redirect_url": …}}}}: '
    "the platform applies order_status and shows the principal how to pay.",
    '应答 {{"status": 200, "data": {{"order_status": …, "pay_method": …, "redirect_url": …}}}}，'
    "平台据此更新订单状态并引导投保人支付。",
)
_STATE = (
    "Answer in data.order_status a state of 5.4, of the order's own line, that an order can be in "
    "before its guarantee is issued: never a word of your own system.",
    "data.order_status 应为 5.4 中该订单所属流程、出函之前的状态，不得使用内部系统的状态。",
)
_PAY = (
    "Answer in data.pay_method DIRECT_DEBIT, REDIRECT or CLIENT, exactly so.",
    "data.pay_method 只能为 DIRECT_DEBIT、REDIRECT 或 CLIENT。",
)
_URL = (
    "With REDIRECT answer in data.redirect_url the whole address of your page, with https://.",
    "pay_method 为 REDIRECT 时，data.redirect_url 应为完整的页面地址（含 https://）。",
)
_SAME = (
    "Answer a repeat like the first time: the platform keeps the first answer.",
    "对重复推送返回与首次相同的内容：平台以首次应答为准。",
)
_LISTS = (
    "guarantee_sign_files and attach_files are JSON as text: verify the sign over the text as it "
    "came, then parse it; keep file_id, for a file_url lives two hours.",
    "guarantee_sign_files、attach_files 为 JSON 字符串：先按原文验签，再解析；file_url 两小时失效，"
    "应保存 file_id。",
)
_OPTIONAL = (
    "Take an application whose optional parameters (否) are empty or absent.",
    "非必填参数为空或缺失时，应正常接收申请。",
)
_VALUES = (
    "Take each value that the table lists, in its own upper and lower case, and amounts with "
    "none, one or two decimals.",
    "应接受参数表列出的每一个取值（区分大小写），以及没有小数、一位或两位小数的金额。",
)


@pytest.fixture
def applications(scene: Scene) -> Applications:
    """Applications, and what is answered to them."""
    return Applications(scene)


def expect_taken(answer: Answer, en: str, zh: str) -> None:
    """Show that an application, which `en` and `zh` describe, is acknowledged."""
    expect(
        answer.taken,
        f"{en} was not acknowledged: {answer}",
        f"{zh}未被确认：{answer.zh}",
    )


# The answer.


@check(
    "guarantor/2.1/data",
    "{name}",
    zh="申请应答包含订单状态与扣款方式",
    level=Level.SHOULD,
    decision="P56",
    fix=_ANSWER,
)
@pytest.mark.parametrize("name", ["order_status", "pay_method"])
def test_the_answer_has_the_members_of_the_table(applications: Applications, name: str) -> None:
    reply = applications.reply()

    expect(
        reply.answer.member(name),
        f"data.{name} is missing or empty: {reply.answer}",
        f"data.{name} 缺失或为空：{reply.answer.zh}",
    )


@check("guarantor/2.1/data", "order_status-known", zh="应答的订单状态为 5.4 的状态", fix=_STATE)
def test_the_state_that_is_answered_is_one_of_5_4(applications: Applications) -> None:
    reply = applications.reply()
    if not reply.order_status:
        raise NotApplicable("the answer names no order_status", "应答没有 order_status")

    known = {*LATER, *(state for line in STATES.values() for state in line)}
    expect(
        reply.order_status in known,
        f"data.order_status {reply.order_status!r} is no state of 5.4: {reply.answer}",
        f"data.order_status {reply.order_status!r} 不是 5.4 的状态：{reply.answer.zh}",
    )


@check(
    "guarantor/2.1/data",
    "line-{fixture}",
    zh="应答的订单状态属于该订单的流程且在出函之前",
    level=Level.SHOULD,
    decision="P31",
    fix=_STATE,
)
@pytest.mark.parametrize("fixture", STATES)
def test_the_state_that_is_answered_lies_ahead(applications: Applications, fixture: str) -> None:
    reply = applications.reply(fixture)
    if not reply.order_status:
        raise NotApplicable("the answer names no order_status", "应答没有 order_status")

    expect(
        reply.order_status in STATES[fixture],
        f"data.order_status {reply.order_status!r} is no state that such an order can be in now",
        f"data.order_status {reply.order_status!r} 不是该订单此时可处的状态",
    )


@check("guarantor/2.1/data", "pay_method-known", zh="应答的扣款方式为手册取值", fix=_PAY)
def test_the_way_to_pay_is_one_of_the_tables(applications: Applications) -> None:
    reply = applications.reply()
    if not reply.pay_method:
        raise NotApplicable("the answer names no pay_method", "应答没有 pay_method")

    expect(
        reply.pay_method in _WAYS,
        f"data.pay_method is {reply.pay_method!r}: {reply.answer}",
        f"data.pay_method 为 {reply.pay_method!r}：{reply.answer.zh}",
    )


@check(
    "guarantor/2.1/data",
    "redirect_url",
    zh="跳转支付时应答包含跳转地址",
    level=Level.SHOULD,
    decision="P56",
    fix=_URL,
)
def test_a_redirection_has_its_address(applications: Applications) -> None:
    reply = applications.reply()
    if reply.pay_method != "REDIRECT":
        raise NotApplicable("pay_method is not REDIRECT", "pay_method 不是 REDIRECT")

    expect(
        reply.redirect_url,
        f"pay_method is REDIRECT, but there is no redirect_url: {reply.answer}",
        f"pay_method 为 REDIRECT，却没有 redirect_url：{reply.answer.zh}",
    )


@check(
    "guarantor/2.1/data",
    "redirect_url-address",
    zh="跳转地址为完整的网址",
    level=Level.SHOULD,
    decision="P56",
    fix=_URL,
)
def test_the_address_of_a_redirection_is_a_whole_one(applications: Applications) -> None:
    reply = applications.reply()
    if not reply.redirect_url:
        raise NotApplicable("the answer names no redirect_url", "应答没有 redirect_url")

    expect(
        reply.redirect_url.lower().startswith(_ADDRESSES),
        f"data.redirect_url {reply.redirect_url!r} is no address that a browser can open",
        f"data.redirect_url {reply.redirect_url!r} 不是浏览器可打开的地址",
    )


@check(
    "guarantor/2.1/data",
    "same-answer",
    zh="重复推送得到相同的应答",
    level=Level.INFORM,
    decision="P31",
    fix=_SAME,
)
def test_a_repeat_is_answered_like_the_first_time(applications: Applications) -> None:
    first, again = applications.replies()

    said = [(each.order_status, each.pay_method) for each in (first, again)]
    expect(
        said[0] == said[1],
        f"first answered {said[0]}, to the repeat {said[1]}",
        f"首次应答 {said[0]}，重复推送应答 {said[1]}",
    )


# What an application may contain.


@check("guarantor/2.1/request", "files", zh="带有签署文件和附件的申请被接收", fix=_LISTS)
def test_an_application_with_both_lists_of_files_is_taken(applications: Applications) -> None:
    answer = applications.send(
        guarantee_sign_files=applications.files(2, named=True),
        attach_files=applications.files(2),
    )

    expect_taken(answer, "an application with two files in each list", "带两类文件的申请")


@check("guarantor/2.1/request", "many-files", zh="附件很多的申请被接收", fix=_LISTS)
def test_an_application_with_many_files_is_taken(applications: Applications) -> None:
    answer = applications.send(attach_files=applications.files(24))

    expect_taken(
        answer,
        "an application with 24 attachments, in more than forty RSA blocks,",
        "有 24 个附件（四十多个 RSA 分段）的申请",
    )


@check("guarantor/2.1/request", "files-{how}", zh="没有文件的申请被接收", fix=_OPTIONAL)
@pytest.mark.parametrize("how", _NO_FILES)
def test_an_application_without_files_is_taken(applications: Applications, how: str) -> None:
    answer = applications.send(**dict.fromkeys(_FILE_LISTS, _NO_FILES[how]))

    expect_taken(answer, f"an application with {_NO_FILES[how]!r} for files", "没有文件的申请")


@check("guarantor/2.1/request", "files-absent", zh="没有文件参数的申请被接收", fix=_OPTIONAL)
def test_an_application_without_the_lists_of_files_is_taken(applications: Applications) -> None:
    answer = applications.send_without(*_FILE_LISTS)

    expect_taken(answer, "an application without the lists of files", "没有文件参数的申请")


@check("guarantor/2.1/request", "optional-empty", zh="非必填参数为空的申请被接收", fix=_OPTIONAL)
def test_an_application_with_empty_optional_parameters_is_taken(
    applications: Applications,
) -> None:
    answer = applications.send(**dict.fromkeys(_optional(), ""))

    expect_taken(
        answer, "an application whose optional parameters are empty", "非必填参数为空的申请"
    )


@check("guarantor/2.1/request", "optional-absent", zh="缺少非必填参数的申请被接收", fix=_OPTIONAL)
def test_an_application_without_optional_parameters_is_taken(applications: Applications) -> None:
    answer = applications.send_without(*_optional())

    expect_taken(answer, "an application without the optional parameters", "缺少非必填参数的申请")


def _optional() -> list[str]:
    """Return the parameters of 2.1 that need not be there."""
    parameters = catalogue().fetch("guarantor", "application").parameters
    return [each.name for each in parameters if not each.required]


@check("guarantor/2.1/request", "project_type", zh="手册列出的项目类型都被接收", fix=_VALUES)
def test_every_listed_type_of_project_is_taken(applications: Applications) -> None:
    refused = applications.refused("project_type", _TYPES)

    expect(
        not refused,
        f"applications with project_type {', '.join(refused)} were not acknowledged",
        f"project_type 为 {'、'.join(refused)} 的申请未被确认",
    )


@check("guarantor/2.1/request", "decimals", zh="金额最多两位小数的申请被接收", fix=_VALUES)
def test_amounts_with_up_to_two_decimals_are_taken(applications: Applications) -> None:
    refused = applications.refused("project_amount", _AMOUNTS)

    expect(
        not refused,
        f"applications with project_amount {', '.join(refused)} were not acknowledged",
        f"project_amount 为 {'、'.join(refused)} 的申请未被确认",
    )
