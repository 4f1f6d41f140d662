"""The pytest plugin: a fresh platform for each test, and what happened on it where one fails.

pytest imports this module in every run, wherever conzhu-sim is installed: the platform itself is
imported when the first test asks for it.
"""

import inspect
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from simulator.testing.platform import Platform
    from simulator.testing.server import Server

#: Opens a further platform; takes what the marker takes.
PlatformFactory: TypeAlias = "Callable[..., Platform]"

_MARKER = (
    "conzhu(kind='insurer', key_bits=2048, company=None, seed=None, switches={...}): "
    "the account that conzhu_platform opens for this test"
)
_PATIENCE = "seconds that a test waits for a call of the app under test (conzhu_platform)"
#: Modules whose lines mean nothing to users of the plugin, and those of pytest itself.
_OWN = ("simulator.testing", "simulator.driver")
_PYTEST = ("_pytest", "pluggy", "pytest")
_OPENED = pytest.StashKey["list[Platform]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the setting `conzhu_patience`."""
    parser.addini("conzhu_patience", _PATIENCE, default="2")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session")
def conzhu_server(pytestconfig: pytest.Config) -> "Iterator[Server]":
    """A running platform for the whole session; with pytest-xdist, one for each worker.

    `conzhu_server.open_platform()` opens an account that may live longer than a test.
    """
    from simulator.testing.server import Server

    with Server(_patience(pytestconfig)) as server:
        yield server


@pytest.fixture
def conzhu_platform_factory(
    conzhu_server: "Server", request: pytest.FixtureRequest
) -> Iterator[PlatformFactory]:
    """Opens platforms: `conzhu_platform_factory(kind="guarantor", key_bits=1024)`.

    Each is an account of its own with its own clock, and is closed when the test ends.
    """
    opened: list[Platform] = request.node.stash.setdefault(_OPENED, [])
    with ExitStack() as closing:

        def open_platform(**options: Any) -> "Platform":
            platform = closing.enter_context(conzhu_server.open_platform(**options))
            opened.append(platform)
            return platform

        yield open_platform
    opened.clear()


@pytest.fixture
def conzhu_platform(
    conzhu_platform_factory: PlatformFactory, request: pytest.FixtureRequest
) -> "Platform":
    """A fresh platform: an account of its own, an insurer's unless the marker `conzhu` says else.

    Its clock is frozen until the test moves it.
    """
    options: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("conzhu"))):
        if mark.args:
            pytest.fail(
                f"The marker conzhu takes names only: @pytest.mark.conzhu(kind={mark.args[0]!r}). "
                "标记 conzhu 只接受命名参数。",
                pytrace=False,
            )
        options.update(mark.kwargs)
    from simulator.errors import SimulatorError

    _check_options(options)
    try:
        return conzhu_platform_factory(**options)
    except SimulatorError as error:
        # What does not fit stands in the marker: no line of code would say more.
        pytest.fail(f"{error.text.en} {error.text.zh}", pytrace=False)


def _check_options(options: dict[str, Any]) -> None:
    """Refuse an option of the marker that opening a platform does not take."""
    from simulator.schema_errors import suggest
    from simulator.testing.server import Server

    known = list(inspect.signature(Server.open_platform).parameters)[1:]
    for name in options:
        if name not in known:
            near = suggest(name, known)
            listed = ", ".join(known)
            pytest.fail(
                f"The marker conzhu has no option {name!r}"
                f"{f'; did you mean {near}?' if near else '.'} Its options are: {listed}. "
                f"标记 conzhu 没有选项 {name!r}{f'，是否应为 {near}？' if near else '。'}"
                f"可用选项：{listed}。",
                pytrace=False,
            )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show a failure at the test's own line, and beside it what happened on the platform."""
    if call.excinfo is not None and not item.config.getoption("fulltrace"):
        _show_the_callers_line(call.excinfo)
    report = yield
    if report.failed:
        for platform in item.stash.get(_OPENED, []):
            report.sections.extend(_sections(platform))
    return report


def _show_the_callers_line(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Where the platform refused, leave out how it was spoken to: the sentence says what is wrong.

    Other exceptions would be defects of ours, which the whole traceback helps to find.
    """
    frames = list(_frames(excinfo.tb))
    if not _belongs(frames[-1], *_OWN):
        return
    from simulator.errors import SimulatorError

    error = excinfo.value
    kept = [each for each in frames if not _belongs(each, *_OWN)]
    # Where pytest alone is left, a fixture of ours failed, and our lines say more than its.
    if isinstance(error, SimulatorError) and kept and not _belongs(kept[-1], *_PYTEST):
        excinfo.traceback = type(excinfo.traceback)(_chained(kept))
        if error.text.zh not in getattr(error, "__notes__", ()):
            error.add_note(error.text.zh)


def _frames(traceback: TracebackType | None) -> Iterator[TracebackType]:
    while traceback is not None:
        yield traceback
        traceback = traceback.tb_next


def _chained(frames: Sequence[TracebackType]) -> TracebackType:
    """Return a chain of these alone: pytest follows it where it cuts its own lines off."""
    first, *rest = frames
    further = _chained(rest) if rest else None
    return TracebackType(further, first.tb_frame, first.tb_lasti, first.tb_lineno)


def _belongs(place: TracebackType, *modules: str) -> bool:
    name = str(place.tb_frame.f_globals.get("__name__", ""))
    return any(name == module or name.startswith(f"{module}.") for module in modules)


def _sections(platform: "Platform") -> Iterator[tuple[str, str]]:
    from simulator.errors import SimulatorError
    from simulator.testing import story

    try:
        happened = platform.timeline()
    except SimulatorError as error:
        happened = str(error)
    yield f"conzhu platform ({platform.name}): what happened 平台往来", happened or "nothing 无"
    if errors := "\n\n".join(story.failures(platform.app_errors)):
        yield f"conzhu platform ({platform.name}): errors of the app 应用异常", errors


def _patience(config: pytest.Config) -> float:
    written = config.getini("conzhu_patience")
    try:
        return float(written)
    except ValueError:
        raise pytest.UsageError(
            f"conzhu_patience is a number of seconds (got {written!r}). "
            f"conzhu_patience 应为秒数（收到 {written!r}）。"
        ) from None
