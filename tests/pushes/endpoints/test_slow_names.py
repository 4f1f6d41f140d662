"""Name servers that hang: the look-up is under the attempt's limit as well (P17)."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from pushes import wire
from support.endpoint import Endpoint
from support.platform import Platform

from simulator.delivery import courier, resolving


@dataclass
class NameServer:
    """The system's look-up: it hangs for names until it is told to answer; then it knows all."""

    ask: Callable[..., Any]
    asked: list[str] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)

    def look_up(self, host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        try:
            return self.ask(host, port, *rest, **{**more, "flags": socket.AI_NUMERICHOST})
        except socket.gaierror:
            if more.get("flags"):
                raise
        self.asked.append(host)
        self.answers.wait(30)
        return self.ask("127.0.0.1", port, *rest, **more)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """A name server that hangs, and is quick again before the test is over."""
    server = NameServer(socket.getaddrinfo)
    monkeypatch.setattr(socket, "getaddrinfo", server.look_up)
    yield server
    server.answers.set()
    for thread in threading.enumerate():
        if thread.name == "look-up":
            thread.join(10)
    assert not resolving._running


def test_a_look_up_that_hangs_is_cut_at_the_limit(
    attempt: Callable[[str], dict[str, Any]], names: NameServer
) -> None:
    made = attempt("http://insurer.test/push")

    assert names.asked == ["insurer.test"]
    verdict = made["verdict"]
    assert verdict["code"] == "name_slow"
    assert verdict["en"] == "the host name was not resolved in time (insurer.test: 0.5 s)."
    assert verdict["zh"] == "域名未能及时解析（insurer.test: 0.5 s）。"
    assert "getent hosts" in verdict["remedy"]["en"]
    assert wire.LIMIT * 1000 <= made["received"]["milliseconds"] < wire.BOUND * 1000


def test_a_look_up_that_ends_in_time_is_used(
    platform: Platform, endpoint: Endpoint, notice: Callable[[], int], names: NameServer
) -> None:
    names.answers.set()
    push = notice()
    platform.change(endpoints={"order_status": endpoint.url.replace("127.0.0.1", "insurer.test")})

    assert platform.post("pushes", str(push), "resend")["state"] == "acknowledged"
    assert names.asked == ["insurer.test"]


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_an_address_is_not_looked_up(names: NameServer, host: str) -> None:
    received = courier.post(f"http://{host}:9/", {"param": ""}, (), wire.LIMIT)

    assert received.failure == "unreachable"
    assert names.asked == []


def test_what_hangs_is_asked_once_and_keeps_nobody_else(names: NameServer) -> None:
    def post(host: str) -> courier.Received:
        return courier.post(f"http://{host}:9/", {"param": ""}, (), wire.LIMIT)

    with ThreadPoolExecutor(16) as pool:
        # More than may be looked up at a time, and each of them several times.
        hosts = [f"h{number}.test" for number in range(resolving._MOST + 8)] * 3
        received = list(pool.map(post, hosts))

    assert {each.failure for each in received} == {"name_slow"}
    assert max(each.seconds for each in received) < wire.BOUND
    assert len(names.asked) == len(set(names.asked)) == resolving._MOST
    assert post("127.0.0.1").failure == "unreachable"


def test_a_look_up_that_hangs_does_not_keep_the_process_from_ending() -> None:
    script = """
import socket, time
from simulator.delivery import courier
ask = socket.getaddrinfo
def hang(host, port, **more):
    return ask(host, port, **more) if more.get("flags") else time.sleep(60)
socket.getaddrinfo = hang
print(courier.post("http://insurer.test/", {"param": ""}, (), 0.2).failure)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )

    assert ended.stdout == "name_slow\n"
