"""The call that releases revoked guarantees (2.9): its block, and each item of its list."""

import json
from collections.abc import Mapping
from typing import Any

from conformance_tests.both.test_calls_documents import AN_HOUR, MOMENT, seconds_of
from conformance_tests.suite.rules.checks import check
from conformance_tests.suite.rules.outcomes import Level, TargetFault, expect
from conformance_tests.suite.scenes.both.target_actions import TargetAction
from conformance_tests.suite.scenes.guarantor.target_actions import Actions
from simulator import clock

_DATE = "remove_guarantee_date"
_SERIAL = (
    "Send with each guarantee the serial_num that 2.5 returned for it, digit by digit as text.",
    "解保时 serial_num 填写 2.5 为该保函返回的保函序列号，按文本逐位一致。",
)
_LIST = (
    "Write remove_guarantee_data as the JSON text of an array of objects, each with guarantee_no, "
    "remove_guarantee_date and serial_num; sign that very text.",
    "remove_guarantee_data 为 JSON 数组文本，每项含 guarantee_no、remove_guarantee_date、"
    "serial_num；签名使用同一文本。",
)


def item_of(deed: TargetAction) -> Mapping[str, Any]:
    """Return what a release says of the guarantee that was to be released.

    Raises:
        TargetFault: its list is none, or does not name the guarantee.
    """
    text = str(deed.params.get("remove_guarantee_data", ""))
    number = deed.guarantee["guarantee_no"]
    try:
        listed = json.loads(text)
    except ValueError:
        listed = None
    items = listed if isinstance(listed, list) else []
    for item in items:
        if isinstance(item, dict) and item.get("guarantee_no") == number:
            return item
    raise TargetFault(
        f"remove_guarantee_data does not name the guarantee {number}: {text!r}",
        f"remove_guarantee_data 中没有保函 {number}：{text!r}",
    )


@check("guarantor/2.9/request", "list", zh="解保信息为 JSON 数组文本并列出该保函", fix=_LIST)
def test_a_release_lists_the_guarantee(deeds: Actions) -> None:
    item_of(deeds.of("release"))


@check(
    "guarantor/2.9/request",
    "block",
    zh="解保的标段与受益人与订单一致",
    fix=(
        "Send block_number, block_name and creditor as 2.8 and the order have them.",
        "block_number、block_name、creditor 应与 2.8 及订单中的内容一致。",
    ),
)
def test_a_release_names_the_block_as_the_order_does(deeds: Actions) -> None:
    deed = deeds.of("release")

    differing = [
        (name, deed.params.get(name), deed.order[name])
        for name in ("block_number", "block_name", "creditor")
        if deed.params.get(name) != deed.order[name]
    ]

    expect(
        not differing,
        "; ".join(f"{name} is {sent!r} instead of {known!r}" for name, sent, known in differing),
        "；".join(f"{name} 为 {sent!r}，应为 {known!r}" for name, sent, known in differing),
    )


@check("guarantor/2.5/answer", "in-release", zh="解保使用 2.5 返回的保函序列号", fix=_SERIAL)
def test_a_release_has_the_serial_number_that_the_platform_gave(deeds: Actions) -> None:
    deed = deeds.of("release")

    sent, given = item_of(deed).get("serial_num"), str(deed.guarantee["serial_num"])

    expect(
        str(sent) == given,
        f"serial_num is {sent!r}, 2.5 gave {given}",
        f"serial_num 为 {sent!r}，2.5 返回的是 {given}",
    )


@check(
    "guarantor/2.9/request",
    "date-form",
    zh="解保日期为 yyyy-MM-dd HH:mm:ss",
    fix=(
        "Write remove_guarantee_date as yyyy-MM-dd HH:mm:ss: no T, no fraction, no slashes, not "
        "the day alone.",
        "remove_guarantee_date 按 yyyy-MM-dd HH:mm:ss 书写，不带 T、毫秒、斜杠，也不能只有日期。",
    ),
)
def test_the_time_of_a_release_is_written_as_the_table_does(deeds: Actions) -> None:
    sent = str(item_of(deeds.of("release")).get(_DATE, ""))

    expect(MOMENT.match(sent), f"{_DATE} is {sent!r}", f"{_DATE} 为 {sent!r}")


@check(
    "guarantor/2.9/request",
    "date-now",
    zh="解保日期为北京时间",
    level=Level.SHOULD,
    fix=(
        "Send the moment of the release in Asia/Shanghai, not in UTC.",
        "解保日期使用北京时间（Asia/Shanghai），不要使用 UTC。",
    ),
)
def test_the_time_of_a_release_is_now_in_china(deeds: Actions) -> None:
    deed = deeds.of("release")

    sent = str(item_of(deed).get(_DATE, ""))

    now = clock.spoken(deed.call.wall)
    expect(
        abs(seconds_of(sent) - deed.call.wall) < AN_HOUR,
        f"{_DATE} is {sent}, it was {now}",
        f"{_DATE} 为 {sent}，当时的北京时间为 {now}",
    )


@check(
    "guarantor/2.9/function",
    "released",
    zh="撤销后的解保被平台接受，没有逐项错误",
    fix=(
        "Status 200 of 2.9 says nothing of single guarantees: read data.error, and correct what "
        "error_msg names.",
        "2.9 返回 200 不代表每份保函都成功：应读取 data.error，并按 error_msg 更正。",
    ),
)
def test_a_release_in_its_turn_has_no_error(deeds: Actions) -> None:
    call = deeds.of("release").call

    data = call.data if isinstance(call.data, dict) else {}

    expect(
        data.get("error") == {"error_total": 0},
        f"2.9 was answered {call.status} with {call.data}",
        f"2.9 返回 {call.status}：{call.data}",
    )
