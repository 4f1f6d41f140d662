"""Columns taken from the shapes of what a table or a record shows."""

from collections.abc import Callable, Collection
from typing import Any

from simulator.cli.output.render import Column, moment
from simulator.shapes.notation import MOMENT, PROSE, YUAN
from simulator.shapes.schema import Member, members

Value = Callable[[Any], Any]


def columns(
    shape: Any, *names: str, rest: Collection[str] = (), **values: Value
) -> tuple[Column, ...]:
    """Return the columns of these members of a shape, headed by their titles.

    Numbers and amounts stand right, moments are times without their year, sentences take the room
    that the others leave, and so do the members in `rest`. `values` says what is shown of a member
    instead.
    """
    known = members(shape)
    return tuple(_column(known[name], values.get(name), name in rest) for name in names)


def _column(member: Member, value: Value | None, rest: bool) -> Column:
    if member.title is None:
        raise LookupError(f"the member {member.name} has no title")
    form, kind = member.schema.get("format"), member.schema.get("type", "")
    return Column(
        member.title.en,
        member.title.zh,
        value or (moment(member.name) if form == MOMENT else member.name),
        right=form == YUAN or (form is None and bool({"integer", "number"} & _types(kind))),
        rest=rest or form == PROSE,
    )


def _types(kind: str | list[str]) -> set[str]:
    return {kind} if isinstance(kind, str) else set(kind)
