"""The suite as a pytest plugin: options, fixtures, outcomes, and how a run ends."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pytest

from conformance_tests.suite.platform.business import Business
from conformance_tests.suite.report import findings
from conformance_tests.suite.report.conclusion import PASSES, Exit, Halt, for_want_of
from conformance_tests.suite.report.findings import Finding
from conformance_tests.suite.report.judging import Shown, judge
from conformance_tests.suite.report.ledger import Ledger
from conformance_tests.suite.report.options import RunOptions, read_options
from conformance_tests.suite.rules import checks, families
from conformance_tests.suite.rules.outcomes import Outcome
from conformance_tests.suite.rules.requirements import check_coverage, require_covered
from conformance_tests.suite.rules.selection import below, unknown
from conformance_tests.suite.run.whole import is_whole
from conformance_tests.suite.scenes import kinds
from conformance_tests.suite.scenes.both.institution import Institution
from conformance_tests.suite.scenes.both.scene import Scene
from conformance_tests.suite.target.stage import Attachment, Stage, TargetUnreachable
from simulator.errors import SimulatorError, Text

_FOLDER = "conformance_folder"
LEDGER: pytest.StashKey[Ledger] = pytest.StashKey()
#: What each check came to, for those that need it.
_OUTCOMES: pytest.StashKey[dict[str, Outcome]] = pytest.StashKey()
#: What must not be shown of the account's letter.
_SECRETS: pytest.StashKey[list[str]] = pytest.StashKey()
#: The folder that all processes of a run share; none where there is one process.
_SHARED: pytest.StashKey[Path] = pytest.StashKey()
#: Outcomes that pytest itself counts as skipped.
_SKIPS = (Outcome.NOT_APPLICABLE, Outcome.BLOCKED)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the suite's options."""
    group = parser.getgroup("conformance", "conformance suite 一致性测试")
    group.addoption("--target", default="reference", help="the target file (YAML)")
    group.addoption("--kind", default="", help="the reference's kind, without --target")
    group.addoption("--platform", default="", help="control API of a running simulator")
    group.addoption("--public-url", default="", help="how the target reaches the platform")
    group.addoption("--quick", action="store_true", help="the quick checks only (under 10 s)")
    group.addoption("--certify", action="store_true", help="no check may be skipped")
    group.addoption("--baseline", default="", metavar="FILE", help="known failures (YAML)")
    group.addoption("--report", default="", metavar="DIR", help="write HTML, JUnit and JSON there")
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
    config.stash[_OUTCOMES] = {}
    config.stash[_SECRETS] = []
    option = config.getoption
    try:
        options = read_options(
            option("--target"),
            kind=option("--kind"),
            platform=option("--platform"),
            public_url=option("--public-url"),
            quick=option("--quick"),
            certify=option("--certify"),
            checks=option("--check"),
            baseline_file=option("--baseline"),
            workers=getattr(config.option, "numprocesses", None),
        )
    except SimulatorError as error:
        raise pytest.UsageError(f"{error.text.en}\n{error.text.zh}") from error
    config.stash[checks.KIND] = options.kind
    if shared := getattr(config, "workerinput", {}).get(_FOLDER):
        config.stash[_SHARED] = Path(shared)
    config.stash[LEDGER] = ledger = Ledger(options, option("--findings"), option("--report"))
    config.pluginmanager.register(ledger)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give each worker the folder that all of them share; it goes with the run."""
    stash = node.config.stash
    if _SHARED not in stash:
        folder = tempfile.TemporaryDirectory()
        node.config.add_cleanup(folder.cleanup)
        stash[_SHARED] = Path(folder.name)
    node.workerinput[_FOLDER] = str(stash[_SHARED])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run checks of both kinds for the pushes of the target's kind."""
    checks.parametrize(metafunc)


def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Keep the checks of the target's kind that were asked for, in the order of the families."""
    ledger = config.stash[LEDGER]
    options = ledger.options
    found = {item: check for item in items if (check := checks.of_item(item)) is not None}
    try:
        check_coverage(list(found.values()))
        # A module that could not be imported is reported as such, not as missing checks.
        if is_whole(config) and not session.testsfailed:
            require_covered(list(found.values()), options.kind)
    except SimulatorError as error:
        _stop(config, Halt(Exit.SUITE_ERROR, error.text))
    own = {item: check for item, check in found.items() if check.id.startswith(options.kind + "/")}
    for wanted in options.checks:
        if not any(below(check.id, wanted) for check in own.values()):
            _stop(config, Halt(Exit.USAGE, unknown(wanted, [check.id for check in own.values()])))
    kept = families.sort(
        [
            (item, check)
            for item, check in own.items()
            if (not options.quick or check.quick)
            and (not options.checks or any(below(check.id, each) for each in options.checks))
        ]
    )
    ledger.course.ids = [check.id for check in own.values()]
    ledger.course.selected = len(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture(scope="session")
def stage(pytestconfig: pytest.Config) -> Iterator[Stage]:
    """The platform and the target of this run; without them it stops at once."""
    ledger = pytestconfig.stash[LEDGER]
    with ExitStack() as exits:
        try:
            attached = ledger.options.platform
            attachment = Attachment(attached, os.environ.get("CONZHU_TOKEN", ""))
            opened = exits.enter_context(
                Stage(
                    ledger.options.target,
                    attachment if attached else None,
                    ledger.options.public_url,
                    pytestconfig.stash.get(_SHARED, None),
                )
            )
            opened.require_target()
        except TargetUnreachable as error:
            _stop(pytestconfig, Halt(Exit.UNREACHABLE, error.text))
        except SimulatorError as error:
            _stop(pytestconfig, Halt(Exit.USAGE, error.text))
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            text = Text(
                f"The suite could not begin ({said}); please report it.",
                f"套件无法启动（{said}）；请反馈。",
            )
            _stop(pytestconfig, Halt(Exit.SUITE_ERROR, text))
        pytestconfig.stash[_SECRETS] = opened.secrets()
        ledger.course.platform = opened.about_platform()
        yield opened


def _stop(config: pytest.Config, halt: Halt) -> NoReturn:
    """End the run at once; a worker's own exit code would be taken for a crash of it."""
    config.stash[LEDGER].course.stop(halt)
    code = pytest.ExitCode.INTERRUPTED if hasattr(config, "workerinput") else halt.code
    pytest.exit(f"{halt.text.en}\n{halt.text.zh}", returncode=code)


@pytest.fixture(scope="session")
def _scene(stage: Stage) -> Scene:
    return kinds.scene_of(stage)


@pytest.fixture
def scene(_scene: Scene, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Platform and target together, at the beginning of a check."""
    check = checks.of_item(request.node)
    outcomes = request.config.stash[_OUTCOMES]
    if check and checks.is_push(check):
        _scene.platform.endpoint(str(check.interface))
    for need in check.needs if check else ():
        if (outcome := outcomes.get(need, Outcome.PASSED)) not in PASSES:
            raise for_want_of(need, outcome)
    _scene.platform.begin_check()
    _scene.target.attested = False
    yield _scene
    _scene.platform.end_check()


@pytest.fixture
def platform(scene: Scene) -> Business:
    """The platform's side."""
    return scene.platform


@pytest.fixture
def target(scene: Scene) -> Institution:
    """The target's side."""
    return scene.target


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
    scene: Scene | None = getattr(item, "funcargs", {}).get("scene")
    if scene is None:
        end = judge(check, error, call.when)
    else:
        platform = scene.platform
        shown = Shown(platform.breakdowns, platform.secrets, platform.insides)
        end = judge(check, error, call.when, scene.target.attested, shown)
    item.config.stash[_OUTCOMES][check.id] = end.outcome
    secrets = item.config.stash[_SECRETS]
    finding = findings.of(
        check,
        families.family_of(item.path),
        end,
        report.duration,
        _exchanges(scene, end.outcome),
        secrets,
    )
    report.finding = finding.as_json()  # type: ignore[attr-defined]
    for name in ("id", "clause", "level", "outcome"):
        report.user_properties.append((name, getattr(finding, name)))
    _count(report, finding, item.config.stash[LEDGER].options)
    if report.outcome == "failed":
        # A traceback says nothing to who has to change the target, and quotes what is masked.
        own = end.outcome == Outcome.ERROR
        text = str(report.longrepr) if own else "\n".join(findings.describe(finding))
        report.longrepr = findings.mask({"text": text}, secrets)["text"]
    return report


def _exchanges(scene: Scene | None, outcome: Outcome) -> list[dict[str, Any]]:
    if outcome in (Outcome.PASSED, Outcome.NOT_APPLICABLE) or scene is None:
        return []
    try:
        return scene.platform.describe_evidence()
    except SimulatorError:
        # The platform itself is gone; the outcome says so already.
        return list(scene.platform.happened)


def _count(report: pytest.TestReport, finding: Finding, options: RunOptions) -> None:
    """Let pytest count a check as what it is for the gate."""
    outcome = Outcome(finding.outcome)
    known = options.baseline.excuses(finding.id, outcome)
    if outcome in PASSES:
        report.outcome, report.longrepr = "passed", None
    elif known or (outcome in _SKIPS and not options.certify):
        report.outcome = "skipped"
        why = f"known until {known.expires}: {known.reason}" if known else finding.message
        report.longrepr = (str(report.fspath), report.location[1] or 0, f"{outcome}: {why}")
    else:
        report.outcome = "failed"


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Show the suite's own outcomes instead of pytest's."""
    found = getattr(report, "finding", None)
    if found is None:
        return None
    outcome = str(found["outcome"])
    return outcome, LETTERS[outcome], outcome.upper()


#: How each outcome is shown in a line of many.
LETTERS = {
    "passed": ".",
    "failed": "F",
    "warned": "w",
    "informed": "i",
    "not_applicable": "n",
    "blocked": "b",
    "attested": "a",
    "error": "E",
}
