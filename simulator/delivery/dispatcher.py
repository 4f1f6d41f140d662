"""Makes attempts: claims, seals, sends, judges, concludes; several at a time."""

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from sqlalchemy.exc import SQLAlchemyError

from simulator import clock
from simulator.delivery import courier, verdict
from simulator.delivery.courier import Received
from simulator.delivery.outbox import Lease, Outbox, Result
from simulator.delivery.verdict import Verdict
from simulator.errors import Text
from simulator.operations import faults, sealing

_LOG = logging.getLogger(__name__)
_WORKERS = 16
#: Attempts of one account that run at a time, so that a slow endpoint starves no other account.
_PER_ACCOUNT = 6

NOT_DELIVERED = Verdict(
    False,
    "not_delivered",
    Text("not delivered, on purpose (fault rule).", "按故障规则有意不送达。"),
)
ACK_LOST = Verdict(
    False,
    "ack_lost",
    Text(
        "the institution acknowledged, but the acknowledgement was lost on purpose (fault rule).",
        "机构已确认，但应答按故障规则有意丢失。",
    ),
)


@dataclass(frozen=True)
class _Copy:
    sealed: sealing.Sealed
    received: Received | None


class Dispatcher:
    """Delivers what is due, in real time with a pool of threads, or one by one for a walk."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self._pool = ThreadPoolExecutor(_WORKERS, "courier")
        self._running: Counter[int] = Counter()
        self._changed = threading.Condition()
        self._closed = False

    def tick(self) -> None:
        """Start an attempt of every push that is due in real time, as far as there is room."""
        while self.outbox.anything_due(clock.wall_now()):
            with self._changed:
                if self._closed or self._running.total() >= _WORKERS:
                    return
                busy = [number for number, n in self._running.items() if n >= _PER_ACCOUNT]
                lease = self.outbox.claim_due(clock.wall_now(), busy=busy)
                if lease is None:
                    return
                self._running[lease.account.id] += 1
                self._pool.submit(self._deliver_and_go_on, lease)

    def _deliver_and_go_on(self, lease: Lease) -> None:
        try:
            self.deliver(lease)
        except SQLAlchemyError as error:
            # The lease runs out and the attempt is made again: nothing is lost.
            reason = getattr(error, "orig", error)
            _LOG.warning("The outcome of push %d was not written: %s", lease.push.id, reason)
        finally:
            with self._changed:
                self._running[lease.account.id] -= 1
                self._changed.notify_all()
        self.tick()

    def nudge(self) -> None:
        """Ask for a tick soon, because something was announced just now."""
        with self._changed:
            if not self._closed:
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
        """Make the attempt of a lease, write its outcome, and return it."""
        rules = {strike.rule for strike in lease.struck}
        count = len(lease.attempts)
        if lease.account.switch("repeat") == "identical":
            sealed = [self._seal(lease)] * count
        else:
            sealed = [self._seal(lease) for _ in lease.attempts]
        if count == 1:
            copies = [self._send(lease, rules, sealed[0])]
        else:
            with ThreadPoolExecutor(count) as pool:
                copies = list(pool.map(lambda each: self._send(lease, rules, each), sealed))
        results = [
            Result(copy.sealed, copy.received, self._judge(lease, rules, copy)) for copy in copies
        ]
        self.outbox.conclude(lease, results, clock.wall_now())
        return results

    def _seal(self, lease: Lease) -> sealing.Sealed:
        outbox, account = self.outbox, lease.account
        return sealing.seal(
            outbox.database, outbox.platform, account, lease.push, lease.started_wall, lease.struck
        )

    def _send(self, lease: Lease, rules: set[str], sealed: sealing.Sealed) -> _Copy:
        if faults.NO_DELIVERY in rules:
            return _Copy(sealed, None)
        limit = float(lease.account.switch("push_limit"))
        received = courier.post(lease.url, {"param": sealed.param}, sealed.files, limit)
        return _Copy(sealed, received)

    def _judge(self, lease: Lease, rules: set[str], copy: _Copy) -> Verdict:
        if copy.received is None:
            return NOT_DELIVERED
        platform = self.outbox.platform
        outcome = verdict.judge(
            platform.catalogue.interfaces[lease.push.interface],
            platform.catalogue.codes,
            bool(lease.account.switch("strict_ack")),
            copy.received,
        )
        if faults.LOSE_ACK in rules and outcome.acknowledged:
            return replace(ACK_LOST, answer=outcome.answer)
        return outcome

    def close(self) -> None:
        """Stop taking new work and wait for the attempts under way."""
        with self._changed:
            self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
