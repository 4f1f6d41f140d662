"""What the checks for insurers have in common beside the scene."""

import pytest

from conformance_tests.suite.deeds import Deeds
from conformance_tests.suite.flow import Flow
from conformance_tests.suite.insurer import Scene


@pytest.fixture(scope="session")
def _deeds(_scene: Scene) -> Deeds:
    return Deeds(_scene)


@pytest.fixture
def deeds(scene: Scene, _deeds: Deeds) -> Deeds:
    """What the target did on its own behalf in this run, each deed once."""
    return _deeds


@pytest.fixture
def flow(scene: Scene) -> Flow:
    """The steps of a business flow, each of them judged."""
    return Flow(scene)
