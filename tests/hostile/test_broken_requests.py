"""What is no HTTP is answered at once, and leaves an entry that says what called."""

import re
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest
from hostile.process import Process
from support.raw import connect, exchange

from simulator.driver import ControlClient

HTTP2 = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x12\x04\x00\x00\x00\x00\x00"
BROKEN = {
    "SSH": (b"SSH-2.0-OpenSSH_9.6\r\n", "An SSH client called"),
    "HTTP/2": (HTTP2, "An HTTP/2 client called"),
    "two lengths": (
        b"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
        b"Content-Length: 2\r\n\r\na",
        "more than one Content-Length",
    ),
    "large headers": (
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
        "larger than 64 KiB",
    ),
    "a first line": (b"no HTTP at all\r\n\r\n", "first line"),
    "a coding": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "Transfer-Encoding is not supported",
    ),
    "a header": (b"GET / HTTP/1.1\r\nHost: a\r\nno header\r\n\r\n", "headers cannot be read"),
    "a chunk": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "chunks cannot be read",
    ),
}


def _notes(control: ControlClient, after: int) -> list[str]:
    entries = control.get("journal", after=after)
    assert all(entry["btc_id"] is None for entry in entries)
    assert all(entry["status"] == "1050" for entry in entries)
    assert all(entry["notes"][0]["zh"] for entry in entries)
    return [str(entry["notes"][0]["en"]) for entry in entries]


def _newest(control: ControlClient) -> int:
    entries = control.get("journal", limit=1)
    return int(entries[-1]["id"]) if entries else 0


@pytest.mark.parametrize("name", BROKEN)
def test_the_entry_names_what_was_wrong(process: Process, name: str) -> None:
    sent, expected = BROKEN[name]
    control = ControlClient(process.control)
    before = _newest(control)
    # Of what broke in the same way less than a second ago there would be no second entry.
    time.sleep(1.1)

    answer = exchange(process.protocol, sent, timeout=5)

    assert answer.documented()["status"] == 1050
    [note] = _notes(control, before)
    assert expected in note
    assert process.errors() == ""


@pytest.mark.parametrize("port", ["protocol", "control"])
def test_a_tls_client_is_answered_at_once(process: Process, port: str) -> None:
    control = ControlClient(process.control)
    before = _newest(control)
    time.sleep(1.1)
    url = process.protocol if port == "protocol" else process.control
    place = urlsplit(url)
    context = ssl.create_default_context()
    begun = time.monotonic()

    with (
        pytest.raises(ssl.SSLError),
        socket.create_connection((place.hostname or "", place.port or 0), timeout=10) as plain,
    ):
        context.wrap_socket(plain, server_hostname="localhost")

    assert time.monotonic() - begun < 2
    expected = ["A TLS client called the http port"] if port == "protocol" else []
    assert [note[:33] for note in _notes(control, before)] == expected


def test_a_flood_leaves_an_entry_a_second_with_their_count(process: Process) -> None:
    control = ControlClient(process.control)
    before = _newest(control)
    time.sleep(1.1)
    begun = time.monotonic()
    for number in range(50):
        with connect(process.protocol) as connection:
            connection.sendall(b"SSH-2.0-x\r\n")
            # Most are gone before they are answered.
            if number % 10 == 0:
                assert connection.recv(12).endswith(b" 400")
    seconds = time.monotonic() - begun
    time.sleep(1.1)
    exchange(process.protocol, b"SSH-2.0-x\r\n")

    notes = _notes(control, before)
    assert 2 <= len(notes) <= seconds + 3
    counts = re.findall(r"(\d+) more like it", " ".join(notes))
    assert len(notes) + sum(map(int, counts)) == 51
    assert process.errors() == ""
