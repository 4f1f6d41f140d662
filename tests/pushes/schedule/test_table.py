"""The schedule as a pure table (通知频率, P16)."""

import itertools

import pytest
from pushes.contents import OFFSETS

from simulator.delivery import schedule

PRINTED = "15/15/30/180/1800/1800/1800/1800/3600"


def test_the_delays_are_the_printed_ones() -> None:
    assert "/".join(str(delay) for delay in schedule.DELAYS) == PRINTED


def test_ten_attempts_stretch_over_11040_seconds() -> None:
    assert schedule.ATTEMPTS == 10
    assert tuple(itertools.accumulate(schedule.DELAYS, initial=0)) == OFFSETS
    assert sum(schedule.DELAYS) == 11_040


@pytest.mark.parametrize(
    ("concluded", "delay"), [*enumerate((15, 15, 30, 180, 1800, 1800, 1800, 1800, 3600), start=1)]
)
def test_the_next_attempt_counts_from_the_start_of_the_one_before(
    concluded: int, delay: int
) -> None:
    assert schedule.next_due(concluded, 1_000.5) == 1_000.5 + delay


@pytest.mark.parametrize("concluded", [10, 11, 100])
def test_after_the_tenth_attempt_nothing_follows(concluded: int) -> None:
    assert schedule.next_due(concluded, 0) is None
