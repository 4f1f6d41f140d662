"""What an HTTP answer to a notice means, and in which words (P17)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pushes import wire
from support.endpoint import Endpoint
from support.platform import Platform

Notice = Callable[..., int]

HINT = 'answer {"status":200}'

#: The body of an HTTP 200, and the code of the verdict on it.
BODIES = [
    (b'{"status":200}', "acknowledged"),
    (b'{"status":"200"}', "acknowledged"),
    (b' \r\n{ "status" : 200 }\n', "acknowledged"),
    (b'\xef\xbb\xbf{"status":200}', "acknowledged"),
    ('{"status":200,"data":"成功","msg":null}'.encode(), "acknowledged"),
    ('{"data":"成功","status":200}'.encode("gbk"), "acknowledged"),
    (b'{"status":200.0}', "acknowledged"),
    (b'{"statue":200}', "statue"),
    (b'{"statues":"200"}', "statues"),
    (b'{"statues":500}', "status_other"),
    (b'{"status":500,"statue":200}', "status_other"),
    (b'{"status":"ok"}', "status_other"),
    (b'{"status":true}', "status_other"),
    (b'{"status":null}', "status_other"),
    (b'{"status":[200]}', "status_other"),
    (b'{"status":201}', "status_other"),
    (b'{"Status":200}', "status_missing"),
    (b'{"code":200}', "status_missing"),
    (b"{}", "status_missing"),
    (b"", "empty"),
    (b" \n", "empty"),
    (b"\xef\xbb\xbf", "empty"),
    (b"<html><body>ok</body></html>", "not_json"),
    (b"status=200", "not_json"),
    (b"{status:200}", "not_json"),
    (b"ok", "not_json"),
    (b'{"status":200}{"status":200}', "not_json"),
    (b"[" * 60_000, "not_json"),
    (b'{"status":200,"data":NaN}', "not_json"),
    (b'{"status":200,"data":[-Infinity]}', "not_json"),
    (b'{"status":200,"data":1e999}', "not_json"),
    ('{"status":200}'.encode("utf-16"), "not_json"),
    (b'"200"', "not_object"),
    (b"200", "not_object"),
    (b"true", "not_object"),
    (b'[{"status":200}]', "not_object"),
    (b"null", "not_object"),
]

GOOD = ("acknowledged", "statue", "statues")


def attempt(platform: Platform, push: int) -> dict[str, Any]:
    """Make the push's first attempt and return it."""
    platform.advance(0)
    shown = platform.push(push)
    [made] = shown["attempts"]
    good = made["verdict"]["code"] in GOOD
    assert shown["state"] == ("acknowledged" if good else "pending")
    assert made["outcome"] == ("acknowledged" if good else "failed")
    assert (made["next_due"] is None) == good
    return dict(made)


@pytest.mark.parametrize(("body", "code"), BODIES, ids=lambda value: repr(value)[:40])
def test_the_body_of_an_http_200_decides(
    platform: Platform, endpoint: Endpoint, notice: Notice, body: bytes, code: str
) -> None:
    endpoint.answers = [(200, body)]

    verdict = attempt(platform, notice())["verdict"]

    assert verdict["code"] == code
    assert verdict["en"].endswith(".")
    assert verdict["zh"].endswith("。")
    if code in ("empty", "not_json", "not_object", "status_missing"):
        assert HINT in verdict["en"]
        assert '{"status":200}' in verdict["zh"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"status":500}', "`status` is 500, not 200."),
        (b"", 'HTTP 200, but the body is empty: answer {"status":200}.'),
        (b"<html>", 'HTTP 200, but the body is HTML: answer {"status":200}.'),
        (b"ok", 'HTTP 200, but the body is the text `ok`, not JSON: answer {"status":200}.'),
        (b"[]", 'HTTP 200, but the body is no JSON object, but a list: answer {"status":200}.'),
        (b'{"statue":200}', "acknowledged: `statue` accepted, write `status`."),
    ],
)
def test_the_verdict_is_one_sentence(
    platform: Platform, endpoint: Endpoint, notice: Notice, body: bytes, words: str
) -> None:
    endpoint.answers = [(200, body)]

    assert attempt(platform, notice())["verdict"]["en"] == words


@pytest.mark.parametrize("member", ["statue", "statues"])
def test_a_strict_account_accepts_status_alone(
    platform: Platform, endpoint: Endpoint, notice: Notice, member: str
) -> None:
    platform.switch(strict_ack=True)
    endpoint.answers = [(200, json.dumps({member: 200}).encode())]

    verdict = attempt(platform, notice())["verdict"]

    assert verdict["code"] == "status_missing"
    assert verdict["en"] == f"HTTP 200 and JSON, but no `status`; it has `{member}`: {HINT}."
    assert f"而是 `{member}`" in verdict["zh"]


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (201, b'{"status":200}', "acknowledged"),
        (202, b'{"status":200}', "acknowledged"),
        (201, b"", "empty"),
        (204, b"", "empty"),
        (400, b'{"status":200}', "http_status"),
        (404, b"not found", "http_status"),
        (500, b'{"status":200}', "http_status"),
        (503, b"", "http_status"),
    ],
)
def test_the_http_status_must_be_2xx(
    platform: Platform, endpoint: Endpoint, notice: Notice, status: int, body: bytes, code: str
) -> None:
    endpoint.answers = [(status, body)]

    made = attempt(platform, notice())

    assert made["verdict"]["code"] == code
    if code == "http_status":
        assert made["verdict"]["en"] == f'HTTP {status}: answer HTTP 200 with {{"status":200}}.'
    assert made["received"]["status"] == status
    assert made["received"]["body"] == body.decode()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(
    platform: Platform, endpoint: Endpoint, notice: Notice, status: int
) -> None:
    target = f"{endpoint.url}/elsewhere"
    raw = f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
    push = notice()
    with wire.raw_server(wire.answering(raw.encode())) as url:
        platform.change(endpoints={"order_status": url})
        verdict = attempt(platform, push)["verdict"]

    assert verdict["code"] == "redirect"
    assert verdict["en"] == (
        f"HTTP {status} to {target}: redirects are not followed; register the final address."
    )
    assert target in verdict["zh"]
    assert endpoint.posts == []


@pytest.mark.parametrize("kind", ["text/html", "application/octet-stream", ""])
def test_the_content_type_of_an_answer_does_not_matter(
    platform: Platform, endpoint: Endpoint, notice: Notice, kind: str
) -> None:
    line = f"Content-Type: {kind}\r\n" if kind else ""
    raw = f'HTTP/1.1 200 OK\r\n{line}Content-Length: 14\r\n\r\n{{"status":200}}'
    push = notice()
    with wire.raw_server(wire.answering(raw.encode())) as url:
        platform.change(endpoints={"order_status": url})

        assert attempt(platform, push)["verdict"]["code"] == "acknowledged"


@pytest.mark.parametrize("path", ["/推送/a b?键=值&x=%2B", "", "/?a=1", "/a%20b"])
def test_any_path_and_query_of_an_endpoint_is_kept(
    platform: Platform, endpoint: Endpoint, notice: Notice, path: str
) -> None:
    push = notice()
    platform.change(endpoints={"order_status": f"{endpoint.url}{path}"})

    assert attempt(platform, push)["verdict"]["code"] == "acknowledged"

    expected = {
        "/推送/a b?键=值&x=%2B": "/%E6%8E%A8%E9%80%81/a%20b?%E9%94%AE=%E5%80%BC&x=%2B",
        "": "/",
    }
    assert endpoint.posts[0].path == expected.get(path, path)


def test_an_answer_that_is_no_text_is_still_shown(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(200, b'{"status":200,"data":"\\ud800\\u0000"}')]
    push = notice()

    assert attempt(platform, push)["verdict"]["code"] == "acknowledged"

    assert platform.push(push)["answer"]["status"] == 200
    assert platform.pushes()[0]["answer"]["data"] == "\ud800\x00"


def test_what_an_acknowledgement_has_beyond_the_status_is_noted(
    platform: Platform, endpoint: Endpoint, notice: Notice
) -> None:
    endpoint.answers = [(200, b'\xef\xbb\xbf{"status":200,"msg":"ok","code":0}')]

    verdict = attempt(platform, notice())["verdict"]

    assert verdict["en"] == (
        "acknowledged (a byte order mark before it; further members: msg, code)."
    )
    assert verdict["zh"] == "已确认（开头有 BOM；多余字段：msg、code）。"
