"""What a run was asked for, and the refusal of what contradicts itself."""

import importlib.util
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field

from conformance_tests.suite.report import baseline
from conformance_tests.suite.report.baseline import Baseline
from conformance_tests.suite.report.places import relative
from conformance_tests.suite.target import file as target
from conformance_tests.suite.target.file import Target
from simulator.errors import SimulatorError


@dataclass(frozen=True)
class RunOptions:
    """What a run was asked for. `given` is the target as it was named on the command line."""

    given: str
    target: Target
    platform: str = ""
    public_url: str = ""
    quick: bool = False
    certify: bool = False
    checks: tuple[str, ...] = ()
    baseline: Baseline = field(default_factory=Baseline)

    @property
    def kind(self) -> str:
        """The kind of institution."""
        return self.target.kind

    @property
    def mode(self) -> str:
        """How much was to be judged."""
        if self.certify:
            return "certify"
        if self.checks:
            return "selection"
        return "quick" if self.quick else "default"

    def options(self) -> list[str]:
        """Return the options that say how much is judged."""
        options = [part for check in self.checks for part in ("--check", check)]
        options += ["--quick"] if self.quick else []
        options += ["--certify"] if self.certify else []
        options += ["--baseline", relative(self.baseline.place)] if self.baseline.place else []
        return options

    def as_arguments(self) -> list[str]:
        """Return everything as pytest takes it; a value by itself would be taken for a path."""
        arguments = [f"--target={self.given}", f"--kind={self.kind}"]
        arguments += [f"--platform={self.platform}", f"--public-url={self.public_url}"]
        arguments += [f"--check={check}" for check in self.checks]
        arguments += ["--quick"] if self.quick else []
        arguments += ["--certify"] if self.certify else []
        return [*arguments, f"--baseline={self.baseline.place}"]

    def command(self, *options: str) -> str:
        """Return the command that runs the suite on this target, with these options."""
        words = ["conzhu-sim", "conformance", "run", relative(self.given)]
        words += ["--kind", self.kind] if self.given == target.REFERENCE else []
        words += ["--platform", self.platform] if self.platform else []
        words += ["--public-url", self.public_url] if self.public_url else []
        return shlex.join([*words, *options])


def read_options(
    given: str,
    *,
    kind: str = "",
    platform: str = "",
    public_url: str = "",
    quick: bool = False,
    certify: bool = False,
    checks: Sequence[str] = (),
    baseline_file: str = "",
    workers: object = None,
) -> RunOptions:
    """Read the files that a run was given; `kind` chooses the reference, an insurer by default.

    Raises:
        SimulatorError: a file is wrong, or the options contradict each other.
    """
    read = target.load(given, kind) if kind else target.load(given)
    if kind and kind != read.kind:
        raise SimulatorError(
            f"{given} is the target file of one of kind {read.kind}, not {kind}: leave out the "
            "kind (--kind, KIND=), which chooses a reference only.",
            f"{given} 的机构类型是 {read.kind}，不是 {kind}：请去掉 --kind（KIND=），"
            "该选项仅用于选择参考实现。",
        )
    if certify:
        for option, value in (
            ("--quick", quick),
            ("--check", checks),
            ("--baseline", baseline_file),
        ):
            if value:
                raise SimulatorError(
                    f"--certify judges everything and excuses nothing: leave {option} out.",
                    f"--certify 要求全部检查且不豁免任何失败：请去掉 {option}。",
                )
    if workers:
        _refuse_workers(read)
    known = baseline.load(baseline_file)
    return RunOptions(given, read, platform, public_url, quick, certify, tuple(checks), known)


def _refuse_workers(read: Target) -> None:
    if not read.starts_itself_anew:
        raise SimulatorError(
            "-n: one target has one account, one clock and one set of effects, so it is tested "
            "by one process; leave -n out.",
            "-n：一个目标只有一个账户、一个时钟和一套业务数据，只能由单个进程测试；请去掉 -n。",
        )
    if importlib.util.find_spec("xdist") is None:
        raise SimulatorError(
            "-n needs pytest-xdist: pip install pytest-xdist.",
            "-n 需要 pytest-xdist：pip install pytest-xdist。",
        )
