"""The master's side of `serve --workers N`: starts the workers and replaces those that die.

The master holds the lock beside the database, the control API, the clock's walks and the
delivery; the workers serve calls. What a call announces, the master delivers at its next tick.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass, replace
from typing import IO, Any

from simulator.operations.traffic import Traffic
from simulator.settings import Settings

_LOG = logging.getLogger(__name__)
_PATIENCE = 10.0
_LOOK = 0.2


@dataclass(frozen=True)
class Inheritance:
    """What a worker inherits from the master: settings, and numbers of open descriptors."""

    settings: dict[str, Any]
    listening: int
    counts: int
    lifeline: int
    journal: int
    processes: int
    row: int

    def to_json(self) -> str:
        """Return this as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Inheritance":
        """Return what `to_json` wrote."""
        return cls(**json.loads(text))


class Workers:
    """The processes that serve the protocol for a master."""

    def __init__(self, settings: Settings, listening: int, journal: int) -> None:
        self._settings = settings
        self._listening = listening
        self._journal = journal
        self._count = settings.workers
        self._shared: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self._shared.truncate(Traffic.size_for(self._count + 1))
        #: The master counts in row 0; it serves no calls, but waits for those of all rows.
        self.traffic = Traffic(self._shared.fileno(), self._count + 1)
        self._lifeline, self._held = os.pipe()
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._keep_up, name="workers", daemon=True)

    def start(self) -> None:
        """Start all workers, and a thread that replaces those that die."""
        for row in range(1, self._count + 1):
            self._start(row)
        self._watch.start()

    def _start(self, row: int) -> None:
        inherited = Inheritance(
            # Workers serve no control API, so they need no token.
            settings=asdict(replace(self._settings, control_token="")),
            listening=self._listening,
            counts=self._shared.fileno(),
            lifeline=self._lifeline,
            journal=self._journal,
            processes=self._count + 1,
            row=row,
        )
        worker = subprocess.Popen(
            [sys.executable, "-m", "simulator.processes.worker"],
            stdin=subprocess.PIPE,
            pass_fds=(self._listening, self._shared.fileno(), self._lifeline, self._journal),
        )
        # Through a pipe: arguments stand in the list of processes, a database's password too.
        assert worker.stdin is not None
        with worker.stdin:
            worker.stdin.write(inherited.to_json().encode())
        self._processes[row] = worker

    def _keep_up(self) -> None:
        while not self._stopping.wait(_LOOK):
            for row, process in list(self._processes.items()):
                if process.poll() is not None and not self._stopping.is_set():
                    _LOG.warning("Worker %d ended (%s); starting another.", row, process.returncode)
                    self.traffic.forget(row)
                    self._start(row)

    def process_ids(self) -> list[int]:
        """Return the workers' process ids."""
        return [process.pid for process in self._processes.values()]

    def stop(self) -> None:
        """End all workers; returns when they are gone."""
        self._stopping.set()
        if self._watch.is_alive():
            self._watch.join()
        # The workers read from the pipe; its end is what they wait for.
        os.close(self._held)
        for process in self._processes.values():
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        os.close(self._lifeline)
        self._shared.close()
