"""The interface files say what the printed tables say, and every difference has a number."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from support.row_decisions import DECISIONS
from support.schemas import walk

from simulator.protocol.interface_files import resolve

ROOT = Path(__file__).resolve().parent.parent
SCHEMAS = ROOT / "schemas"


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def read_manual_rows() -> list[dict[str, str]]:
    path = ROOT / "tests" / "data" / "manual_rows.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


MANUAL_ROWS = read_manual_rows()
KINDS = sorted(path.name for path in SCHEMAS.iterdir() if path.is_dir())
ROWS = read_json(SCHEMAS / "rows.json")
FILES = {
    f"{path.parent.name}/{path.stem}": read_json(path) for path in sorted(SCHEMAS.glob("*/*.json"))
}
INTERFACES = {name: resolve(file, ROWS) for name, file in FILES.items()}
CODES = read_json(SCHEMAS / "codes.json")

every_interface = pytest.mark.parametrize("name", INTERFACES)
every_kind = pytest.mark.parametrize("kind", KINDS)


class Row(NamedTuple):
    printed_type: str
    required: bool
    json_types: tuple[str, ...]
    decision: str | None
    #: A member of what a JSON text holds.
    in_text: bool = False


def interfaces_of(kind: str) -> list[dict[str, Any]]:
    return [data for name, data in INTERFACES.items() if name.startswith(f"{kind}/")]


def rows_in(
    node: dict[str, Any], table: str, prefix: str = "", in_text: bool = False
) -> Iterator[tuple[tuple[str, str], Row]]:
    for name, prop in node["properties"].items():
        shown = f"{prefix}[{name}]" if prefix else name
        types = prop["type"] if isinstance(prop["type"], list) else [prop["type"]]
        if "x-type" in prop:
            decision = prop.get("x-decision")
            required = name in node["required"]
            yield (table, shown), Row(prop["x-type"], required, tuple(types), decision, in_text)
        inner = prop.get("contentSchema", prop)
        inner = inner.get("items", inner)
        text = in_text or "contentSchema" in prop
        if "x-table" in inner and inner["x-table"] != table:
            yield from rows_in(inner, inner["x-table"], in_text=text)
        elif "properties" in inner:
            yield from rows_in(inner, table, shown, text)


def schema_rows(kind: str) -> dict[tuple[str, str, str], tuple[str, Row]]:
    """Every row of a kind's interface files, with the place where it travels."""
    found: dict[tuple[str, str, str], tuple[str, Row]] = {}
    for data in interfaces_of(kind):
        for part in ("form", "request", "response"):
            if data[part] is None:
                continue
            place = part if part == "form" else f"{data['direction']} {part}"
            for (table, name), row in rows_in(data[part], data[part]["x-table"]):
                key = (data["section"], table, name)
                assert key not in found, f"{key} stands twice in the schemas"
                found[key] = (
                    "JSON text" if row.in_text and place == "push request" else place,
                    row,
                )
    return found


def printed_rows(kind: str) -> dict[tuple[str, str, str], tuple[str, bool]]:
    """Printed type and presence. Where a table has no such column, all its rows are required.

    A blank inside a name is a slip of the pen (P10).
    """
    rows = [row for row in MANUAL_ROWS if row["kind"] == kind]
    found = {
        (row["section"], row["table"], row["name"].replace(" ", "")): (
            row["type"],
            row["required"] != "no",
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


def json_types_by_rule(printed_type: str, required: bool, place: str) -> set[str]:
    """The JSON types that follow from a printed type where no decision speaks about the row."""
    base = {"int": "integer", "array": "array"}.get(printed_type, "string")
    if printed_type.startswith("decimal"):
        base = "number"
    if place == "JSON text":
        return {base}
    if place in ("form", "push request"):
        return {"string"}  # A form and what the platform sends in a push have only text.
    if place == "call request":
        return {base, "number" if base == "string" else "string"}  # P49: a number or its text.
    return {base} if required else {base, "null"}  # P8: an answer's field without a value is null.


def test_the_schema_of_interface_files_is_a_valid_schema() -> None:
    Draft202012Validator.check_schema(read_json(SCHEMAS / "interface.schema.json"))


@every_interface
def test_every_interface_file_has_the_form_of_an_interface(name: str) -> None:
    schema = read_json(SCHEMAS / "interface.schema.json")
    for document in (FILES[name], INTERFACES[name]):
        errors = Draft202012Validator(schema).iter_errors(document)
        assert [f"{error.json_path}: {error.message}" for error in errors] == []


def test_the_shared_rows_have_their_form_and_each_is_referred_to() -> None:
    schema = read_json(SCHEMAS / "interface.schema.json")
    rows = {"$ref": "#/$defs/rows", "$defs": schema["$defs"]}
    errors = Draft202012Validator(rows).iter_errors(ROWS)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []
    shared = {f"{place}/{name}" for place, of in ROWS.items() if type(of) is dict for name in of}
    assert shared == {reference.partition("#/")[2] for reference, _ in references()}


def test_what_stands_beside_a_reference_changes_no_form() -> None:
    for reference, beside in references():
        place, _, name = reference.partition("#/")[2].partition("/")
        shared = resolve(ROWS[place][name], ROWS)
        whole = resolve({"$ref": reference, **beside}, ROWS)
        assert_same_form(shared, whole, reference)


def references() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every reference of the files and of the shared rows, with what stands beside it."""
    for node in walk([ROWS, *FILES.values()]):
        if "$ref" in node:
            yield node["$ref"], {key: value for key, value in node.items() if key != "$ref"}


def assert_same_form(shared: dict[str, Any], whole: dict[str, Any], place: str) -> None:
    for key, value in shared.items():
        if key == "properties":
            for name, row in value.items():
                assert_same_form(row, whole[key][name], f"{place}/{name}")
        elif key == "required":
            assert whole[key][: len(value)] == value, place
        elif key not in ("title", "description", "x-type", "x-table", "x-code", "x-decision"):
            assert whole[key] == value, f"{place}: {key}"


@every_interface
def test_every_interface_file_is_named_after_its_section_and_name(name: str) -> None:
    data = INTERFACES[name]
    assert name == f"{data['kind']}/{data['section']}-{data['name']}"


@every_interface
def test_form_request_and_response_are_valid_schemas(name: str) -> None:
    data = INTERFACES[name]
    for part in ("form", "request", "response"):
        if data[part] is not None:
            Draft202012Validator.check_schema(data[part])
            for node in walk(data[part]):
                if isinstance(node.get("required"), list):
                    assert set(node["required"]) <= set(node["properties"])


@every_interface
@pytest.mark.parametrize("part", ["request", "response"])
def test_examples_are_valid(name: str, part: str) -> None:
    schema, example = INTERFACES[name][part], INTERFACES[name]["examples"][part]
    if schema is None:
        assert example is None
        return
    Draft202012Validator(schema).validate(example)
    if part == "request":
        assert set(example) <= set(schema["properties"])
        # The simulator validates the text of every value.
        as_text = {key: str(value) for key, value in example.items()}
        Draft202012Validator(schema).validate(as_text)


@every_interface
def test_a_call_is_multipart_exactly_where_a_file_travels(name: str) -> None:
    data = INTERFACES[name]
    has_file = any(prop["x-type"] == "file" for prop in data["form"]["properties"].values())
    assert data["transport"] == ("multipart" if has_file else "form")


def test_the_data_file_has_every_row_of_both_manuals() -> None:
    for kind in ("insurer", "guarantor"):
        assert len([row for row in MANUAL_ROWS if row["kind"] == kind]) == 330
    assert len(MANUAL_ROWS) == 660


@every_kind
def test_every_printed_interface_is_a_call_or_a_push_as_its_tables_say(kind: str) -> None:
    tables: dict[str, set[str]] = {}
    for row in MANUAL_ROWS:
        if row["kind"] == kind:
            tables.setdefault(row["section"], set()).add(row["table"])
    printed = {
        section: "push" if any("解密后" in table for table in of_it) else "call"
        for section, of_it in tables.items()
    }
    assert {data["section"]: data["direction"] for data in interfaces_of(kind)} == printed


def test_pushes_of_a_guarantor_are_delivered_as_the_manual_says() -> None:
    delivery = {data["section"]: data["delivery"] for data in interfaces_of("guarantor")}
    assert {section: how for section, how in delivery.items() if how} == {
        "2.1": "notice",
        "2.4": "notice",
        "2.6": "question",
        "2.7": "question",
        "2.8": "notice",
        "2.10": "question",
        "3.1": "notice",
    }


def test_pushes_of_an_insurer_are_delivered_as_the_manual_says() -> None:
    delivery = {data["section"]: data["delivery"] for data in interfaces_of("insurer")}
    assert {section: how for section, how in delivery.items() if how} == {
        "2.1": "page",
        "2.2": "notice",
        "2.6": "question",
        "2.7": "question",
        "2.8": "notice",
        "2.10": "notice",
        "3.1": "notice",
    }


@every_kind
def test_every_printed_row_is_in_the_schemas_and_the_reverse(kind: str) -> None:
    printed, schemas = printed_rows(kind), schema_rows(kind)
    differences = printed.keys() ^ schemas.keys()
    differences |= {
        (row["section"], row["table"], row["name"].replace(" ", ""))
        for row in MANUAL_ROWS
        if row["kind"] == kind and " " in row["name"]
    }
    for key in printed.keys() & schemas.keys():
        printed_type, required = printed[key]
        place, row = schemas[key]
        by_rule = json_types_by_rule(printed_type, required, place)
        if (row.printed_type, row.required) != printed[key] or set(row.json_types) != by_rule:
            differences.add(key)
    decided = {key: row.decision for key, (_, row) in schemas.items() if row.decision}
    assert differences == set(DECISIONS[kind])
    assert decided == DECISIONS[kind]


@every_kind
def test_members_stand_in_the_order_of_the_printed_table(kind: str) -> None:
    printed, schemas = printed_rows(kind), schema_rows(kind)
    for section, table in {key[:2] for key in printed}:
        in_manual = [key for key in printed if key[:2] == (section, table)]
        in_schema = [key for key in schemas if key[:2] == (section, table) and key in printed]
        assert in_schema == in_manual


@every_kind
def test_sections_and_methods_are_the_printed_ones(kind: str) -> None:
    printed = {(row["section"], row["method"]) for row in MANUAL_ROWS if row["kind"] == kind}
    assert {(data["section"], data["method"] or "") for data in interfaces_of(kind)} == printed


@every_interface
def test_the_fixed_value_of_the_method_is_the_method(name: str) -> None:
    data = INTERFACES[name]
    field = "method" if data["direction"] == "call" else "request_method"
    const = data["request"]["properties"].get(field, {}).get("const")
    assert const == data["method"]


def test_the_platform_codes_are_those_of_5_3_in_rising_order() -> None:
    printed = [
        *(200, 404, *range(1000, 1003), *range(1004, 1009), 1010, *range(1013, 1016)),
        *(*range(1017, 1022), 1050, *range(1100, 1103)),
        *(*range(2300, 2335), *range(2400, 2425), *range(2426, 2429)),
        *(*range(2500, 2507), *range(2600, 2607), *range(3200, 3210)),
        *(*range(4400, 4403), *range(4500, 4502)),
    ]
    assert [item["code"] for item in CODES["platform"]] == printed


def test_ten_remarks_differ_by_kind() -> None:
    differ = []
    for item in CODES["platform"]:
        remark = item["remark"]
        assert set(remark) == {"insurer", "guarantor"}
        if remark["insurer"] != remark["guarantor"]:
            differ.append(item["code"])
            assert remark["insurer"].replace("保险公司", "担保公司") == remark["guarantor"]
    assert differ == [1015, 1018, 1020, 1021, 2503, 2504, 2506, 2603, 2604, 2606]


def test_three_remarks_need_the_name_of_the_parameter() -> None:
    append = [item["code"] for item in CODES["platform"] if item.get("append_parameter")]
    assert append == [404, 1019, 2317]


def test_a_remark_names_the_parameter_that_the_code_file_says() -> None:
    for item in CODES["platform"] + CODES["verify"] + CODES["query"]:
        remark = item["remark"]["insurer"] if isinstance(item["remark"], dict) else item["remark"]
        assert item["en"]
        assert (item["names"] is not None) == remark.startswith("参数")
        if item["names"]:
            assert remark.endswith(item["names"])


def test_an_institution_answers_a_verification_or_a_query_with_its_own_codes() -> None:
    assert [item["code"] for item in CODES["verify"]] == [200, *range(2600, 2610)]
    assert [item["code"] for item in CODES["query"]] == [200, 2700, 2701, 2702, 2705, 2706]


@every_interface
def test_every_code_of_a_parameter_is_a_platform_code(name: str) -> None:
    known = {item["code"] for item in CODES["platform"]}
    for node in walk(INTERFACES[name]):
        for code in node.get("x-code", {}).values():
            assert code in known


@every_interface
def test_a_missing_parameter_has_a_code_that_names_it_or_names_none(name: str) -> None:
    # 5.3 calls the claim's do_type and status claim_state, and 1019 names btc_id.
    other_names = {
        "do_type": "claim_state",
        "status": "claim_state",
        "order_status": "status",
        "enter_institution_type": "btc_id",
    }
    names = {item["code"]: item["names"] for item in CODES["platform"]}
    data = INTERFACES[name]
    for part in ("form", "request"):
        for field, prop in data[part]["properties"].items():
            if "x-code" in prop:
                named = names[prop["x-code"]["missing"]]
                assert named in (None, field, other_names.get(field))
