"""The control API without its client: statuses and bodies as they come over the wire."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from pushes.conftest import Issued
from pushes.conftest import endpoint as endpoint
from pushes.conftest import issued as issued
from pushes.conftest import served_endpoint as served_endpoint

from simulator.app import Simulator

Api = Callable[..., tuple[int, Any]]

__all__ = ["Api", "Issued", "endpoint", "issued", "served_endpoint"]


@pytest.fixture
def api(simulator: Simulator) -> Api:
    """Ask the control API; return the HTTP status and the decoded JSON."""

    def ask(method: str, path: str, body: Any = None, raw: bytes | None = None) -> Any:
        answer = requests.request(
            method, f"{simulator.control_url}/control/v1/{path}", json=body, data=raw, timeout=30
        )
        assert answer.headers["Content-Type"] == "application/json; charset=utf-8", answer.text
        return answer.status_code, answer.json()

    return ask
