"""Wrong answers that developers really give: the verdict says what stands in the body (P17)."""

import base64
import gzip
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from pushes import wire

Attempt = Callable[[str], dict[str, Any]]

RIGHT = b'{"status":200}'
NOTICE = b"<br />\n<b>Notice</b>:  Undefined index: x in <b>/n.php</b> on line <b>3</b><br />\n"
CHINESE = '{"status":200,"data":"成功"}'

#: What an HTTP 200 carries, and what the verdict calls it in both languages.
BODIES = [
    (
        gzip.compress(RIGHT, mtime=0),
        "compressed (gzip), which was not asked for",
        "压缩过的数据（gzip）",
    ),
    (zlib.compress(RIGHT), "compressed (deflate)", "压缩过的数据（deflate）"),
    (RIGHT.decode().encode("utf-16"), "JSON in UTF-16, not in UTF-8", "UTF-16 编码"),
    (RIGHT.decode().encode("utf-16-be"), "JSON in UTF-16-BE", "UTF-16-BE 编码"),
    (b"\xc3\xaf\xc2\xbb\xc2\xbf" + RIGHT, "something before it (`ï»¿`)", "前面有多余内容（`ï»¿`）"),
    (NOTICE + RIGHT, "JSON with a message of PHP before it (Notice;", "PHP 的报错信息（Notice"),
    (RIGHT + b"\nDeprecated: x in y on line 3", "PHP behind it (Deprecated;", "后面有 PHP 的报错"),
    (base64.b64encode(RIGHT), "the body is JSON in Base64:", "Base64 编码的 JSON"),
    (b"PHP " + b"Fatal error:  Uncaught x in /n.php on line 3", "message of PHP (Fatal", "PHP"),
    (b"<xml><return_code>SUCCESS</return_code></xml>", "the body is XML:", "响应体是 XML 文档："),
    (b"<?xml version='1.0'?><ok/>", "the body is XML:", "响应体是 XML 文档："),
    (b"<!DOCTYPE html><p>ok</p>", "the body is HTML:", "响应体是 HTML 页面："),
    (RIGHT + b"ok", "JSON with something behind it (`ok`)", "后面有多余内容（`ok`）"),
    (b"callback(" + RIGHT + b")", "around it (`callback(` and `)`)", "`callback(` 和 `)`"),
    (b"<string>" + RIGHT + b"</string>", "around it (`<string>` and `</string>`)", "`<string>`"),
    (b"status=200&msg=ok", "form-encoded (`status=200&msg=ok`)", "表单格式"),
    (b"success\n", "the text `success`, not JSON", "文本 `success`"),
    ("成功".encode(), "the text `成功`, not JSON", "文本 `成功`"),
    (b"{'status':200}", "wrong at character 2: `'status':200", "第 2 个字符有误"),
    (b'{"status":200', "JSON that is cut off (it ends with", "不完整的 JSON"),
    (b'"{\\"status\\":200}"', "it was encoded twice", "重复编码"),
    (b"[" + RIGHT + b"]", "a list around an object", "包含对象的数组"),
    (b'{"Status":200}', "no `status`; it has `Status`:", "而是 `Status`"),
    (b'{"status ":200}', 'it has `"status "`:', '而是 `"status "`'),
    (b'{"msg":"ok","code":200}', "it has `code`:", "而是 `code`"),
    (b'{"errcode":0,"errmsg":"ok"}', "it has `errcode`, `errmsg`:", "而是 `errcode`, `errmsg`"),
    (b'{"data":{"status":200}}', "it has `data.status`, which is 200", "内层的 `data.status`"),
    (
        b'{"data":"{\\"status\\":200}"}',
        "it has `data.status`, which is 200",
        "内层的 `data.status`",
    ),
    (b'{"status":"200 "}', '`status` is "200 ", with more than the number', '"200 "（'),
    ('{"status":"２００"}'.encode(), '`status` is "２００", with more', "数字前后有多余字符"),
    (b'{"status":true}', "`status` is true, not 200.", "`status` 为 true"),
    (b'{"status":null}', "`status` is null, not 200.", "`status` 为 null"),
]


def http_answer(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return an HTTP answer with the length of its body."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    listed = {"Content-Length": str(len(body)), **given}
    lines = [f"{name}: {value}" for name, value in listed.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def verdict_on(attempt: Attempt, raw: bytes) -> dict[str, Any]:
    """Return the verdict on an attempt that is answered with these bytes."""
    with wire.raw_server(wire.answering(raw)) as url:
        return dict(attempt(url)["verdict"])


@pytest.mark.parametrize(("body", "en", "zh"), BODIES, ids=lambda value: repr(value)[:40])
def test_a_wrong_body_is_named(attempt: Attempt, body: bytes, en: str, zh: str) -> None:
    verdict = verdict_on(attempt, http_answer(body))

    assert en in verdict["en"]
    assert zh in verdict["zh"]


def test_a_compression_is_named_by_its_header(attempt: Attempt) -> None:
    verdict = verdict_on(attempt, http_answer(b"\x0b\x07\x80{", Content_Encoding="br"))

    assert "compressed (br), which was not asked for" in verdict["en"]


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_a_header_alone_proves_no_compression(attempt: Attempt, encoding: str) -> None:
    verdict = verdict_on(attempt, http_answer(b"OK", Content_Encoding=encoding))

    assert "the text `OK`" in verdict["en"]


def test_another_version_of_http_is_no_broken_connection(attempt: Attempt) -> None:
    assert verdict_on(attempt, b"HTTP/2 200\r\n\r\n")["code"] == "not_http"


def test_a_length_in_letters_cuts_the_body(attempt: Attempt) -> None:
    raw = http_answer(CHINESE.encode(), Content_Length=str(len(CHINESE)))

    verdict = verdict_on(attempt, raw)

    assert verdict["code"] == "not_json"
    assert "perhaps Content-Length counts letters instead of bytes" in verdict["en"]
    assert "可能 Content-Length 按字符数" in verdict["zh"]


@pytest.mark.parametrize("status", ["204 No Content", "205 Reset Content"])
def test_a_status_that_forbids_a_body_is_named(attempt: Attempt, status: str) -> None:
    verdict = verdict_on(attempt, http_answer(b"", status))

    assert verdict["code"] == "empty"
    assert verdict["en"] == (
        f"HTTP {status[:3]}, but that status never has a body, use HTTP 200: "
        'answer {"status":200}.'
    )


@pytest.mark.parametrize(
    ("body", "status", "code", "quoted"),
    [
        ('{"status":1000,"data":"解密失败"}'.encode(), "200 OK", "unopened", "解密失败"),
        ('{"code":1,"msg":"解密异常"}'.encode("gbk"), "200 OK", "unopened", "解密异常"),
        (b'{"status":500,"data":"\\u89e3\\u5bc6\\u5931\\u8d25"}', "200 OK", "unopened", "解密失败"),
        (b"Illegal base64 character 20", "500 Error", "unopened", "Illegal base64 character 20"),
        (b'{"error":"Padding error"}', "200 OK", "unopened", "Padding error"),
        (b"javax.crypto.BadPaddingException: x", "500 Error", "unopened", "BadPaddingException"),
        ('{"status":404,"data":"验签失败"}'.encode(), "200 OK", "sign_refused", "验签失败"),
        ("签名不正确".encode(), "400 Bad Request", "sign_refused", "签名不正确"),
        (b'{"status":403,"msg":"Invalid signature"}', "200 OK", "sign_refused", "Invalid sign"),
        (
            b'{"error":"RSA_PKCS1_PADDING is no longer supported for private decryption, this"}',
            "500 Error",
            "node_pkcs1",
            "RSA_PKCS1_PADDING is no longer supported",
        ),
    ],
)
def test_a_push_refused_for_its_seal_or_sign_is_not_told_to_be_stored(
    attempt: Attempt, body: bytes, status: str, code: str, quoted: str
) -> None:
    verdict = verdict_on(attempt, http_answer(body, status))

    assert verdict["code"] == code
    assert quoted in verdict["en"]
    assert quoted in verdict["zh"]
    way_out = "--security-revert=CVE-2023-46809" if code == "node_pkcs1" else "push explain NUMBER"
    assert way_out in verdict["remedy"]["en"]
    assert "answer" not in verdict["remedy"]["en"]


@pytest.mark.parametrize("words", ["签名成功", "已签名", "designation failed", "no sign of life"])
def test_other_words_about_signs_are_no_complaint(attempt: Attempt, words: str) -> None:
    body = f'{{"status":500,"data":"{words}"}}'.encode()

    assert verdict_on(attempt, http_answer(body))["code"] == "status_other"
