"""The catalogue: every interface as its schema file describes it."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from simulator.errors import SimulatorError, Text
from simulator.protocol.codes import Codes
from simulator.protocol.interface_files import read_interfaces

#: The call that gets a token, and so comes without one (1.1).
TOKEN_METHOD = "get_access_token"


def _pattern(
    _validator: Any, pattern: str, instance: object, _schema: Any
) -> Iterator[ValidationError]:
    # Python's `$` also matches before a final line break, JSON Schema's does not.
    if isinstance(instance, str) and (
        not re.search(pattern, instance) or (instance.endswith("\n") and pattern.endswith("$"))
    ):
        yield ValidationError(f"{instance!r} does not match {pattern}")


Validator = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Parameter:
    """One row of a table: its name, printed type, whether required, and its default codes."""

    name: str
    printed_type: str
    required: bool
    title: Text
    missing: int
    invalid: int
    schema: Mapping[str, Any]

    @cached_property
    def _validator(self) -> Any:
        return Validator(self.schema)

    @property
    def may_be_empty(self) -> bool:
        """Whether the empty text is a value (P38), as it is for a block number."""
        return int(self.schema.get("minLength", 0)) == 0

    @property
    def conditional(self) -> bool:
        """Whether other values decide if it is required; the operation checks that."""
        return bool(self.schema.get("x-conditional"))

    def accepts(self, text: str) -> bool:
        """Return whether the text has the form that the table requires; NUL is never allowed."""
        return "\x00" not in text and bool(self._validator.is_valid(text))


@dataclass(frozen=True)
class Fault:
    """The first thing wrong with the parameters of a call: the code, the name and the reason."""

    code: int
    parameter: str
    reason: Literal["missing", "invalid"]


@dataclass(frozen=True)
class Interface:
    """One interface of a manual, e.g. `insurer/2.4`."""

    kind: str
    section: str
    name: str
    method: str | None
    direction: Literal["call", "push"]
    delivery: Literal["notice", "question", "page"] | None
    transport: Literal["form", "multipart"]
    title: Text
    description: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The kind and the section of the manual: `insurer/2.4`."""
        return f"{self.kind}/{self.section}"

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The encrypted parameters in table order."""
        return tuple(_parameters(self.description["request"]))

    def parameter(self, name: str) -> Parameter:
        """Return an encrypted parameter by its name.

        Raises:
            KeyError: the table has no such parameter.
        """
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Parameter]:
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def files(self) -> tuple[Parameter, ...]:
        """The files that are sent beside `param`, in table order."""
        form = _parameters(self.description["form"])
        return tuple(field for field in form if field.printed_type == "file")

    @cached_property
    def answer(self) -> Any | None:
        """The validator of a success answer; None if the manual documents no answer (P51)."""
        schema = self.description["response"]
        return Validator(schema) if schema else None

    def holds_json(self, member: str) -> bool:
        """Return whether a member of the answer's `data` is JSON as text (P7)."""
        data = self.description["response"]["properties"]["data"]["properties"]
        return "contentSchema" in data[member]

    def accepts_in_answer(self, member: str, value: object) -> bool:
        """Return whether a member of the answer's `data` may have this value."""
        data = self.description["response"]["properties"]["data"]["properties"]
        return bool(Validator(data[member]).is_valid(value))

    def first_fault(self, texts: Mapping[str, str], files: Collection[str]) -> Fault | None:
        """Return the first fault of a call in table order, missing before wrong (P15).

        `texts` are the parameters as text, `files` the names of the files. An
        optional parameter without a value counts as absent; a required one may be empty unless
        it identifies something, or is a state or an amount (P38).
        """
        for file in self.files:
            if file.required and file.name not in files:
                return Fault(file.missing, file.name, "missing")
        for parameter in self.parameters:
            text = texts.get(parameter.name)
            if parameter.required and (text is None or (not text and not parameter.may_be_empty)):
                return Fault(parameter.missing, parameter.name, "missing")
        for parameter in self.parameters:
            text = texts.get(parameter.name)
            if text and not parameter.conditional and not parameter.accepts(text):
                return Fault(parameter.invalid, parameter.name, "invalid")
        return None


def describe_fault(interface: Interface, fault: Fault, texts: Mapping[str, str]) -> Text:
    """Return what is wrong with a parameter, and for a wrong form what the table asks for."""
    name = fault.parameter
    if fault.reason == "missing":
        return Text(f"{name} is missing ({interface.id}).", f"缺少参数 {name}（{interface.id}）。")
    given, title = texts.get(name, ""), interface.parameter(name).title
    return Text(
        f"{name} does not have the manual's format: {given!r} ({interface.id}; {title.en}).",
        f"参数 {name} 格式不符：{given!r}（{interface.id}；{title.zh}）。",
    )


def _parameters(table: Mapping[str, Any]) -> Iterator[Parameter]:
    required = set(table.get("required", ()))
    for name, schema in table["properties"].items():
        codes = schema.get("x-code", {})
        yield Parameter(
            name=name,
            printed_type=schema["x-type"],
            required=name in required,
            title=Text(schema["description"], schema["title"]),
            missing=codes.get("missing", 404),
            invalid=codes.get("invalid", 404),
            schema=schema,
        )


_DIRECTIONS: tuple[Literal["call", "push"], ...] = ("call", "push")


class Catalogue:
    """All interfaces of all kinds, with their codes and states."""

    def __init__(
        self, interfaces: Collection[Interface], codes: Codes, states: Mapping[str, Any]
    ) -> None:
        self.interfaces = {interface.id: interface for interface in interfaces}
        self.codes = codes
        self.states = states
        self._calls = {
            (interface.kind, interface.method): interface
            for interface in interfaces
            if interface.direction == "call"
        }
        self._names = {(interface.kind, interface.name): interface for interface in interfaces}

    @classmethod
    def load(cls, folder: Path) -> "Catalogue":
        """Read the folder of the schemas: a sub-folder for each kind, the codes, the states."""
        interfaces = [_interface(document) for document in read_interfaces(folder)]
        states = json.loads((folder / "states.json").read_text("utf-8"))
        return cls(interfaces, Codes.load(folder), states)

    @property
    def kinds(self) -> list[str]:
        """The kinds of institution that the folder describes."""
        return sorted({interface.kind for interface in self.interfaces.values()})

    def of_kind(self, kind: str, direction: Literal["call", "push"]) -> list[Interface]:
        """Return a kind's calls or pushes in the order of the manual."""
        chosen = [
            interface
            for interface in self.interfaces.values()
            if interface.kind == kind and interface.direction == direction
        ]
        return sorted(chosen, key=lambda interface: _section_key(interface.section))

    def call(self, kind: str, method: str) -> Interface | None:
        """Return a kind's call by its `method`; None if it has no such call."""
        return self._calls.get((kind, method))

    def knows_method(self, method: str) -> bool:
        """Return whether any kind has a call of this `method`."""
        return any(known == method for _, known in self._calls)

    def find(self, kind: str, name: str) -> Interface | None:
        """Return a kind's interface by short name (`order_status`), section (`2.2`) or id."""
        by_id = self.interfaces.get(name) or self.interfaces.get(f"{kind}/{name}")
        if by_id is not None and by_id.kind == kind:
            return by_id
        return self._names.get((kind, name))

    def fetch(self, kind: str, name: str) -> Interface:
        """Return a kind's interface by short name, section or id.

        Raises:
            SimulatorError: it has no such interface; the message lists those that it has.
        """
        found = self.find(kind, name)
        if found is None:
            listed = ", ".join(
                f"{i.section} {i.name}"
                for direction in _DIRECTIONS
                for i in self.of_kind(kind, direction)
            )
            others = [other for other in self.kinds if self.find(other, name)]
            if others:
                raise SimulatorError(
                    f"Only the {others[0]} has an interface {name!r}; the {kind} has: {listed}.",
                    f"只有 {others[0]} 有接口 {name!r}；{kind} 的接口：{listed}。",
                )
            raise SimulatorError(
                f"There is no interface {name!r}; there are: {listed}.",
                f"没有接口 {name!r}；可用接口：{listed}。",
            )
        return found


def _interface(document: Mapping[str, Any]) -> Interface:
    return Interface(
        kind=document["kind"],
        section=document["section"],
        name=document["name"],
        method=document["method"],
        direction=document["direction"],
        delivery=document["delivery"],
        transport=document["transport"],
        title=Text(document["title"]["en"], document["title"]["zh"]),
        description=document,
    )


def _section_key(section: str) -> tuple[int, ...]:
    return tuple(int(part) for part in section.split("."))
