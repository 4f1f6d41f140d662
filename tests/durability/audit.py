"""Checks a database after kills: its rows against what both sides know."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from durability.receiver import Arrival
from durability.storm import Story
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from simulator.operations import outgoing
from simulator.protocol import envelope, rsa
from simulator.store.records import (
    Account,
    Attempt,
    Claim,
    Guarantee,
    Invoice,
    JournalEntry,
    Order,
    Push,
)

_DECISIONS = {"confirm", "return_confirmation", "pass_due_diligence", "return_due_diligence"}
_DECISIONS |= {"offer", "pay", "cancel"}
_KEYS = {
    "insurer/2.2": ("order_no", "order_status_old", "order_status"),
    "insurer/2.8": ("invoice_id",),
    "insurer/3.1": ("claim_no", "claim_status"),
}
_SCHEDULED_ATTEMPTS = 10

Key = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """How much was checked: a test that checked nothing proves nothing."""

    orders: int
    pushes: int
    attempts: int
    interrupted: int
    arrivals: int
    duplicates: int


def of_the_file(session: Session) -> None:
    """The file is intact."""
    assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert session.execute(text("PRAGMA foreign_key_check")).all() == []


def of_effects(session: Session, stories: Iterable[Story]) -> int:
    """Each order took the answered steps and no others; each effect has its journal entry."""
    accepted = Counter(
        _tuples(
            session,
            select(JournalEntry.about, JournalEntry.interface).where(
                JournalEntry.direction == "call", JournalEntry.status == "200"
            ),
        )
    )
    orders = {order.order_no: order for order in session.scalars(select(Order))}
    serials = dict(_tuples(session, select(Guarantee.order_id, Guarantee.serial_num)))
    invoices, claims = _all(session, Invoice.invoice_id), _all(session, Claim.claim_no)
    revoked = set(session.scalars(select(Claim.claim_no).where(Claim.status == "REVOKED")))
    count = 0
    for story in stories:
        order = orders.pop(story.order_no, None)
        if order is None:
            assert not story.happened, f"the order {story.order_no} is lost"
            continue
        count += 1
        assert [step["event"] for step in order.history] == ["apply", *story.happened]
        assert order.state == order.history[-1]["state"]
        assert order.price == story.price, story
        own = [step["event"] for step in order.history if step["by"] == "institution"]
        assert accepted[order.order_no, "insurer/2.4"] == sum(e in _DECISIONS for e in own)
        assert accepted[order.order_no, "insurer/2.5"] >= own.count("issue")
        assert story.serial in (None, serials.get(order.id)), story
        assert set(story.invoices) <= invoices
        assert set(story.claims) <= claims
        assert set(story.revoked) <= revoked
    assert not orders, "orders that nobody made"
    return count


def of_announcements(session: Session) -> None:
    """Each change that must be announced has its push, once; nothing else is announced."""
    expected: Counter[Key] = Counter()
    for order in session.scalars(select(Order)):
        for before, step in zip(order.history, order.history[1:], strict=False):
            if step["state"] != before["state"] and step["by"] != "institution":
                expected["insurer/2.2", order.order_no, before["state"], step["state"]] += 1
    for number in session.scalars(select(Invoice.invoice_id)):
        expected["insurer/2.8", number] += 1
    for claim in session.scalars(select(Claim)):
        expected["insurer/3.1", claim.claim_no, "WAIT_ACCEPT"] += 1
        if claim.status == "REVOKED":
            expected["insurer/3.1", claim.claim_no, "REVOKED"] += 1
    announced = Counter(_key(push.interface, push.content) for push in session.scalars(_pushes()))
    assert announced == expected


def of_deliveries(session: Session, arrivals: Sequence[Arrival]) -> tuple[int, int]:
    """Each attempt is what the receiver knows of it; a repeat follows an interruption only.

    Returns the number of interrupted attempts, and of those pushes that came more than once
    although the receiver had acknowledged them.
    """
    posts = _posts_by_push(session, arrivals)
    attempts = defaultdict(list)
    for attempt in session.scalars(select(Attempt).order_by(Attempt.push_id, Attempt.number)):
        attempts[attempt.push_id].append(attempt)
    interrupted = duplicates = 0
    for push in session.scalars(_pushes()):
        made, arrived = attempts.pop(push.id), posts.pop(push.id, [])
        _check_attempts(push, made)
        broken = sum(attempt.outcome == "interrupted" for attempt in made)
        statuses = {arrival.param: arrival.status for arrival in arrived}
        assert len(statuses) == len(arrived), "the same bytes came twice"
        for attempt in made:
            if attempt.outcome != "interrupted":
                _check_concluded(attempt, statuses.pop(attempt.sent["param"], None))
        assert len(statuses) <= broken, "a post that no attempt stands for"
        answered = sum(arrival.status == 200 for arrival in arrived)
        assert answered <= 1 + broken
        interrupted += broken
        duplicates += answered > 1
    assert not attempts
    assert not posts
    _check_journal(session)
    return interrupted, duplicates


def of_walks(session: Session, told: set[tuple[int, int]]) -> None:
    """Each acknowledgement that a clock walk returned is in the database."""
    kept = select(Attempt.push_id, Attempt.number).where(Attempt.outcome == "acknowledged")
    assert told <= set(_tuples(session, kept))


def _check_attempts(push: Push, made: Sequence[Attempt]) -> None:
    assert [attempt.number for attempt in made] == list(range(1, push.attempts + 1))
    outcomes = [attempt.outcome for attempt in made]
    assert set(outcomes) <= {"acknowledged", "failed", "interrupted"}
    if push.state == outgoing.EXHAUSTED:
        assert outcomes.count("failed") == _SCHEDULED_ATTEMPTS
    else:
        assert push.state == outgoing.ACKNOWLEDGED, (push.id, push.state, outcomes)
        assert outcomes.index("acknowledged") == len(outcomes) - 1
    assert (push.due, push.lease_owner) == (None, None)


def _check_concluded(attempt: Attempt, answered: int | None) -> None:
    seen = attempt.received["status"]
    if attempt.outcome == "acknowledged":
        assert answered == seen == 200, "acknowledged, but the receiver knows nothing of it"
    elif seen is not None:
        assert answered == seen == 500


def _check_journal(session: Session) -> None:
    concluded = select(Attempt.push_id, Attempt.number).where(Attempt.outcome != "interrupted")
    written = select(JournalEntry.push_id, JournalEntry.attempt).where(
        JournalEntry.direction == "push"
    )
    assert sorted(_tuples(session, written)) == sorted(_tuples(session, concluded))


def _posts_by_push(session: Session, arrivals: Iterable[Arrival]) -> dict[int, list[Arrival]]:
    keys = {row.name: rsa.load_key(row.private_key) for row in session.scalars(select(Account))}
    numbers = {_key(push.interface, push.content): push.id for push in session.scalars(_pushes())}
    found = defaultdict(list)
    for arrival in arrivals:
        opened = envelope.open_param(arrival.param, keys[arrival.account]).parameters
        interface = next(i for i, names in _KEYS.items() if set(names) <= set(opened))
        found[numbers[_key(interface, opened)]].append(arrival)
    return found


def _key(interface: str, content: Mapping[str, Any]) -> Key:
    return (interface, *(str(content[name]) for name in _KEYS[interface]))


def _pushes() -> Any:
    return select(Push).order_by(Push.id)


def _tuples(session: Session, query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.execute(query)]


def _all(session: Session, column: Any) -> set[str]:
    return set(session.scalars(select(column)))
