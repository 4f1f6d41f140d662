"""The durable outbox: leases pushes to this process, and writes what became of them.

A lease is acquired in one transaction and its outcome written in another; nothing is locked in
between, because the institution may call back while it handles the push. The outcome is written
only if the lease still holds, so an attempt that was given up never counts as acknowledged.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from simulator.delivery import outcomes, queue
from simulator.delivery.acquisition import Acquisition
from simulator.delivery.leases import Lease, Result
from simulator.delivery.verdict import Verdict
from simulator.errors import Conflict
from simulator.operations import outgoing
from simulator.operations.registry import PlatformConfig
from simulator.store.database import Database
from simulator.store.journal import Writer
from simulator.store.records import Account, Attempt, Push


@dataclass(frozen=True)
class Outbox:
    """The outbox of one process; `owner` names the process in its leases."""

    database: Database
    platform: PlatformConfig
    owner: str
    journal: Writer

    def acquire_due(
        self, wall: float, account_id: int | None = None, busy: Collection[int] = ()
    ) -> Lease | None:
        """Acquire the push that has been due for the longest time; None if nothing is due.

        Without `account_id`: of all accounts whose clock runs, except the `busy` ones;
        with it: of that account, whose clock a walk has frozen. Of several pushes about the same
        thing only one is in flight at a time.
        """
        if account_id is None:
            running = dict.fromkeys(busy, 1)
            return next(iter(self.acquire_several(wall, room=1, each=1, running=running)), None)
        with self.database.writing() as session:
            account = session.get_one(Account, account_id)
            if account.frozen_at is None:
                return None
            acquisition = self._acquisition(session, wall)
            return next(iter(acquisition.lease_account(account, account.frozen_at, room=1)), None)

    def acquire_several(
        self, wall: float, room: int, each: int, running: Mapping[int, int]
    ) -> list[Lease]:
        """Lease what is due in accounts whose clock runs, `room` pushes at most.

        An account has at most `each` attempts under way at a time; `running` counts them.
        """
        with self.database.writing() as session:
            return self._acquisition(session, wall).lease_running(room, each, running)

    def _acquisition(self, session: Session, wall: float) -> Acquisition:
        return Acquisition(session, self.platform, self.owner, self.journal, wall)

    def anything_due(self, wall: float, busy: Collection[int] = ()) -> bool:
        """Return whether a push is due of an account whose clock runs and that is not `busy`."""
        with self.database.reading() as session:
            asked = {"wall": wall, "busy": list(busy)}
            return session.scalar(queue.ANYBODY, asked) is not None

    def in_flight(self, account_id: int) -> bool:
        """Return whether an attempt of the account is under way, in whichever process."""
        with self.database.reading() as session:
            return session.scalar(queue.IN_FLIGHT, {"account": account_id}) is not None

    def acquire_one(self, push_id: int, wall: float) -> Lease:
        """Acquire one push to be sent now, by hand or because it is a question.

        An `unroutable` push whose endpoint has been registered enters the schedule (P20).

        Raises:
            Conflict: it is in flight, or no endpoint is registered for its interface.
        """
        with self.database.writing() as session:
            push = session.get_one(Push, push_id, with_for_update=True)
            account = session.get_one(Account, push.account_id)
            interface = self.platform.catalogue.interfaces[push.interface]
            if push.state == outgoing.IN_FLIGHT:
                raise Conflict(
                    f"The push {push_id} is being delivered right now.",
                    f"推送 {push_id} 正在发送中。",
                )
            if not account.endpoints.get(interface.name):
                raise Conflict(
                    f"No endpoint is registered for {interface.name} ({interface.id}): set it "
                    f"with `conzhu-sim account endpoint {account.name} {interface.name} URL`.",
                    f"尚未登记 {interface.name}（{interface.id}）的接收地址：请用 "
                    f"`conzhu-sim account endpoint {account.name} {interface.name} URL` 设置。",
                )
            scheduled = push.state == outgoing.UNROUTABLE
            acquisition = self._acquisition(session, wall)
            lease = acquisition.lease_push(push, account, by_hand=not scheduled)
            acquisition.write()
            return lease

    def conclude(self, lease: Lease, results: Sequence[Result], wall: float) -> bool:
        """Write the results of an attempt; return False if the lease was lost meanwhile."""
        [held] = self.conclude_several([(lease, results)], wall)
        return held

    def conclude_several(
        self, ended: Sequence[tuple[Lease, Sequence[Result]]], wall: float
    ) -> list[bool]:
        """Write the results of several attempts at once; return of each whether its lease held."""
        sent: dict[int, set[int]] = {}
        with self.database.writing() as session:
            held = []
            for lease, results in ended:
                held.append(
                    outcomes.write(
                        session, self.platform, self.journal, self.owner, lease, results, wall
                    )
                )
                if held[-1]:
                    sent.setdefault(lease.account.id, set()).add(lease.push.id)
            for account_id, numbers in sent.items():
                outcomes.release_held(session, account_id, numbers, wall)
        return held

    def recover(self, wall: float, everything: bool) -> int:
        """Revoke the leases of owners that are gone; return the number of pushes.

        With `everything`, all leases (the only process on the database has just started), else
        the expired ones. Their attempts stay in the list as `interrupted`, and are made
        again at once, at the same place in the schedule: whether the institution got them is
        unknown, so the repeat may be a duplicate.
        """
        with self.database.writing() as session:
            abandoned = select(Push).where(Push.state == outgoing.IN_FLIGHT)
            if not everything:
                abandoned = abandoned.where(Push.lease_until_wall < wall)
            pushes = session.scalars(abandoned.with_for_update(skip_locked=True)).all()
            for push in pushes:
                self._interrupt(session, push)
            return len(pushes)

    def _interrupt(self, session: Session, push: Push) -> None:
        attempts = session.scalars(
            select(Attempt).where(Attempt.push_id == push.id, Attempt.outcome == "in_flight")
        ).all()
        for attempt in attempts:
            attempt.outcome = "interrupted"
            attempt.verdict = Verdict.of("interrupted").as_json()
        push.lease_owner = push.lease_until_wall = None
        notice = self.platform.catalogue.interfaces[push.interface].delivery == "notice"
        if push.resumes in (None, outgoing.QUESTION) and not notice:
            push.state = outgoing.UNANSWERED
        elif push.resumes is not None:
            push.state = push.resumes
        else:
            push.state = outgoing.PENDING
            push.due = attempts[0].started_at if attempts else push.due
        push.resumes = None
        for attempt in attempts:
            attempt.next_due = push.due

    def next_due(self, account_id: int) -> float | None:
        """Return when the account's next push is due (account's time), None if nothing is."""
        with self.database.reading() as session:
            return session.scalar(queue.NEXT_DUE, {"account": account_id})
