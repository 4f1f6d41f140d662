"""The tick in real time. APScheduler only asks "what is due?"; the store knows (P16)."""

from apscheduler.schedulers.background import BackgroundScheduler

from simulator import clock
from simulator.delivery.dispatcher import Dispatcher

_TICK_SECONDS = 0.5
_RECOVERY_SECONDS = 10


class Heartbeat:
    """Asks the dispatcher twice a second, and takes back abandoned claims now and then."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None}
        )
        self._scheduler.add_job(dispatcher.tick, "interval", seconds=_TICK_SECONDS)
        self._scheduler.add_job(self._recover, "interval", seconds=_RECOVERY_SECONDS)

    def _recover(self) -> None:
        self._dispatcher.outbox.recover(clock.wall_now(), everything=False)

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking and wait for the tick that runs."""
        self._scheduler.shutdown(wait=True)
