"""A request that does not end is closed in time, and keeps neither a thread nor memory."""

import select
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from hostile.process import Process, running
from support.raw import connect, exchange, read_answer

from simulator.app import Listener
from simulator.http_server.channels import Limits

LIMIT = 2
#: The limit, the second between two looks, and a slow machine.
PATIENCE = LIMIT + 4
WHOLE = b"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
HEAD = b"POST /api/insurer/v1 HTTP/1.1\r\nHost: a\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
BEGINNINGS = {
    "nothing": b"",
    "an empty line": b"\r\n",
    "half a line": b"POST /api/ins",
    "half a head": HEAD,
    "no body": HEAD + FORM + b"Content-Length: 100\r\n\r\n",
    "half a body": HEAD + FORM + b"Content-Length: 100\r\n\r\nparam=a",
    "a long body": HEAD + FORM + b"Content-Length: 9999999999\r\n\r\n" + b"a" * 3_000_000,
    "half a chunk": HEAD + FORM + b"Transfer-Encoding: chunked\r\n\r\nfff\r\naaa",
    "no last chunk": HEAD + FORM + b"Transfer-Encoding: chunked\r\n\r\n3\r\naaa\r\n",
    "a wait for 100": HEAD + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    "half a second request": WHOLE + HEAD,
}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A simulator that waits two seconds for a request."""
    folder = tmp_path_factory.mktemp("hasty")
    (folder / "hasty.toml").write_text(f"request_seconds = {LIMIT}")
    with running(folder, "--config", "hasty.toml") as process:
        yield process


def seconds_until_closed(url: str, beginning: bytes, drip: bytes = b"") -> float:
    """Begin a request, go on byte by byte, and return when the other side closed."""
    with connect(url) as connection:
        begun = time.monotonic()
        connection.sendall(beginning)
        position = 0
        while time.monotonic() - begun < 60:
            readable, _, _ = select.select([connection], [], [], 0.2)
            try:
                if readable and not connection.recv(65536):
                    break
                if drip:
                    connection.sendall(drip[position % len(drip) :][:1])
                    position += 1
            except ConnectionError:
                break
        return time.monotonic() - begun


def test_what_does_not_end_is_closed(hasty: Process) -> None:
    exchange(hasty.protocol, WHOLE)
    threads, sockets = hasty.threads(), hasty.sockets()
    drips: list[tuple[bytes, bytes]] = [(begun, b"") for begun in BEGINNINGS.values()]
    drips += [
        (b"", b"GET /aaaaaaaaaaaaaaaa"),
        (b"\r\n", b"\r\n"),
        (HEAD, b"X: aaaaaaaaaaaaaaa\r\n"),
    ]
    drips += [(BEGINNINGS["no body"], b"a"), (BEGINNINGS["no last chunk"], b"1\r\na\r\n")]

    with ThreadPoolExecutor(len(drips)) as crowd:
        waits = [crowd.submit(seconds_until_closed, hasty.protocol, *drip) for drip in drips]
        time.sleep(LIMIT / 2)
        answer = exchange(hasty.protocol, WHOLE)
        closed = {drip: wait.result() for drip, wait in zip(drips, waits, strict=True)}

    print([round(seconds, 1) for seconds in closed.values()])
    assert answer.seconds < 1
    assert all(LIMIT - 0.5 < seconds < PATIENCE for seconds in closed.values()), closed
    # The scheduler starts a thread now and then; a thread for each would be sixteen.
    assert hasty.threads() < threads + 4
    assert hasty.sockets() <= sockets
    assert hasty.errors() == ""


def test_the_control_api_closes_them_too(hasty: Process) -> None:
    assert seconds_until_closed(hasty.control, HEAD, b"X: aaaaaaaaaaaaaaaaa\r\n") < PATIENCE


def test_a_connection_that_rests_between_requests_is_kept(hasty: Process) -> None:
    with connect(hasty.protocol) as connection:
        for _ in range(2):
            connection.sendall(WHOLE)
            assert read_answer(connection, time.monotonic()).documented()["status"] == 1050
            time.sleep(LIMIT + 2)
        connection.sendall(WHOLE)
        assert read_answer(connection, time.monotonic()).status == 200


def test_a_refused_client_that_stays_is_closed(hasty: Process) -> None:
    with connect(hasty.protocol) as connection:
        connection.sendall(b"no HTTP\r\n\r\n")
        begun = time.monotonic()
        assert read_answer(connection, begun).status == 400
        while True:
            try:
                connection.sendall(b"a" * 1000)
            except ConnectionError:
                break
            time.sleep(0.05)
    assert time.monotonic() - begun < 6


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_crowd_of_half_requests_shuts_nobody_out(hasty: Process) -> None:
    exchange(hasty.protocol, WHOLE)
    sockets, before = hasty.sockets(), hasty.megabytes(peak=False)
    with ExitStack() as stack:
        for _ in range(300):
            connection = stack.enter_context(connect(hasty.protocol))
            connection.sendall(BEGINNINGS["half a body"] + b"a" * 50)
        answer = exchange(hasty.protocol, WHOLE)
        time.sleep(PATIENCE)
        left = hasty.sockets()

    assert answer.seconds < 2
    assert left <= sockets
    assert hasty.megabytes(peak=False) - before < 30


# waitress leaves the temporary file of a large answer to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_answer_that_nobody_takes_keeps_no_thread() -> None:
    served = threading.Semaphore(0)

    def app(_environment: Any, start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        served.release()
        return [b"a" * 30_000_000]

    listener = Listener("127.0.0.1", 0, 1)
    listener.start(app, Limits(seconds=1))
    try:
        with socket.create_connection(("127.0.0.1", listener.port)) as silent:
            silent.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 4)
            assert served.acquire(timeout=10)
            with socket.create_connection(("127.0.0.1", listener.port), 20) as other:
                other.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                assert other.recv(15) == b"HTTP/1.1 200 OK"
    finally:
        listener.stop()


@pytest.mark.parametrize("gives_up", ["the client", "the server"])
def test_what_came_of_a_body_is_not_left_to_the_garbage_collector(gives_up: str) -> None:
    listener = Listener("127.0.0.1", 0, threads=1)
    listener.start(lambda _environ, _respond: [])
    beginning = BEGINNINGS["a long body"]
    with connect(f"http://127.0.0.1:{listener.port}") as client:
        client.sendall(beginning)
        channel = _channel_that_got(listener, len(beginning) - beginning.index(b"\r\n\r\n") - 4)
        file = channel.request.body_rcv.getbuf().buf.file
        if gives_up == "the server":
            listener.stop()
    end = time.monotonic() + PATIENCE
    while not file.closed and time.monotonic() < end:
        time.sleep(0.01)
    closed = file.closed
    if gives_up == "the client":
        listener.stop()

    assert closed


def _channel_that_got(listener: Listener, size: int) -> Any:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for channel in listener._server.active_channels.values():
            if (
                channel.request
                and channel.request.body_rcv
                and len(channel.request.body_rcv.getbuf()) >= size
            ):
                return channel
        time.sleep(0.01)
    raise AssertionError("the body did not arrive")


def test_a_listener_can_be_stopped_while_its_loop_ends_by_itself() -> None:
    listener = Listener("127.0.0.1", 0, threads=1)
    listener.start(lambda _environ, _respond: [])
    trigger = listener._server.trigger
    pulled = trigger.pull_trigger

    def late(*arguments: Any) -> None:
        # Whatever else wakes the loop just now lets it see that it is to end.
        pulled()
        time.sleep(0.1)
        pulled(*arguments)

    trigger.pull_trigger = late
    listener.stop()
