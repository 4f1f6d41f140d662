"""A real simulator on real ports, a real SQLite file, real RSA: one for each test process.

Against PostgreSQL instead if CONZHU_TEST_DATABASE_URL names one.
"""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from pushes.houses import database_for
from support.endpoint import Endpoint, serve
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator
from simulator.driver import ControlClient
from simulator.settings import Settings

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """A running simulator that keeps nothing."""
    folder = tmp_path_factory.mktemp("simulator")
    with database_for(folder) as url:
        settings = Settings(port=0, control_port=0, data=str(folder), database=url)
        running = Simulator(settings, ephemeral=not url)
        running.start()
        yield running
        running.stop()


@pytest.fixture(scope="session")
def control(simulator: Simulator) -> ControlClient:
    """The control API's client."""
    return ControlClient(simulator.control_url)


@pytest.fixture
def platform(control: ControlClient) -> Iterator[Platform]:
    """The platform's side of a fresh account (1024-bit keys: fast), its clock frozen."""
    name = f"test-{next(_numbers)}"
    control.post("accounts", name=name, key_bits=1024)
    platform = Platform(control, name)
    platform.freeze()
    yield platform
    control.delete("accounts", name)


@pytest.fixture
def institution(platform: Platform) -> Institution:
    """The institution's side of that account."""
    return Institution(platform.letter())


@pytest.fixture
def endpoint(platform: Platform) -> Iterator[Endpoint]:
    """An endpoint that acknowledges, registered for every push of that account."""
    endpoint, server = serve()
    platform.register(endpoint.url)
    yield endpoint
    server.shutdown()
    server.server_close()


@pytest.fixture
def order(platform: Platform) -> dict[str, Any]:
    """A fresh order of that account, from the standard fixture."""
    return platform.create_order()
