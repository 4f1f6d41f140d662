"""Describe the errors of a JSON Schema in both languages: its library speaks English only."""

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from simulator.errors import Text

_TYPES: Mapping[str, str] = {
    "array": "列表",
    "boolean": "true 或 false",
    "integer": "整数",
    "null": "null",
    "number": "数字",
    "object": "对象",
    "string": "文本",
}


def describe(error: ValidationError) -> Text:
    """Return what is wrong, without its place: `7 is not one of [1024, 2048]`."""
    match error.validator:
        case "oneOf" | "anyOf":
            return _describe_alternatives(error)
        case "not":
            rule: Any = error.validator_value
            together = rule.get("required", [])
            return Text(
                f"{' and '.join(together)} cannot be given together",
                f"{'、'.join(together)} 不能同时给出",
            )
    near = _suggest_value(error)
    return Text(
        error.message + (f"; did you mean {near}?" if near else ""),
        (_describe_in_chinese(error) or error.message) + (f"（是否应为 {near}？）" if near else ""),
    )


def _suggest_value(error: ValidationError) -> str | None:
    """Return the allowed value that was probably meant; None where nothing is near."""
    if error.validator != "enum" or not isinstance(error.instance, str):
        return None
    known: Any = error.validator_value
    return suggest(error.instance, [str(each) for each in known])


def suggest(given: str, known: Collection[str]) -> str | None:
    """Return the known word that was probably meant; None where nothing is near."""
    return next(iter(difflib.get_close_matches(given, known, n=1)), None)


def _describe_alternatives(error: Any) -> Text:
    """List the alternatives; of the one that was meant, describe what is wrong with it."""
    forms = error.validator_value
    for inner in error.context:
        form = forms[inner.relative_schema_path[0]]
        wanted = form.get("required", [])
        if wanted and isinstance(error.instance, Mapping) and set(wanted) <= set(error.instance):
            place = ".".join(map(str, inner.relative_path))
            found = describe(inner)
            return Text(f"{place}: {found.en}", f"{place}：{found.zh}") if place else found
    known = [str(form.get("const", ", ".join(form.get("required", [])))) for form in forms]
    listed = ", ".join(name for name in known if name)
    return Text(
        f"{error.instance!r} is none of: {listed}", f"{error.instance!r} 不是以下之一：{listed}"
    )


def _describe_in_chinese(error: Any) -> str | None:
    value, limit = error.instance, error.validator_value
    match error.validator:
        case "required":
            return f"缺少 {next(name for name in limit if name not in value)}"
        case "additionalProperties" if isinstance(value, Mapping):
            known = error.schema.get("properties", {})
            return f"没有名为 {'、'.join(name for name in value if name not in known)} 的成员"
        case "enum":
            return f"{value!r} 不在可选值之中：{'、'.join(map(str, limit))}"
        case "const":
            return f"{value!r} 应为 {limit!r}"
        case "type":
            types = [limit] if isinstance(limit, str) else limit
            return f"{value!r} 应为{'或'.join(_TYPES[name] for name in types)}"
        case "minimum":
            return f"{value!r} 不能小于 {limit}"
        case "exclusiveMinimum":
            return f"{value!r} 应大于 {limit}"
        case "maximum":
            return f"{value!r} 不能大于 {limit}"
        case "minLength" | "minItems" | "minProperties":
            return f"{value!r} 过短：至少 {limit}"
        case "maxLength" | "maxItems" | "maxProperties":
            return f"{value!r} 过长：至多 {limit}"
        case "pattern":
            return f"{value!r} 不符合格式 {limit}"
    return None
