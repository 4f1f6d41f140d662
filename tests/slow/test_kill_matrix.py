"""All broken institutions against all checks of a kind, as far as the matrix does not hold it yet.

From nothing it takes more than an hour for each kind; each row is written when it is done, so that
what was interrupted goes on where it was. A defect that can be made in either kind of institution
meets all checks for insurers, and as a guarantor those that are made for it.
"""

import pytest
from conformance import kill_matrix
from conformance.test_kills import KINDS

#: Seconds that a kind may take.
_LONGEST = 4 * 3600
pytestmark = [pytest.mark.slow, pytest.mark.timeout(_LONGEST)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_defect_meets_every_check(kind: str) -> None:
    matrix = kill_matrix.update(kind, everything=True)

    assert matrix.missing(kind, everything=True) == {}
    errors = {
        name: [check for check, cell in row.cells.items() if cell == kill_matrix.LETTERS["error"]]
        for name, row in matrix.rows.items()
    }
    assert not any(errors.values()), "what the suite itself stumbled over"
