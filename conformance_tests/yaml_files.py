"""YAML files that a person gives, read within limits: no file costs more than its size suggests."""

from collections.abc import Callable
from typing import Any

import yaml

from simulator.errors import SimulatorError

#: Nodes that a file may hold once its aliases are written out.
_MOST_NODES = 100_000
_DEEPEST = 100
#: The size of a node that is still being measured.
_UNDER_WAY = -1
#: Digits of a whole number: more than any amount, number or time needs.
_MOST_DIGITS = 18


def load(text: str, loader: type[yaml.SafeLoader], refuse: Callable[[str, str], Exception]) -> Any:
    """Return what a YAML text holds; `refuse` makes the error of a reason in both languages.

    Raises:
        Exception: it is no YAML, or more than such a file needs.
    """
    reader = None
    try:
        reader = loader(text)
        node = reader.get_single_node()
        if node is None:
            return None
        check_size(node)
        return reader.construct_document(node)
    except SimulatorError as error:
        raise refuse(error.text.en, error.text.zh) from None
    except RecursionError:
        raise refuse("it is nested too deeply", "嵌套过深") from None
    # PyYAML has no error of its own for `!!timestamp x`.
    except (yaml.YAMLError, ValueError, OverflowError, AttributeError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise refuse(reason, reason) from None
    finally:
        if reader is not None:
            reader.dispose()


def check_size(node: yaml.Node) -> None:
    """Refuse a document that is huge once its aliases are written out, or nested too deeply.

    Raises:
        SimulatorError: it is; says which.
    """
    _measure(node, {}, 0)


def _measure(node: yaml.Node, known: dict[int, int], depth: int) -> int:
    if depth > _DEEPEST:
        raise SimulatorError("it is nested too deeply", "嵌套过深")
    found = known.get(id(node))
    if found == _UNDER_WAY:
        raise SimulatorError(
            "an alias (`*name`) refers to what contains it", "其中的别名（`*name`）引用了自身"
        )
    if found is not None:
        return found
    known[id(node)] = _UNDER_WAY
    line = node.start_mark.line + 1
    if node.tag.endswith(":int") and len(node.value) > _MOST_DIGITS:
        count = len(node.value)
        raise SimulatorError(
            f"line {line} has a number of {count} digits ({_MOST_DIGITS} at most)",
            f"第 {line} 行的数字有 {count} 位（最多 {_MOST_DIGITS} 位）",
        )
    children: list[yaml.Node] = []
    if isinstance(node, yaml.SequenceNode):
        children = node.value
    elif isinstance(node, yaml.MappingNode):
        children = [each for pair in node.value for each in pair]
    size = 1
    for child in children:
        size += _measure(child, known, depth + 1)
        if size > _MOST_NODES:
            raise SimulatorError(
                f"its aliases (`*name`) stand for more than {_MOST_NODES} values",
                f"其中的别名（`*name`）展开后超过 {_MOST_NODES} 个值",
            )
    known[id(node)] = size
    return size
