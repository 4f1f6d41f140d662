"""Whatever stands in a parameter of a guarantor's call, the answer is a documented one."""

import json
from typing import Any

import pytest
from calls.insurer import ABSENT, POLICY, sha256
from guarantor.guarantor import Guarantor
from support.platform import Platform
from support.raw import DOCUMENTED

STRANGE: list[Any] = [
    *(ABSENT, "", " ", "0", "-1", "1e9", "NULL", "'; --", "\x00", "\ud7ff", "𠮷" * 300),
    *(None, True, False, "%00", "../x", "1" * 5000, "WAIT_PAY", "2030-02-30 10:00:00"),
    *('[{"guarantee_no":{}}]', "[[]]", '[{"serial_num":9e999}]'),
]


@pytest.fixture
def calls(guarantor: Guarantor, platform: Platform, issued: Any) -> dict[str, dict[str, Any]]:
    """A right call of each method, about an order with a guarantee and a claim."""
    platform.post("releases", block_number=issued["block_number"])
    claim = platform.post("claims", order_no=issued["order_no"])
    serial = str(platform.get("guarantees")[0]["serial_num"])
    item = {"guarantee_no": "DB-1", "remove_guarantee_date": "2030-01-05 10:00:00"}
    about = guarantor.about_claim(claim)
    names = {name: about[name] for name in ("principal", "creditor", "guarantor")}
    return {
        "get_guarantee_info": {"order_no": issued["order_no"]},
        "notify_order_status": {
            "order_no": issued["order_no"],
            "order_status": "HAS_OUT_GUARANTEE",
            "order_amount": "500.00",
            "is_withdraw": "0",
            "statement": "说明",
        },
        "guarantor_push_guarantee": {
            "order_no": issued["order_no"],
            "guarantee_no": "DB-1",
            **names,
            "out_guarantee_time": "2030-10-30 15:12:12",
            "guarantee_pdf_hash": sha256(POLICY),
            "trans_no": "1",
        },
        "remove_guarantee": {
            "block_number": issued["block_number"],
            "block_name": issued["block_name"],
            "creditor": issued["creditor"],
            "remove_guarantee_data": json.dumps([{**item, "serial_num": serial}]),
        },
        "cancel_order": {"order_no": issued["order_no"], "cancel_reason": "不予受理"},
        "guarantor_update_claim_result": {**about, "do_type": "1", "status": "1", "note": "说明"},
        "guarantor_get_lp_info": about,
        "get_file_url": {"file_id": issued["files"][0]["file_id"]},
    }


METHODS = [
    *("get_guarantee_info", "notify_order_status", "guarantor_push_guarantee"),
    *("remove_guarantee", "cancel_order", "guarantor_update_claim_result"),
    *("guarantor_get_lp_info", "get_file_url"),
]


@pytest.mark.parametrize("method", METHODS)
def test_a_strange_value_gets_a_documented_answer(
    guarantor: Guarantor, calls: dict[str, dict[str, Any]], method: str
) -> None:
    right = calls[method]
    files = {"guarantee_pdf": ("保函.pdf", POLICY)} if "push" in method else None
    # An issued order is not cancelled; the claim was accepted with some strange note already.
    expected = {"cancel_order": 2330, "guarantor_update_claim_result": 3209}.get(method, 200)
    seen = set()
    for name in right:
        for value in STRANGE:
            answer = guarantor.call(method, files, **{**right, name: value})
            assert answer["status"] in DOCUMENTED, (name, value, answer)
            seen.add(answer["status"])
    assert guarantor.call(method, files, **right)["status"] == expected
    assert len(seen) > 1
