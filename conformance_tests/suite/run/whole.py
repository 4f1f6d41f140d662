"""Whether a run has collected the whole suite, so that what is missing is really missing."""

from pathlib import Path

import pytest

_SUITE = Path(__file__).resolve().parents[2]


def is_whole(config: pytest.Config) -> bool:
    """Return whether the user asked for the suite's folder, or one above it, and left nothing out.

    What `-k`, `-m`, `--check` and `--quick` drop was collected before, and counts.
    """
    option = config.getoption
    partly = any(option(name, None) for name in ("ignore", "ignore_glob", "lf", "pyargs"))
    asked = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    return not partly and any(_SUITE.is_relative_to(place) for place in asked)
