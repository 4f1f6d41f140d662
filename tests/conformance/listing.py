"""A pytest plugin that writes down what was collected: each check, its level, its hash."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conformance.behaviour import hash_behaviour

from conformance_tests.suite.rules import checks


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write the checks of this collection to the file that the environment names."""
    listed = [_described(check, item) for item in session.items if (check := checks.of_item(item))]
    Path(os.environ["LISTING"]).write_text(json.dumps(listed), "utf-8")


def _described(check: checks.Check, item: Any) -> dict[str, Any]:
    return {
        "id": check.id,
        "file": item.nodeid.partition("::")[0],
        "level": str(check.level),
        "interface": check.interface,
        "needs": list(check.needs),
        "source": hash_behaviour(item.function),
    }
