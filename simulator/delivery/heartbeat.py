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
        _try(self._dispatcher.tick)

    def _recover(self) -> None:
        _try(lambda: self._dispatcher.outbox.recover(clock.wall_now(), everything=False))
        _try(lambda: self._walker.recover(everything=False))

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the tick that runs."""
        self._scheduler.shutdown(wait=True)


def _try(beat: Callable[[], object]) -> None:
    """Do it; if the database fails (a full disk), log one line and let the next tick come.

    The line is short, because it may be logged twice a second while the disk is full.
    """
    try:
        beat()
    except SQLAlchemyError as error:
        _LOG.warning("The database fails, so pushes wait: %s", getattr(error, "orig", error))
