"""A simulator that speaks https with a certificate of its own local CA."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.app import Simulator
from simulator.certificates.self_signed import find_ca
from simulator.driver import ControlClient
from simulator.settings import Settings


@pytest.fixture(scope="package")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One for all tests of this folder."""
    folder = str(tmp_path_factory.mktemp("tls"))
    settings = Settings(port=0, control_port=0, data=folder, tls_self_signed=True)
    running = Simulator(settings)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="package")
def control(simulator: Simulator) -> ControlClient:
    return ControlClient(simulator.control_url)


@pytest.fixture(scope="package")
def ca(simulator: Simulator) -> Path:
    """The file that clients have to trust."""
    return find_ca(simulator.settings.data)


@pytest.fixture(scope="package")
def trusting(ca: Path) -> ssl.SSLContext:
    """A client's context that trusts it."""
    return ssl.create_default_context(cafile=str(ca))
