"""3.2 and 3.3 (P30, P47): the insurer handles a claim, and reads it."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from calls.insurer import ABSENT, Insurer

UPDATE = "update_claim"
READ = "get_claim_detail"
NEXT = {
    ("WAIT_ACCEPT", "ACCEPT"): "INVESTIGATING",
    ("WAIT_ACCEPT", "REFUSE_INDEMNITY"): "REFUSE_INDEMNITY",
    ("INVESTIGATING", "AGREE_INDEMNITY"): "WAIT_INDEMNITY",
    ("INVESTIGATING", "REFUSE_INDEMNITY"): "REFUSE_INDEMNITY",
    ("WAIT_INDEMNITY", "FINISH_INDEMNITY"): "FINISH_INDEMNITY",
}
#: How a claim comes to each state.
WAYS: dict[str, list[str]] = {
    "WAIT_ACCEPT": [],
    "INVESTIGATING": ["ACCEPT"],
    "WAIT_INDEMNITY": ["ACCEPT", "AGREE_INDEMNITY"],
    "FINISH_INDEMNITY": ["ACCEPT", "AGREE_INDEMNITY", "FINISH_INDEMNITY"],
    "REFUSE_INDEMNITY": ["REFUSE_INDEMNITY"],
    "REVOKED": ["revoke"],
}
OPERATIONS = ["ACCEPT", "AGREE_INDEMNITY", "FINISH_INDEMNITY", "REFUSE_INDEMNITY"]
#: The table of 3.3.
MEMBERS = [
    *["claim_no", "claim_status", "guarantee_no", "block_name", "block_number", "principal"],
    *["creditor", "guarantor", "out_guarantee", "claim_amount", "claim_reason"],
    *["contact_person", "contact_phone", "contact_mail", "claim_statement", "claim_file"],
]


@pytest.fixture
def issued(insurer: Insurer, order: dict[str, Any]) -> dict[str, Any]:
    """An order with the guarantee GX-1."""
    insurer.bring(order, "HAS_OUT_GUARANTEE")
    return order


@pytest.fixture
def claim(insurer: Insurer, issued: dict[str, Any]) -> dict[str, Any]:
    """A claim on it, fresh."""
    claim = insurer.platform.post("claims", order_no=issued["order_no"], claim_amount="5000")
    return dict(claim)


def do(insurer: Insurer, claim: dict[str, Any], do_type: Any, **changes: Any) -> Any:
    """Make a 3.2 call, a reason with it."""
    parameters = {
        "claim_no": claim["claim_no"],
        "guarantee_no": "GX-1",
        "do_type": do_type,
        "refuse_reason": "不属于保险责任",
        **changes,
    }
    return insurer.call(UPDATE, **parameters)


def status(insurer: Insurer) -> str:
    [claim] = insurer.platform.get("claims")
    return str(claim["status"])


@pytest.mark.parametrize("do_type", OPERATIONS)
@pytest.mark.parametrize("state", WAYS)
def test_an_operation_moves_a_claim_or_is_impossible(
    insurer: Insurer, claim: dict[str, Any], state: str, do_type: str
) -> None:
    for step in WAYS[state]:
        if step == "revoke":
            insurer.platform.post("claims", claim["claim_no"], "revoke")
        else:
            assert do(insurer, claim, step)["status"] == 200
    assert status(insurer) == state

    answer = do(insurer, claim, do_type)

    if (state, do_type) in NEXT:
        assert answer == {"status": 200, "data": "成功"}
        assert status(insurer) == NEXT[state, do_type]
    else:
        assert answer == {"status": 3209, "data": "参数错误：claim_state"}
        assert status(insurer) == state


@pytest.mark.parametrize(
    ("changes", "code", "remark"),
    [
        ({"claim_no": ABSENT}, 3200, "参数缺失：claim_no"),
        ({"guarantee_no": ABSENT}, 3201, "参数缺失：guarantee_no"),
        ({"do_type": ABSENT}, 3207, "参数缺失：claim_state"),
        ({"do_type": ""}, 3207, "参数缺失：claim_state"),
        ({"do_type": "accept"}, 3209, "参数错误：claim_state"),
        ({"do_type": "REFUSE_NDEMNITY"}, 3209, "参数错误：claim_state"),
        ({"do_type": "REFUSE_INDEMNITY", "refuse_reason": ABSENT}, 404, "失败：refuse_reason"),
        ({"do_type": "REFUSE_INDEMNITY", "refuse_reason": ""}, 404, "失败：refuse_reason"),
        ({"claim_no": "404"}, 404, "失败：claim_no"),
        ({"guarantee_no": "GX-2"}, 404, "失败：guarantee_no"),
        ({"claim_no": ABSENT, "guarantee_no": ABSENT}, 3200, "参数缺失：claim_no"),
        ({"guarantee_no": ABSENT, "do_type": "x"}, 3201, "参数缺失：guarantee_no"),
    ],
)
def test_3_2_refuses_what_is_missing_or_not_the_claims(
    insurer: Insurer, claim: dict[str, Any], changes: dict[str, Any], code: int, remark: str
) -> None:
    answer = do(insurer, claim, **{"do_type": "ACCEPT", **changes})

    assert answer == {"status": code, "data": remark}
    assert status(insurer) == "WAIT_ACCEPT"


def test_the_reason_is_kept_of_a_refusal_alone(insurer: Insurer, claim: dict[str, Any]) -> None:
    do(insurer, claim, "ACCEPT", refuse_reason="无")
    assert insurer.platform.get("claims")[0]["refuse_reason"] is None

    do(insurer, claim, "REFUSE_INDEMNITY", refuse_reason="不属于保险责任")

    assert insurer.platform.get("claims")[0]["refuse_reason"] == "不属于保险责任"


def build_query(order: dict[str, Any], claim: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a right 3.3 call."""
    return {
        "claim_no": claim["claim_no"],
        "guarantee_no": "GX-1",
        "principal": order["principal"],
        "creditor": order["creditor"],
        "guarantor": order["accept_insurer"],
    }


def test_3_3_answers_the_tables_members_in_its_order(
    insurer: Insurer, issued: dict[str, Any], claim: dict[str, Any]
) -> None:
    answer = insurer.call(READ, **build_query(issued, claim))

    assert answer["status"] == 200
    data = answer["data"]
    assert list(data) == MEMBERS
    assert {name: data[name] for name in build_query(issued, claim)} == build_query(issued, claim)
    assert (data["claim_status"], data["claim_amount"]) == ("WAIT_ACCEPT", "5000.00")
    assert (data["block_name"], data["block_number"]) == (
        issued["block_name"],
        issued["block_number"],
    )
    assert data["out_guarantee"] == issued["accept_insurer"]
    assert data["claim_statement"] is None
    letter = requests.get(data["claim_file"], timeout=10)
    assert letter.content.startswith(b"%PDF-")
    assert urlsplit(data["claim_file"]).path == "/api/insurer/v1"


def test_3_3_gives_the_claims_file_a_fresh_url_each_time(
    insurer: Insurer, issued: dict[str, Any], claim: dict[str, Any]
) -> None:
    first = insurer.call(READ, **build_query(issued, claim))["data"]["claim_file"]
    insurer.platform.advance(7199)
    second = insurer.call(READ, **build_query(issued, claim))["data"]["claim_file"]
    insurer.platform.advance(1)

    assert requests.get(first, timeout=10).json()["status"] == 1006
    assert requests.get(second, timeout=10).content.startswith(b"%PDF-")


def test_a_claim_without_a_file_has_none(insurer: Insurer, issued: dict[str, Any]) -> None:
    claim = insurer.platform.post("claims", order_no=issued["order_no"], with_file=False)

    data = insurer.call(READ, **build_query(issued, claim))["data"]

    assert data["claim_file"] is None
    assert data["claim_amount"] == issued["guarantee_amount"]


@pytest.mark.parametrize(
    ("changes", "code", "remark"),
    [
        ({"claim_no": ABSENT}, 3200, "参数缺失：claim_no"),
        ({"guarantee_no": ABSENT}, 3201, "参数缺失：guarantee_no"),
        ({"principal": ABSENT}, 3204, "参数缺失：principal"),
        ({"creditor": ""}, 3205, "参数缺失：creditor"),
        ({"guarantor": ABSENT}, 3206, "参数缺失：guarantor"),
        ({"claim_no": "404"}, 404, "失败：claim_no"),
        ({"guarantee_no": "GX-2"}, 404, "失败：guarantee_no"),
        ({"principal": "别家公司"}, 404, "失败：principal"),
        ({"creditor": "别家公司"}, 404, "失败：creditor"),
        ({"guarantor": "别家公司"}, 404, "失败：guarantor"),
        ({"principal": ABSENT, "guarantor": ABSENT}, 3204, "参数缺失：principal"),
    ],
)
def test_3_3_refuses_what_is_missing_or_not_the_claims(
    insurer: Insurer, issued: Any, claim: Any, changes: Any, code: int, remark: str
) -> None:
    answer = insurer.call(READ, **{**build_query(issued, claim), **changes})

    assert answer == {"status": code, "data": remark}


def test_a_revoked_claim_reads_as_revoked(
    insurer: Insurer, issued: dict[str, Any], claim: dict[str, Any]
) -> None:
    insurer.platform.post("claims", claim["claim_no"], "revoke")

    data = insurer.call(READ, **build_query(issued, claim))["data"]

    assert data["claim_status"] == "REVOKED"


def test_another_institutions_claim_does_not_exist_here(
    insurer: Insurer, stranger: Insurer, claim: dict[str, Any], issued: dict[str, Any]
) -> None:
    assert do(stranger, claim, "ACCEPT") == {"status": 404, "data": "失败：claim_no"}
    assert stranger.call(READ, **build_query(issued, claim))["status"] == 404
    assert status(insurer) == "WAIT_ACCEPT"
