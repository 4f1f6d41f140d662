"""2.11 after 2.10 (P47): a new number, a new serial number, and what uses them from then on."""

from typing import Any

import pytest
from calls.insurer import ABSENT, POLICY, Insurer, pdf
from support.endpoint import Endpoint

NEW = pdf("issued anew")


def delay(insurer: Insurer, block_number: str, time: str = "2031-01-02 09:30:00") -> None:
    insurer.platform.post(
        "bid-openings", block_number=block_number, type="delay", open_tender_time=time
    )


@pytest.fixture
def issued(insurer: Insurer, order: dict[str, Any]) -> dict[str, Any]:
    """An order with the guarantee GX-1, its bid opening not moved yet."""
    insurer.bring(order, "HAS_OUT_GUARANTEE")
    return order


@pytest.fixture
def delayed(insurer: Insurer, issued: dict[str, Any]) -> dict[str, Any]:
    """The same, its bid opening moved."""
    delay(insurer, issued["block_number"])
    return issued


REFUSED = [
    ({"order_no": ABSENT}, 2400, "参数缺失：order_no"),
    ({"guarantee_no_old": ABSENT}, 404, "失败：guarantee_no_old"),
    ({"guarantee_no": ABSENT}, 2401, "参数缺失：guarantee_no"),
    ({"principal": ABSENT}, 2407, "参数缺失：principal"),
    ({"creditor": ABSENT}, 2408, "参数缺失：creditor"),
    ({"guarantor": ABSENT}, 2409, "参数缺失：guarantor"),
    ({"out_guarantee_time": ABSENT}, 2415, "参数缺失：out_guarantee_time"),
    ({"date1": ABSENT}, 404, "失败：date1"),
    ({"date2": ""}, 404, "失败：date2"),
    ({"guarantee_pdf_hash": ABSENT}, 2417, "参数缺失：guarantee_pdf_hash"),
    ({"date1": "2031.1.2"}, 404, "失败：date1"),
    ({"date2": "2031-02-30"}, 404, "失败：date2"),
    ({"date1": "2031-06-08"}, 404, "失败：date2"),
    ({"out_guarantee_time": "2031-02-30 10:00:00"}, 404, "失败：out_guarantee_time"),
    ({"guarantee_pdf_hash": "0" * 64}, 2422, "保函文件有误"),
    ({"order_no": "404"}, 2424, "对应的订单不存在"),
    ({"principal": "别家公司"}, 2319, "被保证人名称不正确"),
    ({"creditor": "别家公司"}, 2321, "受益人名称不正确"),
    ({"guarantor": "别家公司"}, 404, "失败：guarantor"),
    ({"guarantee_no_old": "GX-0"}, 404, "失败：guarantee_no_old"),
]


@pytest.mark.parametrize(("changes", "code", "remark"), REFUSED)
def test_a_missing_or_wrong_parameter_is_refused(
    insurer: Insurer, delayed: dict[str, Any], changes: dict[str, Any], code: int, remark: str
) -> None:
    assert insurer.issue_anew(delayed, NEW, **changes) == {"status": code, "data": remark}
    [kept] = insurer.platform.get("guarantees")
    assert (kept["guarantee_no"], kept["current"]) == ("GX-1", True)


@pytest.mark.parametrize(
    ("content", "code"), [(ABSENT, 2416), (b"no PDF", 2426), (NEW[:-20], 2421)]
)
def test_a_file_that_is_no_whole_pdf_is_refused(
    insurer: Insurer, delayed: dict[str, Any], content: Any, code: int
) -> None:
    assert insurer.issue_anew(delayed, content)["status"] == code


def test_before_the_bid_opening_moved_nothing_is_issued_anew(
    insurer: Insurer, issued: dict[str, Any]
) -> None:
    other = insurer.platform.create_order(block_number="another block")
    delay(insurer, other["block_number"])

    answer = insurer.issue_anew(issued, NEW)

    assert answer == {"status": 2427, "data": "该订单不允许出函操作"}
    assert "No changed bid opening (2.10) was announced" in insurer.notes()


@pytest.mark.parametrize("state", ["WAIT_PAY", "WAIT_OUT_GUARANTEE", "FINISH", "CANCEL"])
def test_only_an_issued_order_is_issued_anew(
    insurer: Insurer, order: dict[str, Any], state: str
) -> None:
    delay(insurer, order["block_number"])
    insurer.bring(order, state)

    assert insurer.issue_anew(order, NEW)["status"] == 2427


def test_a_moved_bid_opening_moves_deadline_and_period(
    insurer: Insurer, issued: dict[str, Any]
) -> None:
    assert insurer.read(issued)["guarantee_end_date"] == "2031-05-06"

    delay(insurer, issued["block_number"], "2031-01-02 09:30:00")

    data = insurer.read(issued)
    names = ("bid_deadline", "guarantee_start_date", "guarantee_end_date", "valid_day")
    assert [data[name] for name in names] == ["2031-01-02 09:30", "2031-01-02", "2031-04-30", "90"]


@pytest.mark.parametrize("number", ["GX-2", "GX-1"])
def test_the_guarantee_issued_anew_replaces_the_old_one(
    insurer: Insurer, delayed: dict[str, Any], number: str
) -> None:
    [old] = insurer.platform.get("guarantees")
    dates = {"date1": "2031-1-2", "date2": "2031-6-7"}

    answer = insurer.issue_anew(delayed, NEW, guarantee_no=number, **dates)

    assert answer["status"] == 200
    assert isinstance(answer["data"]["serial_num"], int)
    assert answer["data"]["serial_num"] != old["serial_num"]
    before, after = insurer.platform.get("guarantees")
    assert before == {**old, "current": False}
    assert after["current"]
    assert (after["guarantee_no"], after["serial_num"]) == (number, answer["data"]["serial_num"])
    assert (after["start_date"], after["end_date"]) == ("2031-01-02", "2031-06-07")
    data = insurer.read(delayed)
    period = (data["guarantee_start_date"], data["guarantee_end_date"])
    assert (data["order_status"], *period) == ("HAS_OUT_GUARANTEE", "2031-01-02", "2031-06-07")


def test_a_new_number_that_another_order_uses_is_refused(
    insurer: Insurer, delayed: dict[str, Any]
) -> None:
    other = insurer.bring(insurer.platform.create_order(), "WAIT_OUT_GUARANTEE")
    assert insurer.issue(other, guarantee_no="GX-7")["status"] == 200

    answer = insurer.issue_anew(delayed, NEW, guarantee_no="GX-7")

    assert answer == {"status": 2428, "data": "保函编号已存在"}


def test_each_re_issue_names_the_present_number(insurer: Insurer, delayed: dict[str, Any]) -> None:
    assert insurer.issue_anew(delayed, NEW)["status"] == 200
    third = {"guarantee_no": "GX-3"}

    assert insurer.issue_anew(delayed, POLICY, guarantee_no_old="GX-1", **third)["status"] == 404
    assert insurer.issue_anew(delayed, POLICY, guarantee_no_old="GX-2", **third)["status"] == 200


@pytest.mark.parametrize(("switch", "again"), [("same_answer", 200), ("2427", 2427)])
def test_the_same_update_pushed_again_is_answered_by_the_switch(
    insurer: Insurer, delayed: dict[str, Any], switch: str, again: int
) -> None:
    insurer.platform.switch(push_again=switch)
    first = insurer.issue_anew(delayed, NEW)

    answer = insurer.issue_anew(delayed, NEW)

    assert answer["status"] == again
    assert (answer == first) is (again == 200)
    assert len(insurer.platform.get("guarantees")) == 2


def test_the_old_guarantee_pushed_by_2_5_again_is_not_the_present_one(
    insurer: Insurer, delayed: dict[str, Any]
) -> None:
    insurer.issue_anew(delayed, NEW)

    assert insurer.issue(delayed)["status"] == 2427


def test_claims_use_the_new_number_even_those_applied_for_before(
    insurer: Insurer, delayed: dict[str, Any]
) -> None:
    claim = insurer.platform.post("claims", order_no=delayed["order_no"])
    assert claim["guarantee_no"] == "GX-1"

    insurer.issue_anew(delayed, NEW)

    do = {"claim_no": claim["claim_no"], "do_type": "ACCEPT"}
    refused = insurer.call("update_claim", guarantee_no="GX-1", **do)
    assert refused == {"status": 404, "data": "失败：guarantee_no"}
    assert insurer.call("update_claim", guarantee_no="GX-2", **do)["status"] == 200


def test_the_query_asks_for_the_new_number_and_serial_number(
    insurer: Insurer, endpoint: Endpoint, delayed: dict[str, Any]
) -> None:
    serial = insurer.issue_anew(delayed, NEW)["data"]["serial_num"]

    insurer.platform.post("guarantees", "query", guarantee_no="GX-2")

    [query] = [post for post in endpoint.posts if post.path == "/query"]
    asked = insurer.institution.open(query.fields["param"])
    assert (asked["guarantee_no"], asked["serial_num"]) == ("GX-2", str(serial))


def test_after_a_second_delay_the_same_guarantee_is_a_new_one(
    insurer: Insurer, delayed: dict[str, Any]
) -> None:
    first = insurer.issue_anew(delayed, NEW)["data"]["serial_num"]
    delay(insurer, delayed["block_number"], "2031-02-03 09:30:00")

    second = insurer.issue_anew(delayed, NEW, guarantee_no_old="GX-2")["data"]["serial_num"]

    assert second != first
    assert len(insurer.platform.get("guarantees")) == 3
