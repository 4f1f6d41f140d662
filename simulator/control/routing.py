"""Routes as data: the Flask rules, the checks of bodies and the OpenAPI document come from them."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from jsonschema import Draft202012Validator

from simulator import schema_errors
from simulator.control.context import Control
from simulator.errors import SimulatorError, Text


@dataclass(frozen=True)
class Request:
    """What came with a request: the path's names, the query and the body, both checked."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]


Function = Callable[[Control, Request], Any]


@dataclass(frozen=True)
class Route:
    """One operation of the control API, known by its name.

    `answer` is the type of what it answers. An operation with `keeps` is kept in the
    account's journal as an event, with these members of its answer, unless `keeps_if` finds that
    nothing happened.
    """

    name: str
    method: str
    path: str
    function: Function
    summary: Text
    body: Mapping[str, Any]
    required: tuple[str, ...]
    query: Mapping[str, Any]
    answer: Any
    keeps: tuple[str, ...] | None
    keeps_if: Callable[[Request, Any], bool]

    @property
    def body_schema(self) -> dict[str, Any]:
        """The JSON Schema of the body: an object with these members and no others."""
        return {
            "type": "object",
            "properties": dict(self.body),
            "required": list(self.required),
            "additionalProperties": False,
        }


ROUTES: list[Route] = []

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
WHOLE = {"type": "integer"}
SECONDS = {"type": "number", "minimum": 0}
FIELDS = {"type": "object"}
BASE64 = {"type": "string", "contentEncoding": "base64"}


def route(
    name: str,
    operation: str,
    en: str,
    zh: str,
    body: Mapping[str, Any] | None = None,
    required: tuple[str, ...] = (),
    query: Mapping[str, Any] | None = None,
    keeps: tuple[str, ...] | None = None,
    keeps_if: Callable[[Request, Any], bool] = lambda request, answer: True,
) -> Callable[[Function], Function]:
    """Register the function that serves one operation, such as `GET /accounts`.

    What it returns is what the operation answers.
    """
    method, path = operation.split()
    summary = Text(en, zh)

    def register(function: Function) -> Function:
        ROUTES.append(
            Route(
                name=name,
                method=method,
                path=path,
                function=function,
                summary=summary,
                body=body or {},
                required=required,
                query=query or {},
                answer=get_type_hints(function)["return"],
                keeps=keeps,
                keeps_if=keeps_if,
            )
        )
        return function

    return register


def check_body(route: Route, body: object) -> Mapping[str, Any]:
    """Return the body if it fits the route.

    Raises:
        SimulatorError: says which member is wrong, and what it should be.
    """
    errors = Draft202012Validator(route.body_schema).iter_errors(body)
    for error in errors:
        where = error.json_path.removeprefix("$").lstrip(".") or "the body"
        wrong = schema_errors.describe(error)
        raise SimulatorError(f"{where}: {wrong.en}.", f"{where} 不正确：{wrong.zh}。")
    return body  # type: ignore[return-value]


def check_query(route: Route, query: Mapping[str, str]) -> Mapping[str, str]:
    """Return the query if its names are the route's, and its numbers are numbers.

    Raises:
        SimulatorError: a name is unknown, or a value is no number.
    """
    for name, value in query.items():
        if name not in route.query:
            known = ", ".join(route.query) or "none"
            raise SimulatorError(
                f"There is no query parameter {name!r} here; there are: {known}.",
                f"此处没有查询参数 {name!r}；可用：{known}。",
            )
        wanted = route.query[name]["type"]
        digits = value.replace(".", "", 1) if wanted == "number" else value
        if wanted != "string" and not (digits.isdecimal() and len(digits) < 10):
            raise SimulatorError(
                f"The query parameter {name} must be a number (got {value!r}).",
                f"查询参数 {name} 必须是数字（收到 {value!r}）。",
            )
    return query


def decode(text: str, member: str) -> bytes:
    """Return the bytes of a body's Base64 member.

    Raises:
        SimulatorError: it is not Base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SimulatorError(f"{member} is not Base64.", f"{member} 不是 Base64。") from None
