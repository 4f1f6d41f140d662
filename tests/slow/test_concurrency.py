"""Sixty-four clients for minutes: nothing is lost, nothing comes twice, nothing is locked."""

from pathlib import Path

import pytest
from durability.crowding import crowded


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("accounts", [1, 8])
def test_thousands_of_calls_at_once(
    tmp_path: Path, accounts: int, caplog: pytest.LogCaptureFixture
) -> None:
    orders = crowded(tmp_path, accounts, calls=8_000, seed=accounts)

    assert orders > 1_000
    assert {record.name for record in caplog.records} <= {"waitress.queue"}
