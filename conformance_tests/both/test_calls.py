"""The calls that the target makes: common parameters, sign and seal (5.x).

Judged from what the platform saw. The access token, and what a single call says, have files of
their own: test_calls_*.
"""

import re
from datetime import datetime
from decimal import Decimal

import pytest

from conformance_tests.suite.platform.seen import Call
from conformance_tests.suite.rules.checks import catalogue, check
from conformance_tests.suite.rules.interfaces import CALLS
from conformance_tests.suite.rules.outcomes import Blocked, Level, TargetFault, Warned, expect
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.target_actions import TargetAction, TargetActions
from simulator import clock

_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,13})(\.[0-9]{1,2})?\Z")
#: Digits of a timestamp.
_STAMP = 14
#: Seconds that two machines' clocks, and a slow call, may lie apart.
_NEAR = 300
#: As often may a call be made that was refused for good.
_ENOUGH = 3

AMOUNT = (
    "Write the amount in yuan with two decimals and nothing else: `1000.00`, no `1,000`, no 元, "
    "no 万元; from a decimal type, never from a binary float.",
    "金额以元为单位，保留两位小数，如 1000.00：不带千分位、单位或万元，使用十进制类型而非浮点数。",
)


def amount_of(deed: TargetAction, name: str) -> Decimal:
    """Return an amount of a call.

    Raises:
        TargetFault: it is none, or not written as the table asks.
    """
    text = str(deed.params.get(name, ""))
    expect(
        _DECIMAL.match(text),
        f"{name} is {text!r}, not an amount with at most two decimals",
        f"{name} 为 {text!r}，不是最多两位小数的金额",
    )
    return Decimal(text)


def missing_in(call: Call) -> list[str]:
    """Return the required parameters and files that a call lacks."""
    interface = catalogue().call(call.kind, call.method)
    if interface is None:
        raise TargetFault(
            f"{call.method} is no call of the manual", f"手册中没有接口 {call.method}"
        )
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


def calls_of_run(scene: Scene, deeds: TargetActions) -> list[Call]:
    """Let a principal come with a new order; return all calls that the target made so far.

    Raises:
        Blocked: it never made one, so that there is nothing to judge.
    """
    deeds.reads_a_new_order()
    calls = scene.platform.calls_of_run()
    if not calls:
        raise Blocked("the target has made no call at all", "目标没有发起过任何调用")
    return calls


@check(
    "{kind}/{section}/request",
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
def test_a_call_has_every_required_parameter(deeds: TargetActions, interface: str) -> None:
    call = deeds.showing(interface).call

    lacking = missing_in(call)

    expect(
        not lacking,
        f"{interface} lacks {', '.join(lacking)}",
        f"{interface} 缺少 {'、'.join(lacking)}",
    )


@check(
    "{kind}/{section}/function",
    "accepted",
    each=CALLS,
    zh="正常流程中的调用被平台接受",
    fix=(
        "Read the journal entry of the refused call: it names the parameter or the state that the "
        "code stands for, and what the platform expected.",
        "查看被拒绝调用的日志：其中说明状态码对应的参数或状态，以及平台期望的内容。",
    ),
)
def test_a_call_in_its_turn_is_accepted(deeds: TargetActions, interface: str) -> None:
    deed = deeds.showing(interface)

    refused = [call.answered for call in deed.calls if not call.accepted]

    expect(
        not refused and deed.call.accepted,
        f"{interface} was refused: {'; '.join(each.en for each in refused)}",
        f"{interface} 被平台拒绝：{'；'.join(each.zh for each in refused)}",
    )


@check(
    "{kind}/5.1/timestamp",
    "form",
    zh="timestamp 为 14 位 YmdHis",
    fix=(
        "Write timestamp as yyyyMMddHHmmss, 14 digits, neither epoch seconds nor milliseconds.",
        "timestamp 按 yyyyMMddHHmmss 书写（14 位数字），不要使用 Unix 秒或毫秒。",
    ),
)
def test_a_timestamp_is_written_ymdhis(scene: Scene, deeds: TargetActions) -> None:
    wrong = [call for call in calls_of_run(scene, deeds) if _moment_of(call) is None]

    if wrong:
        stamp = wrong[0].params.get("timestamp")
        raise TargetFault(
            f"{wrong[0].method} was stamped {stamp}", f"{wrong[0].method} 的 timestamp 为 {stamp}"
        )


@check(
    "{kind}/5.1/timestamp",
    "now",
    zh="timestamp 为当前北京时间",
    level=Level.SHOULD,
    fix=(
        "Stamp each call when it is made, in Asia/Shanghai, and keep the machine's clock by NTP.",
        "每次调用时取当前北京时间（Asia/Shanghai）作为 timestamp，并用 NTP 校时。",
    ),
    decision="P9",
)
def test_a_timestamp_is_the_time_of_the_call_in_china(scene: Scene, deeds: TargetActions) -> None:
    wrong = [call for call in calls_of_run(scene, deeds) if _seconds_off(call) > _NEAR]

    if wrong:
        stamp, came = wrong[0].params.get("timestamp"), clock.stamp(wrong[0].wall)
        raise TargetFault(
            f"{wrong[0].method} was stamped {stamp}, but it came at {came}",
            f"{wrong[0].method} 的 timestamp 为 {stamp}，实际到达时间为 {came}",
        )


def _moment_of(call: Call) -> datetime | None:
    text = str(call.params.get("timestamp", ""))
    if not call.params:
        return clock.to_moment(call.wall)
    if len(text) == 12 and text.isdecimal():
        raise Warned(
            f"{call.method} was stamped {text}: 12 digits instead of 14 (P9)",
            f"{call.method} 的 timestamp 为 {text}：12 位，应为 14 位（P9）",
        )
    if len(text) != _STAMP:
        # Of 13 digits the parser takes some for a moment: milliseconds would pass by chance.
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=clock.SHANGHAI)
    except ValueError:
        return None


def _seconds_off(call: Call) -> float:
    moment = _moment_of(call)
    return 0.0 if moment is None else abs(moment.timestamp() - call.wall)


# Sign and seal of the target's own calls.


@check(
    "{kind}/5.1/rule",
    "own-calls",
    zh="自身发起的调用签名正确",
    fix=(
        "Sign exactly the parameters that are sealed: sorted by name, name and value joined, "
        "api_secret at both ends, MD5 over UTF-8, upper case; `conzhu-sim explain` finds mistakes.",
        "对加密的全部参数签名：按名称升序拼接名称与值，两端加 api_secret，UTF-8 MD5 后转大写；"
        "可用 `conzhu-sim explain` 查找错误。",
    ),
)
def test_no_call_is_refused_for_its_sign(scene: Scene, deeds: TargetActions) -> None:
    for_the_sign = ("1001", "1005", "1007")
    refused = [c.answered for c in calls_of_run(scene, deeds) if c.status in for_the_sign]

    if refused:
        raise TargetFault(
            f"a call was refused: {refused[0].en}", f"有调用被平台拒绝：{refused[0].zh}"
        )


@check(
    "{kind}/5.2/rule",
    "own-calls",
    zh="自身发起的调用能被平台解密",
    fix=(
        "Seal get_access_token with api_rsa_pk and everything else with your own rsa_pk: RSA "
        "PKCS#1 v1.5, blocks of key size - 11 bytes, the whole in one standard Base64.",
        "get_access_token 用 api_rsa_pk 加密，其余接口用本机构 rsa_pk 加密：RSA PKCS#1 v1.5，"
        "按密钥长度减 11 字节分段，拼接后整体做标准 Base64。",
    ),
)
def test_no_call_is_refused_for_its_seal(scene: Scene, deeds: TargetActions) -> None:
    calls = calls_of_run(scene, deeds)

    refused = [c for c in calls if c.status in ("1000", "1006") and "cannot be opened" in c.remark]
    if refused:
        answered = refused[0].answered
        raise TargetFault(f"a call was refused: {answered.en}", f"有调用被平台拒绝：{answered.zh}")


@check(
    "{kind}/5.1/rule",
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
def test_an_amount_is_sent_as_text(scene: Scene, deeds: TargetActions) -> None:
    if not any(deed.calls for deed in deeds.with_amounts()):
        raise Blocked("no call with an amount came", "没有收到含金额的调用")

    numbers = [call for call in scene.platform.calls_of_run() if "(P7)" in call.remark]

    if numbers:
        first = numbers[0]
        raise TargetFault(
            f"{first.method} with an amount as a number: {first.remark}",
            f"{first.method} 以数字发送金额：{first.remark_zh}",
        )


# Refusals.


@check(
    "{kind}/5.3/codes",
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
    scene: Scene, deeds: TargetActions, action: str, code: int
) -> None:
    values = deeds.ready_for(action)
    method = scene.target.effects[action].method
    scene.platform.fault("answer", interface=method, times=None, value={"code": code})

    _, calls = scene.target.calls_of(action, **values)

    if not calls:
        raise Blocked(f"no call came that could be refused: {method}", f"没有收到 {method} 调用")
    expect(
        len(calls) <= _ENOUGH,
        f"{method} was called {len(calls)} times, each answered {code}",
        f"{method} 被调用 {len(calls)} 次，每次都返回 {code}",
    )
