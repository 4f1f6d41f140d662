"""The two questions, 2.6 and 2.7: asked once, answered or refused in the manual's words (P37)."""

import base64
import hashlib
import json
from typing import Any

import pytest
from pushes import business
from pushes.conftest import Issued
from pushes.contents import open_push, table
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator import paths
from simulator.errors import SimulatorError

# The endpoint of the tests leaves the form's file to the garbage collector.

VERIFIED = {
    "serial_num": "1",
    "sign_name": "签约人",
    "sign_time": "2026-01-05 10:00:00",
    "issuer": "签发机构",
    "is_modified": 2,
}
QUERIED = {
    "guarantee_no": "BH-1",
    "serial_num": "1",
    "ktype": 4,
    "warrantee": "被保证人",
    "beneficiary": "受益人",
    "proitem": "保证事项",
    "variety": 1,
    "amount": "1000.00",
    "guarantee_start_date": "2026-01-05",
    "guarantee_end_date": "2026-05-05",
    "is_avert": 2,
}


def answering(endpoint: Endpoint, answer: object) -> None:
    endpoint.answers = [(200, json.dumps(answer, ensure_ascii=False).encode())]


def verify(platform: Platform, **more: str) -> Any:
    return platform.post("guarantees", "verify", guarantee_no="BH-1", **more)


def query(platform: Platform) -> Any:
    return platform.post("guarantees", "query", guarantee_no="BH-1")


def verdict(push: dict[str, Any]) -> Any:
    return {
        name: said for name, said in push["attempts"][-1]["verdict"].items() if name != "remedy"
    }


def test_a_verification_carries_the_serial_number_and_the_pdf(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    answering(endpoint, {"status": 200, "data": VERIFIED})

    push = verify(platform)

    [post] = endpoint.posts
    said = open_push(institution, "2.6", post.fields["param"])
    assert list(said) == ["timestamp", "serial_num", "sign"]
    assert said["serial_num"] == issued.serial_num
    assert post.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert list(post.fields) == ["param"]
    assert post.files == {"guarantee_pdf": business.PDF}
    assert (push["state"], push["answer"]) == ("answered", {"status": 200, "data": VERIFIED})
    assert verdict(push) == {
        "code": "answered",
        "en": "answered.",
        "zh": "已应答。",
        "snippet": None,
    }
    sent = push["attempts"][0]["sent"]["files"]["guarantee_pdf"]
    assert sent["bytes"] == len(business.PDF)
    assert sent["sha256"] == hashlib.sha256(business.PDF).hexdigest()


def test_another_pdf_may_be_sent_to_be_verified(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    other = (paths.fixtures() / "files" / "claim-letter.pdf").read_bytes()

    verify(platform, pdf=base64.b64encode(other).decode())

    assert endpoint.posts[0].files == {"guarantee_pdf": other}


def test_a_query_carries_both_numbers(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    answering(endpoint, {"status": 200, "data": QUERIED})

    push = query(platform)

    said = open_push(institution, "2.7", endpoint.posts[0].fields["param"])
    assert list(said) == [*table("2.7")[1:], "sign"]
    assert (said["guarantee_no"], said["serial_num"]) == ("BH-1", issued.serial_num)
    assert (push["state"], verdict(push)["code"]) == ("answered", "answered")


@pytest.mark.parametrize(
    ("name", "code", "remark"),
    [
        ("verify", 2605, "无法识别该文件"),
        ("verify", 2607, "验签失败"),
        ("verify", "2600", "参数缺失：serial_num"),
        ("query", 2702, "保函不存在"),
        ("query", 2706, "系统错误"),
    ],
)
def test_a_documented_code_refuses_in_its_printed_words(
    platform: Platform, endpoint: Endpoint, issued: Issued, name: str, code: object, remark: str
) -> None:
    answering(endpoint, {"status": code, "data": ""})

    push = verify(platform) if name == "verify" else query(platform)

    assert push["state"] == "unanswered"
    assert verdict(push) == {
        "code": "refused",
        "en": f"`status` is {code}: {remark}.",
        "zh": f"`status` 为 {code}：{remark}。",
        "snippet": None,
    }
    assert push["answer"] == {"status": code, "data": ""}


@pytest.mark.parametrize(("name", "code"), [("verify", 2702), ("query", 2602), ("query", 404)])
def test_a_code_of_another_table_only_differs_from_200(
    platform: Platform, endpoint: Endpoint, issued: Issued, name: str, code: int
) -> None:
    answering(endpoint, {"status": code})

    push = verify(platform) if name == "verify" else query(platform)

    assert verdict(push)["code"] == "status_other"
    assert verdict(push)["en"] == f"`status` is {code}, not 200."


@pytest.mark.parametrize(
    ("name", "data", "where"),
    [
        ("verify", {k: v for k, v in VERIFIED.items() if k != "issuer"}, "issuer"),
        ("verify", {**VERIFIED, "is_modified": 3}, "data.is_modified"),
        ("verify", [VERIFIED], "data"),
        ("query", {**QUERIED, "guarantee_end_date": "20260505"}, "data.guarantee_end_date"),
        ("query", {**QUERIED, "amount": None}, "data.amount"),
        ("query", None, "data"),
    ],
)
def test_an_answer_that_breaks_the_table_is_named(
    platform: Platform, endpoint: Endpoint, issued: Issued, name: str, data: object, where: str
) -> None:
    answering(endpoint, {"status": 200, "data": data})

    push = verify(platform) if name == "verify" else query(platform)

    assert (push["state"], verdict(push)["code"]) == ("unanswered", "answer_form")
    assert where in verdict(push)["en"]
    assert where in verdict(push)["zh"]


def test_a_question_is_asked_once_even_if_it_fails(
    platform: Platform, failing: Endpoint, issued: Issued
) -> None:
    push = query(platform)

    assert (push["state"], push["due"]) == ("unanswered", None)
    assert push["attempts"][0]["next_due"] is None
    assert platform.run()["attempts"] == []
    assert len(failing.posts) == 1


def test_a_question_is_asked_again_by_hand(
    platform: Platform, failing: Endpoint, issued: Issued
) -> None:
    push = query(platform)
    answering(failing, {"status": 200, "data": QUERIED})

    again = platform.post("pushes", str(push["id"]), "resend")

    assert (again["state"], again["attempts_made"]) == ("answered", 2)


def test_a_question_without_an_endpoint_says_so(platform: Platform, issued: Issued) -> None:
    with pytest.raises(SimulatorError, match=r"^No endpoint is registered for query"):
        query(platform)

    assert platform.pushes()[-1]["state"] == "unroutable"


def test_a_question_about_no_guarantee_is_not_asked(platform: Platform, endpoint: Endpoint) -> None:
    with pytest.raises(SimulatorError, match=r"has no guarantee BH-9\.$"):
        platform.post("guarantees", "query", guarantee_no="BH-9")


def test_a_pdf_to_be_verified_is_sent_as_base64(
    platform: Platform, endpoint: Endpoint, issued: Issued
) -> None:
    with pytest.raises(SimulatorError, match=r"^pdf is not Base64\.$"):
        verify(platform, pdf="%%%")

    assert endpoint.posts == []
