"""A multipart form that breaks off, or is refused: its files are closed all the same."""

import gc
import tempfile
from typing import Any

import pytest
from support.raw import exchange

from simulator.driver import ControlClient

FILE = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a.pdf"\r\n\r\n'
FIELD = b'--x\r\nContent-Disposition: form-data; name="param"\r\n\r\n'
END = b"\r\n--x--\r\n"


@pytest.mark.parametrize("size", [1_000, 3_000_000])
@pytest.mark.parametrize(
    "rest", [b"", b"\r\n--x\r\nContent-Disp", b"\r\n--x\r\n:b\r\n\r\nb" + END, END]
)
@pytest.mark.parametrize("before", [b"", FILE + b"whole\r\n", FIELD + b"a\r\n"])
def test_no_file_of_a_form_stays_open(
    control: ControlClient,
    institution: Any,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    rest: bytes,
    before: bytes,
) -> None:
    files: list[Any] = []
    make = tempfile.SpooledTemporaryFile

    def kept(*arguments: Any, **named: Any) -> Any:
        files.append(make(*arguments, **named))
        return files[-1]

    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", kept)
    body = before + FILE + b"y" * size + rest
    head = b"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
    head += b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n"

    answer = exchange(institution.url, head % len(body) + body)
    gc.collect()

    assert answer.documented()["status"] != 200
    assert files
    assert all(file.closed for file in files)
