"""HTTP as raw bytes: requests that no client library would send, and their answers."""

import json
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator import paths

_CODES = json.loads((paths.schemas() / "codes.json").read_text("utf-8"))
DOCUMENTED = {row["code"] for row in _CODES["platform"]}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status, its head and body, and how long it took in seconds."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def documented(self) -> dict[str, Any]:
        """Check that this is JSON with a documented code and reveals no internals."""
        assert b"Content-Type: application/json; charset=utf-8" in self.head, self
        content = json.loads(self.body)
        assert set(content) <= {"status", "data"}, content
        assert content["status"] in DOCUMENTED
        for telling in (b"Traceback", b"simulator", b".py", b"waitress", b"werkzeug"):
            assert telling not in self.body
        return dict(content)


@contextmanager
def connect(url: str, timeout: float = 60) -> Iterator[socket.socket]:
    """Connect to the server of a URL."""
    place = urlsplit(url)
    assert place.hostname
    assert place.port
    with socket.create_connection((place.hostname, place.port), timeout) as connection:
        yield connection


def exchange(
    url: str, request: bytes | Iterable[bytes], timeout: float = 60, head: bool = False
) -> Answer:
    """Send bytes, all of them, and read one answer; that to a HEAD has no body."""
    begun = time.monotonic()
    with connect(url, timeout) as connection:
        for piece in [request] if isinstance(request, bytes) else request:
            connection.sendall(piece)
        [answer] = read_answers(connection, 1, begun, head)
        return answer


def read_answer(connection: socket.socket, begun: float) -> Answer:
    """Read the only answer that is expected; bytes after it are a failure."""
    [answer] = read_answers(connection, 1, begun)
    return answer


def read_answers(
    connection: socket.socket, count: int, begun: float, head_only: bool = False
) -> list[Answer]:
    """Read so many answers, each as long as its header says, and nothing after the last."""
    answers: list[Answer] = []
    received = b""

    def receive_until(enough: Callable[[bytes], bool]) -> None:
        nonlocal received
        while not enough(received):
            piece = connection.recv(65536)
            assert piece, f"closed after {received!r}"
            received += piece

    while len(answers) < count:
        receive_until(lambda so_far: b"\r\n\r\n" in so_far)
        head, _, received = received.partition(b"\r\n\r\n")
        lengths = [
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ]
        [length] = [0] if head_only else lengths
        receive_until(lambda so_far, length=length: len(so_far) >= length)  # type: ignore[misc]
        body, received = received[:length], received[length:]
        answers.append(Answer(int(head.split()[1]), head, body, time.monotonic() - begun))
    assert not received, f"more than {count} answers: {received!r}"
    return answers
