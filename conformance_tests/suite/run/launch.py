"""Runs the suite inside a program that shows it in its own way: pytest without its noise."""

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

#: The folder of the checks.
PACKAGE = Path(__file__).resolve().parents[2]
#: Nothing of the working folder's own pytest takes part, and nothing is written there.
_ALONE = (
    ("-c", os.devnull),
    ("--rootdir", str(PACKAGE)),
    ("--confcutdir", str(PACKAGE)),
    ("--import-mode", "importlib"),
    ("-p", "no:cacheprovider"),
    ("-p", "no:terminal"),
    # A person at the terminal is asked there.
    ("--capture", "no"),
)


def launch(options: Sequence[str], watcher: object, workers: int = 0) -> int:
    """Run the suite with these options; `watcher` is a pytest plugin that sees what happens.

    Returns pytest's own exit code, which the ledger's conclusion replaces where there is one.
    """
    alone = [part for option in _ALONE for part in option]
    several = ["-p", "xdist", "-n", str(workers), "--max-worker-restart=0"] if workers > 1 else []
    with _without_other_plugins(), _stopped_by_hand_alike():
        return int(pytest.main([*alone, *several, *options, str(PACKAGE)], [watcher]))


@contextmanager
def _without_other_plugins() -> Iterator[None]:
    kept = dict(os.environ)
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _stopped_by_hand_alike() -> Iterator[None]:
    """Let a CI's SIGTERM end the run as Ctrl-C does, so that what was started is stopped."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
