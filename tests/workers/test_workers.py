"""`serve --workers N` is one simulator: several processes answer, one master delivers and walks."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.endpoint import Endpoint, Post, serve
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator
from simulator.driver import ControlClient
from simulator.errors import SimulatorError
from simulator.settings import Settings

READ = "insurer_get_guarantee_info"


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A master with two workers."""
    folder = tmp_path_factory.mktemp("workers")
    running = Simulator(Settings(port=0, control_port=0, data=str(folder), workers=2))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def control(simulator: Simulator) -> ControlClient:
    return ControlClient(simulator.control_url, simulator.settings.control_token)


@pytest.fixture
def listening(platform: Platform) -> Iterator[Endpoint]:
    endpoint, server = serve()
    platform.register(endpoint.url)
    yield endpoint
    server.shutdown()
    server.server_close()


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        threading.Event().wait(0.05)


def read(institution: Institution, order: dict[str, Any]) -> Any:
    return institution.call(READ, order_no=order["order_no"])


def test_calls_from_many_clients_are_all_answered(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    answers: list[int] = []
    institution.call("insurer_get_branch_insurers", insurer_name="无")

    def client() -> None:
        for _ in range(10):
            answers.append(read(institution, order)["status"])

    threads = [threading.Thread(target=client) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [200] * 80
    called = platform.journal(interface="2.3", limit=1000)
    assert len(called) == 80


def test_a_walk_waits_for_a_call_that_a_worker_serves(
    platform: Platform, institution: Institution, listening: Endpoint, order: dict[str, Any]
) -> None:
    called: list[Any] = []

    def call_back(_post: Post) -> None:
        called.append(read(institution, order))

    listening.handler = call_back
    platform.post("orders", order["order_no"], "cancel", note="x")

    walked = platform.run()

    assert [attempt["acknowledged"] for attempt in walked["attempts"]] == [True]
    assert called[0]["data"]["order_status"] == "CANCEL"


def test_a_worker_that_dies_is_replaced(
    simulator: Simulator, institution: Institution, order: dict[str, Any]
) -> None:
    assert simulator._workers is not None
    before = simulator._workers.process_ids()
    os.kill(before[0], signal.SIGKILL)

    wait_until(lambda: simulator._workers.process_ids()[0] != before[0])

    assert read(institution, order)["status"] == 200


def test_a_second_master_on_the_same_file_is_refused(simulator: Simulator) -> None:
    settings = Settings(port=0, control_port=0, data=simulator.settings.data, workers=2)

    with pytest.raises(SimulatorError, match="Another simulator is using"):
        Simulator(settings)


def test_the_workers_end_with_the_master(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("master")
    running = Simulator(Settings(port=0, control_port=0, data=str(folder), workers=2))
    running.start()
    workers = running._workers
    assert workers is not None
    numbers = workers.process_ids()

    running.stop()

    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_killed_master_is_followed_by_another_at_once_on_the_same_ports(tmp_path: Path) -> None:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        ports = (first.getsockname()[1], second.getsockname()[1])
    script = (
        "import sys, threading; from simulator.app import Simulator; "
        "from simulator.settings import Settings; "
        f"s = Simulator(Settings(port={ports[0]}, control_port={ports[1]}, "
        f"data={str(tmp_path)!r}, workers=2)); s.start(); print('ready', flush=True); "
        "threading.Event().wait()"
    )
    master = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert master.stdout is not None
    assert master.stdout.readline() == b"ready\n"
    master.kill()
    master.wait()
    master.stdout.close()

    follower = Simulator(
        Settings(port=ports[0], control_port=ports[1], data=str(tmp_path), workers=2)
    )
    follower.start()
    control = ControlClient(follower.control_url, follower.settings.control_token)
    health = control.get("health")
    follower.stop()

    assert health["ok"]


def test_a_call_that_a_worker_serves_ends_a_wait_at_the_master(
    platform: Platform, institution: Institution, order: dict[str, Any], control: ControlClient
) -> None:
    found: list[dict[str, Any]] = []

    def wait() -> None:
        found.extend(platform.get("journal", "wait", interface=READ, timeout=100))

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_until(lambda: control.get("health")["waiting"] == 1)

    read(institution, order)

    waiting.join(30)
    assert not waiting.is_alive(), "it waits for its time-out"
    assert [entry["status"] for entry in found] == ["200"]
