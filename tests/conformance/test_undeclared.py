"""What a target file leaves out is not applicable, and what the target spoils blocks: no error."""

import pytest
import yaml
from conformance.proving import Run, run_suite, target_of

#: One check that starts from each of the endpoints that the target does not declare.
_CHECKS = (
    "insurer/2.6/encryption/valid",
    "insurer/2.7/encryption/valid",
    "insurer/2.10/encryption/valid",
    "insurer/3.1/encryption/valid",
    "insurer/3.1/encryption/malformed-answered",
    "insurer/0/functions/happy-path",
)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run against an insurer that declares three endpoints, without `issue`."""
    folder = tmp_path_factory.mktemp("undeclared")
    target = target_of(folder, ["reference_institution"])
    document = yaml.safe_load(target.read_text("utf-8"))
    for name in ("verify", "query", "bid_opening", "claim"):
        del document["endpoints"][name]
    broken = {"http": {"url": "http://127.0.0.1:{port}/actions/none", "json": {}}}
    document["actions"]["pass_due_diligence"] = broken
    target.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    checks = (*_CHECKS, "insurer/2.2/encryption/valid", "insurer/2.2/2/repeated-one-effect")
    return run_suite(target, folder, *(part for check in checks for part in ("--check", check)))


def test_what_is_not_declared_is_not_applicable(run: Run) -> None:
    outcomes = {check: run.outcomes[check] for check in _CHECKS if check in run.outcomes}

    assert len(outcomes) >= 5
    assert set(outcomes.values()) == {"not_applicable"}, run.messages
    assert "declares no endpoint" in run.messages["insurer/2.6/encryption/valid"]


def test_what_is_declared_is_judged_all_the_same(run: Run) -> None:
    assert run.outcomes["insurer/2.2/encryption/valid"] == "passed"


def test_an_action_that_does_nothing_blocks_what_builds_on_it(run: Run) -> None:
    assert run.outcomes["insurer/2.2/2/repeated-one-effect"] == "blocked"
    assert "error" not in run.outcomes.values()
