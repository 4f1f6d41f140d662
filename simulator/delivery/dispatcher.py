"""Makes attempts, several at a time: acquires, seals, sends, judges and concludes."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from simulator import clock, threads
from simulator.delivery import courier, judging
from simulator.delivery.courier import Received
from simulator.delivery.leases import Lease, Result
from simulator.delivery.outbox import Outbox
from simulator.delivery.verdict import Verdict
from simulator.operations.faults import fault_rules
from simulator.operations.outgoing import Notice
from simulator.operations.pushes import sealing

_LOG = logging.getLogger(__name__)
#: Attempts at the same time; the threads mostly wait for answers.
_WORKERS = 48
#: Threads beyond these for accounts of which no attempt is under way: however many endpoints are
#: slow, nobody's first attempt waits for them.
_THREADS = 256
#: Attempts of one account at the same time, so that a slow endpoint does not starve others; the
#: more there are, the more outcomes and leases share a transaction.
_PER_ACCOUNT = 12


@dataclass(frozen=True)
class _Copy:
    sealed: sealing.Sealed
    received: Received | None


_Attempt: TypeAlias = tuple[Lease, Sequence[Result]]


class Dispatcher:
    """Delivers what is due, in real time with a pool of threads, or one by one for a walk.

    One thread writes for all: outcomes that arrive while it writes go into the next transaction
    together, and so do the leases that follow.
    """

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self._pool = threads.Pool(_THREADS, "courier")
        self._running: Counter[int] = Counter()
        self._ended: list[_Attempt] = []
        self._changed = threading.Condition()
        #: Whether a thread writes outcomes, or acquires leases; whether it is to acquire again.
        self._settling = self._acquiring = self._asked = False
        self._closed = False

    def tick(self) -> None:
        """Start an attempt for every push that is due, as far as there is room."""
        with self._changed:
            self._asked = True
            if self._acquiring:
                return
            self._acquiring = True
            self._pool.retry()
        try:
            while self._is_asked():
                self._acquire()
        except BaseException:
            with self._changed:
                self._acquiring = False
                self._changed.notify_all()
            raise

    def _is_asked(self) -> bool:
        """Return whether to acquire again; if not, the next thread that asks does it itself."""
        with self._changed:
            self._acquiring, self._asked = self._asked and not self._closed, False
            if not self._acquiring:
                self._changed.notify_all()
            return self._acquiring

    def _acquire(self) -> None:
        if not self._acquire_within(_WORKERS, _PER_ACCOUNT):
            self._acquire_within(_THREADS, 1)

    def _acquire_within(self, most: int, each: int) -> bool:
        """Start attempts until `most` are under way, `each` of one account; return if room is left.

        With one for each account those come that have none under way.
        """
        with self._changed:
            running = {number: count for number, count in self._running.items() if count}
        room = most - sum(running.values())
        if room <= 0:
            return False
        busy = [number for number, count in running.items() if count >= each]
        if not self.outbox.anything_due(clock.wall_now(), busy):
            return True
        leases = self.outbox.acquire_several(clock.wall_now(), room, each, running)
        with self._changed:
            for lease in leases:
                self._running[lease.account.id] += 1
                self._pool.submit(self._deliver_and_go_on, lease)
        return len(leases) < room

    def _deliver_and_go_on(self, lease: Lease) -> None:
        results: Sequence[Result] = ()
        try:
            results = self._attempt(lease)
        except threads.OutOfThreads:
            # Said already. No outcome is written, so it is made again when its lease is over.
            pass
        except Exception as error:
            # Not the institution's fault, and not to be repeated at once.
            _LOG.error(
                "The simulator failed in an attempt of push %d (%s: no outcome is written); it "
                "is made again when its lease is over.",
                lease.push.id,
                type(error).__name__,
            )
        with self._changed:
            self._ended.append((lease, results))
        self._settle()
        self.tick()

    def _settle(self) -> None:
        """Write the pending outcomes, unless a thread is writing: then it writes these as well."""
        while True:
            with self._changed:
                if self._settling or not self._ended:
                    return
                self._settling = True
                ended, self._ended = self._ended, []
            try:
                if made := [attempt for attempt in ended if attempt[1]]:
                    self._conclude(made)
            finally:
                with self._changed:
                    self._settling = False
                    self._running.subtract(lease.account.id for lease, _ in ended)
                    self._changed.notify_all()

    def _conclude(self, ended: Sequence[_Attempt]) -> None:
        try:
            self.outbox.conclude_several(ended, clock.wall_now())
        except Exception as error:
            if len(ended) > 1:
                # One bad outcome must not lose the others.
                for attempt in ended:
                    self._conclude([attempt])
                return
            # The lease expires and the attempt is made again: nothing is lost.
            if isinstance(error, SQLAlchemyError) and self.outbox.database.outage.explain(error):
                return
            reason = getattr(error, "orig", error if isinstance(error, SQLAlchemyError) else None)
            _LOG.warning(
                "The outcome of push %d was not written: %s",
                ended[0][0].push.id,
                reason or type(error).__name__,
            )

    def nudge(self) -> None:
        """Ask for a tick soon, because a push was announced just now."""
        with self._changed:
            self._asked = True
            if not self._closed and not self._acquiring:
                self._pool.submit(self.tick)

    def wait_until_none_in_flight(self, account_id: int, limit: float) -> bool:
        """Wait at most `limit` seconds until no attempt of the account is under way."""
        end = clock.monotonic() + limit
        while self.outbox.in_flight(account_id):
            if clock.monotonic() > end:
                return False
            with self._changed:
                self._changed.wait(0.05)
        return True

    def deliver(self, lease: Lease) -> Sequence[Result]:
        """Make the attempt of a lease, write its results and return them."""
        results = self._attempt(lease)
        self.outbox.conclude(lease, results, clock.wall_now())
        return results

    def _attempt(self, lease: Lease) -> Sequence[Result]:
        rules = {strike.rule for strike in lease.struck}
        count = len(lease.attempts)
        if lease.account.switch("repeat") == "identical":
            sealed = [self._seal(lease)] * count
        else:
            sealed = [self._seal(lease) for _ in lease.attempts]
        if count == 1:
            copies = [self._send(lease, rules, sealed[0])]
        else:
            copies = _do_at_once([partial(self._send, lease, rules, each) for each in sealed])
        return [
            Result(copy.sealed, copy.received, self._judge(lease, rules, copy)) for copy in copies
        ]

    def _seal(self, lease: Lease) -> sealing.Sealed:
        with self.outbox.database.reading() as session:
            return sealing.seal(
                session,
                self.outbox.platform,
                lease.account,
                Notice.of(lease.push),
                lease.started_wall,
                lease.struck,
                lease.push.id,
            )

    def _send(self, lease: Lease, rules: set[str], sealed: sealing.Sealed) -> _Copy:
        if fault_rules.NO_DELIVERY in rules:
            return _Copy(sealed, None)
        limit = float(lease.account.switch("push_limit"))
        cut = fault_rules.CUT in rules
        received = courier.post(lease.url, {"param": sealed.param}, sealed.files, limit, cut)
        return _Copy(sealed, received)

    def _judge(self, lease: Lease, rules: set[str], copy: _Copy) -> Verdict:
        if copy.received is None:
            return Verdict.of("not_delivered")
        platform = self.outbox.platform
        outcome = judging.judge(
            platform.catalogue.interfaces[lease.push.interface],
            platform.catalogue.codes,
            bool(lease.account.switch("strict_ack")),
            copy.received,
        )
        if fault_rules.LOSE_ACK in rules and outcome.acknowledged:
            return Verdict.of("ack_lost", outcome.answer)
        return outcome

    def close(self) -> None:
        """Stop taking new work and wait for the attempts under way."""
        with self._changed:
            self._closed = True
            # Leases that are being acquired still get their threads.
            self._changed.wait_for(lambda: not self._acquiring)
        self._pool.close()


def _do_at_once(works: Sequence[Callable[[], _Copy]]) -> list[_Copy]:
    """Do several things at the same time, and return what each returned."""
    with ThreadPoolExecutor(len(works)) as pool:
        try:
            return [future.result() for future in [pool.submit(work) for work in works]]
        except RuntimeError as error:
            if threads.is_shortage(error):
                raise threads.OutOfThreads from error
            raise
