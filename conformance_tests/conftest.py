"""Makes the suite's plugin part of a plain `pytest conformance_tests`; what all checks share."""

import pytest

from conformance_tests.suite.scenes import kinds
from conformance_tests.suite.scenes.both.crossings import Crossings
from conformance_tests.suite.scenes.both.false_notices import AnyFalseNotices
from conformance_tests.suite.scenes.both.repeats import Repeats
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.scenes.both.target_actions import TargetActions
from conformance_tests.suite.scenes.both.walk import Walk

pytest_plugins = ["conformance_tests.suite.run.plugin"]


@pytest.fixture(scope="session")
def _deeds(_scene: Scene) -> TargetActions:
    return kinds.target_actions_of(_scene)


@pytest.fixture
def deeds(scene: Scene, _deeds: TargetActions) -> TargetActions:
    """What the target did on its own behalf in this run, each action once."""
    return _deeds


@pytest.fixture
def flow(scene: Scene) -> Walk:
    """The steps of a business flow, each of them judged."""
    return kinds.flow_of(scene)


@pytest.fixture
def repeats(scene: Scene) -> Repeats:
    """Notices that come again."""
    return Repeats(scene)


@pytest.fixture
def crossings(scene: Scene) -> Crossings:
    """Notices that cross something."""
    return kinds.crossings_of(scene)


@pytest.fixture
def false_notices(scene: Scene) -> AnyFalseNotices:
    """Notices that do not fit, rightly signed and sealed."""
    return kinds.false_notices_of(scene)
