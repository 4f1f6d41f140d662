"""References to what earlier steps made: `${order}`, `${order.block_number}`, `${row.times}`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conformance_tests.scenarios.files.documents import Place

#: The name under which the row of `for_each` is known.
ROW = "row"
_REFERENCE = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[A-Za-z0-9_]+)*\Z")


@dataclass(frozen=True)
class Reference:
    """A reference in a text: the name, and the members below it that it leads to."""

    name: str
    members: tuple[str, ...]

    def __str__(self) -> str:
        """Return it as it is written."""
        return "${" + ".".join((self.name, *self.members)) + "}"


def read(written: str) -> Reference | None:
    """Return the reference between the braces; None where it has not the form of one."""
    if not _NAME.match(written.strip()):
        return None
    name, *members = written.strip().split(".")
    return Reference(name, tuple(members))


def texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Give every text in a value with its place."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for name, member in value.items():
            yield from texts(member, (*place, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from texts(member, (*place, number))


def written_in(text: str) -> list[str]:
    """Return what stands between the braces of each reference in a text."""
    return _REFERENCE.findall(text)


def sole(text: str) -> Reference | None:
    """Return the reference that a text consists of; None where it is anything else."""
    written = written_in(text)
    found = read(written[0]) if len(written) == 1 else None
    return found if text == str(found) else None


def filled(value: Any, look_up: Callable[[Reference], str]) -> Any:
    """Return a value with every reference in it replaced by what it leads to."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: look_up(_checked(match[1])), value)
    if isinstance(value, Mapping):
        return {name: filled(member, look_up) for name, member in value.items()}
    if isinstance(value, list):
        return [filled(member, look_up) for member in value]
    return value


def _checked(written: str) -> Reference:
    found = read(written)
    if found is None:
        raise ValueError(f"{written!r} is no reference: the file was not checked")
    return found


def below(value: Any, members: tuple[str, ...]) -> Any:
    """Return what stands below a value: a member of an object, a place in a list.

    Raises:
        LookupError: there is nothing of that name.
    """
    for member in members:
        if isinstance(value, Mapping):
            value = value[member]
        elif isinstance(value, list) and member.isdecimal():
            value = value[int(member)]
        else:
            raise LookupError(member)
    return value
