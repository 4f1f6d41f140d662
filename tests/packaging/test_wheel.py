"""What `pip install` puts beside other packages."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from simulator import __version__

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_has_three_packages_and_the_data_that_they_read(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--quiet", "-w", str(tmp_path)]
    subprocess.run([*command, str(ROOT)], check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert wheel.name.startswith(f"conzhu_sim-{__version__}-")
    assert {name.partition("/")[0] for name in names} == {
        "conformance_tests",
        "reference_institution",
        "simulator",
        f"conzhu_sim-{__version__}.dist-info",
    }
    for data in ("schemas", "fixtures"):
        packed = {name for name in names if name.startswith(f"simulator/{data}/")}
        kept = [place for place in (ROOT / data).rglob("*") if place.is_file()]
        assert packed == {f"simulator/{place.relative_to(ROOT).as_posix()}" for place in kept}
