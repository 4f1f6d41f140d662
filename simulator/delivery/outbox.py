"""The durable outbox: claiming pushes under a lease, and writing what became of them.

A claim is one transaction, the outcome another; between them nothing is locked, because the
institution may call back while it handles the push. The outcome is written only if the lease
still holds, so an attempt that was given up is never taken for an acknowledged one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from simulator.delivery import schedule
from simulator.delivery.courier import Received
from simulator.delivery.verdict import Verdict
from simulator.errors import Conflict, Text
from simulator.operations import faults, outgoing
from simulator.operations.faults import Struck
from simulator.operations.registry import Desk, Platform, reader_of
from simulator.operations.sealing import Sealed
from simulator.store import journal
from simulator.store.database import Database
from simulator.store.records import Account, Attempt, JournalEntry, Push

#: Seconds beyond an attempt's own limit after which a claim counts as abandoned.
_GRACE = 30.0
INTERRUPTED = Verdict(
    False,
    "interrupted",
    Text(
        "interrupted: the simulator stopped during this attempt; whether it arrived is unknown, "
        "so the next one may be a duplicate.",
        "已中断：模拟器在本次推送途中停止；对方是否收到未知，下一次可能重复。",
    ),
)

_other = aliased(Push)
_same_in_flight = exists().where(
    _other.account_id == Push.account_id,
    _other.about == Push.about,
    _other.state == outgoing.IN_FLIGHT,
)
#: Pushes that wait, in their order; made once, because making it costs more than asking it.
_SENDABLE = (
    select(Push, Account)
    .join(Account, Account.id == Push.account_id)
    .where(Push.state == outgoing.PENDING, ~_same_in_flight)
    .order_by(Push.due, Push.id)
)


@dataclass(frozen=True)
class Lease:
    """The right to make one attempt (or several copies of it at once).

    `push` and `account` are as they were when it was claimed.
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


@dataclass(frozen=True)
class Result:
    """What became of one attempt: what was sent and came back (None: not sent), the verdict."""

    sealed: Sealed
    received: Received | None
    verdict: Verdict


@dataclass(frozen=True)
class Outbox:
    """The outbox of one process; `owner` names the process in its leases."""

    database: Database
    platform: Platform
    owner: str
    journal_limit: int

    def claim_due(
        self, wall: float, account_id: int | None = None, busy: Collection[int] = ()
    ) -> Lease | None:
        """Claim the push that is due for the longest time; None where none is.

        Without `account_id`: of all accounts whose clock runs, but for those that are `busy`;
        with it: of that account, whose clock stands at the moment that a walk has reached. Of
        several pushes about the same thing only one is in flight at a time.
        """
        with self.database.writing() as session:
            found = (
                self._due(wall, account_id, busy)
                .limit(1)
                .with_for_update(skip_locked=True, of=Push)
            )
            while (row := session.execute(found).first()) is not None:
                push, account = row
                name = self.platform.catalogue.interfaces[push.interface].name
                if not account.endpoints.get(name):
                    # Its endpoint was removed after it was announced (P20).
                    push.state, push.due = outgoing.UNROUTABLE, None
                elif not self._held_back(session, push, account, wall):
                    return self._lease(session, push, account, wall, by_hand=False)
                session.flush()
            return None

    def anything_due(self, wall: float) -> bool:
        """Return whether a push of an account whose clock runs is due."""
        found = self._due(wall, None, ()).with_only_columns(Push.id).limit(1)
        with self.database.reading() as session:
            return session.scalar(found) is not None

    def in_flight(self, account_id: int) -> bool:
        """Return whether an attempt of the account is under way, in whichever process."""
        with self.database.reading() as session:
            found = select(Push.id).where(
                Push.account_id == account_id, Push.state == outgoing.IN_FLIGHT
            )
            return session.scalar(found.limit(1)) is not None

    def _due(
        self, wall: float, account_id: int | None, busy: Collection[int]
    ) -> Select[Push, Account]:
        if account_id is not None:
            return _SENDABLE.where(Account.id == account_id, Push.due <= Account.frozen_at)
        # First whose, then which: else what waits in a frozen account is looked at every time.
        running = select(Account.id).where(Account.frozen_at.is_(None))
        running = running.where(Account.id.not_in(busy)) if busy else running
        now = wall + Account.clock_offset
        return _SENDABLE.where(Push.account_id.in_(running), Push.due <= now)

    def claim_one(self, push_id: int, wall: float) -> Lease:
        """Claim one push to be sent now, by hand or because it is a question.

        An `unroutable` push whose endpoint is known by now enters the schedule (P20).

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
            return self._lease(session, push, account, wall, by_hand=not scheduled)

    def _lease(
        self, session: Session, push: Push, account: Account, wall: float, by_hand: bool
    ) -> Lease:
        interface = self.platform.catalogue.interfaces[push.interface]
        struck = faults.strike_push(
            session, account.id, interface.name, push.about, push.attempts + 1
        )
        copies = next((s.value.get("copies", 2) for s in struck if s.rule == faults.COPIES), 1)
        numbers = tuple(range(push.attempts + 1, push.attempts + 1 + copies))
        now = account.clock.now(wall)
        push.resumes = push.state if by_hand else None
        push.state = outgoing.IN_FLIGHT
        push.attempts = numbers[-1]
        push.lease_owner = self.owner
        push.lease_number += 1
        push.lease_until_wall = wall + account.switch("push_limit") + _GRACE
        for number in numbers:
            session.add(
                Attempt(
                    push_id=push.id,
                    number=number,
                    by_hand=by_hand,
                    started_at=now,
                    started_wall=wall,
                    faults=[strike.tag for strike in struck],
                )
            )
        return Lease(
            push=push,
            account=account,
            number=push.lease_number,
            attempts=numbers,
            started_at=now,
            started_wall=wall,
            by_hand=by_hand,
            struck=tuple(struck),
            url=account.endpoints[interface.name],
        )

    def _held_back(self, session: Session, push: Push, account: Account, wall: float) -> bool:
        interface = self.platform.catalogue.interfaces[push.interface]
        struck = faults.strike_push(
            session, account.id, interface.name, push.about, push.attempts + 1, faults.HOLD_BACK
        )
        if not struck:
            return False
        push.state, push.due = outgoing.HELD, None
        note = Text(
            f"Held back by the fault rule {struck[0].tag} until the next push was sent.",
            f"被故障规则 {struck[0].tag} 扣住，直到下一条推送发出。",
        )
        entry = self._entry(push, account, wall, None, "held", [note], [struck[0].tag])
        journal.record(session, entry, self.journal_limit)
        return True

    def conclude(self, lease: Lease, results: Sequence[Result], wall: float) -> bool:
        """Write what became of an attempt; return False if the lease was lost meanwhile."""
        with self.database.writing() as session:
            push = session.get_one(Push, lease.push.id, with_for_update=True)
            held = (push.state, push.lease_owner, push.lease_number)
            if held != (outgoing.IN_FLIGHT, self.owner, lease.number):
                return False
            account = session.get_one(Account, push.account_id)
            acknowledged = any(result.verdict.acknowledged for result in results)
            results = [self._read(session, push, account, result, wall) for result in results]
            _move_on(self.platform, push, lease, acknowledged, results)
            for number, result in zip(lease.attempts, results, strict=True):
                self._write_attempt(session, push, account, lease, number, result, wall)
            _release_held(session, push, account, wall)
            return True

    def _read(
        self, session: Session, push: Push, account: Account, result: Result, wall: float
    ) -> Result:
        """Let the operation take what an acknowledgement says beside `status` (P31)."""
        reader = reader_of(self.platform.catalogue.interfaces[push.interface])
        answer = result.verdict.answer
        if reader is None or answer is None or not result.verdict.acknowledged:
            return result
        notes = reader(Desk(session, account, self.platform, wall), push.about, answer)
        return replace(result, verdict=result.verdict.noting(notes))

    def _write_attempt(
        self,
        session: Session,
        push: Push,
        account: Account,
        lease: Lease,
        number: int,
        result: Result,
        wall: float,
    ) -> None:
        attempt = session.scalars(
            select(Attempt).where(Attempt.push_id == push.id, Attempt.number == number)
        ).one()
        attempt.sent = result.sealed.as_record(lease.url)
        attempt.received = _received_record(result.received)
        attempt.outcome = "acknowledged" if result.verdict.acknowledged else "failed"
        attempt.verdict = {"code": result.verdict.code, **result.verdict.text.as_json()}
        attempt.next_due = push.due
        entry = self._entry(
            push,
            account,
            lease.started_wall,
            number,
            attempt.outcome,
            [result.verdict.text],
            list(attempt.faults),
        )
        entry.at = lease.started_at
        entry.sent = {
            "params": attempt.sent["params"],
            "base": attempt.sent["base"],
            "url": lease.url,
        }
        entry.received = attempt.received
        entry.milliseconds = round(result.received.seconds * 1000, 2) if result.received else None
        journal.record(session, entry, self.journal_limit)

    def _entry(
        self,
        push: Push,
        account: Account,
        wall: float,
        attempt: int | None,
        status: str,
        notes: Sequence[Text],
        tags: list[Any],
    ) -> JournalEntry:
        return JournalEntry(
            account_id=account.id,
            wall=wall,
            at=account.clock.now(wall),
            direction="push",
            interface=push.interface,
            about=push.about,
            status=status,
            notes=[note.as_json() for note in notes],
            faults=tags,
            push_id=push.id,
            attempt=attempt,
        )

    def recover(self, wall: float, everything: bool) -> int:
        """Take back claims whose owner is gone; return how many pushes that were.

        With `everything`, all claims (the only process on the database has just started), else
        those whose lease is over. Their attempts stay in the list as `interrupted`, and are made
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
            attempt.verdict = {"code": INTERRUPTED.code, **INTERRUPTED.text.as_json()}
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
            return session.scalar(
                select(func.min(Push.due)).where(
                    Push.account_id == account_id, Push.state == outgoing.PENDING
                )
            )


def _move_on(
    platform: Platform, push: Push, lease: Lease, acknowledged: bool, results: Sequence[Result]
) -> None:
    """Set a push's state, place in the schedule and next due moment after an attempt."""
    push.lease_owner = push.lease_until_wall = None
    answers = [dict(r.verdict.answer) for r in results if r.verdict.answer is not None]
    push.answer = answers[-1] if answers else None
    question = platform.catalogue.interfaces[push.interface].delivery != "notice"
    if acknowledged:
        push.state, push.due = (outgoing.ANSWERED if question else outgoing.ACKNOWLEDGED), None
    elif question:
        push.state = outgoing.UNANSWERED
    elif push.resumes is not None:
        push.state = push.resumes
    else:
        push.step += 1
        push.due = schedule.next_due(push.step, lease.started_at)
        push.state = outgoing.EXHAUSTED if push.due is None else outgoing.PENDING
    push.resumes = None


def _release_held(session: Session, sent: Push, account: Account, wall: float) -> None:
    """Let the pushes go that were held back until the next one was sent."""
    held = session.scalars(
        select(Push).where(
            Push.account_id == account.id, Push.state == outgoing.HELD, Push.id != sent.id
        )
    )
    for push in held:
        push.state, push.due = outgoing.PENDING, account.clock.now(wall)


def _received_record(received: Received | None) -> dict[str, Any]:
    if received is None:
        return {}
    return {
        "status": received.status,
        "headers": dict(received.headers),
        "body": received.body.decode("utf-8", "replace").replace("\x00", "\ufffd"),
        "failure": received.failure,
        "detail": received.detail,
        "milliseconds": round(received.seconds * 1000, 2),
    }
