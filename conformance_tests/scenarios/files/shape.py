"""The form of a scenario file by its schema: each error as a sentence, at its line."""

import json
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeAlias

from jsonschema import Draft202012Validator

from conformance_tests.scenarios.files.documents import Document, Place
from conformance_tests.scenarios.files.problems import FileMistake, suggestion
from simulator import paths
from simulator.errors import Text
from simulator.schema_errors import suggest


class StepKind(StrEnum):
    """The kinds of step; a step has the member that its kind is called by."""

    ACT = "act"
    PUSH = "push"
    ADVANCE = "advance"
    EXPECT = "expect"
    FAULT = "fault"


class Expectation(StrEnum):
    """The kinds of expectation; that of a push may have a `state` as well."""

    CALL = "call"
    ANSWER = "answer"
    PUSH = "push"
    STATE = "state"
    SILENCE = "silence"
    RECORDS = "records"


_FAULTS = ("rule", "remove")
_TYPES = {
    "string": Text("a text", "文本"),
    "integer": Text("a whole number", "整数"),
    "boolean": Text("true or false", "true 或 false"),
    "object": Text("a mapping", "键值对"),
    "array": Text("a list", "列表"),
    "null": Text("null", "null"),
}


#: A mistake, and the place of the member that is wrong.
PlacedMistake: TypeAlias = tuple[Place, FileMistake]


def step_kind(step: Mapping[str, Any]) -> StepKind:
    """Return the kind of a step that has the right form."""
    return next(kind for kind in StepKind if kind in step)


def expectation_kind(wanted: Mapping[str, Any]) -> Expectation:
    """Return the kind of an expectation that has the right form."""
    return next(kind for kind in Expectation if kind in wanted)


@cache
def schema() -> dict[str, Any]:
    """Return the published schema."""
    found: dict[str, Any] = json.loads(
        (paths.schemas() / "scenario.schema.json").read_text("utf-8")
    )
    return found


def verdicts() -> list[str]:
    """Return the verdicts that an answer to a push can have."""
    return list(schema()["$defs"]["verdict"]["enum"])


def find_mistakes(document: Document) -> list[PlacedMistake]:
    """Return where a file does not have the form of a scenario."""
    content = document.content
    if not isinstance(content, Mapping):
        wrong = document.wrong(
            (),
            "a scenario is a mapping with `kind`, `purpose` and `steps`.",
            "场景文件应为包含 kind、purpose、steps 的键值对。",
        )
        return [((), wrong)]
    found = _errors(document, _head(), content, ())
    steps = content.get("steps")
    for number, step in enumerate(steps if isinstance(steps, list) else []):
        place: Place = ("steps", number)
        try:
            found += _of_step(document, place, step)
        except FileMistake as wrong:
            found.append((place, wrong))
    return found


@cache
def _head() -> Draft202012Validator:
    whole = schema()
    steps = {"type": "array", "minItems": 1}
    return Draft202012Validator({**whole, "properties": {**whole["properties"], "steps": steps}})


@cache
def _part(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema()["$defs"]})


def _of_step(document: Document, place: Place, step: Any) -> list[PlacedMistake]:
    what = _only_one(document, place, step, StepKind, Text("A step", "步骤"))
    if what == "expect":
        inner = (*place, "expect")
        subject = Text("An expectation", "expect")
        kind = _only_one(document, inner, step["expect"], Expectation, subject)
        found = _errors(document, _part(f"expect_{kind}"), step["expect"], inner)
        others = [name for name in step if name != "expect"]
        return [
            *found,
            *(_describe_unknown(document, (*place, name), name, ["expect"]) for name in others),
        ]
    if what == "fault":
        subject = Text("A fault", "fault")
        _only_one(document, (*place, "fault"), step["fault"], _FAULTS, subject)
    return _errors(document, _part(what), step, place)


def _only_one(
    document: Document, place: Place, value: Any, kinds: Iterable[str], subject: Text
) -> str:
    """Return which one of the names a mapping has."""
    names = [str(kind) for kind in kinds]
    listed = ", ".join(f"`{name}`" for name in names)
    if not isinstance(value, Mapping):
        raise document.wrong(
            place,
            f"{subject.en.lower()} is a mapping with one of {listed}.",
            f"{subject.zh}应为键值对，包含以下之一：{listed}。",
        )
    found = [name for name in names if name in value]
    if found == ["push", "state"]:
        found = found[:1]
    if len(found) == 1:
        return found[0]
    if found:
        both = " and ".join(f"`{name}`" for name in found)
        raise document.wrong(
            (*place, found[1]),
            f"{subject.en.lower()} is one thing, this has {both}: make two of it.",
            f"{subject.zh}只能有一项，这里有 {both}：请拆成两步。",
        )
    unknown = next(iter(value), "")
    near = suggestion(str(unknown), names)
    raise document.wrong(
        (*place, unknown) if value else place,
        f"{subject.en.lower()} has one of {listed}, not `{unknown}`. {near.en}",
        f"{subject.zh}应包含 {listed} 之一，而不是 `{unknown}`。{near.zh}",
    )


def _errors(
    document: Document, validator: Draft202012Validator, value: Any, place: Place
) -> list[PlacedMistake]:
    """Return each error of a schema as a mistake."""
    found: list[PlacedMistake] = []
    for error in validator.iter_errors(value):
        at: Place = (*place, *error.absolute_path)
        match error.validator:
            case "additionalProperties" if isinstance(error.instance, Mapping):
                known = list(error.schema.get("properties", {}))
                extra = [name for name in error.instance if name not in known]
                found += [_describe_unknown(document, (*at, name), name, known) for name in extra]
            case "required":
                found += _find_missing(document, at, error)
            case _:
                found.append((at, _describe(document, error, at)))
    return found


def _find_missing(document: Document, at: Place, error: Any) -> Iterable[PlacedMistake]:
    known = error.schema.get("properties", {})
    extra = [name for name in error.instance if name not in known]
    for name in error.validator_value:
        # A misspelt member is reported as unknown, not as missing.
        if name not in error.instance and not any(suggest(each, known) == name for each in extra):
            texts = f"`{name}` is missing here: add it.", f"缺少 `{name}`：请补上。"
            yield (*at, name), document.wrong(at, *texts)


def _describe_unknown(
    document: Document, at: Place, name: str, known: Collection[str]
) -> PlacedMistake:
    near = suggestion(name, known)
    return at, document.wrong(
        at, f"there is no member `{name}` here. {near.en}", f"此处没有 `{name}`。{near.zh}"
    )


def _describe(document: Document, error: Any, at: Place) -> FileMistake:
    """Describe an error of the schema."""
    name = ".".join(map(str, at)) or "the file"
    value = error.instance
    match error.validator:
        case "enum":
            listed = ", ".join(map(str, error.validator_value))
            near = suggest(str(value), [str(each) for each in error.validator_value])
            meant = (f" Did you mean {near}?", f"是否应为 {near}？") if near else ("", "")
            return document.wrong(
                at,
                f"`{name}` is one of {listed}, not {value!r}.{meant[0]}",
                f"`{name}` 应为 {listed} 之一，而不是 {value!r}。{meant[1]}",
            )
        case "type":
            wanted = error.validator_value
            types = [wanted] if isinstance(wanted, str) else list(wanted)
            named = Text.join([_TYPES[each] for each in types], " or ", " 或 ")
            return document.wrong(
                at,
                f"`{name}` must be {named.en}, not {value!r}.",
                f"`{name}` 应为{named.zh}，而不是 {value!r}。",
            )
        case _:
            form, near = _describe_form(error), suggest(str(value), _allowed_words(error))
            meant = (f" Did you mean {near}?", f"是否应为 {near}？") if near else ("", "")
            return document.wrong(
                at,
                f"`{name}` cannot be {_shorten(value)}: {form.en}.{meant[0]}",
                f"`{name}` 不能是 {_shorten(value)}：{form.zh}。{meant[1]}",
            )


def _allowed_words(error: Any) -> list[str]:
    """Return the fixed words that a member may be, besides references and numbers."""
    parts = error.schema.get("anyOf", [])
    named = [schema()["$defs"][part["$ref"].rpartition("/")[2]] for part in parts if "$ref" in part]
    return [word for part in [*parts, *named] for word in part.get("enum", [])]


def _describe_form(error: Any) -> Text:
    """Return what a member should be: the schema's description of it, or else its own message."""
    described: Any = error.schema.get("description")
    if not described:
        # An `anyOf` is described by its members.
        parts = error.schema.get("anyOf", [])
        described = next((part["description"] for part in parts if "description" in part), None)
    if described:
        en, _, zh = str(described).rpartition(" ")
        return Text(en or zh, zh)
    return Text(error.message, error.message)


def _shorten(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
