"""pytest in a process of its own, as an institution's developer runs it: plugins by entry point."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Run:
    """How a run of pytest ended, and what it printed."""

    code: int
    printed: str

    @property
    def counts(self) -> dict[str, int]:
        """How many tests passed, failed, ..., as the last line says."""
        last = self.printed.strip().splitlines()[-1]
        return {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", last)}


def run_pytest(folder: Path, *options: str) -> Run:
    """Run pytest on a folder's tests, by its own settings alone; every warning is an error."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    own = folder / "pytest.ini"
    settings = str(own) if own.exists() else os.devnull
    plain = ("-W", "error", "--strict-markers", "-p", "no:cacheprovider", "-c", settings)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *options, "--rootdir", str(folder), str(folder)],
        cwd=folder,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1", "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    return Run(done.returncode, done.stdout)
