"""Whatever path or method is asked for: no redirect, nothing of the simulator's own fault."""

import itertools

import pytest
from hostile.process import Process
from support.raw import exchange

PATHS = (
    "?x",
    "/",
    "//",
    "//?x",
    "//api//insurer//v1",
    "/api/insurer/v1/",
    "/api/insurer/v1//",
    "/control/v1",
    "/control/v1/",
    "//control/v1/accounts",
    "/control/v1/accounts/",
    "/control/v1//accounts",
    "/control/v1/accounts/%2f",
    "/control/v1/accounts/%00/orders",
    "/control/v1/accounts/../..",
    "/control/v1/journal?after=1e9",
    "/control/v1/journal?after=%ff",
    "/control/v1/accounts/%ff/journal",
    "/control/v1/accounts/99999999999999999999/clock",
    "/control/v1/accounts/demo/pushes/99999999999999999999",
    "/control/v1/accounts/demo/journal/99999999999999999999",
    "/show.php",
    "/show.php?sss=1",
    "/principal/99999999999999999999/orders/1",
    "/principal/1/orders/%00/jump",
    "/static/x",
    "/.",
    "/;",
    "/%",
    "/%2e%2e/",
    "*",
    "http://a.test/x",
    "http://a.test",
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO")
HEADERS = ("", "Upgrade: websocket\r\nConnection: Upgrade\r\n", "Content-Encoding: gzip\r\n")


@pytest.mark.parametrize("port", ["protocol", "control"])
def test_every_path_is_answered(process: Process, port: str) -> None:
    url = str(getattr(process, port))
    host = url.removeprefix("http://")
    found = {}
    for method, path, more in itertools.product(METHODS, PATHS, HEADERS):
        head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{more}"
        sent = f"{head}Content-Length: 0\r\n\r\n".encode()
        answer = exchange(url, sent, head=method == "HEAD")
        if answer.status not in (200, 400, 401, 403, 404, 405, 409, 415):
            found[method, path, more] = answer
        elif answer.status == 405:
            assert b"\r\nAllow: " in answer.head, (method, path)

    assert found == {}
    assert process.errors() == ""


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "[-1e999]"])
def test_a_number_that_json_lacks_is_refused(process: Process, number: str) -> None:
    body = b'{"action": "advance", "seconds": %s}' % number.encode()
    host = process.control.removeprefix("http://").encode()
    head = b"POST /control/v1/accounts/demo/clock HTTP/1.1\r\nHost: %s\r\n" % host

    answer = exchange(process.control, head + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    assert (answer.status, b"The body is not JSON." in answer.body) == (400, True)
