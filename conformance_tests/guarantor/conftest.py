"""What the checks for guarantors have in common beside what all checks share."""

import pytest

from conformance_tests.suite.scenes.guarantor.releases import Releases
from conformance_tests.suite.scenes.guarantor.scene import Scene


@pytest.fixture
def releases(scene: Scene) -> Releases:
    """Guarantees that are revoked, forfeited and released."""
    return Releases(scene)
