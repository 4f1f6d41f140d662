"""Moves an account's clock by a walk from due moment to due moment, never in one jump (P46).

A jump over two hours would give a failing push one attempt; a walk gives it all that are due.
While the clock is frozen nothing is sent by itself.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from simulator import clock
from simulator.clock import AccountClock
from simulator.delivery.dispatcher import Dispatcher
from simulator.errors import Conflict, SimulatorError
from simulator.operations.traffic import Traffic
from simulator.store.database import Database
from simulator.store.records import Account

#: Wall seconds that a step of a walk may take before the walk counts as abandoned.
_STEP_LIMIT = 120.0
#: Wall seconds to wait for an account's calls to end before the next step.
_QUIET_LIMIT = 30.0
#: Attempts in one walk at most: an institution may make the platform push for ever.
_MOST_ATTEMPTS = 5_000


@dataclass
class Walked:
    """What a walk did: the account's time before and after it, and the attempts made in it."""

    started_at: float
    ended_at: float
    attempts: list[dict[str, Any]] = field(default_factory=list)
    next_due: float | None = None


@dataclass(frozen=True)
class Walker:
    """Moves clocks; each step waits for the calls in progress, which `traffic` counts."""

    database: Database
    dispatcher: Dispatcher
    traffic: Traffic
    #: The accounts whose clocks this process is moving.
    walking: set[int] = field(default_factory=set)

    def freeze(self, account_id: int) -> None:
        """Freeze the account's clock at its present time.

        Raises:
            Conflict: another request is moving the clock.
        """
        with self.database.writing() as session:
            account = session.get_one(Account, account_id, with_for_update=True)
            self._end_if_abandoned(account, clock.wall_now())
            account.clock = account.clock.freeze(clock.wall_now())

    def resume(self, account_id: int) -> None:
        """Let the account's clock run again from its present time.

        Raises:
            Conflict: another request is moving the clock.
        """
        with self.database.writing() as session:
            account = session.get_one(Account, account_id, with_for_update=True)
            self._end_if_abandoned(account, clock.wall_now())
            account.clock = account.clock.resume(clock.wall_now())
        self.dispatcher.nudge()

    def advance(self, account_id: int, seconds: float) -> Walked:
        """Walk the account's clock forward by `seconds`, delivering what becomes due.

        Raises:
            SimulatorError: the seconds are negative.
            Conflict: another request is moving the clock.
        """
        if not 0 <= seconds <= 10 * 365 * 86400:
            raise SimulatorError(
                f"A clock moves 0 seconds or more ahead, ten years at most (got {seconds:g}).",
                f"时钟只能向前推进 0 秒以上、十年以内（收到 {seconds:g}）。",
            )
        return self._walk(account_id, seconds=seconds)

    def advance_to_next_due(self, account_id: int) -> Walked:
        """Walk to the next moment at which a push is due, and deliver what is due then.

        Raises:
            Conflict: nothing is due, or another request is moving the clock.
        """
        due = self.dispatcher.outbox.next_due(account_id)
        if due is None:
            raise Conflict("Nothing is due: no push is waiting.", "没有等待发送的推送。")
        return self._walk(account_id, target=due)

    def run_until_nothing_is_due(self, account_id: int) -> Walked:
        """Walk until no push is due any more.

        Raises:
            Conflict: another request is moving the clock, or the pushes never end.
        """
        return self._walk(account_id)

    def _walk(
        self, account_id: int, seconds: float | None = None, target: float | None = None
    ) -> Walked:
        walked = self._begin(account_id)
        end = walked.started_at + seconds if seconds is not None else target
        try:
            while (due := self._reachable(account_id, end)) is not None:
                if len(walked.attempts) >= _MOST_ATTEMPTS:
                    raise Conflict(
                        f"Stopped after {_MOST_ATTEMPTS} attempts: there is no end to the pushes.",
                        f"已执行 {_MOST_ATTEMPTS} 次推送仍未结束，已停止。",
                    )
                self._stand_at(account_id, max(due, walked.ended_at))
                walked.ended_at = max(due, walked.ended_at)
                self._deliver_one(account_id, walked)
            if end is not None:
                walked.ended_at = max(end, walked.ended_at)
        finally:
            self._finish(account_id, walked.ended_at)
        walked.next_due = self.dispatcher.outbox.next_due(account_id)
        return walked

    def _reachable(self, account_id: int, end: float | None) -> float | None:
        due = self.dispatcher.outbox.next_due(account_id)
        return due if due is not None and (end is None or due <= end) else None

    def _begin(self, account_id: int) -> Walked:
        wall = clock.wall_now()
        with self.database.writing() as session:
            account = session.get_one(Account, account_id, with_for_update=True)
            self._end_if_abandoned(account, wall)
            self.walking.add(account_id)
            account.walk_owner = self.dispatcher.outbox.owner
            account.walk_until_wall = wall + _STEP_LIMIT
            account.walk_from_running = account.frozen_at is None
            account.clock = account.clock.freeze(wall)
            now = account.clock.now(wall)
        # Attempts that began before the clock was frozen end at its present time.
        self.dispatcher.wait_until_none_in_flight(account_id, _QUIET_LIMIT)
        return Walked(now, now)

    def _stand_at(self, account_id: int, moment: float) -> None:
        with self.database.writing() as session:
            account = session.get_one(Account, account_id, with_for_update=True)
            account.clock = AccountClock(account.clock_offset, moment)
            account.walk_until_wall = clock.wall_now() + _STEP_LIMIT

    def _deliver_one(self, account_id: int, walked: Walked) -> None:
        lease = self.dispatcher.outbox.acquire_due(clock.wall_now(), account_id)
        if lease is None:
            # A fault rule delays it, or an attempt by hand about the same thing is under way.
            if not self.dispatcher.wait_until_none_in_flight(account_id, _QUIET_LIMIT):
                raise Conflict(
                    "An attempt of this account does not end; the clock stays where it is.",
                    "该账户有一次推送迟迟未结束；时钟停在当前位置。",
                )
            return
        results = self.dispatcher.deliver(lease)
        for number, result in zip(lease.attempts, results, strict=True):
            walked.attempts.append(
                {
                    "push": lease.push.id,
                    "interface": lease.push.interface,
                    "about": lease.push.about,
                    "attempt": number,
                    "at": lease.started_at,
                    "acknowledged": result.verdict.acknowledged,
                    "verdict": result.verdict.text.as_json(),
                }
            )
        self.traffic.wait_until_quiet(account_id, _QUIET_LIMIT)

    def _finish(self, account_id: int, moment: float) -> None:
        try:
            with self.database.writing() as session:
                account = session.get_one(Account, account_id, with_for_update=True)
                _end_walk(account, moment)
        finally:
            # If the end could not be written, `recover` writes it later.
            self.walking.discard(account_id)
        self.dispatcher.nudge()

    def recover(self, everything: bool) -> None:
        """End abandoned walks, each at the time that it had reached.

        With `everything`, all walks (the only process on the database has just started), else
        those whose last step is longer ago than a step may take, and those of this process whose
        end could not be written.
        """
        wall = clock.wall_now()
        walks = select(Account).where(Account.walk_owner.is_not(None))
        with self.database.reading() as session:
            found = session.scalars(walks).all()
        if not any(everything or self._abandoned(account, wall) for account in found):
            return
        with self.database.writing() as session:
            for account in session.scalars(walks.with_for_update()):
                if everything or self._abandoned(account, wall):
                    _end_walk(account, account.clock.now(wall))

    def _abandoned(self, account: Account, wall: float) -> bool:
        own = account.walk_owner == self.dispatcher.outbox.owner
        over = account.walk_until_wall is not None and account.walk_until_wall <= wall
        return over or (own and account.id not in self.walking)

    def _end_if_abandoned(self, account: Account, wall: float) -> None:
        """End the account's walk, if it is abandoned, before another request takes the clock.

        Raises:
            Conflict: the walk is in progress.
        """
        if account.walk_owner is None:
            return
        if not self._abandoned(account, wall):
            raise Conflict(
                f"The clock of {account.name} is being moved by another request.",
                f"账户 {account.name} 的时钟正在被其他请求推进。",
            )
        _end_walk(account, account.clock.now(wall))


def _end_walk(account: Account, moment: float) -> None:
    standing = AccountClock(account.clock_offset, moment)
    running = standing.resume(clock.wall_now())
    account.clock = running if account.walk_from_running else standing
    account.walk_owner = account.walk_until_wall = None
    account.walk_from_running = False
