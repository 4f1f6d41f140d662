"""The guarantors' ready-made orders fit their table, and the declaration is really signed."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from simulator import paths
from simulator.protocol.catalogue import Catalogue

ORDERS: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((paths.fixtures() / "orders" / "guarantor").glob("*.json"))
}
TABLE = Catalogue.load(paths.schemas()).interfaces["guarantor/2.1"]
COMPANIES = {
    company["name"]
    for company in json.loads((paths.fixtures() / "companies.json").read_text("utf-8"))
}
#: Members of 2.1 that the simulator adds itself.
DERIVED = {
    *("order_no", "order_status", "guarantee_sign_files", "attach_files"),
    *("request_method", "sign", "timestamp"),
}
DATES = {"guarantee_start_date", "guarantee_end_date"}
DECLARATION = paths.fixtures() / "files" / "release-declaration.pdf"

every_order = pytest.mark.parametrize("order", ORDERS.values(), ids=list(ORDERS))


def test_there_are_orders_of_both_lines() -> None:
    assert {name: order["fields"]["ktype"] for name, order in ORDERS.items()} == {
        "difficult": "1",
        "manual-sample": "2",
        "minimal": "1",
        "separate": "2",
        "standard": "1",
    }


@every_order
def test_an_order_has_titles_and_files(order: dict[str, Any]) -> None:
    assert set(order) == {"title", "order_no", "fields", "sign_files", "attach_files"}
    assert all(order["title"][language] for language in ("en", "zh"))
    for file in [*order["sign_files"], *order["attach_files"]]:
        assert (paths.fixtures() / "files" / file["file"]).is_file()


@every_order
def test_an_orders_fields_fit_the_table(order: dict[str, Any]) -> None:
    required = {p.name for p in TABLE.parameters if p.required} - DERIVED
    assert required <= set(order["fields"])
    assert not DERIVED & set(order["fields"])
    for name, value in order["fields"].items():
        if not (name == "bid_deadline" and value.startswith("+")):
            assert TABLE.parameter(name).accepts(value), (name, value)


@every_order
def test_an_order_names_companies_of_the_directory(order: dict[str, Any]) -> None:
    assert {order["fields"]["principal"], order["fields"]["creditor"]} <= COMPANIES


def test_the_standard_order_has_every_member_and_the_minimal_one_the_required_ones() -> None:
    names = {parameter.name for parameter in TABLE.parameters} - DERIVED
    required = {p.name for p in TABLE.parameters if p.required} - DERIVED
    assert set(ORDERS["standard"]["fields"]) == names - DATES
    assert set(ORDERS["minimal"]["fields"]) == required
    assert ORDERS["minimal"]["fields"]["block_number"] == ""


def test_the_declaration_is_signed_and_whole() -> None:
    [signature] = PdfFileReader(io.BytesIO(DECLARATION.read_bytes())).embedded_signatures
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[signature.signer_cert])
    )
    assert status.intact
    assert status.valid
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE


def test_a_changed_declaration_is_not_intact() -> None:
    content = DECLARATION.read_bytes()
    changed = content.replace(b"/MediaBox [ 0 0 595", b"/MediaBox [ 0 0 594", 1)
    assert changed != content
    [signature] = PdfFileReader(io.BytesIO(changed)).embedded_signatures
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[signature.signer_cert])
    )
    assert not status.intact
