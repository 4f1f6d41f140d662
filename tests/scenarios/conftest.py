"""Files that are written for a test, and an insurer that lives on a running simulator."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conformance.house import House, house
from support.lived import Lived
from support.platform import Platform

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator.app import Listener
from simulator.cli.accounts import letters
from simulator.driver import ControlClient

Write = Callable[[str], Path]
HEAD = "kind: insurer\npurpose: {en: A test., zh: 测试。}\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a scenario file: a head, and the text behind it from line 3 on."""

    def write(text: str) -> Path:
        place = tmp_path / "written.yaml"
        place.write_text(HEAD + text, "utf-8")
        return place

    return write


@pytest.fixture
def target(tmp_path: Path) -> Iterator[House]:
    """A small right insurer in this process, and its target file."""
    with house(tmp_path) as opened:
        yield opened


@pytest.fixture
def lived(control: ControlClient, platform: Platform, tmp_path: Path) -> Iterator[Lived]:
    """The reference insurer on a fresh account, whose clock stands still."""
    listener = Listener("127.0.0.1", 0, 8)
    app = create_app(AccountLetter.from_json(platform.letter()), tmp_path / "insurer")
    listener.start(app)
    url = f"http://127.0.0.1:{listener.port}"
    pushes = control.get("lookup")["pushes"]["insurer"]
    platform.change(endpoints=letters.reference_endpoints(url, pushes))
    yield Lived(platform, url)
    listener.stop()
    app.extensions["institution"].orders.close()
