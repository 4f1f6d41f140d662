"""Timestamps that are off: by which mistake, as far as the clock can tell."""

from datetime import datetime, timedelta

import pytest
from diagnosis.asking import Found, Sent, makes

from simulator.clock import SHANGHAI
from simulator.protocol.diagnosis.moments import explain_moment

NOW = datetime(2026, 12, 30, 15, 47, 9, tzinfo=SHANGHAI)


def found(moment, now=NOW):
    """Ask how a timestamp is off."""
    return Found("moment", Sent(moment=(moment, now)))


@pytest.mark.parametrize("seconds", [-300, -1, 0, 1, 300])
def test_a_timestamp_near_now_gets_no_finding(seconds):
    assert explain_moment(NOW + timedelta(seconds=seconds), NOW) is None


@pytest.mark.parametrize(
    ("off", "said"), [(150, "about 2 hours"), (-4320, "3 days"), (20, "20 min")]
)
def test_a_distance_that_is_rounded_is_said_to_be(off, said):
    finding = explain_moment(NOW + timedelta(minutes=off), NOW)

    assert f"It is {said}" in finding.detail.en
    assert ("约" in finding.detail.zh) == ("about" in said)


@makes("timestamp_in_another_zone")
@pytest.mark.parametrize("hours", [-8, -16, 1, -1, 4])
def test_writing_it_in_another_zone(hours):
    return found(NOW + timedelta(hours=hours, seconds=20))


@makes("timestamp_on_twelve_hour_clock")
@pytest.mark.parametrize(("hour", "hours"), [(15, -12), (12, -12), (23, -12), (0, 12)])
def test_using_a_clock_of_twelve_hours(hour, hours):
    now = NOW.replace(hour=hour)
    return found(now + timedelta(hours=hours), now)


@makes("timestamp_in_another_zone")
def test_being_twelve_hours_off_where_no_clock_of_twelve_hours_is():
    now = NOW.replace(hour=9)
    return found(now + timedelta(hours=-12), now)


@makes("timestamp_with_week_year")
@pytest.mark.parametrize("year", [2027, 2026])
def test_using_the_year_of_the_week(year):
    now = NOW if year == 2027 else NOW.replace(year=2027, month=1, day=2)
    return found(now.replace(year=year), now)


@makes("timestamp_off")
def test_being_a_year_off_in_the_middle_of_the_year():
    return found(NOW.replace(year=2027, month=6), NOW.replace(month=6))


@makes("timestamp_letters_exchanged")
@pytest.mark.parametrize(
    ("now", "month", "minute"), [(7, 7, 12), (47, 12, 12), (7, 7, 7)], ids=["both", "MM", "mm"]
)
def test_mixing_up_month_and_minute(now, month, minute):
    moment = NOW.replace(minute=now)
    return found(moment.replace(month=month, minute=minute), moment)


@makes("timestamp_off")
@pytest.mark.parametrize("away", [*map(timedelta, (400, 1, -1, 0.5)), timedelta(minutes=-17)])
def test_sending_an_old_timestamp(away):
    return found(NOW + away)
