"""Connections that are given away: each ends in its own way and time, all of them on close."""

import socket
import time
from collections.abc import Iterator

import pytest

from simulator.http_server import connection_faults
from simulator.http_server.connection_faults import Ending, HeldConnections

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def held() -> Iterator[HeldConnections]:
    held = HeldConnections()
    yield held
    held.close()


@pytest.fixture
def pairs() -> Iterator[list[Pair]]:
    """Four real TCP connections: the server's side, the client's side."""
    made = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for _ in range(4):
            client = socket.create_connection(listening.getsockname(), 10)
            made.append((listening.accept()[0], client))
    yield made
    for pair in made:
        for side in pair:
            side.close()


def read(client: socket.socket) -> tuple[bytes, str]:
    received = b""
    try:
        while piece := client.recv(65536):
            received += piece
    except ConnectionResetError:
        return received, "reset"
    return received, "closed"


def test_each_ends_in_its_way(held: HeldConnections, pairs: list[Pair]) -> None:
    ways = (Ending("reset"), Ending("close"), Ending("close", 1), Ending("drip", 1))
    begun = time.monotonic()
    for (server, _), ending in zip(pairs, ways, strict=True):
        held.take(server, ending, b"a" * 1000)

    ended = []
    for _, client in pairs:
        ended.append((*read(client), round(time.monotonic() - begun)))

    assert ended == [
        (b"", "reset", 0),
        (b"", "closed", 0),
        (b"", "closed", 1),
        (b"a" * 1000, "closed", 1),
    ]


def test_the_door_that_shuts_ends_all_at_once(pairs: list[Pair]) -> None:
    held = HeldConnections()
    begun = time.monotonic()
    for (server, _), way in zip(pairs, ("reset", "close", "drip", "reset"), strict=True):
        held.take(server, Ending(way, 30), b"a" * 1000)  # type: ignore[arg-type]

    held.close()

    assert [read(client)[1] for _, client in pairs] == ["reset", "closed", "closed", "reset"]
    assert time.monotonic() - begun < 5


def test_after_that_it_takes_none(held: HeldConnections, pairs: list[Pair]) -> None:
    held.close()

    held.take(pairs[0][0], Ending("drip", 30), b"all of it")

    assert read(pairs[0][1]) == (b"all of it", "closed")


def test_one_too_many_ends_at_once(
    held: HeldConnections, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_faults, "_MOST", 2)
    for (server, _), way in zip(pairs, ("close", "close", "drip", "reset"), strict=True):
        held.take(server, Ending(way, 30), b"answer")  # type: ignore[arg-type]

    assert read(pairs[2][1]) == (b"answer", "closed")
    assert read(pairs[3][1]) == (b"", "reset")
    pairs[0][1].settimeout(0.1)
    with pytest.raises(TimeoutError):
        pairs[0][1].recv(1)


def test_a_client_that_does_not_read_is_given_up(
    held: HeldConnections, pairs: list[Pair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_faults, "_GRACE", 0.2)
    server, client = pairs[0]
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    begun = time.monotonic()
    held.take(server, Ending("drip", 1), b"a" * 30_000_000)

    while server.fileno() != -1:
        assert time.monotonic() - begun < 10
        time.sleep(0.05)
    assert len(read(client)[0]) < 30_000_000
