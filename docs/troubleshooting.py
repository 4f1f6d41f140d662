"""The page docs/troubleshooting.md: what the simulator says is wrong, and what to change."""

from collections.abc import Iterator

from tables import DERIVED, format_row

from simulator import texts
from simulator.delivery import judging
from simulator.delivery.courier import Received
from simulator.delivery.verdict import MEANINGS, Verdict, remedy
from simulator.protocol.catalogue import Catalogue, Interface
from simulator.protocol.diagnosis import MISTAKES

#: Answers, and the ways in which there was none, for each verdict that fails or only just does not.
_FAILURES = {
    "timeout": "10",
    "unreachable": "127.0.0.1:8080: refused",
    "name": "insurer.test: unknown",
    "name_slow": "insurer.test: 10 s",
    "tls": "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "https_needed": "15 03 03 00 02 02 46",
    "http_needed": "HTTP/1.1 400 Bad Request",
    "not_http": "SSH: SSH-2.0-OpenSSH_9.6",
    "certificate": "not yet valid",
    "certificate_expired": "expired",
    "certificate_self_signed": "self-signed",
    "certificate_issuer": "no local issuer",
    "certificate_host": "not valid for 'a.test'",
    "address": "ftp://insurer.test",
    "broken": "ConnectionResetError",
    "too_large": "",
    "cut": "412 of 824 bytes",
}
_WRONG = ("", "<html>", "[]", '{"code":200}', '{"status":500}')
_ODD = ('{"statue":200}', '{"statues":200}')
_SAID = ('{"status":1000,"data":"解密失败"}', '{"status":404,"data":"验签失败"}')
_ASKED = (b'{"code":200}', b'{"status":2605}', b'{"status":200}')
_ANSWERS = (
    *(("order_status", Received(1.5, failure=how, detail=so)) for how, so in _FAILURES.items()),
    ("order_status", Received(0, 302, {"Location": "/login"})),
    ("order_status", Received(0, 500)),
    ("order_page", Received(0, 500)),
    *(("order_status", Received(0, 200, body=it.encode())) for it in _WRONG + _ODD + _SAID),
    ("order_status", Received(0, 500, body=b"RSA_PKCS1_PADDING is no longer supported")),
    *(("verify", Received(0, 200, body=it)) for it in _ASKED),
)


def lines(catalogue: Catalogue) -> Iterator[str]:
    """Return the page's lines."""
    yield DERIVED
    yield "# Troubleshooting / 排错\n"
    yield "What the simulator says of a message that is wrong, and what to change. The journal says"
    yield "it of each call (`conzhu-sim journal list`), `conzhu-sim explain` of what you paste,"
    yield "without a server; `conzhu-sim push explain ID` says it of a push.\n"
    yield "模拟器对错误报文的诊断及修改方法。每次调用的诊断见日志（`conzhu-sim journal list`）；"
    yield "`conzhu-sim explain` 可离线诊断粘贴的报文；`conzhu-sim push explain ID` 说明一次推送。\n"
    yield "The last column names the right code: `--dialect php` prints it, [wire](wire.md) too."
    yield "末列为正确代码的名称：用 `--dialect php` 显示，六种语言的全文见 wire.md。\n"
    for where, heading in (
        ("form", "The form: what was posted / 表单"),
        ("seal", "The seal: `param` does not open / 加密（param 无法解密）"),
        ("sign", "The sign: it opens, but the sign does not hold / 签名不对"),
        ("value", "The values: taken, but hardly meant / 参数值（已接受，但多半有误）"),
        ("file", "The file: it is no whole PDF, or has another hash / 文件与哈希"),
    ):
        yield f"## {heading}\n"
        yield format_row(
            "name", "what you see", "现象", "what to change", "如何修改", "code / 代码"
        )
        yield "|---|---|---|---|---|---|"
        for mistake in MISTAKES.values():
            if mistake.where == where:
                title, change, code = mistake.title, mistake.remedy, mistake.snippet
                yield format_row(
                    f"`{mistake.name}`", title.en, title.zh, change.en, change.zh, code
                )
        yield ""
    yield "## The server: what it could not read / 服务器无法读取的请求\n"
    yield format_row("name", "what the journal says", "日志说明")
    yield "|---|---|---|"
    for name, said in texts.load("broken_requests").items():
        yield format_row(f"`{name}`", said.en, said.zh)
    yield ""
    yield "## Codes: what the platform answers / 平台返回的状态码\n"
    yield "[Codes](reference/codes.md) has each with its meaning and a way to provoke it."
    yield "各状态码的含义与触发方法见该页。\n"
    yield "## Pushes: the answer, and what it means / 推送的应答\n"
    yield "The verdict says what to change, or the columns beside it do."
    yield "判定本身已说明如何修改，或见右侧两列。\n"
    titles = ("verdict (an example)", "判定（示例）", "what to change", "如何修改", "code / 代码")
    yield format_row("name", *titles)
    yield "|---|---|---|---|---|---|"
    for interface, outcome in _verdicts(catalogue):
        change = remedy(interface, outcome.code)
        said = (change.en, change.zh) if change else ("", "")
        code = MEANINGS[outcome.code].snippet or ""
        yield format_row(f"`{outcome.code}`", outcome.text.en, outcome.text.zh, *said, code)


def _verdicts(catalogue: Catalogue) -> Iterator[tuple[Interface, Verdict]]:
    for name, received in _ANSWERS:
        interface = catalogue.fetch("insurer", name)
        yield interface, judging.judge(interface, catalogue.codes, False, received)
    notice = catalogue.fetch("insurer", "order_status")
    for code in ("ack_lost", "not_delivered", "interrupted"):
        yield notice, Verdict.of(code)
