"""Computes what an outage of an endpoint would have done to each push, by the schedule alone.

The attempts that were made are taken as they were, except that those in the outage fail. Further
attempts follow the schedule (P16), and the first one outside the outage is acknowledged. Nothing
is sent, and no clock moves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from simulator.delivery import schedule


@dataclass(frozen=True)
class Outage:
    """No answer from `start` until just before `end` (account's time, Unix seconds)."""

    start: float
    end: float

    def covers(self, moment: float) -> bool:
        """Return whether an attempt at this moment fails."""
        return self.start <= moment < self.end


@dataclass(frozen=True)
class PastAttempt:
    """An attempt that was made: when it began (account's time), and its outcome.

    `outcome` is that of the attempt's record; one that is `in_flight` is taken to succeed.
    """

    started_at: float
    by_hand: bool
    outcome: str


@dataclass(frozen=True)
class Fate:
    """What the outage would have done to a push.

    `missed` attempts fall into the outage (copies count as one); `arrives` is when the push is
    acknowledged, None if it never is. A push without a missed attempt is untouched.
    """

    first_due: float
    missed: int
    arrives: float | None

    @property
    def word(self) -> Literal["lost", "late", "untouched"]:
        """The fate in a word."""
        if not self.missed:
            return "untouched"
        return "lost" if self.arrives is None else "late"

    @property
    def late(self) -> float | None:
        """Seconds from the first due moment to the arrival of a push that the outage delays."""
        return None if not self.missed or self.arrives is None else self.arrives - self.first_due


def compute_fate(
    outage: Outage, announced_at: float, made: Sequence[PastAttempt], due: float | None
) -> Fate | None:
    """Return what an outage would have done to a notice; None if nothing is scheduled for it.

    `made` are its attempts in order, `due` is when the next one is due, if any (account's time).
    """
    if not made and due is None:
        return None
    first_due = made[0].started_at if made else due or announced_at
    missed = step = 0
    last = announced_at
    # Copies that were sent at once are one step of the schedule.
    for (started_at, by_hand), copies in groupby(made, lambda m: (m.started_at, m.by_hand)):
        outcomes = {each.outcome for each in copies}
        if outage.covers(started_at):
            missed += 1
        elif outcomes & {"acknowledged", "in_flight"}:
            return Fate(first_due, missed, started_at)
        # Neither attempts by hand nor interrupted ones advance the schedule.
        if not by_hand and outcomes != {"interrupted"}:
            step, last = step + 1, started_at
    # While an attempt is under way, `due` is still the moment at which that one was due.
    moment = None if any(each.outcome == "in_flight" for each in made) else due
    if moment is None:
        moment = schedule.next_due(step, last) if step else announced_at
    while moment is not None and outage.covers(moment):
        missed, step = missed + 1, step + 1
        moment = schedule.next_due(step, moment)
    return Fate(first_due, missed, moment)
