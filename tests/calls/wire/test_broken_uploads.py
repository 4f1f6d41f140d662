"""A multipart form that breaks off, or is refused: nothing of it stays open."""

import gc
from typing import Any

import pytest
from support.raw import exchange

FILE = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.pdf"\r\n\r\n'
FIELD = b'--x\r\nContent-Disposition: form-data; name="param"\r\n\r\n'
END = b"\r\n--x--\r\n"


@pytest.mark.parametrize("size", [1_000, 3_000_000])
@pytest.mark.parametrize(
    "rest", [b"", b"\r\n--x\r\nContent-Disp", b"\r\n--x\r\n:b\r\n\r\nb" + END, END]
)
@pytest.mark.parametrize("before", [b"", FILE + b"whole\r\n", FIELD + b"a\r\n"])
def test_a_form_that_breaks_off_is_refused_and_leaves_nothing_open(
    institution: Any, size: int, rest: bytes, before: bytes
) -> None:
    body = before + FILE + b"y" * size + rest
    head = b"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    head += b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n"

    answer = exchange(institution.url, head % len(body) + body)
    # A temporary file that stayed open would end the test: its warning is an error here.
    gc.collect()

    assert answer.documented()["status"] != 200
