"""No more threads: pushes wait and nothing is lost, connections end early, and it is said once."""

import socket
import threading
from collections.abc import Callable

import pytest
from support.endpoint import Endpoint
from support.platform import Platform

from simulator import threads
from simulator.app import Simulator
from simulator.delivery import deadlines, resolving
from simulator.errors import SimulatorError
from simulator.http_server.connection_faults import Ending, HeldConnections
from simulator.settings import Settings


@pytest.fixture
def exhaust(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[[], None]]:
    """Lets no thread of a name be started any more; what it returns ends that."""
    start = threading.Thread.start

    def begin(name: str) -> Callable[[], None]:
        def refuse(self: threading.Thread) -> None:
            if self.name.startswith(name):
                raise RuntimeError("can't start new thread")
            start(self)

        monkeypatch.setattr(threading.Thread, "start", refuse)
        return lambda: monkeypatch.setattr(threading.Thread, "start", start)

    return begin


def test_pushes_wait_for_a_thread_and_are_sent_once(
    simulator: Simulator,
    platform: Platform,
    endpoint: Endpoint,
    exhaust: Callable[[str], Callable[[], None]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    pool = threads.Pool(4, "scarce")
    monkeypatch.setattr(simulator.dispatcher, "_pool", pool)
    end = exhaust("scarce")
    order = platform.create_order()
    platform.post("orders", order["order_no"], "cancel")
    platform.post("clock", action="resume")
    for _ in range(3):
        simulator.dispatcher.tick()
    assert endpoint.posts == []
    assert caplog.text.count("No more threads can be started") == 1

    end()
    simulator.dispatcher.tick()
    endpoint.wait_for(1)

    pool.close()
    assert len(endpoint.posts) == 1
    assert caplog.text.count("No more threads can be started") == 1
    assert caplog.text.count("Threads can be started again") == 1
    assert all(record.exc_info is None for record in caplog.records)


def test_a_connection_that_no_thread_holds_ends_at_once(
    exhaust: Callable[[str], Callable[[], None]],
) -> None:
    end = exhaust("held")
    held = HeldConnections()
    ours, theirs = socket.socketpair()
    held.take(ours, Ending("drip", 60), b"answer")
    assert (theirs.recv(10), theirs.recv(10)) == (b"answer", b"")
    theirs.close()

    end()
    ours, theirs = socket.socketpair()
    held.take(ours, Ending("close", 0.01))
    assert theirs.recv(10) == b""
    theirs.close()
    held.close()


def test_what_an_attempt_needs_is_tried_anew(
    exhaust: Callable[[str], Callable[[], None]],
) -> None:
    end = exhaust("")
    with pytest.raises(threads.OutOfThreads):
        resolving.addresses("localhost", 80, 5)
    with pytest.raises(threads.OutOfThreads):
        deadlines._Watchman().expect(0, None)  # type: ignore[arg-type]

    end()
    assert resolving.addresses("localhost", 80, 5)


def test_a_start_without_threads_is_refused_in_a_sentence(
    exhaust: Callable[[str], Callable[[], None]],
) -> None:
    refused = Simulator(Settings(port=0, control_port=0), ephemeral=True)
    end = exhaust("")
    with pytest.raises(SimulatorError, match="not enough threads to start"):
        refused.start()
    end()
    refused._release()
