"""All broken institutions against all checks: takes most of an hour, and writes the matrix."""

import pytest
from conformance import kill_matrix
from conformance.test_kills import KINDS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("kind", KINDS)
def test_every_defect_meets_every_check(kind: str) -> None:
    matrix = kill_matrix.update(kind, everything=True)

    assert matrix.missing(everything=True) == {}
    errors = {
        name: [check for check, cell in row.cells.items() if cell == kill_matrix.LETTERS["error"]]
        for name, row in matrix.rows.items()
    }
    assert not any(errors.values()), "what the suite itself stumbled over"
