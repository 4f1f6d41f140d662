"""`conzhu-sim serve` as a process that is killed and started again on the same data and ports."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

_MAIN = "from simulator.cli import main\nmain()"
#: Below the ports that a system gives to outgoing connections: a client that tries to connect
#: while nobody listens could otherwise get the very port, and keep the simulator from it.
_PORTS = range(20_000, 32_000)


def free_port(rng: random.Random) -> int:
    """Return a port on which nothing listens, the same number after every restart."""
    while True:
        port = rng.choice(_PORTS)
        with socket.socket() as attempt:
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Victim:
    """A data folder, and the process that is serving it."""

    def __init__(self, folder: Path, rng: random.Random, workers: int = 1) -> None:
        self._folder, self._workers = folder, workers
        self._log = folder / "stderr.txt"
        self.port, self.control_port = free_port(rng), free_port(rng)
        self.control_url = f"http://127.0.0.1:{self.control_port}"
        #: Set while a process serves; cleared at the moment when it is about to be killed.
        self.serving = threading.Event()
        #: How often a process was killed.
        self.kills = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def process(self) -> subprocess.Popen[str]:
        assert self._process is not None
        return self._process

    def spawn(self) -> None:
        """Start a process, and do not wait until it serves."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CONZHU_")}
        ports = ("--port", str(self.port), "--control-port", str(self.control_port))
        folder = ("--data", str(self._folder / "data"))
        how = ("--lang", "en", "serve", "--json", "--quiet", "--no-demo")
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, *how, *folder, *ports],
                cwd=self._folder,
                env={
                    **kept,
                    "CONZHU_PLATFORM_KEY_BITS": "1024",
                    "CONZHU_JOURNAL_LIMIT": "10000000",
                    "CONZHU_WORKERS": str(self._workers),
                },
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def start(self) -> None:
        """Start a process, and wait until it says that it serves."""
        self.spawn()
        greeting = _lines(self.process).readline()
        assert greeting, f"it ended by itself:\n{self.complaints()[-3000:]}"
        assert json.loads(greeting)["control"] == self.control_url
        self.serving.set()

    def kill_after(self, seconds: float) -> None:
        """Kill the process so much later; it must not have ended by itself."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        else:
            raise AssertionError(f"it ended by itself ({code}):\n{self.complaints()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL: no handler runs and nothing is flushed."""
        self.serving.clear()
        self.kills += 1
        self.process.kill()
        self.process.wait(20)
        _lines(self.process).close()

    def stop(self) -> None:
        """Stop it by a signal; it must end cleanly."""
        self.serving.clear()
        self.process.terminate()
        assert self.process.wait(30) == 0, self.complaints()[-3000:]
        _lines(self.process).close()

    def remove(self) -> None:
        """Kill what is left of the last process and its children."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self.kill()

    def complaints(self) -> str:
        """Return all that the processes wrote to standard error."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    @property
    def database_url(self) -> str:
        """The database that the processes left."""
        return f"sqlite:///{self._folder / 'data' / 'simulator.db'}"


def _lines(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout
