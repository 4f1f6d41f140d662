"""The tick in real time: APScheduler asks what is due, and the store knows (P16)."""

import logging
from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from simulator import clock
from simulator.delivery.dispatcher import Dispatcher
from simulator.delivery.walk import Walker

_LOG = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_RECOVERY_SECONDS = 10


class Heartbeat:
    """Ticks twice a second; now and then revokes expired leases and ends abandoned walks."""

    def __init__(self, dispatcher: Dispatcher, walker: Walker) -> None:
        self._dispatcher = dispatcher
        self._walker = walker
        #: The beats that failed last time, for a reason other than an outage.
        self._failing: set[str] = set()
        # Skipping a tick while the last one still runs is no news: the next one comes.
        scheduling = logging.getLogger(f"{__name__}.scheduling")
        scheduling.setLevel(logging.ERROR)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            logger=scheduling,
            job_defaults={"coalesce": True, "misfire_grace_time": None},
        )
        self._scheduler.add_job(self._tick, "interval", seconds=_TICK_SECONDS)
        self._scheduler.add_job(self._recover, "interval", seconds=_RECOVERY_SECONDS)

    def _tick(self) -> None:
        self._try("tick", self._dispatcher.tick)

    def _recover(self) -> None:
        self._try(
            "leases", lambda: self._dispatcher.outbox.recover(clock.wall_now(), everything=False)
        )
        self._try("walks", lambda: self._walker.recover(everything=False))

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the tick that runs."""
        self._scheduler.shutdown(wait=True)

    def _try(self, name: str, beat: Callable[[], object]) -> None:
        """Do it; if the database fails (a full disk), say so once and let the next tick come."""
        try:
            beat()
        except SQLAlchemyError as error:
            is_outage = self._dispatcher.outbox.database.outage.explain(error) is not None
            if not is_outage and name not in self._failing:
                self._failing.add(name)
                _LOG.warning(
                    "The database fails, so pushes wait: %s", getattr(error, "orig", error)
                )
        else:
            if name in self._failing:
                self._failing.discard(name)
                _LOG.warning("The database no longer fails: pushes go on.")
