"""One probe that tells whether the target opens and verifies what the platform sends."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from conformance_tests.suite.messages.notices import Answer, Notice
from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.report.findings import readable
from simulator import ids
from simulator.errors import Text
from simulator.protocol.key_pool import strangers_key

_UNKNOWN = "DOCTOR-0000"
_UNKNOWN_ZH = "检查-0000"
#: What 2.7 answers once it has opened, verified and looked (5.6): an unknown guarantee.
_LOOKED = ("2702",)
_SERVER_ERROR = 500
_NOT_FOUND_IN_IT = ("2700", "2701")
#: What a notice of an order's status says besides.
_STATUS = {
    "block_number": _UNKNOWN,
    "block_name": _UNKNOWN,
    "principal": _UNKNOWN,
    "creditor": _UNKNOWN,
    "applicant": _UNKNOWN,
    "order_status_old": "WAIT_TUNE_UP",
    "order_status": "CANCEL",
}


@dataclass(frozen=True)
class Probed:
    """What came of the probe: `wrong` says what does not fit, `remark` what was seen.

    `snippet` names the code that does it right.
    """

    answer: Answer
    remark: Text
    wrong: Text | None = None
    snippet: str | None = None


def probe(platform: Business) -> Probed:
    """Send one right push about something that does not exist, and compare with wrong ones.

    The question 2.7 where the target has it, whose codes are documented; else a notice. What is
    answered to a right push as to one that a stranger sealed was not opened; as to one that was
    signed with another secret, not verified.
    """
    notice = _harmless(platform)
    answer = platform.send(notice)
    if answer.received.failure is not None:
        return Probed(answer, Text("", ""), _no_answer(answer))
    http = answer.received.status or 0
    if not answer.members:
        return Probed(answer, Text("", ""), _no_json(notice, http, answer), "endpoint")
    if notice.interface == "query" and answer.status in _LOOKED:
        chinese = platform.send(notice.saying(guarantee_no=_UNKNOWN_ZH))
        if chinese.status not in _LOOKED:
            return Probed(answer, Text("", ""), _other_charset(answer, chinese), "sign")
        return Probed(answer, Text("opened, verified, answered 2702", "已解密、验签，返回 2702"))
    if notice.interface == "query" and answer.status in _NOT_FOUND_IN_IT:
        return Probed(answer, Text("", ""), _read_nothing(answer), "open")
    stranger = strangers_key(notice.key.size_in_bits()).public_key()
    strange = _shown(platform.send(notice.sealed_with(stranger)))
    other_secret = _shown(platform.send(notice.signed_with(ids.new_seed())))
    shown = _shown(answer)
    if shown == strange == other_secret:
        if answer.status == "200" or notice.interface != "query":
            return Probed(answer, _indifferent(answer))
        return Probed(answer, Text("", ""), _not_opened(notice, answer), "open")
    if shown == strange:
        return Probed(answer, Text("", ""), _not_opened(notice, answer), "open")
    if shown == other_secret and not answer.acknowledged:
        lower = platform.send(notice.signed_in_lower_case())
        wrong = _not_verified(answer) if _shown(lower) == shown else _in_lower_case(answer, lower)
        return Probed(answer, Text("", ""), wrong, "sign")
    return Probed(
        answer, Text(f"opened, answered {answer.status}", f"已解密，返回 {answer.status}")
    )


def _harmless(platform: Business) -> Notice:
    endpoints = platform.stage.target.endpoints
    if "query" in endpoints:
        return platform.compose("query", guarantee_no=_UNKNOWN, serial_num=_UNKNOWN)
    jump = platform.entrance
    interface = next((name for name in endpoints if name != jump), jump)
    notice = platform.compose(interface).saying(order_no=_UNKNOWN)
    return notice.saying(**_STATUS) if interface == "order_status" else notice


def _shown(answer: Answer) -> tuple[Any, ...]:
    """Return what tells two answers apart."""
    return answer.received.failure, answer.received.status, answer.status, str(answer.data)


def _said(answer: Answer) -> str:
    return readable(str(answer))


def _no_answer(answer: Answer) -> Text:
    judged = answer.verdict.text
    return Text(f"The endpoint gave no answer: {judged.en}", f"接收地址没有应答：{judged.zh}")


def no_route(interface: str, url: str, http: int | None) -> Text | None:
    """Return what is said of an address at which a server listens, but nothing takes posts."""
    if http == HTTPStatus.NOT_FOUND:
        return Text(
            f"endpoints.{interface}: {url} answers a POST with HTTP 404: correct its path, or let "
            "the target serve it.",
            f"endpoints.{interface}：对 {url} 的 POST 返回 HTTP 404：请更正路径，"
            "或在目标中实现该接口。",
        )
    if http == HTTPStatus.METHOD_NOT_ALLOWED:
        return Text(
            f"endpoints.{interface}: {url} answers a POST with HTTP 405: everything comes by POST, "
            "as a form.",
            f"endpoints.{interface}：对 {url} 的 POST 返回 HTTP 405：平台一律以 POST 表单请求。",
        )
    return None


def _no_json(notice: Notice, http: int, answer: Answer) -> Text:
    if nobody := no_route(notice.interface, notice.url, http):
        return nobody
    if http >= _SERVER_ERROR:
        return Text(
            f"The endpoint {notice.interface} at {notice.url} answers HTTP {http}: an exception "
            'that nobody caught; find it in your own log. Refuse with HTTP 200 and {"status": …}.',
            f"{notice.interface} 接收地址 {notice.url} 返回 HTTP {http}：异常未被捕获，"
            '请查看系统日志；拒绝时应以 HTTP 200 返回 {"status": …}。',
        )
    return Text(
        f"The endpoint {notice.interface} at {notice.url} answers no JSON ({_said(answer)}): "
        'answer {"status": …} with HTTP 200.',
        f"{notice.interface} 接收地址 {notice.url} 返回的不是 JSON（{_said(answer)}）："
        '请以 HTTP 200 返回 {"status": …}。',
    )


def _read_nothing(answer: Answer) -> Text:
    return Text(
        f"The target opened the question, but did not find its parameters ({_said(answer)}): "
        "read the plaintext as JSON, or set `account.switches.plaintext` to the form that it "
        "reads.",
        f"目标已解密，但没有读到其中的参数（{_said(answer)}）：请按 JSON 解析明文，"
        "或把 `account.switches.plaintext` 设为目标可读的格式。",
    )


def _not_opened(notice: Notice, answer: Answer) -> Text:
    bits = notice.key.size_in_bits()
    return Text(
        f"The target does not open what we seal ({_said(answer)}): it answers what a "
        f"stranger sealed in the same way. Give it rsa_sk ({bits} bits) of this run's account "
        f"letter; PKCS#1 v1.5 padding in blocks of {bits // 8} bytes.",
        f"目标无法解密平台的报文（{_said(answer)}）：对使用陌生密钥加密的报文也作相同应答。"
        f"请让目标使用本次账户开户信中的 rsa_sk（{bits} 位），按 {bits // 8} 字节分段，"
        "PKCS#1 v1.5 填充。",
    )


def _not_verified(answer: Answer) -> Text:
    return Text(
        f"The target opens what we seal, but refuses its sign ({_said(answer)}): it answers one of "
        "another secret in the same way. Give it api_secret of this run's account letter; if it "
        "has that, compare its base string with `conzhu-sim explain`.",
        f"目标可以解密，但验签不通过（{_said(answer)}）："
        "对使用其他 api_secret 签名的报文也作相同应答。请让目标使用本次账户开户信中的 "
        "api_secret；若已一致，"
        "请用 `conzhu-sim explain` 比对待签名串。",
    )


def _in_lower_case(upper: Answer, lower: Answer) -> Text:
    return Text(
        f"The target refuses a right sign ({_said(upper)}) and takes the same in lower case "
        f"({_said(lower)}): 5.1 writes it in upper case; compare without regard to case, or "
        "convert to upper case.",
        f"目标拒绝正确的签名（{_said(upper)}），却接受其小写形式（{_said(lower)}）："
        "5.1 规定签名为大写；请忽略大小写比较，或先转为大写。",
    )


def _other_charset(plain: Answer, chinese: Answer) -> Text:
    return Text(
        f"The target answers a question without Chinese in it as it should ({_said(plain)}), and "
        f"the same question with Chinese in it otherwise ({_said(chinese)}): read the plaintext, "
        "and hash the base string, as UTF-8 (in Java: StandardCharsets.UTF_8, not the default).",
        f"目标能正确应答不含中文的查验（{_said(plain)}），含中文时则不能（{_said(chinese)}）："
        "请按 UTF-8 解析明文并计算签名（Java 请指定 StandardCharsets.UTF_8）。",
    )


def _indifferent(answer: Answer) -> Text:
    return Text(
        f"answers right and wrong pushes alike ({_said(answer)}): nothing is shown about keys",
        f"对正确与错误的报文应答相同（{_said(answer)}），无法判断密钥是否一致",
    )
