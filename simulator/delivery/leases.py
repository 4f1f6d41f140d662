"""A lease on a push, and the result of the attempt that it allows."""

from dataclasses import dataclass

from simulator.delivery.courier import Received
from simulator.delivery.verdict import Verdict
from simulator.operations.faults.fault_rules import Struck
from simulator.operations.pushes.sealing import Sealed
from simulator.store.records import Account, Push


@dataclass(frozen=True)
class Lease:
    """The right to make one attempt (or several copies of it at once).

    `push` and `account` are as they were just before the lease was acquired.
    """

    push: Push
    account: Account
    number: int
    attempts: tuple[int, ...]
    started_at: float
    started_wall: float
    by_hand: bool
    struck: tuple[Struck, ...]
    url: str

    @property
    def resumes(self) -> str | None:
        """The state to return to when an attempt made by hand does not succeed."""
        return self.push.state if self.by_hand else None


@dataclass(frozen=True)
class Result:
    """The result of one attempt: what was sent, what came back (None: not sent), the verdict."""

    sealed: Sealed
    received: Received | None
    verdict: Verdict
