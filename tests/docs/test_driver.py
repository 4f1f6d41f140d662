"""docs/driver.md, executed on a running simulator; it names everything that the driver offers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.endpoint import Endpoint, serve

from simulator import driver
from simulator.app import Simulator
from simulator.errors import SimulatorError

PAGE = (Path(__file__).parents[2] / "docs" / "driver.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def receiver() -> Iterator[Endpoint]:
    """An endpoint that acknowledges whatever is pushed to it."""
    endpoint, server = serve()
    yield endpoint
    server.shutdown()
    server.server_close()


def test_the_page_does_what_it_says(
    simulator: Simulator, receiver: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    places = {"http://127.0.0.1:8901": simulator.control_url, "http://127.0.0.1:8080": receiver.url}
    code = "".join(BLOCKS)
    for written, real in places.items():
        code = code.replace(written, real)
    said: dict[str, Any] = {}

    exec(code.replace("account.remove()\n", ""), said)

    assert said["second"].state == "acknowledged"
    assert (tmp_path / "nightly.json").stat().st_mode & 0o777 == 0o600
    said["account"].remove()
    with pytest.raises(SimulatorError, match="nightly"):
        said["account"].get()


def test_everything_that_is_offered_is_named() -> None:
    assert [name for name in driver.__all__ if f"`{name}`" not in PAGE] == []
