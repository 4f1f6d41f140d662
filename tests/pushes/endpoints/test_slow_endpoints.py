"""Endpoints that hang: the whole attempt is cut at the limit, whatever drips in (P17)."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pushes import wire

Notice = Callable[..., int]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Ends the scripts that would go on for ever."""
    event = threading.Event()
    yield event
    event.set()


def assert_timed_out(made: dict[str, Any]) -> None:
    assert (
        made["verdict"].items()
        >= {
            "code": "timeout",
            "en": "no complete answer within 0.5 s: acknowledge first, then work.",
            "zh": "0.5 秒内未收到完整应答：请先应答，再处理业务。",
        }.items()
    )
    assert made["received"]["failure"] == "timeout"
    assert made["received"]["status"] is None
    assert wire.LIMIT * 1000 <= made["received"]["milliseconds"] < wire.BOUND * 1000


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD + b'{"status":200}', HEAD]
)
def test_a_dripping_answer_is_cut_at_the_limit(
    attempt: Callable[[str], dict[str, Any]], over: threading.Event, start: bytes
) -> None:
    with wire.raw_server(wire.dripping(start, over)) as url:
        assert_timed_out(attempt(url))
        over.set()


def test_a_silent_endpoint_is_cut_at_the_limit(
    attempt: Callable[[str], dict[str, Any]], over: threading.Event
) -> None:
    with wire.raw_server(wire.silent(over)) as url:
        assert_timed_out(attempt(url))
        over.set()


def test_a_silent_tls_handshake_is_cut_at_the_limit(
    attempt: Callable[[str], dict[str, Any]], over: threading.Event
) -> None:
    def script(_connection: socket.socket) -> None:
        over.wait(20)

    with wire.raw_server(script) as url:
        assert_timed_out(attempt(url.replace("http:", "https:")))
        over.set()


def test_a_connection_that_nobody_accepts_is_cut_at_the_limit(
    attempt: Callable[[str], dict[str, Any]],
) -> None:
    with socket.socket() as full, socket.socket() as first, socket.socket() as second:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())

        assert_timed_out(attempt(f"http://127.0.0.1:{full.getsockname()[1]}"))
