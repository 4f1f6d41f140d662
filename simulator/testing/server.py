"""A platform in the process of the tests, on free ports; nothing of it is kept."""

import itertools
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from simulator.app import Simulator
from simulator.driver import Account, ControlClient
from simulator.errors import SimulatorError
from simulator.settings import Settings
from simulator.testing.platform import Platform

#: Seconds of real time that a test waits for a call of the app, unless it says otherwise.
PATIENCE = 2.0
#: Accounts whose tests are over that are kept, for the late calls of their apps' own threads; the
#: pools of test-only keys have room for some more (24 pairs of 2048 bits, 12 of 1024).
_RETIRED = 4


class Server:
    """A running platform. Use it as a context manager, or let pytest's `conzhu_server` do so."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._numbers = itertools.count(1)
        self._retired: deque[Platform] = deque()
        self._simulator = Simulator(Settings(port=0, control_port=0), ephemeral=True)
        #: The control API's client.
        self.control = ControlClient(self._simulator.control_url)

    def start(self) -> "Server":
        """Start to serve."""
        # Calls that wait for a thread are not worth a line in a test's log.
        self._queue = logging.getLogger("waitress.queue")
        self._level = self._queue.level
        self._queue.setLevel(logging.ERROR)
        self._simulator.start()
        return self

    @property
    def url(self) -> str:
        """The address of the protocol; an account's own is `platform.letter.platform`."""
        return self._simulator.settings.base_url

    @property
    def control_url(self) -> str:
        """The address of the control API, for `conzhu-sim --control`."""
        return self._simulator.control_url

    def open_platform(
        self,
        kind: str = "insurer",
        *,
        key_bits: int = 2048,
        company: str | None = None,
        seed: str | None = None,
        switches: Mapping[str, Any] | None = None,
    ) -> Platform:
        """Open an account of its own, its clock standing still; its keys are test-only ones.

        `kind` is `insurer` or `guarantor`, `key_bits` 1024 or 2048, `company` the institution's
        whole name. With a `seed` secrets and numbers are the same in every run. `switches` are
        those of docs/decisions.md.

        Raises:
            SimulatorError: one of them does not fit; says which.
        """
        name = f"test-{next(self._numbers)}"
        Account.open(self.control, name, kind=kind, key_bits=key_bits, company=company, seed=seed)
        platform = Platform(self.control, name, self._patience, self._retire)
        try:
            platform.freeze()
            if switches:
                platform.switch(**switches)
        except BaseException:
            platform.close()
            raise
        return platform

    def _retire(self, account: Platform) -> None:
        self._retired.append(account)
        while len(self._retired) > _RETIRED:
            # Whoever has closed it by the control API has left nothing to do.
            with suppress(SimulatorError):
                self._retired.popleft().remove()

    def stop(self) -> None:
        """Stop; nothing is kept."""
        self._simulator.stop()
        self._queue.setLevel(self._level)

    def __enter__(self) -> "Server":
        """Start it."""
        return self.start()

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self.stop()
