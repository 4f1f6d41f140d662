"""The target file: one declarative YAML that says what is tested and how it is made to act."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from conformance_tests import yaml_files
from conformance_tests.suite.target import answers, placeholders
from simulator import given_files, paths, schema_errors
from simulator.errors import SimulatorError

#: The target that is there without a file: the reference institution of each kind.
REFERENCE = "reference"


@dataclass(frozen=True)
class Target:
    """What a target file says. `document` is the checked YAML; `path` is where it came from."""

    path: Path
    document: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """The kind of institution."""
        return str(self.document["kind"])

    @property
    def name(self) -> str:
        """What reports call the target."""
        return str(self.document["name"])

    @property
    def endpoints(self) -> Mapping[str, str]:
        """The URL of each push by its name; placeholders are filled in already."""
        return dict(self.document["endpoints"])

    @property
    def account(self) -> Mapping[str, Any]:
        """Which account the target uses."""
        return dict(self.document.get("account", {}))

    @property
    def letter_path(self) -> Path | None:
        """The file of the account letter that the target uses already."""
        given = self.account.get("letter")
        return None if given is None else self.path.parent / str(given)

    @property
    def start(self) -> Mapping[str, Any] | None:
        """How the suite starts the target itself, if it does."""
        return self.document.get("start")

    @property
    def starts_itself_anew(self) -> bool:
        """Whether every run has a target of its own: process, account, port and store."""
        return self.start is not None and "{port}" in json.dumps(self.document["endpoints"])

    @property
    def patience(self) -> float:
        """Seconds that the target may need after its answer for what it does then."""
        return float(self.document.get("patience", 5))

    @property
    def settle(self) -> float:
        """Seconds of silence after which nothing more is expected of it."""
        return float(self.document.get("settle", 0.3))

    @property
    def actions(self) -> Mapping[str, Any]:
        """The trigger of each action."""
        return dict(self.document.get("actions", {}))

    @property
    def probes(self) -> Mapping[str, Any]:
        """The trigger of each probe."""
        return dict(self.document.get("probes", {}))

    def supports(self, feature: str) -> Any:
        """Return what the target declares of a feature; None where it declares nothing."""
        return self.document.get("supports", {}).get(feature)

    def fill_in(self, values: Mapping[str, str]) -> "Target":
        """Return the target with its placeholders for the run filled in, its own left alone."""
        return replace(self, document=placeholders.fill_deeply(self.document, values))


def load(given: str, kind: str = "insurer") -> Target:
    """Read a target file; `reference` is the reference institution of a kind.

    Raises:
        SimulatorError: it cannot be read or breaks the schema; says where and what to change.
    """
    path = (
        paths.fixtures() / "targets" / f"reference-{kind}.yaml"
        if given == REFERENCE
        else Path(given)
    )
    try:
        text = given_files.read_text(path)
    except OSError as error:
        raise SimulatorError(
            f"The target file {path} cannot be read: {error.strerror}.",
            f"无法读取目标文件 {path}：{error.strerror}。",
        ) from error
    return parse(path, text)


def parse(path: Path, text: str) -> Target:
    """Return the target that a text declares; `path` is where it stands.

    Raises:
        SimulatorError: it breaks the schema; says where and what to change.
    """
    document = yaml_files.load(
        text,
        yaml.SafeLoader,
        lambda en, zh: SimulatorError(
            f"The target file {path} cannot be read as YAML: {en}.",
            f"目标文件 {path} 无法按 YAML 读取：{zh}。",
        ),
    )
    _check(path, document)
    placeholders.check(str(path), document)
    for way in (*document.get("actions", {}).values(), *document.get("probes", {}).values()):
        if isinstance(way, Mapping):
            answers.find(None, str(way.get("count", "$")))
            answers.find(None, str(way.get("fails", {}).get("at", "$")))
    return Target(path, document)


@cache
def _schema() -> Draft202012Validator:
    document = json.loads((paths.schemas() / "target.schema.json").read_text("utf-8"))
    return Draft202012Validator(document)


def _check(path: Path, document: Any) -> None:
    _refuse_what_is_gone(path, document)
    errors = sorted(_schema().iter_errors(document), key=lambda error: list(error.absolute_path))
    if errors:
        error = errors[0]
        place = ".".join(str(step) for step in error.absolute_path) or "the file itself"
        place_zh = place if error.absolute_path else "文件本身"
        wrong = schema_errors.describe(error)
        raise SimulatorError(
            f"The target file {path} is wrong at {place}: {wrong.en}.",
            f"目标文件 {path} 的 {place_zh} 有误：{wrong.zh}。",
        )


def _refuse_what_is_gone(path: Path, document: Any) -> None:
    supports = document.get("supports") if isinstance(document, Mapping) else None
    if isinstance(supports, Mapping) and "refuses_unknown_orders" in supports:
        raise SimulatorError(
            f"The target file {path} declares supports.refuses_unknown_orders, which no check "
            "reads: take the line out.",
            f"目标文件 {path} 中的 supports.refuses_unknown_orders 已无检查项使用：请删除该行。",
        )
