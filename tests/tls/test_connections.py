"""What a server does with connections, behind TLS: bodies of any size, faults, and its limits."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from support.raw import read_answer, read_answers

from simulator.app import Listener
from simulator.certificates import self_signed
from simulator.certificates.given import open_context
from simulator.http_server.channels import ENDING, Limits
from simulator.http_server.connection_faults import Ending

LARGE = bytes(range(256)) * 12_000


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Return what is posted, or end as the path says."""
    assert environ["wsgi.url_scheme"] == "https"
    if environ["PATH_INFO"] == "/drip":
        environ[ENDING](Ending("drip", 0.3))
    if environ["PATH_INFO"] == "/reset":
        environ[ENDING](Ending("reset"))
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body)))])
    return [body]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder with the CA."""
    return str(tmp_path_factory.mktemp("server"))


@contextmanager
def serving(folder: str, limits: Limits) -> Iterator[tuple[str, int]]:
    listener = Listener("127.0.0.1", 0, threads=2)
    listener.start(application, limits, open_context(str(self_signed.prepare(folder, ()))))
    yield "127.0.0.1", listener.port
    listener.stop()


@pytest.fixture(scope="module")
def secure(folder: str) -> Iterator[Callable[[], ssl.SSLSocket]]:
    """Connects to a server, the handshake done."""
    with serving(folder, Limits()) as address:
        trusting = ssl.create_default_context(cafile=str(self_signed.find_ca(folder)))
        yield lambda: trusting.wrap_socket(
            socket.create_connection(address, 60),
            server_hostname="127.0.0.1",
            # An end without a farewell is an error, as in other languages.
            suppress_ragged_eofs=False,
        )


def post(path: str, body: bytes) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def test_large_messages_pass_whole_and_requests_follow_each_other(
    secure: Callable[[], ssl.SSLSocket],
) -> None:
    with secure() as connection:
        connection.sendall(post("/", LARGE) + post("/", b"second"))
        answers = read_answers(connection, 2, time.monotonic())

    assert [answer.body for answer in answers] == [LARGE, b"second"]


def test_a_dripping_answer_arrives_and_its_connection_is_cut(
    secure: Callable[[], ssl.SSLSocket],
) -> None:
    with secure() as connection:
        connection.sendall(post("/drip", b"in pieces"))
        assert read_answer(connection, time.monotonic()).body == b"in pieces"
        with pytest.raises(ssl.SSLEOFError):
            connection.recv(1)


def test_a_reset_connection_says_no_farewell(secure: Callable[[], ssl.SSLSocket]) -> None:
    with secure() as connection:
        connection.sendall(post("/reset", b"lost"))
        with pytest.raises((ConnectionResetError, ssl.SSLEOFError)):
            connection.recv(1)


def test_an_answered_connection_ends_with_a_farewell(
    secure: Callable[[], ssl.SSLSocket],
) -> None:
    with secure() as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while connection.recv(1000):
            pass


def test_a_handshake_has_as_long_as_a_request(folder: str) -> None:
    with (
        serving(folder, Limits(seconds=0.1)) as address,
        socket.create_connection(address, 60) as silent,
    ):
        silent.sendall(b"\x16\x03\x01\x02\x00")
        assert silent.recv(10) == b""
