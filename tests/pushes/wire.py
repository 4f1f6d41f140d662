"""Servers that break the rules of HTTP in one way each: raw sockets on real ports."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Script = Callable[[socket.socket], None]

#: Seconds: the limit at which a hanging attempt is cut off, and a margin for slow machines.
LIMIT = 0.5
BOUND = 3.0


@contextmanager
def raw_server(script: Script) -> Iterator[str]:
    """Serve each connection with a script; yield the URL."""
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def one(connection: socket.socket) -> None:
        with connection:
            try:
                script(connection)
            except OSError:
                return

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=one, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        # A shutdown wakes accept(); a close alone would leave it waiting.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join(5)
        for thread in threads:
            thread.join(5)


def read_request(connection: socket.socket) -> bytes:
    """Read one request with a Content-Length."""
    received = b""
    while b"\r\n\r\n" not in received:
        part = connection.recv(65536)
        if not part:
            return received
        received += part
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length and (part := connection.recv(65536)):
        body += part
    return head + b"\r\n\r\n" + body


def answering(raw: bytes) -> Script:
    """Return a script that reads the request and sends these bytes."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(raw)

    return script


def dripping(start: bytes, over: threading.Event) -> Script:
    """Return a script that sends a start and then a byte now and then, for ever.

    Each byte starts a library's read time-out anew, so that only a limit on the whole attempt
    ends it. `over` ends the script at the end of the test.
    """

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(start)
        while not over.wait(0.05):
            connection.sendall(b" ")

    return script


def silent(over: threading.Event) -> Script:
    """Return a script that accepts, reads, and never answers."""

    def script(connection: socket.socket) -> None:
        read_request(connection)
        over.wait(20)

    return script


def resetting(connection: socket.socket) -> None:
    """Read the request and reset the connection (RST)."""
    read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def closing(connection: socket.socket) -> None:
    """Read the request and close without an answer."""
    read_request(connection)
