"""YAML whose every member knows its line, so that what is wrong is told where it stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from conformance_tests.scenarios.files.problems import Wrong
from simulator.errors import SimulatorError

#: Where a member stands in a document: names and places in lists.
Place: TypeAlias = tuple[str | int, ...]


class _Reader(yaml.SafeLoader):
    """Reads plain values as they are written: amounts, dates and `no` stay text.

    Only whole numbers, `true`, `false` and `null` are something else, as in JSON.
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
    """What a file says, and in which line each member of it begins."""

    path: Path
    content: Any
    lines: Mapping[Place, int]

    def line(self, place: Place) -> int:
        """Return the line of a member; of one that is missing, that of what it is missing in."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def wrong(self, place: Place, en: str, zh: str) -> Wrong:
        """Return what is to be raised where a member is wrong."""
        return Wrong(self.path, self.line(place), en, zh)


def read(path: Path) -> Document:
    """Read a YAML file.

    Raises:
        Wrong: it is no YAML, or has a member twice.
        SimulatorError: it cannot be read at all.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise SimulatorError(
            f"The scenario file {path} cannot be read: {error.strerror}.",
            f"无法读取场景文件 {path}：{error.strerror}。",
        ) from error
    except UnicodeDecodeError as error:
        raise SimulatorError(
            f"The scenario file {path} is no UTF-8 text ({error.reason}): save it as UTF-8.",
            f"场景文件 {path} 不是 UTF-8 文本（{error.reason}）：请另存为 UTF-8。",
        ) from error
    lines: dict[Place, int] = {(): 1}
    try:
        node = yaml.compose(text, Loader=_Reader)
        if node is None:
            raise Wrong(path, 1, "the file is empty.", "文件为空。")
        return Document(path, _value(path, node, (), lines), lines)
    except RecursionError:
        raise Wrong(
            path,
            1,
            "the file is nested too deep, or an alias in it (`*name`) stands for what it is in.",
            "文件嵌套过深，或其中的别名（`*name`）引用了自身。",
        ) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = str(getattr(error, "problem", None) or error).splitlines()[0]
        raise Wrong(
            path,
            mark.line + 1 if mark else 1,
            f"this is no YAML: {reason}.",
            f"不是有效的 YAML：{reason}。",
        ) from error


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
            return int(text)
        case _:
            return text


def _members(
    path: Path, node: yaml.MappingNode, place: Place, lines: dict[Place, int]
) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Wrong(path, line, "a name must be a text.", "名称必须是文本。")
        name = str(key.value)
        if name in members:
            raise Wrong(
                path,
                line,
                f"`{name}` stands here twice: take one out.",
                f"`{name}` 重复出现：请删去其中一个。",
            )
        lines[(*place, name)] = line
        members[name] = _value(path, value, (*place, name), lines)
    return members
