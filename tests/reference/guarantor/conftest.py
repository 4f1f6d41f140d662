"""The guarantor's letter, an order that it knows, and what the platform pushes about it."""

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from reference.conftest import Live
from support.platform import Platform

from simulator.driver import ControlClient

COMPANY = "演示融资担保有限公司"
DECLARATION = b"%PDF-1.4\nwhat the beneficiary signed\n%%EOF\n"
NAMES = ("block_number", "block_name", "principal", "creditor")
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def letter_json(letter_json: dict[str, Any]) -> dict[str, Any]:
    """A guarantor's account letter; at its platform's address nobody listens."""
    return {
        **letter_json,
        "platform": "http://127.0.0.1:9/api/guarantor/v1",
        "kind": "guarantor",
        "company": COMPANY,
        "enter_institution_type": 2,
    }


@pytest.fixture
def order() -> dict[str, Any]:
    """What 2.2 says of a paid order for the direct product."""
    return {
        "order_no": "1812487543",
        "order_status": "WAIT_OUT_GUARANTEE",
        "ktype": "1",
        "block_number": "FZ-01",
        "block_name": "福州市希望小学维修",
        "bid_deadline": "2026-03-02 09:30",
        "valid_day": "60",
        "guarantee_amount": "10000.00",
        "guarantee_start_date": "",
        "guarantee_end_date": "",
        "principal": "福州飞翔建筑有限公司",
        "creditor": "福州力杨置业有限公司",
    }


@pytest.fixture
def platform(control: ControlClient) -> Iterator[Platform]:
    """The platform's side of a fresh guarantor's account, its clock frozen."""
    name = f"reference-guarantor-{next(_numbers)}"
    control.post("accounts", name=name, kind="guarantor", key_bits=1024)
    platform = Platform(control, name)
    platform.freeze()
    yield platform
    control.delete("accounts", name)


def application(order: Mapping[str, Any], **changes: str) -> dict[str, str]:
    """Return 2.1 about an order."""
    names = ("order_no", "ktype", "bid_deadline", "valid_day", "guarantee_amount", *NAMES)
    return {
        "request_method": "apply_guarantee",
        **{name: str(order[name]) for name in names},
        "order_status": "WAIT_FIRST_TRAIL",
        "project_type": "construction",
        "project_amount": "12505000.00",
        "principal_name": "王刚",
        "principal_phone": "18720124569",
        "principal_legal_person": "王刚",
        "principal_legal_id_card": "000000198912120011",
        "principal_legal_phone": "18720124569",
        "principal_phone_social_credit_code": "91350100TEST00010A",
        "principal_address": "福州市示例路1号",
        "principal_bank_account_no": "0000000000000000002",
        "principal_bank_account_name": "测试银行",
        "principal_email": "",
        "guarantee_sign_files": json.dumps(
            [{"file_id": "7", "file_url": "http://platform/7?first", "file_name": "申请书.pdf"}]
        ),
        "attach_files": "",
        **changes,
    }


def status(order: Mapping[str, Any], old: str, new: str, **changes: str) -> dict[str, str]:
    """Return 2.4 about an order."""
    return {
        "request_method": "notify_order_status",
        **{name: str(order[name]) for name in ("order_no", *NAMES)},
        "applicant": str(order["principal"]),
        "order_status_old": old,
        "order_status": new,
        **changes,
    }


def item(order: Mapping[str, Any], serial_num: str, **changes: str) -> dict[str, str]:
    """Return an order's guarantee as 2.8 lists it."""
    return {
        "guarantee_no": f"BH{order['order_no']}",
        "principal": str(order["principal"]),
        "serial_num": serial_num,
        **changes,
    }


def release(
    order: Mapping[str, Any],
    now: list[dict[str, str]],
    before: list[dict[str, str]] | None = None,
    forfeited: list[dict[str, str]] | None = None,
    **changes: str,
) -> dict[str, str]:
    """Return 2.8 about the block of an order, with the hash of the declaration."""
    lists = {
        "revoke_success_data": before or [],
        "current_revoke_data": now,
        "penalty_data": forfeited or [],
    }
    return {
        "request_method": "guarantee_release",
        "revoke_no": "R1",
        **{name: str(order[name]) for name in ("block_number", "block_name", "creditor")},
        "note": "招标结束",
        "revoke_guarantee_data": json.dumps(lists),
        "revoke_guarantee_declare_file_hash": hashlib.sha256(DECLARATION).hexdigest(),
        **changes,
    }


def claim(order: Mapping[str, Any], **changes: str) -> dict[str, str]:
    """Return 3.1 about an order's guarantee."""
    return {
        "request_method": "apply_claim",
        "claim_no": "C1",
        "status": "APPLY_WAIT_DEAL",
        "guarantee_no": f"BH{order['order_no']}",
        **{name: str(order[name]) for name in NAMES},
        "guarantor": COMPANY,
        "out_guarantee": COMPANY,
        "claim_amount": "10000.00",
        "claim_reason": "不签合同",
        "contact_person": "陈测试",
        "contact_phone": "13800000000",
        "contact_mail": "c@example.com",
        **changes,
    }


def state_of(live: Live) -> str:
    """Return the status of our order as it is on record."""
    return str(live.records("orders", live.order["order_no"])[0]["status"])
