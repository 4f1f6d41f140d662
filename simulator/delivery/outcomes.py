"""Writes the outcome of attempts: to the push, the attempts themselves and the journal."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import JSON, Table, bindparam, select, update
from sqlalchemy.orm import Session

from simulator.delivery import schedule
from simulator.delivery.courier import Received
from simulator.delivery.leases import Lease, Result
from simulator.errors import Text
from simulator.operations import outgoing
from simulator.operations.registry import Desk, PlatformConfig, reader_of
from simulator.store import foreign, locking
from simulator.store.journal import Writer
from simulator.store.records import Account, Attempt, JournalEntry, Push

_pushes, _attempts = cast(Table, Push.__table__), cast(Table, Attempt.__table__)
#: Updates a push only if the lease still holds.
_MOVE_ON = (
    update(_pushes)
    .where(
        _pushes.c.id == bindparam("push"),
        _pushes.c.state == outgoing.IN_FLIGHT,
        _pushes.c.lease_owner == bindparam("owner"),
        _pushes.c.lease_number == bindparam("number"),
    )
    .values(
        state=bindparam("next_state"),
        due=bindparam("next_due"),
        step=bindparam("place"),
        answer=bindparam("said", type_=JSON(none_as_null=True)),
        resumes=None,
        lease_owner=None,
        lease_until_wall=None,
    )
)
_CONCLUDE = (
    update(_attempts)
    .where(_attempts.c.push_id == bindparam("push"), _attempts.c.number == bindparam("attempt"))
    .values(
        sent=bindparam("what", type_=JSON),
        received=bindparam("got", type_=JSON),
        outcome=bindparam("end"),
        verdict=bindparam("judged", type_=JSON),
        next_due=bindparam("next"),
    )
)
_HELD = select(_pushes.c.id).where(
    _pushes.c.account_id == bindparam("account"), _pushes.c.state == outgoing.HELD
)


def write(
    session: Session,
    platform: PlatformConfig,
    journal: Writer,
    owner: str,
    lease: Lease,
    results: Sequence[Result],
    wall: float,
) -> bool:
    """Write the results of a lease's attempts; return False if the lease was lost meanwhile."""
    results = [_clean(session, lease.account, result) for result in results]
    state, due, step = _next(platform, lease, results)
    answers = [dict(r.verdict.answer) for r in results if r.verdict.answer is not None]
    moved = session.connection().execute(
        _MOVE_ON,
        {
            "push": lease.push.id,
            "owner": owner,
            "number": lease.number,
            "next_state": state,
            "next_due": due,
            "place": step,
            "said": answers[-1] if answers else None,
        },
    )
    if not moved.rowcount:
        return False
    for number, result in zip(lease.attempts, results, strict=True):
        read = _read(session, platform, lease, result, wall)
        _write_attempt(session, journal, lease, number, read, due)
    return True


def _clean(session: Session, account: Account, result: Result) -> Result:
    """Return a result as it may be kept: what the institution answered is foreign text."""
    verdict = result.verdict
    secrets = (account.api_secret, account.api_key)
    said = {"answer": verdict.answer, "text": verdict.text.as_json()}
    cleaned = foreign.clean(session, said, secrets)
    return replace(
        result,
        verdict=replace(verdict, answer=cleaned["answer"], text=Text(**cleaned["text"])),
    )


def _read(
    session: Session, platform: PlatformConfig, lease: Lease, result: Result, wall: float
) -> Result:
    """Pass what an acknowledgement says beside `status` to its operation (P31)."""
    push, answer = lease.push, result.verdict.answer
    reader = reader_of(platform.catalogue.interfaces[push.interface])
    if reader is None or answer is None or not result.verdict.acknowledged:
        return result
    account = locking.lock_account(session, push.account_id)
    if account is None:
        return result
    notes = reader(Desk(session, account, platform, wall), push.about, answer)
    return replace(result, verdict=result.verdict.noting(notes))


def _next(
    platform: PlatformConfig, lease: Lease, results: Sequence[Result]
) -> tuple[str, float | None, int]:
    """Return a push's state, due moment and step in the schedule after an attempt."""
    push = lease.push
    question = platform.catalogue.interfaces[push.interface].delivery != "notice"
    if any(result.verdict.acknowledged for result in results):
        return (outgoing.ANSWERED if question else outgoing.ACKNOWLEDGED), None, push.step
    if question:
        return outgoing.UNANSWERED, push.due, push.step
    if lease.resumes is not None:
        return lease.resumes, push.due, push.step
    step = push.step + 1
    due = schedule.next_due(step, lease.started_at)
    return (outgoing.EXHAUSTED if due is None else outgoing.PENDING), due, step


def _write_attempt(
    session: Session,
    journal: Writer,
    lease: Lease,
    number: int,
    result: Result,
    due: float | None,
) -> None:
    push, account, sent = lease.push, lease.account, result.sealed.as_record(lease.url)
    outcome = "acknowledged" if result.verdict.acknowledged else "failed"
    secrets = (account.api_secret, account.api_key)
    received = foreign.clean(session, _received_record(result.received), secrets)
    session.connection().execute(
        _CONCLUDE,
        {
            "push": push.id,
            "attempt": number,
            "what": sent,
            "got": received,
            "end": outcome,
            "judged": result.verdict.as_json(),
            "next": due,
        },
    )
    entry = JournalEntry(
        account_id=push.account_id,
        wall=lease.started_wall,
        at=lease.started_at,
        direction="push",
        interface=push.interface,
        about=push.about,
        status=outcome,
        sent={"params": sent["params"], "base": sent["base"], "url": lease.url},
        received=received,
        notes=[result.verdict.text.as_json()],
        faults=[strike.tag.as_json() for strike in lease.struck],
        milliseconds=round(result.received.seconds * 1000, 2) if result.received else None,
        push_id=push.id,
        attempt=number,
    )
    journal.write(session, entry, secrets)


def release_held(session: Session, account_id: int, sent: Collection[int], wall: float) -> None:
    """Release the pushes of an account that were held back until others were sent."""
    found = session.connection().execute(_HELD, {"account": account_id}).scalars().all()
    held = [number for number in found if number not in sent]
    if held:
        account = session.get_one(Account, account_id)
        for push in session.scalars(select(Push).where(Push.id.in_(held))):
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
