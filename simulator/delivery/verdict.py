"""What an answer to a push means, in words (P17, P37, P51)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from simulator import schema_errors
from simulator.delivery.courier import BODY_LIMIT, Received
from simulator.errors import Text
from simulator.protocol.catalogue import Interface
from simulator.protocol.codes import OK, Codes

_MISSPELLED = ("statue", "statues")
_BOM = "\ufeff"


@dataclass(frozen=True)
class Verdict:
    """Whether an attempt succeeded, a short code for machines, and the sentence for people."""

    acknowledged: bool
    code: str
    text: Text
    answer: Mapping[str, Any] | None = None

    def noting(self, notes: Iterable[Text]) -> "Verdict":
        """Return this verdict with further sentences behind its own."""
        said = [self.text, *notes]
        text = Text(" ".join(each.en for each in said), "".join(each.zh for each in said))
        return replace(self, text=text)


def _failed(code: str, en: str, zh: str, answer: Mapping[str, Any] | None = None) -> Verdict:
    return Verdict(False, code, Text(en, zh), answer)


def judge(interface: Interface, codes: Codes, strict_ack: bool, received: Received) -> Verdict:
    """Return the verdict on one attempt.

    A notice is acknowledged by HTTP 2xx and a JSON object whose `status` is 200; a question is
    answered by the same, or refused by a documented code; a page by any 2xx or 3xx (P51).
    """
    if received.failure is not None:
        return _without_answer(received)
    status = received.status or 0
    if interface.delivery == "page":
        return _page(status)
    if not 200 <= status < 300:
        return _http_status(status, received)
    members = _object(received.body)
    if isinstance(members, Verdict):
        return members
    outcome = _member_status(interface, codes, strict_ack, members)
    if outcome.code != "acknowledged":
        return outcome
    return _with_oddities(interface, outcome, received.body)


def _without_answer(received: Received) -> Verdict:
    seconds, detail = received.seconds, received.detail
    match received.failure:
        case "timeout":
            return _failed(
                "timeout",
                f"no complete answer within {detail} s: acknowledge first, then work.",
                f"{detail} 秒内未收到完整应答：请先应答，再处理业务。",
            )
        case "unreachable":
            return _failed(
                "unreachable",
                f"nothing accepts connections there ({detail}): is the endpoint running?",
                f"无法连接（{detail}）：接收地址是否已启动？",
            )
        case "name":
            return _failed(
                "name",
                f"the host name is not known ({detail}): correct the endpoint.",
                f"域名无法解析（{detail}）：请更正接收地址。",
            )
        case "name_slow":
            return _failed(
                "name_slow",
                f"the host name was not resolved in time ({detail}).",
                f"域名未能及时解析（{detail}）。",
            )
        case "tls":
            return _failed(
                "tls",
                f"the TLS handshake failed ({detail}): check the certificate.",
                f"TLS 握手失败（{detail}）：请检查证书。",
            )
        case "too_large":
            return _failed(
                "too_large",
                f"the answer is larger than {BODY_LIMIT // 1024} KiB: answer "
                '{"status":200} and nothing else.',
                f'应答超过 {BODY_LIMIT // 1024} KiB：只需返回 {{"status":200}}。',
            )
        case "address":
            return _failed(
                "address",
                f"the endpoint {detail!r} is no http or https address: correct it.",
                f"接收地址 {detail!r} 不是 http 或 https 地址：请更正。",
            )
        case "cut":
            return _failed(
                "cut",
                f"the connection was reset in the middle of the request ({detail}), on purpose "
                "(fault rule).",
                f"按故障规则有意在请求发送到一半时（{detail}）重置连接。",
            )
        case _:
            return _failed(
                "broken",
                f"the connection broke after {seconds:.1f} s ({detail}).",
                f"连接在 {seconds:.1f} 秒后中断（{detail}）。",
            )


def _page(status: int) -> Verdict:
    if 200 <= status < 400:
        return Verdict(
            True,
            "opened",
            Text(
                f"HTTP {status}: the page was opened.",
                f"HTTP {status}：页面已打开。",
            ),
        )
    return _failed(
        "http_status",
        f"HTTP {status} instead of a page.",
        f"返回 HTTP {status}，而不是页面。",
    )


def _http_status(status: int, received: Received) -> Verdict:
    if 300 <= status < 400:
        target = next((v for k, v in received.headers.items() if k.lower() == "location"), "?")
        return _failed(
            "redirect",
            f"HTTP {status} to {target}: redirects are not followed; register the final address.",
            f"HTTP {status} 跳转到 {target}：平台不跟随跳转；请登记最终地址。",
        )
    return _failed(
        "http_status",
        f'HTTP {status}: answer HTTP 200 with {{"status":200}}.',
        f'返回 HTTP {status}：应返回 HTTP 200 和 {{"status":200}}。',
    )


def _object(body: bytes) -> dict[str, Any] | Verdict:
    text = body.decode("utf-8", "replace").lstrip(_BOM).strip()
    if not text:
        return _failed(
            "empty",
            'HTTP 200, but the body is empty: answer {"status":200}.',
            'HTTP 200，但响应体为空：应返回 {"status":200}。',
        )
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        found = "HTML" if text.startswith("<") else "not JSON"
        found_zh = "HTML" if text.startswith("<") else "非 JSON 文本"
        return _failed(
            "not_json",
            f'HTTP 200, but the body is {found}: answer {{"status":200}}.',
            f'HTTP 200，但响应体是 {found_zh}：应返回 {{"status":200}}。',
        )
    if not isinstance(members, dict):
        return _failed(
            "not_object",
            'HTTP 200, but the body is no JSON object: answer {"status":200}.',
            'HTTP 200，但响应体不是 JSON 对象：应返回 {"status":200}。',
        )
    return members


def _member_status(
    interface: Interface, codes: Codes, strict_ack: bool, members: dict[str, Any]
) -> Verdict:
    misspelled = next((name for name in _MISSPELLED if name in members), None)
    if "status" in members:
        name = "status"
    elif misspelled and not strict_ack:
        name = misspelled
    else:
        found = f"; it has `{misspelled}`" if misspelled else ""
        found_zh = f"，而是 `{misspelled}`" if misspelled else ""
        return _failed(
            "status_missing",
            f'HTTP 200 and JSON, but no `status`{found}: answer {{"status":200}}.',
            f'HTTP 200 且为 JSON，但没有 `status`{found_zh}：应返回 {{"status":200}}。',
            members,
        )
    value = members[name]
    if not _is_ok(value):
        return _other_status(interface, codes, value, members)
    if name != "status":
        text = Text(
            f"acknowledged: `{name}` accepted, write `status`.",
            f"已确认：`{name}` 可接受，建议改为 `status`。",
        )
        return Verdict(True, name, text, members)
    return _success(interface, members)


def _with_oddities(interface: Interface, outcome: Verdict, body: bytes) -> Verdict:
    """Note what an acknowledgement has beyond its table, mostly `{"status":200}` (P17)."""
    table = (interface.description["response"] or {}).get("properties", {"status": {}})
    further = [name for name in outcome.answer or {} if name not in table]
    en, zh = [], []
    if body.decode("utf-8", "replace").startswith(_BOM):
        en.append("a byte order mark before it")
        zh.append("开头有 BOM")
    if further:
        en.append(f"further members: {', '.join(further)}")
        zh.append(f"多余字段：{'、'.join(further)}")
    if not en:
        return outcome
    text = Text(f"acknowledged ({'; '.join(en)}).", f"已确认（{'；'.join(zh)}）。")
    return replace(outcome, text=text)


def _is_ok(value: object) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value == OK
    return value == str(OK)


def _other_status(
    interface: Interface, codes: Codes, value: object, members: dict[str, Any]
) -> Verdict:
    documented = {"verify": codes.verify, "query": codes.query}.get(interface.name, {})
    remark = next((text for code, text in documented.items() if str(code) == str(value)), None)
    if interface.delivery == "question" and remark:
        return _failed(
            "refused",
            f"`status` is {value}: {remark}.",
            f"`status` 为 {value}：{remark}。",
            members,
        )
    return _failed(
        "status_other",
        f"`status` is {value}, not 200.",
        f"`status` 为 {value}，不是 200。",
        members,
    )


def _success(interface: Interface, members: dict[str, Any]) -> Verdict:
    if interface.delivery == "question" and interface.answer is not None:
        for error in interface.answer.iter_errors(members):
            where, wrong = error.json_path.removeprefix("$."), schema_errors.describe(error)
            return _failed(
                "answer_form",
                f"`status` is 200, but the answer does not have the form of the table: "
                f"{where}: {wrong.en}.",
                f"`status` 为 200，但应答不符合手册格式：{where}：{wrong.zh}。",
                members,
            )
        return Verdict(True, "answered", Text("answered.", "已应答。"), members)
    return Verdict(True, "acknowledged", Text("acknowledged.", "已确认。"), members)
