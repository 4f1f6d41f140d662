"""Find, read and check scenario files."""

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance_tests.scenarios.files import documents, problems, shape
from conformance_tests.scenarios.files.checking import Checker
from conformance_tests.scenarios.files.shape import Expectation, StepKind
from simulator import paths
from simulator.errors import SimulatorError, Text

_ENDINGS = (".yaml", ".yml")
SWIFT = "swift"
#: How many shipped names are suggested for a misspelt one.
_NEAR = 3


@dataclass(frozen=True)
class Step:
    """A step: its kind, its line in the file, and the mapping that stands there."""

    kind: StepKind
    line: int
    spec: Mapping[str, Any]

    @property
    def acts(self) -> bool:
        """Whether it does something or lets time pass, so that what comes next comes of it."""
        return self.kind is not StepKind.EXPECT or Expectation.SILENCE in self.spec[self.kind]

    @property
    def title(self) -> str:
        """The step in one line, as it stands in its file."""
        main = self.spec[self.kind]
        if isinstance(main, str):
            others = {name: value for name, value in self.spec.items() if name != self.kind}
            return f"{self.kind} {main}{_format_members(others)}"
        first, *rest = main
        others = {name: main[name] for name in rest}
        return f"{self.kind} {first} {_format_value(main[first])}{_format_members(others)}"


def _format_members(values: Mapping[str, Any]) -> str:
    return "".join(f", {name} {_format_value(value)}" for name, value in values.items())


def _format_value(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True)
class Scenario:
    """A checked scenario file; the `name` of a shipped one is like `insurer/happy-path`."""

    name: str
    path: Path
    kind: str
    purpose: Text
    switches: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    steps: Sequence[Step]
    swift: bool = False

    @property
    def place(self) -> str:
        """The path of its file, relative to the working folder if it is inside."""
        here = Path.cwd()
        inside = self.path.is_relative_to(here)
        return str(self.path.relative_to(here) if inside else self.path)

    @property
    def argument(self) -> str:
        """The argument that plays it on the command line: a shipped name, or else the file."""
        return self.name if self.path.is_relative_to(shipped_folder()) else self.place

    @property
    def plays(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The name and the values of each play: one per row, or a single one without rows."""
        if not self.rows:
            return [(self.name, {})]
        return [
            (f"{self.name}[{','.join(f'{k}={v}' for k, v in row.items())}]", row)
            for row in self.rows
        ]


def load(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        SimulatorError: it has mistakes; the text gives file, line and what to change for each.
    """
    document = documents.read(path)
    misshapen = shape.find_mistakes(document)
    found = [wrong for _, wrong in misshapen]
    problems.refuse([*found, *Checker(document, [place for place, _ in misshapen]).find_mistakes()])
    content = document.content
    steps = [
        Step(shape.step_kind(step), document.line(("steps", number)), step)
        for number, step in enumerate(content["steps"])
    ]
    return Scenario(
        name=_name_of(path),
        path=path,
        kind=content["kind"],
        purpose=Text(content["purpose"]["en"], content["purpose"]["zh"]),
        switches=content.get("account", {}),
        rows=content.get("for_each", []),
        steps=steps,
        swift=content.get("pace") == SWIFT,
    )


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios."""
    return paths.fixtures() / "scenarios"


def _name_of(path: Path) -> str:
    try:
        return path.resolve().relative_to(shipped_folder().resolve()).with_suffix("").as_posix()
    except ValueError:
        return path.stem


def shipped_names() -> list[str]:
    """Return the names of the shipped scenarios: `insurer/happy-path`."""
    return [_name_of(path) for path in _files_in(shipped_folder())]


def _find_near(given: str) -> list[str]:
    """Return the shipped names that are near to a given name or file name."""
    wanted = given.removesuffix(Path(given).suffix) if given.endswith(_ENDINGS) else given
    called = {name: (name, name.rpartition("/")[2]) for name in shipped_names()}
    spelled = sorted({each for both in called.values() for each in both})
    close = difflib.get_close_matches(wanted, spelled, n=_NEAR, cutoff=0.7)
    found = [name for each in close for name, both in called.items() if each in both]
    return list(dict.fromkeys(found))[:_NEAR]


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix in _ENDINGS)


def find(given: str) -> list[Path]:
    """Return the files that a name, a file or a folder means.

    A name is that of a shipped scenario or of a shipped folder (`insurer`).

    Raises:
        SimulatorError: there is no such scenario.
    """
    for place in (Path(given), shipped_folder() / given):
        if place.is_dir():
            found = _files_in(place)
            if found:
                return found
            raise SimulatorError(
                f"There is no scenario file in {given}.", f"{given} 中没有场景文件。"
            )
        if place.is_file():
            return [place]
    named = [path for path in _files_in(shipped_folder()) if given in (_name_of(path), path.stem)]
    if len(named) == 1:
        return named
    if named:
        listed = ", ".join(_name_of(path) for path in named)
        raise SimulatorError(
            f"{given!r} is the name of several scenarios: {listed}.",
            f"{given!r} 对应多个场景：{listed}。",
        )
    near = _find_near(given)
    meant = f". Did you mean {' or '.join(near)}?" if near else ":"
    meant_zh = f"。是否应为 {' 或 '.join(near)}？" if near else "："
    raise SimulatorError(
        f"There is no scenario, file or folder {given!r}{meant} `conzhu-sim scenario list` shows "
        "all shipped ones.",
        f"没有名为 {given!r} 的场景、文件或目录{meant_zh}`conzhu-sim scenario list` 可列出全部。",
    )
