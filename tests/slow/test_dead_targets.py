"""A target of which nothing works passes nothing, but for what its doing nothing does not break."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from conformance.proving import run_suite, target_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
#: What a way of doing nothing does not break, by how the check's id ends, and why.
_MET: Mapping[str, Mapping[str, str]] = {
    "acknowledges": {
        "/malformed-answered": "every body is answered, and by no server error",
        "2.1/encryption/in-time": "the page answers at once (insurer)",
        "2.1/encryption/no-secrets": "the page shows nothing (insurer)",
        "2.1/encryption/no-insides": "the page shows nothing (insurer)",
    },
    "closes": {},
    "hangs": {},
    "knows-nothing": {
        "/malformed-answered": "every body is answered by HTTP 404, and by no server error",
        "2.1/encryption/in-time": "the page answers at once (insurer)",
        "2.1/encryption/no-secrets": "the page shows nothing (insurer)",
        "2.1/encryption/no-insides": "the page shows nothing (insurer)",
    },
}


@pytest.mark.parametrize("kind", ["insurer", "guarantor"])
@pytest.mark.parametrize("way", _MET)
def test_nothing_passes_on_a_target_that_does_nothing(kind: str, way: str, tmp_path: Path) -> None:
    target = target_of(tmp_path, ["conformance.dead_target", way], kind)

    run = run_suite(target, tmp_path)

    passed = [check for check, outcome in run.outcomes.items() if outcome == "passed"]
    assert [check for check in passed if not check.endswith(tuple(_MET[way]))] == []
    assert "error" not in run.outcomes.values(), run.messages
    assert run.code == 1
