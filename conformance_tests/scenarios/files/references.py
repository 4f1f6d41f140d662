"""References to what earlier steps made, `${order}`, `${order.block_number}`, `${row.times}`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.files.documents import Place

#: The name that refers to the current row of `for_each`.
ROW = "row"
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*\Z")


@dataclass(frozen=True)
class Reference:
    """A reference: a name, and the path of members below it."""

    name: str
    members: tuple[str, ...]

    def __str__(self) -> str:
        """Return the reference as a file has it: `${order.state}`."""
        return "${" + ".".join((self.name, *self.members)) + "}"


def parse(text: str) -> Reference | None:
    """Parse what is between the braces; return None if it is not a reference."""
    if not _NAME.match(text.strip()):
        return None
    name, *members = text.strip().split(".")
    return Reference(name, tuple(members))


def walk_texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield every text in a value with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from walk_texts(member, (*place, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from walk_texts(member, (*place, number))


def find_in(text: str) -> list[str]:
    """Return what is between the braces of each reference in a text."""
    return _REFERENCE.findall(text)


def sole(text: str) -> Reference | None:
    """Return the reference that a text consists of; None where it is anything else."""
    inner = find_in(text)
    found = parse(inner[0]) if len(inner) == 1 else None
    return found if text == str(found) else None


def fill(value: Any, look_up: Callable[[Reference], str]) -> Any:
    """Return a value with every reference in it replaced by what it refers to."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: look_up(_parse_checked(match[1])), value)
    if isinstance(value, Mapping):
        return {name: fill(member, look_up) for name, member in value.items()}
    if isinstance(value, list):
        return [fill(member, look_up) for member in value]
    return value


def _parse_checked(text: str) -> Reference:
    found = parse(text)
    if found is None:
        raise ValueError(f"{text!r} is not a reference: the file was not checked")
    return found


def member_at(value: Any, members: tuple[str, ...]) -> Any:
    """Return the member of a value that a path of names and list indices leads to.

    Raises:
        LookupError: there is no such member.
    """
    for member in members:
        if isinstance(value, Mapping):
            value = value[member]
        elif isinstance(value, list) and member.isdecimal():
            value = value[int(member)]
        else:
            raise LookupError(member)
    return value
