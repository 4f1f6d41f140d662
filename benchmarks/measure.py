"""Shared by the benchmarks: processes to measure, medians, the table and its page."""

import argparse
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from simulator.driver import ControlClient

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
DATABASE = "simulator.db"


@dataclass(frozen=True)
class Server:
    """A running simulator: its process, its two addresses, and a client of its control API."""

    process: subprocess.Popen[str]
    protocol: str
    control: ControlClient

    @property
    def resident(self) -> float:
        """Megabytes of resident memory of the process and of its children."""
        total = 0
        for number in [self.process.pid, *_children(self.process.pid)]:
            status = Path(f"/proc/{number}/status").read_text()
            total += int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0])
        return total / 1024


def _children(number: int) -> list[int]:
    listed = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    return [each for child in listed for each in (int(child), *_children(int(child)))]


def serve_command(*options: str) -> list[str]:
    """Return the command that starts a simulator on free ports, which it prints as JSON."""
    program = Path(sys.executable).with_name("conzhu-sim")
    ports = ("--port", "0", "--control-port", "0")
    return [str(program), "--json", "serve", "--no-demo", "--quiet", *ports, *options]


@contextmanager
def simulator(*options: str, journal_limit: int = 20_000) -> Iterator[Server]:
    """Run a simulator as a process; `options` are those of `conzhu-sim serve`."""
    environment = {**os.environ, "CONZHU_JOURNAL_LIMIT": str(journal_limit)}
    with process(serve_command(*options), environment) as (running, first):
        said = json.loads(first)
        yield Server(running, said["protocol"], ControlClient(said["control"]))


@contextmanager
def helper(name: str, *arguments: str) -> Iterator[str]:
    """Run a script of this folder that prints its address first; yield the address."""
    with process([sys.executable, str(HERE / name), *arguments]) as (_, first):
        yield first.strip()


@contextmanager
def process(
    command: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command until the block ends; yield its process and its first line."""
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert running.stdout is not None
    try:
        yield running, running.stdout.readline()
    finally:
        running.terminate()
        running.wait(60)
        running.stdout.close()


def address(url: str) -> tuple[str, int]:
    """Return host and port of a URL."""
    host, _, port = url.partition("://")[2].partition("/")[0].rpartition(":")
    return host, int(port)


def milliseconds(work: Callable[[], Any]) -> float:
    """Return how long the work takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def alternating(rounds: int, *works: Callable[[], float]) -> list[list[float]]:
    """Measure each work in turn, several rounds, so that a disturbance affects all alike."""
    results: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for number, work in enumerate(works):
            results[number].append(work())
    return results


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Return the median of the ratios of each round."""
    return statistics.median(a / b for a, b in zip(above, below, strict=True))


def read_some(connection: socket.socket) -> bytes:
    """Read the available bytes; raise if the other side has closed."""
    if not (data := connection.recv(65536)):
        raise ConnectionError("the connection was closed before the answer was whole")
    return data


@dataclass
class Report:
    """A benchmark's table. Only ratios can fail the run, at bounds far from the targets."""

    name: str
    title: str
    quick: bool
    date: str
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def row(self, what: str, found: str, target: str = "", met: bool | None = None) -> None:
        """Add a line; `met` says whether the target was reached."""
        mark = {True: " ✓", False: " ✗ missed 未达到", None: ""}[met]
        self.rows.append((what, found, target + mark))

    def check(self, what: str, value: float, most: float = 0, least: float = 0) -> None:
        """Fail the run if a ratio exceeds its bound."""
        if (most and value > most) or (least and value < least):
            bound = f"at most {most:g}" if most else f"at least {least:g}"
            self.broken.append(f"{self.name}: {what} is {value:.2f}; it must be {bound}")

    def finish(self) -> NoReturn:
        """Print the table, write it into the page (not with --quick), and end the process."""
        lines = [
            f"## {self.title}",
            "",
            f"`python benchmarks/{self.name}.py`, {self.date}",
            "",
            "| measured 测量项 | result 结果 | target 目标 |",
            "|---|---|---|",
            *(f"| {' | '.join(row)} |" for row in self.rows),
            *(f"\n{note}" for note in self.notes),
        ]
        text = "\n".join(lines)
        print(text, flush=True)
        if not self.quick:
            _publish(self.name, text)
        for each in self.broken:
            print(f"FAILED: {each}", file=sys.stderr)
        sys.exit(1 if self.broken else 0)


def _publish(name: str, text: str) -> None:
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text("utf-8")
    before, found, rest = page.partition(begin)
    if not found:
        raise SystemExit(f"{PAGE} has no place for {name}: put {begin} and {end} into it.")
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


def report(name: str, title: str) -> Report:
    """Read the command line, and begin a report."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--quick", action="store_true", help="a smoke test; writes no page")
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d"), help="for the page")
    given = parser.parse_args()
    return Report(name, title, given.quick, given.date)
