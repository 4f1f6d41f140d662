"""4.2 and 4.3: branch insurers, the companies of an order, certificates without an end."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from calls.insurer import ABSENT, BRANCHES, COMPANIES, Insurer

FIXTURES = Path(__file__).parents[3] / "fixtures"
DIRECTORY = json.loads((FIXTURES / "companies.json").read_text("utf-8"))
PARTY = "示例财产保险股份有限公司"
#: 4.3's members by company, in the table's order.
OF_CREDITOR = [
    *["company_name", "social_credit_code", "operator_name", "operator_identity_num"],
    "operator_phone",
]
OF_PRINCIPAL = [
    *["company_name", "organization_id", "company_address", "reg_money", "social_credit_code"],
    *["business_licence_cert", "legal_person", "legal_identity_num", "legal_identity_cert"],
    *["legal_identity_opposite_cert", "operator_name", "operator_identity_num", "operator_phone"],
]
CERTIFICATES = {
    "business_licence_cert": "business-licence.png",
    "legal_identity_cert": "identity-front.png",
    "legal_identity_opposite_cert": "identity-back.png",
}


def details(name: str) -> dict[str, Any]:
    return next(dict(row["details"]) for row in DIRECTORY if row["name"] == name)


def companies(insurer: Insurer, order: dict[str, Any]) -> Any:
    answer = insurer.call(COMPANIES, order_no=order["order_no"])
    assert answer["status"] == 200, answer
    return answer["data"]


def test_the_branches_of_an_access_party_have_their_ids_as_text(insurer: Insurer) -> None:
    branches = insurer.call(BRANCHES, insurer_name=PARTY)

    assert branches["status"] == 200
    assert len(branches["data"]) == 4
    assert branches["data"] == [
        {"id": str(number), "name": row["name"]}
        for number, row in enumerate(DIRECTORY, start=1)
        if row["access_party"] == PARTY
    ]


@pytest.mark.parametrize(
    "name", ["无此公司", PARTY[:-1], PARTY + " ", "%", "_", f"{PARTY}福州分公司"]
)
def test_only_the_whole_name_of_an_access_party_finds_its_branches(
    insurer: Insurer, name: str
) -> None:
    assert insurer.call(BRANCHES, insurer_name=name) == {"status": 200, "data": []}


@pytest.mark.parametrize("name", [ABSENT, ""])
def test_the_name_must_be_given(insurer: Insurer, name: Any) -> None:
    assert insurer.call(BRANCHES, insurer_name=name) == {
        "status": 404,
        "data": "失败：insurer_name",
    }


@pytest.mark.parametrize("fixture", ["standard", "minimal", "supervision", "difficult"])
def test_the_companies_of_an_order_come_with_the_tables_members(
    insurer: Insurer, fixture: str
) -> None:
    order = insurer.platform.create_order(fixture)

    data = companies(insurer, order)

    assert list(data) == ["creditor", "principal", "guarantor"]
    assert list(data["creditor"]) == list(data["guarantor"]) == OF_CREDITOR
    assert list(data["principal"]) == OF_PRINCIPAL
    for part, name in (
        ("creditor", order["creditor"]),
        ("principal", order["principal"]),
        ("guarantor", order["accept_insurer"]),
    ):
        wanted = {"company_name": name, **details(name)}
        plain = {member for member in data[part] if member not in CERTIFICATES}
        assert {member: data[part][member] for member in plain} == {
            member: wanted[member] for member in plain
        }


def test_an_unlisted_company_has_its_name_alone(insurer: Insurer) -> None:
    order = insurer.platform.create_order(creditor="未登记的招标人")

    creditor = companies(insurer, order)["creditor"]

    assert creditor == dict.fromkeys(OF_CREDITOR, "") | {"company_name": "未登记的招标人"}


def test_certificates_are_downloaded_as_they_are_and_never_end(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    principal = companies(insurer, order)["principal"]
    insurer.platform.advance(40 * 86400)

    for member, file in CERTIFICATES.items():
        assert urlsplit(principal[member]).path == "/show.php"
        answer = requests.get(principal[member], timeout=10)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content == (FIXTURES / "files" / file).read_bytes()


def test_a_certificates_url_is_always_the_same(insurer: Insurer, order: dict[str, Any]) -> None:
    assert companies(insurer, order) == companies(insurer, order)


def test_a_certificate_that_a_company_lacks_is_empty(insurer: Insurer) -> None:
    principal = companies(insurer, insurer.platform.create_order("supervision"))["principal"]

    assert principal["legal_identity_opposite_cert"] == ""
    assert principal["legal_identity_cert"] != ""


@pytest.mark.parametrize(
    "key",
    [
        "",
        "x",
        "10.business_licence_cert",
        "10.business_licence_cert.é",
        "10.business_licence_cert." + "0" * 64,
        "１０.business_licence_cert." + "0" * 64,
        "9" * 5000 + ".business_licence_cert.0",
        "10.operator_phone." + "0" * 64,
    ],
)
def test_a_key_that_is_not_genuine_opens_no_certificate(
    insurer: Insurer, order: dict[str, Any], key: str
) -> None:
    url = companies(insurer, order)["principal"]["business_licence_cert"]
    base = url.partition("?")[0]

    for forged in (f"{base}?sss={quote(key)}", f"{url}0", url[:-1]):
        answer = requests.get(forged, timeout=10)
        assert (answer.status_code, answer.json()) == (200, {"status": 1050, "data": "非法访问"})
