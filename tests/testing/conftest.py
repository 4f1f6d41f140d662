"""Apps under test: the example's small insurer, and the reference institutions, each connected."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from reference_institution.app import create_app
from reference_institution.letter import AccountLetter
from simulator.testing import Platform

EXAMPLE = Path(__file__).parents[2] / "examples" / "pytest"


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def example() -> ModuleType:
    """The example's application, as a module."""
    # dataclasses look their module up.
    import sys

    module = sys.modules["example_insurer"] = _load("insurer")
    return module


@pytest.fixture
def app(conzhu_platform: Platform, example: ModuleType) -> Flask:
    """The example's insurer, connected to the test's platform."""
    letter = conzhu_platform.letter
    config = example.Config(
        letter.platform,
        letter.btc_id,
        letter.api_key,
        letter.api_secret,
        letter.rsa_pk.pem,
        letter.rsa_sk.pem,
        letter.api_rsa_pk.pem,
    )
    app: Flask = example.create_app(config)
    conzhu_platform.connect(app, order_page="/conzhu/order", order_status="/conzhu/status")
    return app


@pytest.fixture
def insurer(app: Flask) -> Any:
    """What that insurer does."""
    return app.extensions["insurer"]


class Reference:
    """A reference institution that makes its decisions when it is told to."""

    def __init__(self, platform: Platform, folder: Path) -> None:
        self.app = create_app(AccountLetter.from_json(dict(platform.letter.json)), folder)
        platform.connect(self.app)
        if platform.kind == "insurer":
            platform.connect(self.app, invoice_application="/invoice")

    def act(self, action: str, **body: Any) -> Any:
        """Let it act, which must succeed."""
        answer = self.app.test_client().post(f"/actions/{action}", json=body).get_json()
        assert answer["status"] == 200, answer
        return answer["data"]


@pytest.fixture
def reference(conzhu_platform: Platform, tmp_path: Path) -> Reference:
    """The reference institution of the test's kind."""
    return Reference(conzhu_platform, tmp_path)
