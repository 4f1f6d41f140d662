"""What the checks for guarantors have in common beside what all checks share."""

import pytest

from conformance_tests.suite.guarantor import Scene
from conformance_tests.suite.guarantor_releases import Releases


@pytest.fixture
def releases(scene: Scene) -> Releases:
    """Guarantees that are revoked, forfeited and released."""
    return Releases(scene)
