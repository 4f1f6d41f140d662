"""Acquires leases: which account is next, which of its pushes, and what is written of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.orm import Session

from simulator.clock import spoken
from simulator.delivery import queue
from simulator.delivery.leases import Lease
from simulator.errors import Text
from simulator.operations import outgoing
from simulator.operations.faults import faults
from simulator.operations.faults.fault_rules import COPIES, DELAY, WAITING, Struck
from simulator.operations.registry import PlatformConfig
from simulator.store.journal import Writer
from simulator.store.records import Account, Attempt, JournalEntry, Push

#: Seconds beyond an attempt's own limit after which a lease has expired.
_GRACE = 30.0

_pushes = cast(Table, Push.__table__)
_MARK = (
    update(_pushes)
    .where(_pushes.c.id == bindparam("push"))
    .values(
        state=outgoing.IN_FLIGHT,
        attempts=bindparam("last"),
        resumes=bindparam("back_to"),
        lease_owner=bindparam("owner"),
        lease_number=bindparam("number"),
        lease_until_wall=bindparam("until"),
    )
)
_BEGIN = insert(cast(Table, Attempt.__table__))


@dataclass(frozen=True)
class Acquisition:
    """The leases that one transaction acquires for `owner`; none holds before `write`."""

    session: Session
    platform: PlatformConfig
    owner: str
    journal: Writer
    wall: float
    _acquired: list[Lease] = field(default_factory=list)
    #: Whether an account has fault rules at all; most have none.
    _ruled: dict[int, bool] = field(default_factory=dict)

    def lease_running(self, room: int, each: int, running: Mapping[int, int]) -> list[Lease]:
        """Lease what is due in accounts whose clock runs, `room` pushes at most.

        An account has at most `each` attempts under way at a time; `running` counts them.
        """
        leases: list[Lease] = []
        busy = [account for account, count in running.items() if count >= each]
        asked = {"wall": self.wall, "busy": busy, "room": room}
        for account in self.session.scalars(queue.WHOSE, asked).all():
            free = min(room - len(leases), each - running.get(account.id, 0))
            leases += self.lease_account(account, account.clock.now(self.wall), free)
            if len(leases) >= room:
                break
        return leases

    def lease_account(self, account: Account, now: float, room: int) -> list[Lease]:
        """Lease what is due in an account, `room` pushes at most."""
        leases: list[Lease] = []
        while len(leases) < room:
            wanted = {"account": account.id, "now": now, "room": room - len(leases)}
            found = self.session.scalars(queue.WHICH, wanted).all()
            about: set[str] = set()
            for push in found:
                if push.about in about or not self._has_endpoint(push, account):
                    continue
                struck = self._strike(push, account, may_wait=True)
                if struck and struck[0].rule in WAITING:
                    self._postpone(push, account, struck[0])
                else:
                    leases.append(self._build_lease(push, account, struck, by_hand=False))
                    about.add(push.about)
            self.write()
            if len(found) < wanted["room"]:
                break
        return leases

    def _has_endpoint(self, push: Push, account: Account) -> bool:
        name = self.platform.catalogue.interfaces[push.interface].name
        if not account.endpoints.get(name):
            # Its endpoint was removed after it was announced (P20).
            push.state, push.due = outgoing.UNROUTABLE, None
            return False
        return True

    def lease_push(self, push: Push, account: Account, by_hand: bool) -> Lease:
        """Lease a push that is sent at once: no fault rule delays it."""
        return self._build_lease(
            push, account, self._strike(push, account, may_wait=False), by_hand
        )

    def _build_lease(
        self, push: Push, account: Account, struck: Sequence[Struck], by_hand: bool
    ) -> Lease:
        name = self.platform.catalogue.interfaces[push.interface].name
        copies = next((s.value["copies"] for s in struck if s.rule == COPIES), 1)
        lease = Lease(
            push=push,
            account=account,
            number=push.lease_number + 1,
            attempts=tuple(range(push.attempts + 1, push.attempts + 1 + copies)),
            started_at=account.clock.now(self.wall),
            started_wall=self.wall,
            by_hand=by_hand,
            struck=tuple(struck),
            url=account.endpoints[name],
        )
        self._acquired.append(lease)
        return lease

    def write(self) -> None:
        """Write the leases: the pushes are in flight, and their attempts have begun."""
        if not self._acquired:
            return
        connection = self.session.connection()
        connection.execute(_MARK, [self._mark(lease) for lease in self._acquired])
        connection.execute(
            _BEGIN, [row for lease in self._acquired for row in _attempt_rows(lease)]
        )
        self._acquired.clear()

    def _mark(self, lease: Lease) -> dict[str, Any]:
        return {
            "push": lease.push.id,
            "last": lease.attempts[-1],
            "back_to": lease.resumes,
            "owner": self.owner,
            "number": lease.number,
            "until": self.wall + lease.account.switch("push_limit") + _GRACE,
        }

    def _strike(self, push: Push, account: Account, may_wait: bool) -> Sequence[Struck]:
        session, platform = self.session, self.platform
        if account.id not in self._ruled:
            self._ruled[account.id] = faults.may_strike(session, platform, account.id, "push")
        if not self._ruled[account.id]:
            return ()
        interface = platform.catalogue.interfaces[push.interface]
        return faults.strike_push(
            session, platform, account.id, interface, push.about, push.attempts + 1, may_wait
        )

    def _postpone(self, push: Push, account: Account, struck: Struck) -> None:
        now = account.clock.now(self.wall)
        if struck.rule == DELAY:
            push.due = now + struck.value["seconds"]
            status, until = "delayed", spoken(push.due)
            note = Text(
                f"Delayed by the fault rule {struck.tag} until {until} of the account's clock.",
                f"被故障规则 {struck.tag} 推迟到账户时钟的 {until}。",
            )
        else:
            push.state, push.due = outgoing.HELD, None
            status = "held"
            note = Text(
                f"Held back by the fault rule {struck.tag} until the next push was sent.",
                f"被故障规则 {struck.tag} 扣住，直到下一条推送发出。",
            )
        entry = JournalEntry(
            account_id=account.id,
            wall=self.wall,
            at=now,
            direction="push",
            interface=push.interface,
            about=push.about,
            status=status,
            notes=[note.as_json()],
            faults=[struck.tag.as_json()],
            push_id=push.id,
        )
        self.journal.write(self.session, entry)


def _attempt_rows(lease: Lease) -> list[dict[str, Any]]:
    return [
        {
            "push_id": lease.push.id,
            "number": number,
            "by_hand": lease.by_hand,
            "started_at": lease.started_at,
            "started_wall": lease.started_wall,
            "faults": [strike.tag.as_json() for strike in lease.struck],
        }
        for number in lease.attempts
    ]
