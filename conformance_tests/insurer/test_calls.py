"""The calls that the target makes: common parameters, sign, seal, and the access token (1.1, 5.x).

Judged from what the platform saw. What a single call says has files of its own: test_calls_*.
"""

from datetime import datetime

import pytest

from conformance_tests.suite.checks import catalogue, check
from conformance_tests.suite.deeds import Deeds
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.outcomes import Blocked, Level, Warned
from conformance_tests.suite.seen import Call
from simulator import clock

#: The deed by which each call of the manual is seen.
DEED_OF = {
    "insurer_get_guarantee_info": "refresh_order",
    "insurer_apply_guarantee_result": "offer",
    "insurer_push_guarantee": "issue",
    "insurer_push_invoice": "issue_invoice",
    "insurer_push_guarantee_update": "reissue",
    "update_claim": "accept_claim",
    "get_claim_detail": "refresh_claim",
    "insurer_get_file_url": "renew_file_url",
    "insurer_get_branch_insurers": "list_branches",
    "insurer_get_order_company_info": "read_companies",
}
CALLS = tuple(DEED_OF)
TOKEN = "get_access_token"
#: Seconds after which a token that nobody used is over.
_TWO_HOURS = 7200
#: Seconds that two machines' clocks, and a slow call, may lie apart.
_NEAR = 300
#: As often may a call be made that was refused for good.
_ENOUGH = 3

_RENEW = (
    "When a call is answered 1006, get a new token by 1.1 and make the call once more with it, "
    "whatever your own clock says of the old one.",
    "接口返回 1006 时，应通过 1.1 重新获取 access_token 并重新调用一次，不要只依赖本地时间判断。",
)
_KEEP = (
    "Keep the token in one place for all threads and use it until the platform refuses it.",
    "access_token 应集中保存、各线程共用，直到平台提示失效再重新获取。",
)


def missing_in(call: Call) -> list[str]:
    """Return the required parameters and files that a call lacks."""
    interface = catalogue().call("insurer", call.method)
    assert interface is not None, f"{call.method} is no call of the manual"
    lacking = [
        file.name for file in interface.files if file.required and not call.files.get(file.name)
    ]
    return lacking + [
        parameter.name
        for parameter in interface.parameters
        if parameter.required
        and (call.params.get(parameter.name) in (None, ""))
        and not (parameter.may_be_empty and parameter.name in call.params)
    ]


@check(
    "insurer/{section}/request",
    "complete",
    each=CALLS,
    zh="调用携带全部必填参数",
    fix=(
        "Send every parameter that the table of {section} marks 是, by exactly its name; the "
        "common ones are method, sign, timestamp, btc_id and enter_institution_type.",
        "按 {section} 的参数表发送全部必填参数（名称须完全一致），"
        "公共参数为 method、sign、timestamp、btc_id、enter_institution_type。",
    ),
)
def test_a_call_has_every_required_parameter(deeds: Deeds, interface: str) -> None:
    call = deeds.of(DEED_OF[interface]).call

    lacking = missing_in(call)

    assert not lacking, f"{interface} lacks {', '.join(lacking)}"


@check(
    "insurer/{section}/function",
    "accepted",
    each=CALLS,
    zh="正常流程中的调用被平台接受",
    fix=(
        "Read the journal entry of the refused call: it names the parameter or the state that the "
        "code stands for, and what the platform expected.",
        "查看被拒绝调用的日志：其中说明状态码对应的参数或状态，以及平台期望的内容。",
    ),
)
def test_a_call_in_its_turn_is_accepted(deeds: Deeds, interface: str) -> None:
    deed = deeds.of(DEED_OF[interface])

    refused = [f"{call.status} {call.remark}" for call in deed.calls if not call.accepted]

    assert not refused, f"{interface} was refused: {'; '.join(refused)}"
    assert deed.call.accepted


@check(
    "insurer/5.1/timestamp",
    "form",
    zh="timestamp 为 14 位 YmdHis",
    fix=(
        "Write timestamp as yyyyMMddHHmmss, 14 digits, neither epoch seconds nor milliseconds.",
        "timestamp 按 yyyyMMddHHmmss 书写（14 位数字），不要使用 Unix 秒或毫秒。",
    ),
)
def test_a_timestamp_is_written_ymdhis(scene: Scene, deeds: Deeds) -> None:
    deeds.reads_a_new_order()

    wrong = [call for call in scene.platform.calls_of_run() if _moment_of(call) is None]

    assert not wrong, f"{wrong[0].method} was stamped {wrong[0].params.get('timestamp')}"


@check(
    "insurer/5.1/timestamp",
    "now",
    zh="timestamp 为当前北京时间",
    level=Level.SHOULD,
    fix=(
        "Stamp each call when it is made, in Asia/Shanghai, and keep the machine's clock by NTP.",
        "每次调用时取当前北京时间（Asia/Shanghai）作为 timestamp，并用 NTP 校时。",
    ),
    decision="P9",
)
def test_a_timestamp_is_the_time_of_the_call_in_china(scene: Scene, deeds: Deeds) -> None:
    deeds.reads_a_new_order()

    wrong = [call for call in scene.platform.calls_of_run() if _seconds_off(call) > _NEAR]

    assert not wrong, (
        f"{wrong[0].method} was stamped {wrong[0].params.get('timestamp')}, "
        f"but it came at {clock.stamp(wrong[0].wall)}"
    )


def _moment_of(call: Call) -> datetime | None:
    text = str(call.params.get("timestamp", ""))
    if not call.params:
        return clock.to_moment(call.wall)
    if len(text) == 12 and text.isdecimal():
        raise Warned(f"{call.method} was stamped {text}: 12 digits instead of 14 (P9)")
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return None


def _seconds_off(call: Call) -> float:
    moment = _moment_of(call)
    return 0.0 if moment is None else abs(moment.timestamp() - call.wall)


# Sign and seal of the target's own calls.


@check(
    "insurer/5.1/rule",
    "own-calls",
    zh="自身发起的调用签名正确",
    fix=(
        "Sign exactly the parameters that are sealed: sorted by name, name and value joined, "
        "api_secret at both ends, MD5 over UTF-8, upper case; `conzhu-sim explain` finds mistakes.",
        "对加密的全部参数签名：按名称升序拼接名称与值，两端加 api_secret，UTF-8 MD5 后转大写；"
        "可用 `conzhu-sim explain` 查找错误。",
    ),
)
def test_no_call_is_refused_for_its_sign(scene: Scene, deeds: Deeds) -> None:
    deeds.reads_a_new_order()

    refused = [c for c in scene.platform.calls_of_run() if c.status in ("1001", "1005", "1007")]

    assert not refused, f"{refused[0].status}: {refused[0].remark}"


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

    done, calls = scene.target.calls_of("offer", order_no=order_no)

    assert calls, f"no offer came for {order['principal']} (the action said: {done.said})"
    assert calls[-1].accepted, f"{calls[-1].status}: {calls[-1].remark}"


@check(
    "insurer/5.2/rule",
    "own-calls",
    zh="自身发起的调用能被平台解密",
    fix=(
        "Seal get_access_token with api_rsa_pk and everything else with your own rsa_pk: RSA "
        "PKCS#1 v1.5, blocks of key size - 11 bytes, the whole in one standard Base64.",
        "get_access_token 用 api_rsa_pk 加密，其余接口用本机构 rsa_pk 加密：RSA PKCS#1 v1.5，"
        "按密钥长度减 11 字节分段，拼接后整体做标准 Base64。",
    ),
)
def test_no_call_is_refused_for_its_seal(scene: Scene, deeds: Deeds) -> None:
    deeds.reads_a_new_order()

    calls = scene.platform.calls()

    refused = [c for c in calls if c.status in ("1000", "1006") and "cannot be opened" in c.remark]
    assert not refused, f"{refused[0].status}: {refused[0].remark}"
    if not calls:
        raise Blocked("no call came after the jump")


@check(
    "insurer/5.1/rule",
    "amounts-as-text",
    zh="金额以字符串发送",
    level=Level.SHOULD,
    decision="P7",
    fix=(
        "Send amounts as JSON strings: what a library makes of a number (1000.0, 1E+3) need not be "
        "what you signed.",
        "金额以 JSON 字符串发送：不同库对数字的书写（1000.0、1E+3）可能与签名时不同。",
    ),
)
def test_an_amount_is_sent_as_text(scene: Scene, deeds: Deeds) -> None:
    deeds.of("offer")
    deeds.of("pay")

    numbers = [call for call in scene.platform.calls_of_run() if "(P7)" in call.remark]

    assert not numbers, f"{numbers[0].method}: {numbers[0].remark}"


# The access token.


@check(
    "insurer/1.1/request",
    "complete",
    zh="获取 access_token 的请求携带全部必填参数",
    fix=(
        "Send method, api_key, api_secret, timestamp and sign, and nothing else.",
        "获取 access_token 时发送 method、api_key、api_secret、timestamp、sign。",
    ),
)
def test_a_token_request_has_every_required_parameter(deeds: Deeds) -> None:
    request = deeds.token_request()

    lacking = missing_in(request)

    assert not lacking, f"{TOKEN} lacks {', '.join(lacking)}"


@check("insurer/3/2", "renewed-after-revocation", zh="token 失效后重新获取并完成调用", fix=_RENEW)
def test_a_token_that_was_ended_is_replaced(scene: Scene, deeds: Deeds) -> None:
    deeds.with_living_token()
    scene.platform.fault("end_token")

    read = deeds.reads_a_new_order()

    assert read, "after the token was ended no 2.3 succeeded any more"


@check("insurer/3/2", "renewed-after-two-hours", zh="token 闲置两小时后重新获取", fix=_RENEW)
def test_a_token_unused_for_two_hours_is_replaced(scene: Scene, deeds: Deeds) -> None:
    deeds.with_living_token()
    scene.platform.advance(_TWO_HOURS + 1)

    read = deeds.reads_a_new_order()

    assert read, "two hours later, by the platform's clock, no 2.3 succeeded any more"


@check(
    "insurer/3/2",
    "renewed-with-file",
    zh="token 失效后重新发送的保函带有完整文件",
    fix=(
        "Build the whole request anew for the second try: a file stream that was read is empty.",
        "重新调用时应重新构造整个请求：已读过的文件流再次发送时为空。",
    ),
)
def test_a_guarantee_is_sent_whole_when_its_token_was_over(deeds: Deeds) -> None:
    deed = deeds.of("issue_without_token")

    assert deed.accepted, f"after the token was ended the guarantee was not taken: {deed}"


@check(
    "insurer/3/2",
    "used-again",
    zh="有效期内的 token 重复使用",
    level=Level.SHOULD,
    decision="P12",
    fix=_KEEP,
)
def test_a_living_token_is_used_again(scene: Scene, deeds: Deeds) -> None:
    deeds.with_living_token()
    start = scene.platform.mark()

    read = deeds.reads_a_new_order()

    fetched = scene.platform.calls(TOKEN, since=start)
    assert read, "the order was not read by 2.3 after the jump"
    assert not fetched, f"{len(fetched)} tokens were fetched though one was alive"


@check(
    "insurer/3/2",
    "renewed-once",
    zh="重新获取的 token 会被保存并继续使用",
    level=Level.SHOULD,
    decision="P12",
    fix=_KEEP,
)
def test_a_new_token_is_kept(scene: Scene, deeds: Deeds) -> None:
    deeds.with_living_token()
    scene.platform.fault("end_token")
    start = scene.platform.mark()

    reads = [deeds.reads_a_new_order() for _ in range(3)]

    fetched = scene.platform.calls(TOKEN, since=start)
    assert all(reads), "an order was not read by 2.3 after the jump"
    assert len(fetched) <= 1, f"{len(fetched)} tokens were fetched for three jumps"


@check(
    "insurer/3/2",
    "token-refused-once",
    zh="一次获取 token 失败后仍能恢复",
    fix=(
        "When no token could be had, forget that, and ask for one again at the next call.",
        "获取 access_token 失败时不要缓存失败结果，下次调用时应再次获取。",
    ),
)
def test_a_refused_token_request_is_not_the_end(scene: Scene, deeds: Deeds) -> None:
    deeds.with_living_token()
    scene.platform.fault("end_token")
    scene.platform.fault("answer", interface=TOKEN, value={"code": 404})
    scene.platform.open(scene.platform.apply())
    scene.platform.settle()

    read = deeds.reads_a_new_order()

    assert read, "after one refused request for a token no 2.3 succeeded any more"


# Refusals.


@check(
    "insurer/5.3/codes",
    "not-for-ever-{action}",
    zh="业务错误不会无休止重试",
    level=Level.SHOULD,
    fix=(
        "A code of 5.3 other than 1006 is an answer: asking again gives the same; stop, show it.",
        "除 1006 外，5.3 的状态码是确定的结果：重复调用不会改变，应停止并提示人工处理。",
    ),
)
@pytest.mark.parametrize(
    ("action", "code"), [("offer", 2313), ("issue", 2424), ("accept_claim", 3209)]
)
def test_a_business_error_is_not_repeated_for_ever(
    scene: Scene, deeds: Deeds, action: str, code: int
) -> None:
    values = deeds.ready_for(action)
    method = scene.target.effects[action].method
    scene.platform.fault("answer", interface=method, times=None, value={"code": code})

    calls = scene.target.try_to(action, **values)

    assert len(calls) <= _ENOUGH, f"{method} was called {len(calls)} times, each answered {code}"
