"""A recording of 1,000 exchanges is played again without a difference."""

from pathlib import Path

import pytest
from conformance.house import House
from support.lived import Lived

from conformance_tests.scenarios.play import running
from conformance_tests.scenarios.record import journals, recording

#: Orders at a time, between two looks at how much has happened.
_AT_A_TIME = 20


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_thousand_exchanges(lived: Lived, target: House, tmp_path: Path) -> None:
    platform = lived.platform
    while len(platform.journal(limit=100_000)) < 1000:
        for _ in range(_AT_A_TIME):
            order_no = platform.create_order()["order_no"]
            platform.post("orders", order_no, "open")
            assert lived.act("offer", order_no=order_no) == 200
            platform.post("orders", order_no, "cancel")
            platform.advance(0)
    place = tmp_path / "long.yaml"

    made = recording.record(journals.read(platform))
    journals.write(made, place)
    ended = running.run(running.prepare([str(place)], str(target.target())))

    assert made.exchanges >= 1000
    assert [failure.text.en for failure in ended.played[0].failures] == []
    assert ended.code == 0
