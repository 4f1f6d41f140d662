"""All broken institutions against all checks: takes most of an hour, and writes the matrix."""

import pytest
from conformance import kill_matrix
from conformance.test_kills import KINDS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_every_defect_meets_every_check(kind: str) -> None:
    matrix = kill_matrix.update(kind, everything=True)

    assert kill_matrix.stale_cells(matrix, kind) == {}
    harness = {
        name: [check for check, outcome in row["outcomes"].items() if outcome == "error"]
        for name, row in matrix[kind].items()
    }
    assert not any(harness.values()), "what the suite itself stumbled over"
