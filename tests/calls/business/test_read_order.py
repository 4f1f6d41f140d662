"""2.3: the whole table over the wire, the manual's own order, and the hardest characters."""

import json
from pathlib import Path
from typing import Any

import pytest
from calls.insurer import COMPANIES, GET_ORDER, Insurer

from simulator.operations.business import orders
from simulator.store.records import Order

ROOT = Path(__file__).parents[3]
SECTION = ["insurer", "2.3", "insurer_get_guarantee_info", "返回的数据data"]
ROWS = [
    row[4:]
    for line in (ROOT / "tests" / "data" / "manual_rows.tsv").read_text("utf-8").splitlines()
    for row in [line.split("\t")]
    if row[:4] == SECTION
]
#: The members of 2.3 in the table's order, and their printed types.
TABLE = [name for name, _, _ in ROWS]
TYPES = {name: printed for name, printed, _ in ROWS}
OPTIONAL = {name for name, _, required in ROWS if required == "no"}
#: The example printed in 2.3.
SAMPLE: dict[str, Any] = {
    "btc_name": "深圳公共资源交易中心",
    "order_no": "1812487543",
    "ktype": "4",
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
    "creditor_name": None,
    "creditor_phone": None,
    "bidding_agent": None,
    "bidding_agent_name": None,
    "bidding_agent_phone": None,
    "principal": "广州飞翔科技建筑有限公司",
    "principal_name": "王刚",
    "principal_phone": "18720124569",
    "guarantor": "机构测试1",
    "file1_id": "",
    "file1": "",
    "file2_id": "51169418146515615615616",
    "file2": "https://xxx/api/insurer/v1?param=b8nhzTaJWsl6...",
    "file3_id": "",
    "file3": "",
    "file4_id": "",
    "file4": "",
}
SAMPLE_FILES = {f"file{number}{tail}" for number in "1234" for tail in ("", "_id")}


def fixture_fields(name: str) -> dict[str, Any]:
    document = json.loads(
        (ROOT / "fixtures" / "orders" / "insurer" / f"{name}.json").read_text("utf-8")
    )
    return dict(document["fields"])


@pytest.fixture
def printed(insurer: Insurer) -> dict[str, Any]:
    """What 2.3 answers for the order that the manual prints."""
    return insurer.read(insurer.platform.create_order("manual-sample"))


@pytest.mark.parametrize("fixture", ["standard", "minimal", "difficult", "manual-sample"])
def test_all_members_come_in_the_tables_order(insurer: Insurer, fixture: str) -> None:
    data = insurer.read(insurer.platform.create_order(fixture))

    assert list(data) == TABLE != []


def test_texts_are_texts_ids_are_numbers_and_lists_are_lists(
    insurer: Insurer, order: dict[str, Any]
) -> None:
    data = insurer.read(order)

    # P49: the table's type, except where the sample shows another (ktype, gtype).
    kinds = {"array": list, "int": int}
    wanted = {name: kinds.get(printed, str) for name, printed in TYPES.items()}
    assert {name: type(value) for name, value in data.items()} == {
        **wanted,
        "ktype": str,
        "gtype": str,
    }
    assert (data["contract_reckon_amount"], data["guarantee_amount"]) == (
        "1250.500000",
        "200000.00",
    )


def test_an_optional_member_without_a_value_is_null(insurer: Insurer) -> None:
    data = insurer.read(insurer.platform.create_order("minimal"))

    given = set(fixture_fields("minimal"))
    by_the_platform = {"guarantee_start_date", "guarantee_end_date", "attach_files"}
    nulls = {name for name, value in data.items() if value is None}
    assert nulls == OPTIONAL - given - by_the_platform - {"append_content"}
    assert nulls
    assert (data["block_number"], data["append_content"], data["attach_files"]) == ("", [], [])


def test_the_printed_order_comes_back_as_printed(printed: dict[str, Any]) -> None:
    listed = {name: value for name, value in SAMPLE.items() if name in TABLE}

    assert {name: printed[name] for name in listed} == listed != {}


def test_the_sample_differs_from_the_table_in_these_members_and_no_others(
    printed: dict[str, Any],
) -> None:
    only_sample = set(SAMPLE) - set(TABLE)
    only_table = [name for name in TABLE if name not in SAMPLE]
    numbers = {name for name in TABLE if TYPES[name] == "int"}
    other_type = {name for name in numbers & set(SAMPLE) if isinstance(SAMPLE[name], str)}

    assert only_sample == SAMPLE_FILES
    assert not only_sample & set(printed)
    assert other_type == {"ktype", "gtype"}
    assert only_table == [
        *["order_status", "accept_insurer", "accept_insurer_id", "project_number", "project_name"],
        *["contract_reckon_amount", "project_city_code", "tender_notice_url", "tender_file_url"],
        *["project_type", "project_category", "creditor_social_credit_code"],
        *["creditor_account_bank_name", "creditor_account_bank_no", "principal_id_card"],
        *["principal_social_credit_code", "principal_address", "principal_legal_person"],
        *["principal_legal_id_card", "principal_legal_phone", "guarantee_sign_files"],
        *["attach_files", "append_content"],
    ]


def test_the_hardest_characters_come_back_exactly(insurer: Insurer) -> None:
    wanted = fixture_fields("difficult")
    del wanted["bid_deadline"]

    data = insurer.read(insurer.platform.create_order("difficult"))

    assert {name: data[name] for name in wanted} == wanted
    [file] = data["guarantee_sign_files"]
    assert file["file_name"] == "投标保函“申请书”+50%&（测试）𠮷🏗️.pdf"


def test_the_guarantee_period_is_the_deadline_and_28_days_more(insurer: Insurer) -> None:
    fields = {"bid_deadline": "2031-02-10 09:30", "valid_day": "30"}
    data = insurer.read(insurer.platform.create_order(**fields))

    assert (data["guarantee_start_date"], data["guarantee_end_date"]) == (
        "2031-02-10",
        "2031-04-09",
    )


@pytest.mark.parametrize("method", [GET_ORDER, COMPANIES])
def test_an_order_that_is_not_named_not_known_or_not_ours_is_refused(
    insurer: Insurer, stranger: Insurer, method: str
) -> None:
    foreign = stranger.platform.create_order()["order_no"]

    assert insurer.call(method) == {"status": 1100, "data": "参数缺失：order_no"}
    assert insurer.call(method, order_no="") == {"status": 1100, "data": "参数缺失：order_no"}
    assert insurer.call(method, order_no="404") == {"status": 1101, "data": "订单不存在"}
    assert insurer.call(method, order_no=foreign) == {"status": 1102, "data": "订单不存在"}


def test_a_member_never_comes_from_the_mapping_of_the_record() -> None:
    order = Order(id=7, history=[1], details={"id": "甲", "metadata": "乙"})

    assert [orders.member(order, name) for name in ("id", "metadata", "history")] == [
        "甲",
        "乙",
        None,
    ]
