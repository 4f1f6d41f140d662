"""A lived account on one simulator, and another simulator to hand it to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from snapshots.lives import LIVES
from support.endpoint import Endpoint, serve
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.testing import Server


@dataclass(frozen=True)
class Lived:
    """An account with something of everything, on a simulator of its own."""

    platform: Platform
    institution: Institution

    def save(self, **query: Any) -> dict[str, Any]:
        """Return its snapshot."""
        return dict(self.platform.get("snapshot", **query))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    """An endpoint that acknowledges."""
    endpoint, server = serve()
    yield endpoint
    server.shutdown()
    server.server_close()


def _lived(kind: str, endpoint: Endpoint) -> Iterator[Lived]:
    with Server() as server:
        server.control.post("accounts", name="demo", kind=kind, key_bits=1024)
        platform = Platform(server.control, "demo")
        platform.freeze()
        yield Lived(platform, LIVES[kind](platform, endpoint))


@pytest.fixture(scope="module", params=list(LIVES))
def lived(request: pytest.FixtureRequest, endpoint: Endpoint) -> Iterator[Lived]:
    """The account of each kind; tests only look at it."""
    yield from _lived(request.param, endpoint)


@pytest.fixture(scope="module")
def insurer(endpoint: Endpoint) -> Iterator[Lived]:
    """An insurer's account; tests only look at it."""
    yield from _lived("insurer", endpoint)


@pytest.fixture
def target() -> Iterator[ControlClient]:
    """The control API of another simulator, on which there is nothing yet."""
    with Server() as server:
        yield server.control
