"""How this program is called again: commands for a person, written so that they can be pasted."""

import os
import shlex
import shutil
import sys
from pathlib import Path

_NAME = "conzhu-sim"


def shorten_path(path: str | Path) -> str:
    """Return a path, from the working folder on where it lies in it."""
    place = Path(path)
    here = Path.cwd()
    return str(place.relative_to(here) if place.is_relative_to(here) else place)


def program() -> str:
    """Return how `conzhu-sim` is called: by its name if the PATH has it, else by its script."""
    script = sys.argv[0]
    if shutil.which(_NAME) or Path(script).stem != _NAME or not os.access(script, os.X_OK):
        return _NAME
    return _runnable(script)


def python() -> str:
    """Return how this Python is called."""
    return _runnable(sys.executable)


def _runnable(path: str) -> str:
    written = shorten_path(path)
    return shlex.quote(written if os.sep in written else f".{os.sep}{written}")
