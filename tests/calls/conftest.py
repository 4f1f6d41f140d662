"""Both sides of one fresh account, and another institution beside it."""

from collections.abc import Iterator

import pytest
from calls.insurer import Insurer
from support.institution import Institution
from support.platform import Platform

from simulator.app import Simulator
from simulator.driver import ControlClient
from simulator.settings import Settings


@pytest.fixture
def insurer(platform: Platform, institution: Institution) -> Insurer:
    """The insurer of the test's account."""
    return Insurer(platform, institution)


@pytest.fixture
def stranger(control: ControlClient, platform: Platform) -> Iterator[Insurer]:
    """Another institution with an account of its own."""
    name = f"{platform.name}-other"
    control.post("accounts", name=name, key_bits=1024)
    other = Platform(control, name)
    yield Insurer(other, Institution(other.letter()))
    control.delete("accounts", name)


@pytest.fixture(scope="session")
def narrow_control() -> Iterator[ControlClient]:
    """A simulator that takes forms of 20,000 and files of 2,000 bytes at most."""
    settings = Settings(port=0, control_port=0, body_limit=20_000, upload_limit=2_000)
    running = Simulator(settings, ephemeral=True)
    running.start()
    yield ControlClient(running.control_url)
    running.stop()


@pytest.fixture
def narrow(narrow_control: ControlClient, request: pytest.FixtureRequest) -> Iterator[Insurer]:
    """An insurer with an account of that simulator."""
    name = f"narrow-{abs(hash(request.node.nodeid))}"
    narrow_control.post("accounts", name=name, key_bits=1024)
    platform = Platform(narrow_control, name)
    yield Insurer(platform, Institution(platform.letter()))
    narrow_control.delete("accounts", name)
