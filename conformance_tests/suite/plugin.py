"""The suite as a pytest plugin: options, fixtures, outcomes, and what a report is made from."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from conformance_tests.suite import checks, findings
from conformance_tests.suite.institution import Institution
from conformance_tests.suite.insurer import Scene
from conformance_tests.suite.ledger import Ledger
from conformance_tests.suite.outcomes import WORST, Outcome, Verdict
from conformance_tests.suite.platform import Platform
from conformance_tests.suite.requirements import check_coverage
from conformance_tests.suite.stage import Attachment, Stage, TargetUnreachable
from conformance_tests.suite.target import Target, load
from simulator.errors import SimulatorError

_TARGET: pytest.StashKey[Target] = pytest.StashKey()
LEDGER: pytest.StashKey[Ledger] = pytest.StashKey()
#: What each check came to, for those that need it.
_OUTCOMES: pytest.StashKey[dict[str, Outcome]] = pytest.StashKey()
#: Outcomes that pytest itself counts as passed, skipped, failed.
_PASSES = (Outcome.PASSED, Outcome.WARNED, Outcome.INFORMED, Outcome.ATTESTED)
_SKIPS = (Outcome.NOT_APPLICABLE, Outcome.BLOCKED)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's options."""
    group = parser.getgroup("conformance", "conformance suite 一致性测试")
    group.addoption("--target", default="reference", help="the target file (YAML)")
    group.addoption("--kind", default="insurer", help="the reference's kind, without --target")
    group.addoption("--platform", default="", help="control API of a running simulator")
    group.addoption("--public-url", default="", help="how the target reaches the platform")
    group.addoption("--quick", action="store_true", help="the quick checks only (under 10 s)")
    group.addoption("--certify", action="store_true", help="no check may be skipped")
    group.addoption("--findings", default="", metavar="FILE", help="write the findings as JSON")
    group.addoption(
        "--check",
        action="append",
        default=[],
        metavar="ID",
        help="this check, or all below a clause",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Read the target file, and refuse what would judge one target from many processes."""
    config.addinivalue_line("markers", f"{checks.MARK}(draft): a check of the suite")
    config.stash[LEDGER] = ledger = Ledger(config.getoption("--findings"))
    config.pluginmanager.register(ledger)
    config.stash[_OUTCOMES] = {}
    try:
        target = load(config.getoption("--target"), config.getoption("--kind"))
    except SimulatorError as error:
        raise pytest.UsageError(f"{error.text.en}\n{error.text.zh}") from error
    config.stash[_TARGET] = target
    if getattr(config.option, "numprocesses", None) and not target.starts_itself_anew:
        raise pytest.UsageError(
            "-n: one target has one account, one clock and one set of effects, so it is tested "
            "by one process; leave -n out.\n"
            "-n：一个目标只有一个账户、一个时钟和一套业务数据，只能由单个进程测试；请去掉 -n。"
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the checks of the target's kind that were asked for."""
    kind = config.stash[_TARGET].kind
    found = {item: check for item in items if (check := checks.of_item(item)) is not None}
    try:
        check_coverage(list(found.values()))
    except SimulatorError as error:
        raise pytest.UsageError(error.text.en) from error
    wanted = config.getoption("--check")
    unknown = [each for each in wanted if not any(_below(c.id, each) for c in found.values())]
    if unknown:
        raise pytest.UsageError(f"--check: there is no check {unknown[0]}.")
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        check = found.get(item)
        asked = check is not None and (
            check.id.startswith(f"{kind}/")
            and (not config.getoption("--quick") or check.quick)
            and (not wanted or any(_below(check.id, each) for each in wanted))
        )
        (kept if asked else dropped).append(item)
    config.hook.pytest_deselected(items=dropped)
    items[:] = kept


def _below(check_id: str, asked: str) -> bool:
    return check_id == asked or check_id.startswith(f"{asked.rstrip('/')}/")


@pytest.fixture(scope="session")
def stage(pytestconfig: pytest.Config) -> Iterator[Stage]:
    """The platform and the target of this run."""
    address = pytestconfig.getoption("--platform")
    attachment = Attachment(address, os.environ.get("CONZHU_TOKEN", "")) if address else None
    public_url = pytestconfig.getoption("--public-url")
    with Stage(pytestconfig.stash[_TARGET], attachment, public_url) as opened:
        if not opened.reachable():
            raise TargetUnreachable(
                "The target's endpoints accept no connections: start it, then run "
                "`conzhu-sim doctor` on its file.",
                "目标的接收地址无法连接：请先启动目标，再用 `conzhu-sim doctor` 检查目标文件。",
            )
        yield opened


@pytest.fixture(scope="session")
def _scene(stage: Stage) -> Scene:
    platform = Platform(stage)
    return Scene(platform, Institution(stage, platform))


@pytest.fixture
def scene(_scene: Scene, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Platform and target together, at the beginning of a check."""
    check = checks.of_item(request.node)
    outcomes = request.config.stash[_OUTCOMES]
    for need in check.needs if check else ():
        if outcomes.get(need, Outcome.PASSED) not in _PASSES:
            pytest.fail(pytrace=False, reason=f"{_NEEDED}{need}")
    _scene.platform.begin_check()
    _scene.target.attested = False
    yield _scene
    _scene.platform.end_check()


@pytest.fixture
def platform(scene: Scene) -> Platform:
    """The platform's side."""
    return scene.platform


@pytest.fixture
def target(scene: Scene) -> Institution:
    """The target's side."""
    return scene.target


_NEEDED = "an earlier check did not pass: "


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Turn what happened in a check into its outcome."""
    report: pytest.TestReport = yield
    check = checks.of_item(item)
    if check is None:
        return report
    error = call.excinfo.value if call.excinfo else None
    if error is None and call.when != "call":
        return report
    outcome, message = _judged(check, error, call.when, item)
    item.config.stash[_OUTCOMES][check.id] = outcome
    finding = findings.of(check, outcome, message, report.duration, _exchanges(item, outcome))
    report.finding = finding.as_json()  # type: ignore[attr-defined]
    for name in ("id", "clause", "level", "outcome"):
        report.user_properties.append((name, getattr(finding, name)))
    _count(report, outcome, message, item.config.getoption("--certify"))
    return report


def _judged(
    check: checks.Check, error: BaseException | None, when: str, item: pytest.Item
) -> tuple[Outcome, str]:
    if error is None:
        scene = getattr(item, "funcargs", {}).get("scene")
        attested = scene is not None and scene.target.attested
        return (Outcome.ATTESTED if attested else Outcome.PASSED), ""
    message = _sentence(error)
    if isinstance(error, pytest.fail.Exception) and message.startswith(_NEEDED):
        return Outcome.BLOCKED, message
    if isinstance(error, Verdict):
        return error.outcome, message
    if isinstance(error, AssertionError) and when == "call":
        return WORST[check.level], message
    return Outcome.ERROR, f"{type(error).__name__}: {message}"


def _sentence(error: BaseException) -> str:
    if isinstance(error, SimulatorError):
        return error.text.en
    return str(error).split("\nassert ")[0].strip() or type(error).__name__


def _exchanges(item: pytest.Item, outcome: Outcome) -> list[dict[str, Any]]:
    scene: Scene | None = getattr(item, "funcargs", {}).get("scene")
    if outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE) or scene is None:
        return []
    return scene.platform.evidence()


def _count(report: pytest.TestReport, outcome: Outcome, message: str, certify: bool) -> None:
    if outcome in _PASSES:
        report.outcome, report.longrepr = "passed", None
    elif outcome in _SKIPS and not certify:
        report.outcome = "skipped"
        report.longrepr = (report.fspath, report.location[1] or 0, f"{outcome}: {message}")
    else:
        report.outcome = "failed"


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Show the suite's own outcomes instead of pytest's."""
    found = getattr(report, "finding", None)
    if found is None:
        return None
    outcome = str(found["outcome"])
    return outcome, _LETTERS[outcome], outcome.upper()


_LETTERS = {
    "passed": ".",
    "failed": "F",
    "warned": "w",
    "informed": "i",
    "not_applicable": "n",
    "blocked": "b",
    "attested": "a",
    "error": "E",
}
