"""An account's clock, and the pushes that follow it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from simulator.driver.access import AccountClient
from simulator.driver.client import ControlClient
from simulator.driver.moments import read_moment
from simulator.driver.pushes import Attempt, Push
from simulator.errors import SimulatorError

#: Pushes in one list at the most.
_MOST = 10_000


class TimedAccount(AccountClient):
    """An account whose time can be moved, and whose pushes are sent as it passes.

    What happens is pushed once before the method that lets it happen returns, unless `delivers`
    is false: then it waits for `deliver`, or for the clock where that runs.
    """

    def __init__(self, control: ControlClient, name: str, *, delivers: bool = True) -> None:
        super().__init__(control, name)
        self._delivers = delivers

    @property
    def now(self) -> datetime:
        """The account's time."""
        return read_moment(self.get("clock")["now"])

    def freeze(self) -> None:
        """Let the account's clock stand still: nothing is sent by itself any more."""
        self.post("clock", action="freeze")

    def resume(self) -> None:
        """Let the account's clock run: pushes and their repeats go by themselves, in real time."""
        self.post("clock", action="resume")

    def _send_due(self) -> None:
        """Send what is due now, if what happens is pushed at once."""
        if self._delivers:
            self.advance(0)

    def advance(
        self, seconds: float = 0, *, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> list[Attempt]:
        """Let the account's time pass; every attempt that is due on the way is made, and returned.

        No real time passes. Pushes, tokens and file URLs follow this clock.
        """
        whole = seconds + 60 * (minutes + 60 * (hours + 24 * days))
        return self._move("advance", seconds=whole)

    def advance_to_next(self) -> list[Attempt]:
        """Let time pass to the next attempt that is due, make it, and return it.

        Raises:
            SimulatorError: nothing is due.
        """
        return self._move("next")

    def run(self) -> list[Attempt]:
        """Let time pass until nothing is due any more; return the attempts made."""
        return self._move("run")

    def _move(self, action: str, **how: Any) -> list[Attempt]:
        made = self.post("clock", action=action, **how)["attempts"]
        return [Attempt(self, int(each["push"]), int(each["attempt"])) for each in made]

    @contextmanager
    def holding_back(self) -> Iterator[None]:
        """Within the block nothing is pushed at once: several changes, then `deliver()`."""
        before, self._delivers = self._delivers, False
        try:
            yield
        finally:
            self._delivers = before

    # Pushes.

    def pushes(
        self, interface: str | None = None, about: object = None, state: str | None = None
    ) -> list[Push]:
        """Return the pushes, oldest first: of an interface, about a number, in a state."""
        number = None if about is None else str(about)
        found = self.get("pushes", interface=interface, about=number, state=state, limit=_MOST)
        return [Push(self, each["id"]) for each in found]

    def latest_push(self, interface: str | None = None, about: object = None) -> Push | None:
        """Return the newest push of an interface or about a number; None where there is none."""
        number = None if about is None else str(about)
        found = self.get("pushes", interface=interface, about=number, limit=1)
        return Push(self, found[-1]["id"]) if found else None

    def announced(self, interface: str, about: object = None) -> Push:
        """Return the push that announces what happened, after what is due was delivered.

        Raises:
            SimulatorError: nothing was pushed.
        """
        self._send_due()
        push = self.latest_push(interface, about)
        if push is None:
            raise SimulatorError(
                f"Nothing was pushed: {interface} about {about}.",
                f"没有产生推送：{interface}（{about}）。",
            )
        return push

    def happen(self, interface: str, about: object, *path: str, **body: Any) -> Push:
        """Let something happen by the control API, and return the push that announces it."""
        self.post(*path, **body)
        return self.announced(interface, about)
