"""Requests that wait for the journal: no thread is theirs, and each ends when it should."""

import json
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from support.institution import Institution
from support.platform import Platform
from support.raw import connect, read_answers

from simulator.control import waiting
from simulator.driver import ControlClient
from simulator.store.journal_feed import Feed

MANY = 200


@dataclass
class Waiters:
    """Connections that wait for an account's next cancelled order."""

    platform: Platform
    stack: ExitStack
    connections: list[socket.socket] = field(default_factory=list)

    def request(self, path: str) -> bytes:
        host = self.platform.control.url.partition("://")[2]
        return f"GET /control/v1/{path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()

    def park(self, count: int, query: str = "direction=event", more: bytes = b"") -> None:
        """Let so many more requests wait; returns when all of them are parked."""
        account, after = self.platform.name, self.last(direction="event")
        path = f"accounts/{account}/journal/wait?{query}&after={after}&timeout=100"
        wanted = self.waiting() + count
        for _ in range(count):
            connection = self.stack.enter_context(connect(self.platform.control.url))
            connection.sendall(self.request(path) + more)
            self.connections.append(connection)
        self.wait_until(wanted)

    def last(self, **query: Any) -> int:
        entries = self.platform.journal(**query)
        return int(entries[-1]["id"]) if entries else 0

    def waiting(self) -> int:
        return int(self.platform.control.get("health")["waiting"])

    def wait_until(self, count: int) -> None:
        end = time.monotonic() + 60
        while (waiting := self.waiting()) != count:
            assert time.monotonic() < end, f"{waiting} wait, not {count}"

    def answered(self) -> list[socket.socket]:
        """Return the connections that have got something."""
        poll = select.poll()
        by_number = {connection.fileno(): connection for connection in self.connections}
        for number in by_number:
            poll.register(number, select.POLLIN)
        return [by_number[number] for number, _ in poll.poll(0)]


@pytest.fixture
def waiters(platform: Platform) -> Iterator[Waiters]:
    with ExitStack() as stack:
        yield Waiters(platform, stack)
    Waiters(platform, stack).wait_until(0)


def test_many_that_wait_keep_nobody_from_the_control_api(
    waiters: Waiters, platform: Platform, order: dict[str, Any]
) -> None:
    waiters.park(MANY)

    assert platform.control.get("health")["ok"] is True
    assert platform.get("orders", order["order_no"])["order_no"] == order["order_no"]
    assert waiters.answered() == []

    platform.post("orders", order["order_no"], "cancel")

    event = platform.journal(direction="event")[-1]
    for connection in waiters.connections:
        [answer] = read_answers(connection, 1, time.monotonic())
        assert answer.status == 200
        assert json.loads(answer.body) == [event]


def test_whose_client_goes_away_is_forgotten(waiters: Waiters) -> None:
    waiters.park(3)

    for connection in waiters.connections:
        connection.close()

    waiters.wait_until(0)


def test_the_connection_serves_on_behind_a_wait(
    waiters: Waiters, platform: Platform, order: dict[str, Any]
) -> None:
    lookup = waiters.request("lookup")
    waiters.park(1)
    [connection] = waiters.connections
    connection.sendall(lookup)
    platform.post("orders", order["order_no"], "cancel")

    waited, asked = read_answers(connection, 2, time.monotonic())
    assert b'"direction": "event"' in waited.body
    assert b'"fixtures"' in asked.body
    connection.sendall(lookup)
    [again] = read_answers(connection, 1, time.monotonic())
    assert again.body == asked.body


def test_one_too_many_is_refused_in_a_sentence(
    waiters: Waiters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "MOST", 2)
    waiters.park(2)

    account = waiters.platform.name
    path = f"{waiters.platform.control.url}/control/v1/accounts/{account}/journal/wait"
    answer = requests.get(path, params={"direction": "page"}, timeout=30)

    assert answer.status_code == 409
    assert answer.json()["error"]["en"].startswith("2 requests wait for the journal already")


def test_what_others_do_is_not_searched_for(
    waiters: Waiters,
    platform: Platform,
    order: dict[str, Any],
    control: ControlClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched = []
    search = waiting.search_entries

    def search_entries(database: Any, wanted: Any) -> Any:
        searched.append(wanted.account_id)
        return search(database, wanted)

    monkeypatch.setattr(waiting, "search_entries", search_entries)
    waiters.park(1)
    other = control.post("accounts", name="waiting-other")
    control.post("accounts", "waiting-other", "orders")
    control.delete("accounts", "waiting-other")

    platform.post("orders", order["order_no"], "cancel")

    [connection] = waiters.connections
    read_answers(connection, 1, time.monotonic())
    # Once when it was parked, and once for the entry that ended it.
    assert len(searched) == 2
    assert other["btc_id"] not in searched


@pytest.mark.parametrize("strays", [0, 1])
def test_a_call_of_no_account_ends_only_a_wait_with_strays(
    waiters: Waiters, institution: Institution, strays: int
) -> None:
    waiters.park(1, f"strays={strays}&direction=call")
    requests.post(institution.url, data={"access_token": "unknown", "param": "x"}, timeout=30)
    assert institution.token

    [connection] = waiters.connections
    [answer] = read_answers(connection, 1, time.monotonic())
    assert (json.loads(answer.body)[0]["btc_id"] is None) is bool(strays)


def test_a_feed_that_nobody_reads_holds_nobody_up() -> None:
    feed = Feed()
    for _ in range(20_000):
        feed.writer.notify(7)

    assert feed.read(0) is None, "too many to say: they may be anybody's"
    while feed.read(0) != ():
        pass
    feed.writer.notify(7)
    feed.writer.notify(None)
    feed.writer.wake()
    assert feed.read(None) == {7, None}
    feed.close()
    feed.writer.notify(7)


def test_a_feed_is_read_while_others_write() -> None:
    feed = Feed()
    threads = [
        threading.Thread(target=feed.writer.notify, args=(number,)) for number in range(1, 9)
    ]
    for thread in threads:
        thread.start()
    said: set[int | None] = set()
    while len(said) < len(threads):
        said |= set(feed.read(None) or ())
    for thread in threads:
        thread.join()

    assert said == set(range(1, 9))
    feed.close()
