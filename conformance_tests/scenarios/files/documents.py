"""YAML that knows the line of every member, so that a mistake is reported where it is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from conformance_tests import yaml_files
from conformance_tests.scenarios.files.problems import FileMistake
from simulator import given_files
from simulator.errors import SimulatorError

#: Digits of a whole number.
_MOST_DIGITS = 18
#: Where a member stands in a document: names and places in lists.
Place: TypeAlias = tuple[str | int, ...]


class _Reader(yaml.SafeLoader):
    """Reads plain values as text: amounts, dates and `no` stay as they are written.

    Only whole numbers, `true`, `false` and `null` are converted, as in JSON.
    """

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 (the base class has it so)


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~"),
    ("int", r"0|-?[1-9][0-9]*", "-0123456789"),
):
    _Reader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), [*_first, ""]
    )


@dataclass(frozen=True)
class Document:
    """The content of a file, and the line in which each member begins."""

    path: Path
    content: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a member; for a missing one, the line of what it is missing in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def wrong(self, place: Place, en: str, zh: str) -> FileMistake:
        """Return the exception for a mistake in a member."""
        return FileMistake(self.path, self.line(place), en, zh)


def read(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        FileMistake: it is not YAML, or a member occurs twice.
        SimulatorError: it cannot be read.
    """
    try:
        text = given_files.read_text(path)
    except OSError as error:
        raise SimulatorError(
            f"The scenario file {path} cannot be read: {error.strerror}.",
            f"无法读取场景文件 {path}：{error.strerror}。",
        ) from error
    lines: dict[Place, int] = {(): 1}
    try:
        node = yaml.compose(text, Loader=_Reader)
        if node is None:
            raise FileMistake(path, 1, "the file is empty.", "文件为空。")
        _check_size(path, node)
        return Document(path, _value(path, node, (), lines), lines)
    except RecursionError:
        raise FileMistake(
            path,
            1,
            "the file is nested too deeply, or an alias (`*name`) refers to what contains it.",
            "文件嵌套过深，或其中的别名（`*name`）引用了自身。",
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise FileMistake(
            path,
            mark.line + 1 if mark else 1,
            f"this is not YAML: {reason}.",
            f"不是有效的 YAML：{reason}。",
        ) from error


def _check_size(path: Path, node: yaml.Node) -> None:
    try:
        yaml_files.check_size(node)
    except SimulatorError as error:
        raise FileMistake(path, 1, f"{error.text.en}.", f"{error.text.zh}。") from None


def _value(path: Path, node: yaml.Node, place: Place, lines: dict[Place, int]) -> Any:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, each, (*place, i), lines) for i, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _members(path, node, place, lines)
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "bool":
            return text == "true"
        case "null":
            return None
        case "int":
            # More digits than any value has stay the text that they are.
            return int(text) if len(text) <= _MOST_DIGITS else text
        case _:
            return text


def _members(
    path: Path, node: yaml.MappingNode, place: Place, lines: dict[Place, int]
) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise FileMistake(path, line, "a name must be text.", "名称必须是文本。")
        name = str(key.value)
        if name in members:
            raise FileMistake(
                path,
                line,
                f"`{name}` occurs twice here: remove one.",
                f"`{name}` 重复出现：请删去其中一个。",
            )
        lines[(*place, name)] = line
        members[name] = _value(path, value, (*place, name), lines)
    return members
