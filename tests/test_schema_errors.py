"""The errors of a schema are described in Chinese too, for every keyword that ours use."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from simulator import paths, schema_errors
from simulator.control.routes import ROUTES

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WAYS: list[dict[str, Any]] = [
    {"const": "auto"},
    {
        "type": "object",
        "required": ["http"],
        "properties": {"http": {"required": ["url"]}},
    },
]
_EXAMPLES: list[tuple[dict[str, Any], Any, str, str]] = [
    ({"required": ["status"]}, {}, "'status' is a required property", "缺少 status"),
    ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1}, "'b' was", "没有名为 b"),
    ({"enum": [1024, 2048]}, 7, "7 is not one of [1024, 2048]", "可选值之中：1024、2048"),
    ({"enum": ["lose_ack", "cut"]}, "loose_ack", "did you mean lose_ack?", "是否应为 lose_ack"),
    ({"const": "200"}, "1", "'200' was expected", "应为 '200'"),
    ({"type": ["integer", "null"]}, "x", "is not of type", "应为整数或null"),
    ({"minimum": 1}, 0, "less than the minimum", "不能小于 1"),
    ({"maximum": 1}, 2, "greater than the maximum", "不能大于 1"),
    ({"minLength": 3}, "x", "too short", "至少 3"),
    ({"maxItems": 1}, [1, 2], "too long", "至多 1"),
    ({"exclusiveMinimum": 0}, 0, "less than or equal", "应大于 0"),
    ({"pattern": "^a$"}, "b", "does not match", "不符合格式 ^a$"),
    ({"not": {"required": ["a", "b"]}}, {"a": 1, "b": 2}, "a and b cannot", "a、b 不能同时给出"),
    ({"oneOf": _WAYS}, "by hand", "is none of: auto, http", "不是以下之一：auto, http"),
    ({"oneOf": _WAYS}, {"http": {}}, "http: 'url' is a required", "http：缺少 url"),
]


@pytest.mark.parametrize(("schema", "value", "en", "zh"), _EXAMPLES)
def test_each_rule_is_told_in_both_languages(
    schema: dict[str, Any], value: Any, en: str, zh: str
) -> None:
    [error] = Draft202012Validator(schema).iter_errors(value)

    told = schema_errors.describe(error)

    assert en in told.en
    assert zh in told.zh


def _rules(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name in ("properties", "$defs"):
                yield from (rule for each in inner.values() for rule in _rules(each))
            else:
                yield name
                yield from _rules(inner)
    elif isinstance(schema, list):
        yield from (rule for each in schema for rule in _rules(each))


def test_what_people_write_is_judged_by_no_rule_without_chinese() -> None:
    written = [route.body_schema for route in ROUTES]
    written.append(json.loads((paths.schemas() / "target.schema.json").read_text("utf-8")))
    judging = {rule for schema in written for rule in _rules(schema)} & set(
        Draft202012Validator.VALIDATORS
    )
    # These lead to rules, or gather them.
    leading = {"$ref", "properties", "items", "if", "allOf", "propertyNames", "format"}
    told = {next(iter(set(schema) - {"properties"})) for schema, *_ in _EXAMPLES}

    assert judging - leading - {"maxLength", "minItems", "minProperties"} <= told
