"""The fixtures are whole, fit each other and the interfaces, and are obviously invented."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from Crypto.PublicKey import RSA
from jsonschema import Draft202012Validator

from simulator.paths import fixtures, schemas
from simulator.protocol.interface_files import read_interfaces

KEY_SIZES = {
    "institutions-1024.pem": [1024] * 12,
    "institutions-2048.pem": [2048] * 24,
    "platform-1024.pem": [1024],
    "platform-2048.pem": [2048],
    "strangers.pem": [1024, 2048],
}
FILES = fixtures() / "files"
PDFS = ["application.pdf", "claim-letter.pdf", "release-declaration.pdf", "tender-notice.pdf"]
PNGS = ["business-licence.png", "identity-back.png", "identity-front.png"]
CERTIFICATES = {"business_licence_cert", "legal_identity_cert", "legal_identity_opposite_cert"}
RELATIVE = re.compile(r"\+[0-9]{1,3}d ([01][0-9]|2[0-3]):[0-5][0-9]")
#: Members of 2.3 that the simulator adds itself.
DERIVED = {"order_no", "order_status", "ktype", "guarantee_sign_files", "attach_files"}
DATES = {"guarantee_start_date", "guarantee_end_date"}
#: Members of an order and of its companies that tell the same fact.
SAME_PRINCIPAL = {
    "principal_name": "operator_name",
    "principal_phone": "operator_phone",
    "principal_id_card": "operator_identity_num",
    "principal_social_credit_code": "social_credit_code",
    "principal_address": "company_address",
    "principal_legal_person": "legal_person",
    "principal_legal_id_card": "legal_identity_num",
}
SAME_CREDITOR = {
    "creditor_name": "operator_name",
    "creditor_phone": "operator_phone",
    "creditor_social_credit_code": "social_credit_code",
}


def load(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def answer(section: str) -> dict[str, Any]:
    """Return the schema of the data that an interface answers."""
    documents = {each["section"]: each for each in read_interfaces(schemas(), "insurer")}
    data: dict[str, Any] = documents[section]["response"]["properties"]["data"]
    return data


ORDER = answer("2.3")
COMPANY_PARTS = answer("4.3")["properties"]
COMPANIES: list[dict[str, Any]] = load(fixtures() / "companies.json")
BY_NAME = {company["name"]: company for company in COMPANIES}
ORDERS = {path.stem: load(path) for path in sorted((fixtures() / "orders/insurer").glob("*.json"))}


@pytest.fixture(params=ORDERS)
def order(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = ORDERS[request.param]
    return found


def keys(name: str) -> list[RSA.RsaKey]:
    comment, *blocks = (fixtures() / "keys" / name).read_text("ascii").split("-----BEGIN")
    assert comment.startswith("# Test-only")
    return [RSA.import_key(("-----BEGIN" + block).strip()) for block in blocks]


# --- keys ---


def test_the_key_files_are_the_known_ones() -> None:
    assert {path.name for path in (fixtures() / "keys").iterdir()} == set(KEY_SIZES)


@pytest.mark.parametrize("name", KEY_SIZES)
def test_keys_are_private_and_of_the_stated_size(name: str) -> None:
    loaded = keys(name)
    assert [key.size_in_bits() for key in loaded] == KEY_SIZES[name]
    assert all(key.has_private() for key in loaded)


@pytest.mark.parametrize("name", KEY_SIZES)
def test_keys_are_written_as_pkcs8(name: str) -> None:
    headers = re.findall("-----BEGIN (.*)-----", (fixtures() / "keys" / name).read_text("ascii"))
    assert set(headers) == {"PRIVATE KEY"}


def test_no_key_occurs_twice() -> None:
    moduli = [key.n for name in KEY_SIZES for key in keys(name)]
    assert len(moduli) == len(set(moduli)) == sum(map(len, KEY_SIZES.values()))


# --- companies ---


def test_company_names_are_unique() -> None:
    assert len(BY_NAME) == len(COMPANIES)


def test_social_credit_codes_are_unique() -> None:
    codes = [company["details"]["social_credit_code"] for company in COMPANIES]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("company", COMPANIES, ids=range(1, len(COMPANIES) + 1))
def test_a_company_has_the_members_of_one_role(company: dict[str, Any]) -> None:
    assert set(company) == {"name", "access_party", "details"}
    fitting = [
        part
        for part in COMPANY_PARTS.values()
        if set(part["properties"]) - {"company_name"} == set(company["details"])
    ]
    assert fitting
    for member, value in company["details"].items():
        assert isinstance(value, str)
        if member in CERTIFICATES:
            assert not value or (value in PNGS and (FILES / value).is_file())
        else:
            Draft202012Validator(fitting[0]["properties"][member]).validate(value)


def test_every_access_party_is_a_company_of_itself_and_has_branches() -> None:
    branches: dict[str, list[str]] = {}
    for company in COMPANIES:
        if company["access_party"] is not None:
            branches.setdefault(company["access_party"], []).append(company["name"])
    assert {party: len(names) for party, names in branches.items()} == {
        "示例财产保险股份有限公司": 4,
        "测试人寿保险股份有限公司": 2,
    }
    assert all(party in names for party, names in branches.items())


# --- orders ---


def test_the_orders_are_the_known_ones() -> None:
    assert set(ORDERS) == {"difficult", "manual-sample", "minimal", "standard", "supervision"}


def test_an_order_has_titles_and_files(order: dict[str, Any]) -> None:
    assert set(order) == {"title", "order_no", "fields", "sign_files", "attach_files"}
    assert set(order["title"]) == {"en", "zh"}
    assert all(order["title"].values())
    assert order["sign_files"]
    for file in order["sign_files"]:
        assert set(file) == {"file", "file_name"}
        assert (FILES / file["file"]).is_file()
    for file in order["attach_files"]:
        assert set(file) == {"file"}
        assert (FILES / file["file"]).is_file()


def test_an_order_names_companies_of_the_directory(order: dict[str, Any]) -> None:
    fields = order["fields"]
    assert {fields["principal"], fields["creditor"], fields["accept_insurer"]} <= set(BY_NAME)
    assert COMPANIES[fields["accept_insurer_id"] - 1]["name"] == fields["accept_insurer"]


def test_an_order_tells_the_same_as_the_directory(order: dict[str, Any]) -> None:
    fields = order["fields"]
    for role, same in (("principal", SAME_PRINCIPAL), ("creditor", SAME_CREDITOR)):
        details = BY_NAME[fields[role]]["details"]
        told = {member: fields[member] for member in same if member in fields}
        assert told == {member: details[same[member]] for member in told}


def test_an_orders_fields_are_members_of_the_table(order: dict[str, Any]) -> None:
    names = set(order["fields"])
    assert names <= set(ORDER["properties"]) - DERIVED
    assert set(ORDER["required"]) - DERIVED <= names


def test_an_orders_values_fit_the_table(order: dict[str, Any]) -> None:
    for member, value in order["fields"].items():
        if member == "bid_deadline" and value.startswith("+"):
            assert RELATIVE.fullmatch(value)
        else:
            Draft202012Validator(ORDER["properties"][member]).validate(value)


def test_the_standard_order_has_every_member() -> None:
    assert set(ORDERS["standard"]["fields"]) == set(ORDER["properties"]) - DERIVED - DATES
    assert ORDERS["standard"]["attach_files"]


def test_the_minimal_order_has_the_required_members_only() -> None:
    assert set(ORDERS["minimal"]["fields"]) == set(ORDER["required"]) - DERIVED
    assert ORDERS["minimal"]["fields"]["block_number"] == ""
    assert ORDERS["minimal"]["attach_files"] == []


def test_the_supervision_order_has_two_further_fields() -> None:
    fields = ORDERS["supervision"]["fields"]
    assert (fields["project_type"], fields["gtype"]) == ("supervisor", "4")
    assert [set(extra) for extra in fields["append_content"]] == [{"name", "value"}] * 2


def test_the_difficult_order_is_difficult() -> None:
    fields = ORDERS["difficult"]["fields"]
    for member in ("principal", "principal_address", "block_name"):
        assert set("\"'+/=%&") <= set(fields[member])
        assert any(ord(letter) > 0xFFFF for letter in fields[member])
        assert any(0xFF01 <= ord(letter) <= 0xFF5E for letter in fields[member])
    assert len(fields["principal_address"].encode()) == 2000


def test_the_manuals_order_has_the_printed_values() -> None:
    sample = ORDERS["manual-sample"]
    assert sample["order_no"] == "1812487543"
    assert len(sample["sign_files"]) == 1
    printed = {
        "btc_name": "深圳公共资源交易中心",
        "block_number": "",
        "block_name": "广州市天河区希望小学维修",
        "gtype": "4",
        "address": "广东省广州市",
        "bid_deadline": "1970-01-01 08:00",
        "valid_day": "15",
        "guarantee_amount": "10000000.00",
        "guarantee_start_date": "2019-06-15",
        "guarantee_end_date": "2019-06-30",
        "creditor": "深圳力杨",
        "principal": "广州飞翔科技建筑有限公司",
        "principal_name": "王刚",
        "principal_phone": "18720124569",
        "guarantor": "机构测试1",
    }
    assert printed.items() <= sample["fields"].items()


# --- files ---


def test_the_files_are_the_known_ones() -> None:
    assert sorted(path.name for path in FILES.iterdir()) == sorted(PDFS + PNGS)


@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_is_whole_and_small(name: str) -> None:
    content = (FILES / name).read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(content) < 8 * 1024


@pytest.mark.parametrize("name", PNGS)
def test_a_png_is_whole_and_small(name: str) -> None:
    content = (FILES / name).read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert content.endswith(b"IEND\xaeB`\x82")
    assert len(content) < 4 * 1024


# --- nobody real ---


def identity_numbers(text: str) -> list[str]:
    """Return what could be a real identity number: a region from 11 to 65, a right check digit."""
    return [
        number
        for number in re.findall(r"(?=([0-9]{17}[0-9Xx]))", text)
        if 11 <= int(number[:2]) <= 65 and number[17].upper() == check_digit(number[:17])
    ]


def check_digit(first: str) -> str:
    """Return the check digit of an identity number's first 17 digits (GB 11643, ISO 7064)."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first))
    return "10X98765432"[total % 11]


def test_identity_numbers_are_recognised() -> None:
    # The example printed in GB 11643; put together here, so that no file contains it whole.
    assert identity_numbers("号" + "440524" + "18800101" + "0014" + "。")
    assert not identity_numbers("440524" + "18800101" + "0015")
    assert not identity_numbers("000000" + "19880101" + "0001")


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(fixtures().rglob("*")) if path.is_file()],
    ids=lambda path: path.name,
)
def test_no_fixture_has_a_possible_identity_number(path: Path) -> None:
    assert identity_numbers(path.read_text("latin-1")) == []


def test_every_identity_number_has_no_region() -> None:
    numbers = [
        company["details"][member]
        for company in COMPANIES
        for member in ("operator_identity_num", "legal_identity_num")
        if company["details"].get(member) not in (None, "", "null")
    ]
    assert all(re.fullmatch(r"000000[0-9]{12}", number) for number in numbers)
    assert len(numbers) == len(set(numbers))
