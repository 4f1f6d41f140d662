"""A target that shares no code with the suite: a misreading made in both would be seen here."""

import shutil
from pathlib import Path

import pytest
from conformance.proving import ROOT, run_suite

EXAMPLE = ROOT / "examples" / "insurer-node"


with_node = pytest.mark.skipif(
    shutil.which("node") is None,
    reason="Node.js is not here, so that the target in another language was not run",
)


@with_node
@pytest.mark.parametrize(
    "options", [("--quick",), pytest.param((), marks=pytest.mark.slow)], ids=["quick", "everything"]
)
@pytest.mark.timeout(600)
def test_the_insurer_in_another_language_passes(options: tuple[str, ...], tmp_path: Path) -> None:
    run = run_suite(EXAMPLE / "target.yaml", tmp_path, *options)

    assert {check: o for check, o in run.outcomes.items() if o != "passed"} == {}, run.messages
    assert run.code == 0, run.printed


def test_it_uses_the_standard_library_and_its_own_files_alone() -> None:
    imported = [
        line.rsplit(" from ", 1)[-1].strip(' ";')
        for module in EXAMPLE.glob("*.mjs")
        for line in module.read_text("utf-8").splitlines()
        if line.startswith(("import ", "} from "))
    ]

    assert len(imported) > 10
    assert all(name.startswith(("node:", "./")) for name in imported), imported
    assert not (EXAMPLE / "package.json").exists()
