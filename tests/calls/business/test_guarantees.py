"""2.5: the guarantee's PDF is checked, gets its serial number, and the same again the same."""

import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from calls.insurer import ABSENT, ISSUE, POLICY, Insurer, pdf, sha256

FIXTURE = Path(__file__).parents[3] / "fixtures" / "files" / "application.pdf"


@pytest.fixture
def paid(insurer: Insurer, order: dict[str, Any]) -> dict[str, Any]:
    """An order that waits for its guarantee."""
    insurer.bring(order, "WAIT_OUT_GUARANTEE")
    return order


REFUSED = [
    ({"order_no": ABSENT}, 2400, "参数缺失：order_no"),
    ({"guarantee_no": ABSENT}, 2401, "参数缺失：guarantee_no"),
    ({"guarantee_no": ""}, 2401, "参数缺失：guarantee_no"),
    ({"principal": ABSENT}, 2407, "参数缺失：principal"),
    ({"creditor": ABSENT}, 2408, "参数缺失：creditor"),
    ({"guarantor": ABSENT}, 2409, "参数缺失：guarantor"),
    ({"out_guarantee_time": ABSENT}, 2415, "参数缺失：out_guarantee_time"),
    ({"guarantee_pdf_hash": ABSENT}, 2417, "参数缺失：guarantee_pdf_hash"),
    ({"guarantee_pdf_hash": ""}, 2417, "参数缺失：guarantee_pdf_hash"),
    ({"out_guarantee_time": "2030-10-30"}, 404, "失败：out_guarantee_time"),
    ({"out_guarantee_time": "2030-10-30 15:12"}, 404, "失败：out_guarantee_time"),
    ({"out_guarantee_time": "2030-02-30 15:12:12"}, 404, "失败：out_guarantee_time"),
    ({"guarantee_pdf_hash": "0" * 64}, 2422, "保函文件有误"),
    ({"guarantee_pdf_hash": "none"}, 2422, "保函文件有误"),
    ({"order_no": "404"}, 2424, "对应的订单不存在"),
    ({"principal": "别家公司"}, 2319, "被保证人名称不正确"),
    ({"creditor": "别家公司"}, 2321, "受益人名称不正确"),
    ({"guarantor": "别家公司"}, 404, "失败：guarantor"),
    ({"order_no": ABSENT, "guarantee_no": ABSENT}, 2400, "参数缺失：order_no"),
    ({"out_guarantee_time": "x", "guarantee_pdf_hash": ABSENT}, 2417, None),
    ({"guarantee_pdf_hash": "0" * 64, "order_no": "404"}, 2422, None),
    ({"order_no": "404", "principal": "别家公司"}, 2424, None),
]


@pytest.mark.parametrize(("changes", "code", "remark"), REFUSED)
def test_a_missing_or_wrong_parameter_is_refused(
    insurer: Insurer, paid: dict[str, Any], changes: dict[str, Any], code: int, remark: Any
) -> None:
    answer = insurer.issue(paid, **changes)

    assert answer["status"] == code
    assert remark is None or answer["data"] == remark
    assert insurer.platform.state(paid["order_no"]) == "WAIT_OUT_GUARANTEE"
    assert insurer.platform.get("guarantees") == []


FILES = [
    (ABSENT, 2416, "参数缺失：guarantee_pdf"),
    (b"", 2426, "保函文件格式错误,必须是PDF"),
    (b"<html>", 2426, "保函文件格式错误,必须是PDF"),
    (base64.b64encode(POLICY), 2426, "保函文件格式错误,必须是PDF"),
    (POLICY[: len(POLICY) // 2], 2421, "文件接收失败,[error_no:3]"),
    (POLICY[:-20], 2421, "文件接收失败,[error_no:3]"),
    (POLICY.decode("latin-1").encode("utf-8"), 2421, "文件接收失败,[error_no:3]"),
    # An offset that no file is long enough for, and one larger than any machine's integer.
    (b"%PDF-1.4\nstartxref\n99999999\n%%EOF\n", 2421, "文件接收失败,[error_no:3]"),
    (b"%PDF-1.4\nstartxref\n" + b"9" * 20 + b"\n%%EOF\n", 2421, "文件接收失败,[error_no:3]"),
    (b"%PDF-1.4\nstartxref\n" + b"9" * 900 + b"\n%%EOF\n", 2421, "文件接收失败,[error_no:3]"),
]
#: What the journal says beside the refusal: what the file is, how its hash came about.
NAMED = [
    ({"content": base64.b64encode(POLICY)}, "The file is Base64"),
    ({"content": b"\xef\xbb\xbf" + POLICY}, "a byte order mark"),
    ({"content": POLICY + b"\0" * 5000}, "5000 bytes stand behind %%EOF"),
    ({"guarantee_pdf_hash": hashlib.md5(POLICY).hexdigest()}, "It is MD5."),
]


@pytest.mark.parametrize(("changes", "named"), NAMED)
def test_a_mistake_with_the_file_or_its_hash_is_named(
    insurer: Insurer, paid: dict[str, Any], changes: dict[str, Any], named: str
) -> None:
    assert insurer.issue(paid, **changes)["status"] != 200

    [entry] = insurer.platform.journal(interface="insurer_push_guarantee", limit=1)
    assert named in " ".join(note["en"] for note in entry["notes"])


def test_white_space_before_the_header_is_taken_and_noted(
    insurer: Insurer, paid: dict[str, Any]
) -> None:
    assert insurer.issue(paid, b"\r\n\r\n" + POLICY)["status"] == 200

    [entry] = insurer.platform.journal(interface="insurer_push_guarantee", limit=1)
    assert "4 bytes of white space before %PDF-" in entry["notes"][-1]["en"]


@pytest.mark.parametrize(("content", "code", "remark"), FILES)
def test_a_file_that_is_no_whole_pdf_is_refused(
    insurer: Insurer, paid: dict[str, Any], content: Any, code: int, remark: str
) -> None:
    assert insurer.issue(paid, content) == {"status": code, "data": remark}
    assert insurer.platform.get("guarantees") == []


def test_a_missing_file_is_noticed_before_the_parameters(
    insurer: Insurer, paid: dict[str, Any]
) -> None:
    assert insurer.issue(paid, ABSENT, order_no=ABSENT)["status"] == 2416
    # Sealed among the parameters, or as a text field, it is no file.
    assert insurer.issue(paid, ABSENT, guarantee_pdf="%PDF-1.4")["status"] == 2416


@pytest.mark.parametrize(
    ("content", "written"),
    [(POLICY, str.lower), (POLICY, str.upper), (FIXTURE.read_bytes(), str.lower)],
)
def test_a_guarantee_is_taken_and_gets_a_serial_number(
    insurer: Insurer, paid: dict[str, Any], content: bytes, written: Any
) -> None:
    digest = sha256(content)

    answer = insurer.issue(paid, content, guarantee_pdf_hash=written(digest), trans_no="T1")

    assert answer == {"status": 200, "data": {"serial_num": answer["data"]["serial_num"]}}
    assert isinstance(answer["data"]["serial_num"], int)
    assert len(str(answer["data"]["serial_num"])) == 15
    [kept] = insurer.platform.get("guarantees")
    assert kept == {
        "guarantee_no": "GX-1",
        "serial_num": answer["data"]["serial_num"],
        "order_no": paid["order_no"],
        "guarantor": paid["accept_insurer"],
        "out_guarantee_time": "2030-10-30 15:12:12",
        "start_date": paid["guarantee_start_date"],
        "end_date": "2031-05-06",
        "file_id": kept["file_id"],
        "sha256": digest,
        "trans_no": "T1",
        "current": True,
        "revoked": False,
        "forfeited": False,
        "removed_at": None,
    }
    assert insurer.read(paid)["order_status"] == "HAS_OUT_GUARANTEE"
    assert insurer.entry()["status"] == "200"


def test_the_guarantor_is_the_company_or_the_accepting_branch(insurer: Insurer) -> None:
    company = insurer.institution.letter["company"]
    for number in range(2):
        order = insurer.bring(insurer.platform.create_order(), "WAIT_OUT_GUARANTEE")
        guarantor = [company, order["accept_insurer"]][number]
        assert company != order["accept_insurer"]

        taken = insurer.issue(order, guarantor=guarantor, guarantee_no=f"G{number}")

        assert taken["status"] == 200


@pytest.mark.parametrize(
    "state",
    ["WAIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY", "CANCEL"],
)
def test_before_payment_and_after_a_cancellation_no_guarantee_is_taken(
    insurer: Insurer, order: dict[str, Any], state: str
) -> None:
    insurer.bring(order, state)

    assert insurer.issue(order) == {"status": 2427, "data": "该订单不允许出函操作"}


@pytest.mark.parametrize("state", ["HAS_OUT_GUARANTEE", "FINISH"])
@pytest.mark.parametrize(("switch", "again"), [("same_answer", 200), ("2427", 2427)])
def test_the_same_guarantee_pushed_again_is_answered_by_the_switch(
    insurer: Insurer, order: dict[str, Any], state: str, switch: str, again: int
) -> None:
    insurer.platform.switch(push_again=switch)
    insurer.bring(order, state)
    [first] = insurer.platform.get("guarantees")

    answer = insurer.issue(order)

    assert answer["status"] == again
    if again == 200:
        assert answer["data"] == {"serial_num": first["serial_num"]}
        assert "the answer is the same (P27)" in insurer.notes()
    assert insurer.platform.get("guarantees") == [first]


@pytest.mark.parametrize(
    ("content", "changes"), [(pdf("other"), {}), (POLICY, {"guarantee_no": "GX-9"})]
)
def test_another_guarantee_for_an_issued_order_is_refused(
    insurer: Insurer, order: dict[str, Any], content: bytes, changes: dict[str, str]
) -> None:
    insurer.bring(order, "HAS_OUT_GUARANTEE")

    assert insurer.issue(order, content, **changes)["status"] == 2427


def test_a_number_used_by_another_order_is_refused(insurer: Insurer, paid: dict[str, Any]) -> None:
    other = insurer.bring(insurer.platform.create_order(), "HAS_OUT_GUARANTEE")
    assert other["order_no"] != paid["order_no"]

    assert insurer.issue(paid) == {"status": 2428, "data": "保函编号已存在"}
    assert insurer.issue(paid, guarantee_no="GX-2")["status"] == 200


def test_two_institutions_may_use_the_same_number(insurer: Insurer, stranger: Insurer) -> None:
    for each in (insurer, stranger):
        order = each.platform.create_order()
        each.bring(order, "HAS_OUT_GUARANTEE")

    assert [row["guarantee_no"] for row in stranger.platform.get("guarantees")] == ["GX-1"]


def test_another_institutions_order_does_not_exist_here(
    insurer: Insurer, stranger: Insurer
) -> None:
    order = stranger.bring(stranger.platform.create_order(), "WAIT_OUT_GUARANTEE")

    assert insurer.issue(order) == {"status": 2424, "data": "对应的订单不存在"}
    assert insurer.issue_anew(order)["status"] == 2424


def test_a_pdf_sent_as_a_text_field_is_no_file(insurer: Insurer, paid: dict[str, Any]) -> None:
    parameters = {"order_no": paid["order_no"], "guarantee_no": "GX-1"}

    answer = insurer.call(ISSUE, {"guarantee_pdf": (None, POLICY)}, **parameters)

    assert answer["status"] == 2416
