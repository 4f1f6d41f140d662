"""Every complete HTTP request to the protocol's port gets JSON with a documented code, quickly."""

import base64
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from hostile.process import Process
from support.institution import Institution
from support.raw import connect, exchange, read_answers

from simulator.protocol import rsa

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=x"
#: Seconds for any of them on a slow machine; a whole MiB of nonsense takes three.
LIMIT = 15
MB = 1024 * 1024


def post(
    body: bytes,
    media_type: str | bytes = FORM,
    method: str = "POST",
    path: bytes = b"/api/insurer/v1",
    version: str = "1.1",
    more: bytes = b"",
) -> bytes:
    """Write a request whose length is told."""
    kind = media_type if isinstance(media_type, bytes) else media_type.encode()
    return (
        method.encode()
        + b" "
        + path
        + f" HTTP/{version}\r\nHost: a\r\nContent-Length: {len(body)}\r\n".encode()
        + b"Content-Type: "
        + kind
        + b"\r\n"
        + more
        + b"\r\n"
        + body
    )


def chunked(chunks: Iterable[bytes], end: bytes = b"0\r\n\r\n") -> bytes:
    """Write a request whose body comes in chunks."""
    head = f"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\nContent-Type: {FORM}\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + body + end


def get(path: bytes, more: bytes = b"", method: bytes = b"GET") -> bytes:
    """Write a request without a body."""
    return method + b" " + path + b" HTTP/1.1\r\nHost: a\r\n" + more + b"\r\n"


PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\na\r\n'
#: What is sent, and the codes that may answer it.
REQUESTS: dict[str, tuple[bytes, set[int]]] = {
    "empty": (post(b""), {1050}),
    "no form": (post(b"\xff\xfe\x00"), {1050}),
    "invalid UTF-8": (post(b"param=%ff%fe\xff&access_token=\xff%00"), {1006}),
    "NUL bytes": (post(b"param=%00&access_token=%00\x00"), {1006}),
    "a JSON array": (post(b"[]", "application/json"), {1050}),
    "nested JSON": (post(b"[" * 900_000, "application/json"), {1050}),
    "5 MB of JSON": (post(b"[" * 5 * MB, "application/json"), {404}),
    "form of JSON": (post(b'[{"param":1}]'), {1050}),
    "a long param": (post(b"param=" + b"A" * 260_000), {1000}),
    "a large param": (post(b"param=" + b"A" * 900_000), {404}),
    "a huge param": (post(b"param=" + b"A" * 31 * MB), {404}),
    "50 MB": (post(b"param=" + b"a" * 50 * MB), {404}),
    "50 MB in chunks": (chunked([b"a" * MB] * 50), {404}),
    "100,000 chunks": (chunked([b"a"] * 100_000), {1050}),
    "1,000 parameters": (post(b"&".join(b"p%d=x" % n for n in range(1000))), {1050}),
    "10,000 parameters": (post(b"&".join(b"p%d=x" % n for n in range(10_000))), {404}),
    "10,000 times one": (post(b"&".join([b"p=x"] * 10_000)), {404}),
    "millions of parameters": (post(b"a&" * 15 * MB), {404}),
    "multipart": (post(PART % b"p" + b"--x--\r\n", PARTS), {1050}),
    "10,000 parts": (post(PART % b"p" * 10_000 + b"--x--\r\n", PARTS), {404}),
    "multipart cut": (post((PART % b"param")[:-9], PARTS), {1050}),
    "multipart without end": (post(PART % b"param", PARTS), {1050}),
    "multipart without boundary": (post(PART % b"p", "multipart/form-data"), {1050}),
    "a part without a name": (post(b"--x\r\n\r\na\r\n--x--\r\n", PARTS), {1050}),
    "a part's endless header": (post(b"--x\r\nA: " + b"b" * 20 * MB, PARTS), {1050, 404}),
    "line breaks in a part": (post(PART % b"p" + b"\r" * 20 * MB, PARTS), {1050, 404}),
    "text/xml": (post(b"<a/>", "text/xml"), {1050}),
    "an odd content type": (post(b"param=a", b"\xff; charset=\xfe"), {1050}),
    "GET": (get(b"/api/insurer/v1"), {1050}),
    "HEAD would have no body, so TRACE": (get(b"/api/insurer/v1", method=b"TRACE"), {1050}),
    "FOO": (post(b"param=a", method="FOO"), {1050}),
    "foo": (post(b"param=a", method="foo"), {1050}),
    "CONNECT": (get(b"a.test:443", method=b"CONNECT"), {1050}),
    "OPTIONS *": (get(b"*", method=b"OPTIONS"), {1050}),
    "unknown path": (post(b"param=a", path=b"/api/nobody/v1"), {1050}),
    "path upwards": (get(b"/api/insurer/../../../etc/passwd"), {1050}),
    "bad percent-encoding": (get(b"/%zz%ff%00?%zz=%ff&param=%00&access_token=%"), {1050}),
    "bad encoding in a file's URL": (
        get(b"/api/insurer/v1?param=%ff%zz&access_token=%00%ff"),
        {1006},
    ),
    "bytes in the path": (get(b"/\xff\xfe"), {1050}),
    "an address": (get(b"http://[/"), {1050}),
    "a long path": (get(b"/" + b"a" * 60_000), {1050}),
    "a large header": (get(b"/", b"X: " + b"a" * 50_000 + b"\r\n"), {1050}),
    "a huge header": (get(b"/", b"X: " + b"a" * 2 * MB + b"\r\n"), {1050}),
    "a huge header and a body": (post(b"a" * MB, more=b"X: " + b"a" * MB + b"\r\n"), {1050}),
    "10,000 headers": (get(b"/", b"".join(b"X%d: a\r\n" % n for n in range(10_000))), {1050}),
    "two hosts": (get(b"/", b"Host: b\r\n"), {1050}),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", {1050}),
    "HTTP/1.0": (post(b"param=a", version="1.0"), {1000}),
    "HTTP/1.0 without anything": (b"GET / HTTP/1.0\r\n\r\n", {1050}),
    "an unknown coding": (get(b"/", b"Transfer-Encoding: gzip\r\n", b"POST"), {1050}),
    "a length of 5,000 digits": (
        get(b"/", b"Content-Length: " + b"9" * 5000 + b"\r\n", b"POST"),
        {1050},
    ),
    "a broken chunk": (chunked([], b"zz\r\n\r\n"), {1050}),
    "an endless chunk's size": (chunked([], b"1" * 100_000), {1050}),
    "an endless trailer": (chunked([], b"0\r\n" + b"X: a\r\n" * 100_000), {1050}),
    "a broken chunk, and more": (chunked([], b"zz\r\n" + b"a" * 20 * MB), {1050}),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {1050}),
}
#: These are no HTTP, and say so by the status besides.
NO_HTTP = {
    "foo",
    "an address",
    "a length of 5,000 digits",
    "a broken chunk",
    "an endless chunk's size",
    "an endless trailer",
    "a broken chunk, and more",
    "TLS",
    "bytes in the path",
}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_complete_request_gets_a_documented_code(process: Process, name: str) -> None:
    request, codes = REQUESTS[name]

    answer = exchange(process.protocol, request)

    assert answer.status == (400 if name in NO_HTTP else 200)
    assert answer.documented()["status"] in codes
    assert answer.seconds < LIMIT
    assert process.errors() == ""


@pytest.mark.parametrize(
    "written",
    [
        b"[]",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
        b'{"method":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
        b'{"method":' + b"9" * 100_000 + b"}",
        json.dumps({f"p{number}": "x" for number in range(10_000)}).encode(),
        b'{"a":"\\ud800","sign":"\\u0000"}',
        b"a=%ff&sign=1",
    ],
    ids=["array", "nested", "objects", "in a value", "digits", "10,000", "surrogate", "query"],
)
def test_a_sealed_monster_gets_a_documented_code(
    process: Process, institution: Institution, written: bytes
) -> None:
    param = base64.b64encode(rsa.seal(written, institution.own_public)).decode()
    token = institution.token.replace("+", "%2B")
    body = f"param={param.replace('+', '%2B')}&access_token={token}"

    answer = exchange(process.protocol, post(body.encode()))

    assert answer.status == 200
    # What would take more than half a second to open is refused by its length.
    codes = {404} if len(param) > 256 * 1024 else {1005, 1006, 1007}
    assert answer.documented()["status"] in codes
    assert answer.seconds < LIMIT
    assert process.errors() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", ["50 MB", "50 MB in chunks", "millions of parameters"])
def test_a_huge_request_takes_no_memory(process: Process, name: str) -> None:
    request, _ = REQUESTS[name]
    exchange(process.protocol, post(b""))
    before = process.megabytes(peak=False)
    process.forget_peak()

    answers = [exchange(process.protocol, request) for _ in range(3)]

    grown = process.megabytes(peak=True) - before
    print(f"{name}: {max(a.seconds for a in answers):.2f} s, {grown} MB more at the peak")
    assert max(answer.seconds for answer in answers) < 5
    assert grown < 100


def test_pipelined_requests_are_each_answered(process: Process) -> None:
    three = post(b"") + get(b"/%ff") + post(b"param=a", more=b"Connection: close\r\n")

    with connect(process.protocol) as connection:
        connection.sendall(three)
        answers = read_answers(connection, 3, time.monotonic())

    assert [answer.documented()["status"] for answer in answers] == [1050, 1050, 1000]


def test_no_file_of_the_machine_comes_out(process: Process) -> None:
    known = Path("/etc/passwd").read_bytes()[:20]
    for path in (b"/show.php?sss=1.%s.x", b"/api/insurer/v1?param=%s&access_token=x", b"/%s"):
        for way in (b"../../../../etc/passwd", b"..%2f..%2f..%2fetc%2fpasswd", b"/etc/passwd%00"):
            answer = exchange(process.protocol, get(path % way))
            assert answer.documented()["status"] in {1050, 1006}
            assert known not in answer.body
