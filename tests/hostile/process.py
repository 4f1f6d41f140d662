"""A simulator in its own process: its output and its memory."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MAIN = "from simulator.cli import main\nmain()"


class Process:
    """`conzhu-sim serve`, ephemeral and on free ports, as a process."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._log = folder / "stderr.txt"
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CONZHU_")}
        how = ("--lang", "en", "serve", "--json", "--quiet", "--ephemeral")
        ports = ("--port", "0", "--control-port", "0")
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, *how, *ports, *arguments],
                cwd=folder,
                env=kept,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        said = json.loads(self._process.stdout.readline())
        self.protocol, self.control = str(said["protocol"]), str(said["control"])
        self.token = str(said.get("token", ""))

    def errors(self) -> str:
        """Return what it wrote on stderr so far."""
        return self._log.read_text("utf-8")

    def megabytes(self, peak: bool) -> int:
        """Return the memory that it holds, or held at most."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        found = re.search(rf"Vm{'HWM' if peak else 'RSS'}:\s+(\d+) kB", status)
        assert found
        return int(found[1]) // 1024

    def limit_descriptors(self, most: int) -> None:
        """Let it open no more than so many files and sockets."""
        resource.prlimit(self._process.pid, resource.RLIMIT_NOFILE, (most, most))

    def forget_peak(self) -> None:
        """Measure the peak from now on."""
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5", "ascii")

    def threads(self) -> int:
        """Return how many threads it has."""
        return len(list(Path(f"/proc/{self._process.pid}/task").iterdir()))

    def sockets(self) -> int:
        """Return how many sockets it holds."""
        opened = Path(f"/proc/{self._process.pid}/fd").iterdir()
        return sum(1 for each in opened if each.is_symlink() and _is_socket(each))

    def stop(self) -> None:
        """Stop it, and wait until it has ended."""
        self._process.send_signal(signal.SIGTERM)
        self._process.communicate(timeout=30)


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except FileNotFoundError:
        return False


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[Process]:
    """Run a simulator in a process."""
    process = Process(folder, *arguments)
    try:
        yield process
    finally:
        process.stop()
