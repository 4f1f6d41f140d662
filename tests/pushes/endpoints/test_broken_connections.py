"""Endpoints that break, hang or do not exist: a verdict within the limit, in any case (P17)."""

import gzip
import socket
from collections.abc import Callable
from typing import Any

import pytest
from pushes import wire
from support.platform import Platform

Notice = Callable[..., int]


def test_a_refused_connection_asks_whether_the_endpoint_runs(
    attempt: Callable[[str], dict[str, Any]],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

    verdict = attempt(f"http://127.0.0.1:{port}/a")["verdict"]

    assert verdict["code"] == "unreachable"
    assert f"127.0.0.1:{port}" in verdict["en"]
    assert verdict["en"].endswith("is the endpoint running?")
    assert verdict["zh"].startswith("无法连接（127.0.0.1")


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (wire.resetting, "Connection"),
        (wire.closing, "RemoteDisconnected"),
        (wire.answering(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), "IncompleteRead"),
        (wire.answering(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 200 + b"\r\n"), "headers"),
        (
            wire.answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
            "IncompleteRead",
        ),
    ],
)
def test_a_connection_that_breaks_says_how(
    attempt: Callable[[str], dict[str, Any]], script: wire.Script, said: str
) -> None:
    with wire.raw_server(script) as url:
        verdict = attempt(url)["verdict"]

    assert verdict["code"] == "broken"
    assert said in verdict["en"]
    assert verdict["zh"].startswith("连接在 0.")


def test_a_huge_answer_is_not_read_to_its_end(
    attempt: Callable[[str], dict[str, Any]],
) -> None:
    body = b'{"status":200,"data":"' + b"x" * 70_000 + b'"}'
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with wire.raw_server(wire.answering(raw)) as url:
        verdict = attempt(url)["verdict"]

    assert verdict["code"] == "too_large"
    assert verdict["en"].startswith("the answer is larger than 64 KiB")
    assert "64 KiB" in verdict["zh"]


def test_an_answer_of_64_kib_is_read(platform: Platform, notice: Notice) -> None:
    body = b'{"status":200,"data":"' + b"x" * 65_512 + b'"}'
    assert len(body) == 64 * 1024
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    push = notice()
    with wire.raw_server(wire.answering(raw)) as url:
        platform.change(endpoints={"order_status": url})

        assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"


def test_a_compressed_answer_was_not_asked_for(
    attempt: Callable[[str], dict[str, Any]],
) -> None:
    body = gzip.compress(b'{"status":200}')
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    with wire.raw_server(wire.answering(head % len(body) + body)) as url:
        assert attempt(url)["verdict"]["code"] == "not_json"


@pytest.mark.parametrize("host", ["nobody.invalid", "a..b", f"{'a' * 64}.example", "-"])
def test_an_unknown_host_name_is_told_apart(
    attempt: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    ask = socket.getaddrinfo

    def without_network(name: Any, *rest: Any, **more: Any) -> Any:
        # What a resolver says of it, without waiting for one.
        if name in ("nobody.invalid", "-"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return ask(name, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", without_network)

    verdict = attempt(f"http://{host}:8080/push")["verdict"]

    assert verdict["code"] == "name"
    assert verdict["en"].startswith(f"the host name is not known ({host}")
    assert verdict["zh"].startswith(f"域名无法解析（{host}")


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" * 3,
        b"HTTP/1.1 199 Anything\r\nX-A: b\r\n\r\n",
    ],
)
def test_interim_answers_are_read_past(platform: Platform, notice: Notice, interim: bytes) -> None:
    final = b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"status":200}'
    push = notice()
    with wire.raw_server(wire.answering(interim + final)) as url:
        platform.change(endpoints={"order_status": url})

        assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"


def test_interim_answers_without_a_final_one_are_no_answer(
    attempt: Callable[[str], dict[str, Any]],
) -> None:
    with wire.raw_server(wire.answering(b"HTTP/1.1 103 Early Hints\r\n\r\n")) as url:
        assert attempt(url)["verdict"]["code"] == "broken"


def test_an_answer_before_the_end_of_the_request_counts(platform: Platform, notice: Notice) -> None:
    def script(connection: socket.socket) -> None:
        wire.read_request(connection)
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        connection.sendall(b'HTTP/1.0 200 OK\r\n\r\n{"status":')
        connection.sendall(b"200}")

    push = notice()
    with wire.raw_server(script) as url:
        platform.change(endpoints={"order_status": url})

        assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"


def test_the_request_is_one_plain_http_form(platform: Platform, notice: Notice) -> None:
    requests: list[bytes] = []

    def script(connection: socket.socket) -> None:
        requests.append(wire.read_request(connection))
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{"status":200}')

    push = notice()
    with wire.raw_server(script) as url:
        platform.change(endpoints={"order_status": f"{url}/a/b?c=d"})
        platform.post("pushes", str(push), "resend")
        host = url.removeprefix("http://")

    head, _, body = requests[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /a/b?c=d HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in lines[1:])
    assert headers["Host"] == host
    assert headers["Content-Length"] == str(len(body))
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["Connection"] == "close"
    assert "Cookie" not in headers
    # Standard Base64 has + and /, which a form must escape.
    assert body.startswith(b"param=")
    assert b"+" not in body
    assert b"%2B" in body
    assert b"%2F" in body
