"""A simulator in a process of its own, whose memory and stderr can be looked at."""

from collections.abc import Iterator

import pytest
from hostile.process import Process, running
from support.institution import Institution

from simulator.driver import ControlClient


@pytest.fixture(scope="package")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A simulator, one for all tests of this folder."""
    with running(tmp_path_factory.mktemp("hostile")) as process:
        yield process


@pytest.fixture(scope="package")
def institution(process: Process) -> Institution:
    """The institution of its account `demo`."""
    return Institution(ControlClient(process.control).get("accounts", "demo", "letter"))
