"""Guarantees of a guarantor: issued by 2.5, verified by 2.6, queried by 2.7."""

import json
from typing import Any

import pytest
from calls.insurer import ABSENT, POLICY, pdf
from guarantor.guarantor import Guarantor
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"order_no": ABSENT}, 2400, "参数缺失：order_no"),
    ({"guarantee_no": ABSENT}, 2401, "参数缺失：guarantee_no"),
    ({"principal": ABSENT}, 2407, "参数缺失：principal"),
    ({"creditor": ABSENT}, 2408, "参数缺失：creditor"),
    ({"guarantor": ABSENT}, 2409, "参数缺失：guarantor"),
    ({"out_guarantee_time": ABSENT}, 2415, "参数缺失：out_guarantee_time"),
    ({"guarantee_pdf_hash": ABSENT}, 2417, "参数缺失：guarantee_pdf_hash"),
    ({"guarantee_pdf_hash": "0" * 64}, 2422, "保函文件有误"),
    ({"order_no": "404"}, 2424, "对应的订单不存在"),
    ({"principal": "别家公司"}, 2319, "被保证人名称不正确"),
    ({"creditor": "别家公司"}, 2321, "受益人名称不正确"),
    ({"guarantor": "别家公司"}, 404, "失败：guarantor"),
    ({"content": ABSENT}, 2416, "参数缺失：guarantee_pdf"),
    ({"content": b"no PDF"}, 2426, "保函文件格式错误,必须是PDF"),
    ({"content": POLICY[:500]}, 2421, "文件接收失败,[error_no:3]"),
]


@pytest.fixture
def paid(guarantor: Guarantor, order: Any) -> Any:
    """The account's order, in WAIT_OUT_GUARANTEE."""
    return guarantor.bring(order, "WAIT_OUT_GUARANTEE")


@pytest.mark.parametrize("fixture", ["standard", "separate"])
def test_a_guarantee_is_taken_on_both_lines(
    guarantor: Guarantor, platform: Platform, fixture: str
) -> None:
    order = guarantor.bring(platform.create_order(fixture), "WAIT_OUT_GUARANTEE")

    first, again = guarantor.issue(order), guarantor.issue(order)

    assert first["status"] == 200
    assert isinstance(first["data"]["serial_num"], int)
    assert again == first
    assert platform.state(order["order_no"]) == "HAS_OUT_GUARANTEE"
    assert platform.get("guarantees")[0]["guarantor"] == "示例融资担保有限公司"


@pytest.mark.parametrize(("changes", "status", "data"), WRONG)
def test_a_guarantee_that_is_wrong_has_its_code(
    guarantor: Guarantor, paid: Any, changes: dict[str, Any], status: int, data: str
) -> None:
    assert guarantor.issue(paid, **changes) == {"status": status, "data": data}
    assert guarantor.platform.state(paid["order_no"]) == "WAIT_OUT_GUARANTEE"


@pytest.mark.parametrize("state", ["WAIT_FIRST_TRAIL", "WAIT_PAY", "CANCEL"])
def test_a_guarantee_needs_a_paid_order(guarantor: Guarantor, order: Any, state: str) -> None:
    guarantor.bring(order, state)
    assert guarantor.issue(order) == {"status": 2427, "data": "该订单不允许出函操作"}


def test_another_guarantee_of_an_issued_order_is_refused(guarantor: Guarantor, issued: Any) -> None:
    assert guarantor.issue(issued, pdf("other"))["status"] == 2427


def test_the_number_of_another_order_is_2428(
    guarantor: Guarantor, platform: Platform, issued: Any
) -> None:
    other = guarantor.bring(platform.create_order(), "WAIT_OUT_GUARANTEE")
    assert guarantor.issue(other) == {"status": 2428, "data": "保函编号已存在"}


def test_a_guarantee_is_verified(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Any
) -> None:
    [kept] = platform.get("guarantees")
    data = {
        "serial_num": str(kept["serial_num"]),
        "sign_name": "示例融资担保有限公司",
        "sign_time": "2026-01-05 10:00:00",
        "issuer": "测试签发机构",
        "is_modified": 2,
    }
    endpoint.answers = [(200, json.dumps({"status": 200, "data": data}).encode())]

    shown = platform.post("guarantees", "verify", guarantee_no="DB-1")

    assert (shown["state"], shown["answer"]["data"]) == ("answered", data)
    post = endpoint.posts[-1]
    assert (post.path, post.files) == ("/verify", {"guarantee_pdf": POLICY})
    said = open_push(institution, "2.6", post.fields["param"])
    assert set(said) == {"sign", "timestamp", "serial_num"}
    assert said["serial_num"] == str(kept["serial_num"])


@pytest.mark.parametrize(
    ("ktype", "state"), [(1, "answered"), ("2", "answered"), (4, "unanswered")]
)
def test_a_guarantee_is_queried(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    issued: Any,
    ktype: Any,
    state: str,
) -> None:
    data = {
        "guarantee_no": "DB-1",
        "serial_num": "1",
        "ktype": ktype,
        "proposer": issued["principal"],
        "warrantee": issued["principal"],
        "beneficiary": issued["creditor"],
        "proitem": issued["block_name"],
        "variety": 1,
        "amount": 200000,
        "guarantee_start_date": "2026-06-26",
        "guarantee_end_date": "2026-07-16",
        "is_avert": 2,
    }
    endpoint.answers = [(200, json.dumps({"status": 200, "data": data}).encode())]

    shown = platform.post("guarantees", "query", guarantee_no="DB-1")

    assert shown["state"] == state
    said = open_push(institution, "2.7", endpoint.posts[-1].fields["param"])
    assert said["guarantee_no"] == "DB-1"
    without = {**data, "ktype": 1, "proposer": None}
    endpoint.answers = [(200, json.dumps({"status": 200, "data": without}).encode())]
    refused = platform.post("guarantees", "query", guarantee_no="DB-1")
    assert "data.proposer" in refused["attempts"][-1]["verdict"]["en"]


@pytest.mark.parametrize("question", ["verify", "query"])
def test_a_documented_refusal_is_told_in_its_words(
    platform: Platform, endpoint: Endpoint, issued: Any, question: str
) -> None:
    code = {"verify": 2605, "query": 2702}[question]
    endpoint.answers = [(200, json.dumps({"status": code}).encode())]
    shown = platform.post("guarantees", question, guarantee_no="DB-1")
    remark = {"verify": "无法识别该文件", "query": "保函不存在"}[question]
    assert (shown["state"], shown["attempts_made"]) == ("unanswered", 1)
    assert remark in shown["attempts"][0]["verdict"]["zh"]


def test_a_third_party_gets_the_remarks_of_this_kind(platform: Platform, issued: Any) -> None:
    [kept] = platform.get("guarantees")
    serial = str(kept["serial_num"])
    asked = {"guarantee_no": "DB-1", "serial_num": serial}
    answer = platform.post("third-party", "query", **asked)
    assert answer["status"] == 2604
    assert answer["data"] == "该保函的开函担保公司暂未开放查询接口"
