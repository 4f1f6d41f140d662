"""examples/pytest, run as an institution's developer runs it, alone and in parallel."""

import shutil
from pathlib import Path

import pytest
from testing.conftest import EXAMPLE
from testing.running import run_pytest

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example in a folder of its own, outside of this project."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "insurer"))


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "in parallel"])
def test_the_example_passes(folder: Path, options: tuple[str, ...]) -> None:
    ended = run_pytest(folder, *options)

    assert ended.code == 0, ended.printed
    assert ended.counts == {"passed": 8}


def test_a_mistake_in_the_app_is_found_and_shown(folder: Path) -> None:
    app = folder / "insurer.py"
    text = app.read_text("utf-8")
    wrong = text.replace('order["order_status"] =', 'order["state"] =').replace(
        "price=price,", 'price=price + "0",'
    )
    assert wrong != text
    app.write_text(wrong, "utf-8")

    ended = run_pytest(folder, "-o", "conzhu_patience=0.2")

    assert ended.counts["failed"] >= 3
    assert "no call insurer_apply_guarantee_result about " in ended.printed
    assert ", price was '500.000', not '500.00', refused 2310: " in ended.printed


def test_the_app_knows_nothing_of_the_simulator() -> None:
    assert "simulator" not in (EXAMPLE / "insurer.py").read_text("utf-8").split('"""', 2)[2]
