"""JSON Schemas and members of the shapes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from inspect import getdoc
from types import UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from simulator.errors import Text
from simulator.shapes.notation import Format, Title

_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}
_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True)
class Member:
    """A member of a shape: its name, its title if people read it, and its JSON Schema."""

    name: str
    title: Text | None
    schema: Mapping[str, Any]


def members(shape: Any) -> dict[str, Member]:
    """Return the members of a shape by their names, in the order in which they are shown."""
    found = {}
    for name, hint in get_type_hints(shape, include_extras=True).items():
        titles = [each for each in getattr(hint, "__metadata__", ()) if isinstance(each, Title)]
        title = Text(titles[0].en, titles[0].zh) if titles else None
        found[name] = Member(name, title, schema(hint))
    return found


def schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a type; a shape is referred to by its name."""
    origin, inner = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return {"$ref": f"{_REFERENCE}{kind.__name__}"}
    if origin is NotRequired:
        return schema(inner[0])
    if origin is Annotated:
        made = schema(inner[0])
        for note in inner[1:]:
            made |= _describe(note)
        return made
    if origin in (Union, UnionType):
        return _schema_of_union(inner)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is list:
        return {"type": "array", "items": schema(inner[0])}
    if origin is dict:
        free = inner[1] is Any
        return {"type": "object", **({} if free else {"additionalProperties": schema(inner[1])})}
    return {} if kind is Any else {"type": _TYPES[kind]}


def _describe(note: object) -> dict[str, Any]:
    match note:
        case Title(en, zh):
            return {"title": en if en == zh else f"{en} / {zh}"}
        case Format(name):
            return {"format": name}
    return {}


def _schema_of_union(kinds: tuple[Any, ...]) -> dict[str, Any]:
    made = [schema(kind) for kind in kinds if kind is not type(None)]
    if len(made) == len(kinds):
        return {"anyOf": made}
    if len(made) == 1 and "type" in made[0]:
        return {**made[0], "type": [made[0]["type"], "null"]}
    return {"anyOf": [*made, {"type": "null"}]}


def components(kinds: Iterable[Any]) -> dict[str, Any]:
    """Return the schemas of the shapes that these types refer to, by their names, in order."""
    found: dict[str, Any] = {}
    for kind in kinds:
        _collect(kind, found)
    return dict(sorted(found.items()))


def _collect(kind: Any, found: dict[str, Any]) -> None:
    if not is_typeddict(kind):
        for inner in get_args(kind):
            _collect(inner, found)
        return
    if kind.__name__ in found:
        return
    listed = members(kind)
    found[kind.__name__] = {
        "type": "object",
        "description": getdoc(kind),
        "properties": {name: dict(member.schema) for name, member in listed.items()},
        "required": [name for name in listed if name in kind.__required_keys__],
    }
    for hint in get_type_hints(kind, include_extras=True).values():
        _collect(hint, found)
