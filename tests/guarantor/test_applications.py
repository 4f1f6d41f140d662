"""A new order is pushed by 2.1, and its answer is applied (P31, P56); 2.2 reads the order."""

import json
from typing import Any

import pytest
import requests
from calls.insurer import ABSENT
from guarantor.guarantor import GET_ORDER, NOTIFY, Guarantor
from pushes.contents import OFFSETS, open_push, table
from support.endpoint import Endpoint, Post
from support.institution import Institution
from support.platform import Platform

from simulator import paths
from simulator.errors import SimulatorError
from simulator.protocol.catalogue import Catalogue


def answer(**data: Any) -> bytes:
    return json.dumps({"status": 200, "data": data}).encode()


PAID_THERE = {
    "order_status": "WAIT_PAY",
    "pay_method": "REDIRECT",
    "redirect_url": "https://guarantor.example/pay",
}


def brought(platform: Platform, institution: Institution, endpoint: Endpoint) -> dict[str, str]:
    """Let the push of the newest order arrive, and return what it says, checked."""
    platform.run()
    post = endpoint.posts[-1]
    assert (post.path, list(post.fields), post.files) == ("/application", ["param"], {})
    return open_push(institution, "2.1", post.fields["param"])


def test_the_standard_order_is_brought_with_all_46_parameters(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    order = platform.create_order()
    said = brought(platform, institution, endpoint)

    assert len(said) == len(table("2.1", "guarantor")) == 46
    fixture = json.loads(
        (paths.fixtures() / "orders" / "guarantor" / "standard.json").read_text("utf-8")
    )["fields"]
    same = {name: value for name, value in fixture.items() if name != "bid_deadline"}
    assert {name: said[name] for name in same} == same
    assert said["request_method"] == "apply_guarantee"
    assert (said["order_no"], said["order_status"]) == (order["order_no"], "WAIT_FIRST_TRAIL")
    assert said["guarantee_start_date"] == said["bid_deadline"][:10]
    assert said["guarantee_end_date"] == order["guarantee_end_date"]


def test_a_separate_order_starts_on_its_own_line(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    platform.create_order("separate")
    said = brought(platform, institution, endpoint)
    assert (said["ktype"], said["order_status"]) == ("2", "WAIT_APPROVAL_DATA")


def test_the_line_may_be_chosen(platform: Platform) -> None:
    assert platform.create_order(ktype="2")["state"] == "WAIT_APPROVAL_DATA"
    with pytest.raises(SimulatorError, match="ktype cannot be '4'"):
        platform.create_order(ktype="4")


def test_an_optional_member_without_a_value_is_empty(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    platform.create_order("minimal")
    said = brought(platform, institution, endpoint)
    assert (said["project_name"], said["tender_file_url"], said["block_number"]) == ("", "", "")
    assert said["attach_files"] == "[]"


def test_the_files_are_json_text_as_php_writes_it(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    order = platform.create_order()
    text = brought(platform, institution, endpoint)["guarantee_sign_files"]

    assert text.isascii()
    assert "\\/" in text
    assert "\\u6295" in text
    [file] = json.loads(text)
    assert list(file) == ["file_id", "file_url", "file_name"]
    assert file["file_name"] == order["files"][0]["file_name"]
    assert file["file_url"].startswith(f"{institution.url}?param=")
    assert requests.get(file["file_url"], timeout=10).content.startswith(b"%PDF-")


def test_an_order_of_many_blocks_opens(
    platform: Platform, institution: Institution, endpoint: Endpoint
) -> None:
    platform.create_order("difficult")
    said = brought(platform, institution, endpoint)
    assert len(endpoint.posts[-1].fields["param"]) > 50 * 128
    assert any(ord(letter) > 0xFFFF for letter in said["principal"])


def test_a_new_order_is_pushed_until_it_is_acknowledged(
    platform: Platform, endpoint: Endpoint
) -> None:
    endpoint.answers = [(500, b"")]
    order = platform.create_order()
    platform.run()
    [push] = platform.pushes(about=order["order_no"])
    made = platform.push(push["id"])["attempts"]
    offsets = [round(each["started_at"] - made[0]["started_at"]) for each in made]
    assert (push["state"], offsets) == ("exhausted", list(OFFSETS))
    assert platform.state(order["order_no"]) == "WAIT_FIRST_TRAIL"


@pytest.mark.parametrize(("repeat", "same"), [("fresh", False), ("identical", True)])
def test_a_repeat_says_the_same_with_fresh_urls_or_is_the_same(
    platform: Platform, institution: Institution, endpoint: Endpoint, repeat: str, same: bool
) -> None:
    platform.switch(repeat=repeat)
    endpoint.answers = [(500, b""), (200, b'{"status":200}')]
    platform.create_order()
    platform.run()
    params = [post.fields["param"] for post in endpoint.posts]
    first, second = (open_push(institution, "2.1", param) for param in params)
    changing = ("sign", "timestamp", "guarantee_sign_files", "attach_files")
    assert {name: first[name] for name in first if name not in changing} == {
        name: second[name] for name in second if name not in changing
    }
    assert (params[0] == params[1]) is same
    assert (first["attach_files"] == second["attach_files"]) is same
    ids = [
        [file["file_id"] for file in json.loads(said["attach_files"])] for said in (first, second)
    ]
    assert ids[0] == ids[1]


def test_the_answer_is_applied_and_shown(platform: Platform, endpoint: Endpoint) -> None:
    endpoint.answers = [(200, answer(**{**PAID_THERE, "pay_method": "REDIRECT "}))]
    order = platform.create_order()
    platform.run()

    shown = platform.order(order["order_no"])
    assert (shown["state"], shown["reply"]) == ("WAIT_PAY", PAID_THERE)
    [push] = platform.pushes(about=order["order_no"])
    [attempt] = platform.push(push["id"])["attempts"]
    assert attempt["verdict"]["en"] == "acknowledged."
    assert platform.pushes(interface="order_status") == []


@pytest.mark.parametrize(
    ("fixture", "named", "state"),
    [
        ("standard", "WAIT_FIRST_TRAIL", "WAIT_FIRST_TRAIL"),
        ("standard", "WAIT_SUBMIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP"),
        ("standard", "WAIT_OUT_GUARANTEE", "WAIT_OUT_GUARANTEE"),
        ("separate", "WAIT_APPROVAL_DATA", "WAIT_APPROVAL_DATA"),
        ("separate", "WAIT_OUT_GUARANTEE", "WAIT_OUT_GUARANTEE"),
    ],
)
def test_a_state_on_the_line_is_taken(
    platform: Platform, endpoint: Endpoint, fixture: str, named: str, state: str
) -> None:
    endpoint.answers = [(200, answer(order_status=named, pay_method="CLIENT"))]
    order = platform.create_order(fixture)
    platform.run()
    assert platform.state(order["order_no"]) == state
    assert verdict(platform, order) == "acknowledged."


def verdict(platform: Platform, order: Any) -> str:
    """Return what is said of the last attempt to bring an order."""
    [push] = platform.pushes(about=order["order_no"], interface="application")
    return str(platform.push(push["id"])["attempts"][-1]["verdict"]["en"])


@pytest.mark.parametrize(
    ("fixture", "named"),
    [
        ("standard", "WAIT_SUBMIT_FIRST_TRAIL"),
        ("standard", "WAIT_APPROVAL_DATA"),
        ("standard", "HAS_OUT_GUARANTEE"),
        ("standard", "CANCEL"),
        ("standard", "wait_pay"),
        ("standard", 7),
        ("separate", "WAIT_PAY"),
        ("separate", "WAIT_SUBMIT_DATA"),
    ],
)
def test_any_other_state_is_acknowledged_and_warned_of(
    platform: Platform, endpoint: Endpoint, fixture: str, named: object
) -> None:
    endpoint.answers = [(200, answer(order_status=named, pay_method="CLIENT"))]
    order = platform.create_order(fixture)
    platform.run()
    assert platform.state(order["order_no"]) == order["state"]
    said = verdict(platform, order)
    assert said.startswith(f"acknowledged. order_status {named!r} is not ahead")
    [entry] = platform.journal(direction="push", about=order["order_no"])
    assert entry["status"] == "acknowledged"
    assert "is not ahead" in entry["notes"][0]["en"]


@pytest.mark.parametrize("body", [b'{"status":200}', b'{"status":"200","data":[]}'])
def test_a_bare_acknowledgement_leaves_the_state(
    platform: Platform, endpoint: Endpoint, body: bytes
) -> None:
    endpoint.answers = [(200, body)]
    order = platform.create_order()
    platform.run()
    shown = platform.order(order["order_no"])
    assert (shown["state"], shown["reply"]) == ("WAIT_FIRST_TRAIL", None)
    assert "no data.order_status, so the state stays" in verdict(platform, order)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pay_method": "CASH"}, "data.pay_method cannot be 'CASH'"),
        ({"pay_method": None}, "has no data.pay_method"),
        ({"redirect_url": "javascript:alert(1)"}, "data.redirect_url cannot be"),
        ({"redirect_url": None}, "has no data.redirect_url"),
        ({"order_status": None}, "has no data.order_status"),
    ],
)
def test_what_is_wrong_about_paying_is_said(
    platform: Platform, endpoint: Endpoint, changes: dict[str, Any], said: str
) -> None:
    endpoint.answers = [(200, answer(**{**PAID_THERE, **changes}))]
    order = platform.create_order()
    platform.run()
    assert said in verdict(platform, order)


def test_another_answer_to_a_repeat_is_ignored(platform: Platform, endpoint: Endpoint) -> None:
    endpoint.answers = [
        (200, answer(**PAID_THERE)),
        (200, answer(**PAID_THERE)),
        (200, answer(order_status="WAIT_OUT_GUARANTEE", pay_method="CLIENT")),
    ]
    order = platform.create_order()
    platform.run()
    [push] = platform.pushes(about=order["order_no"])

    platform.post("pushes", str(push["id"]), "resend")
    assert verdict(platform, order) == "acknowledged."
    platform.post("pushes", str(push["id"]), "resend")
    assert "differs from the first one and is ignored" in verdict(platform, order)
    shown = platform.order(order["order_no"])
    assert (shown["state"], shown["reply"]) == ("WAIT_PAY", PAID_THERE)


def test_a_lost_answer_says_nothing_and_the_repeats_does(
    platform: Platform, endpoint: Endpoint
) -> None:
    platform.fault("lose_ack", interface="application", attempt=1)
    endpoint.answers = [
        (200, answer(order_status="WAIT_OFFER", pay_method="CLIENT")),
        (200, answer(**PAID_THERE)),
    ]
    order = platform.create_order()
    platform.advance(0)
    assert platform.state(order["order_no"]) == "WAIT_FIRST_TRAIL"
    platform.run()
    assert platform.state(order["order_no"]) == "WAIT_PAY"


def test_a_call_back_during_the_push_goes_before_its_answer(
    platform: Platform, endpoint: Endpoint, guarantor: Guarantor
) -> None:
    def call_back(post: Post) -> None:
        number = guarantor.institution.open(post.fields["param"])["order_no"]
        moved = guarantor.call(NOTIFY, order_no=number, order_status="WAIT_PAY")
        assert moved["status"] == 200

    endpoint.handler = call_back
    endpoint.answers = [(200, answer(order_status="WAIT_TUNE_UP", pay_method="CLIENT"))]
    order = platform.create_order()
    platform.run()
    assert platform.state(order["order_no"]) == "WAIT_PAY"
    assert "is not ahead of WAIT_PAY" in verdict(platform, order)


def test_without_an_endpoint_the_order_waits_for_one(
    platform: Platform, institution: Institution
) -> None:
    order = platform.create_order()
    [push] = platform.pushes(about=order["order_no"])
    assert push["state"] == "unroutable"


def test_the_order_is_read_with_every_member_in_the_order_of_the_table(
    guarantor: Guarantor, platform: Platform, order: Any
) -> None:
    data = guarantor.read(order)

    interface = Catalogue.load(paths.schemas()).interfaces["guarantor/2.2"].description
    assert list(data) == list(interface["response"]["properties"]["data"]["properties"])
    assert data["ktype"] == "1"
    assert data["guarantee_template_file_name"] == order["details"]["guarantee_template_name"]
    [sign_file] = json.loads(data["guarantee_sign_files"])
    [attached] = json.loads(data["attach_files"])
    assert (list(sign_file), list(attached)) == (
        ["file_id", "file_url", "file_name"],
        ["file_id", "file_url"],
    )
    again = guarantor.call("get_file_url", file_id=attached["file_id"])
    assert again["data"]["file_url"] != attached["file_url"]
    assert requests.get(again["data"]["file_url"], timeout=10).ok


@pytest.mark.parametrize(
    ("number", "status", "data"),
    [(ABSENT, 1100, "参数缺失：order_no"), ("404", 1101, "订单不存在")],
)
def test_an_order_that_is_not_there_has_its_code(
    guarantor: Guarantor, number: Any, status: int, data: str
) -> None:
    assert guarantor.call(GET_ORDER, order_no=number) == {"status": status, "data": data}


def test_the_principals_page_leads_to_where_it_pays(
    platform: Platform, endpoint: Endpoint, institution: Institution
) -> None:
    endpoint.answers = [(200, answer(**PAID_THERE))]
    order = platform.create_order()
    page = f"{institution.url.partition('/api')[0]}/principal/{platform.get()['btc_id']}/orders/"
    before = requests.get(page + order["order_no"], timeout=10).text
    platform.run()
    after = requests.get(page + order["order_no"], timeout=10).text

    assert "待初审" in before
    assert "担保公司" in before
    assert "href" not in before.partition("<body>")[2]
    assert 'href="https://guarantor.example/pay"' in after


def test_what_is_no_text_is_shown_as_a_question_mark(
    platform: Platform, endpoint: Endpoint, institution: Institution
) -> None:
    strange = {**PAID_THERE, "redirect_url": "https://g.example/\ud800", "statement": ["x"]}
    endpoint.answers = [(200, answer(**strange))]
    order = platform.create_order()
    platform.run()
    assert platform.order(order["order_no"])["reply"] == {
        **PAID_THERE,
        "redirect_url": "https://g.example/?",
        "statement": ["x"],
    }
    page = f"{institution.url.partition('/api')[0]}/principal/{platform.get()['btc_id']}/orders/"
    assert requests.get(page + order["order_no"], timeout=10).ok


def test_a_page_that_is_no_web_address_is_not_linked(
    platform: Platform, endpoint: Endpoint, institution: Institution
) -> None:
    endpoint.answers = [(200, answer(**{**PAID_THERE, "redirect_url": "javascript:alert(1)"}))]
    order = platform.create_order()
    platform.run()
    page = f"{institution.url.partition('/api')[0]}/principal/{platform.get()['btc_id']}/orders/"
    assert "javascript" not in requests.get(page + order["order_no"], timeout=10).text


def test_an_order_can_be_read_whatever_optional_member_was_left_empty(
    guarantor: Guarantor, platform: Platform
) -> None:
    catalogue = Catalogue.load(paths.schemas())
    data = catalogue.fetch("guarantor", "get_guarantee_info").description["response"]
    answered = data["properties"]["data"]["properties"]
    optional = [
        parameter.name
        for parameter in catalogue.fetch("guarantor", "application").parameters
        if not parameter.required and parameter.name in answered
        if not parameter.name.endswith("_files")
    ]
    assert {"guarantee_start_date", "guarantee_end_date"} <= set(optional)

    order = platform.create_order(**dict.fromkeys(optional, ""))

    read = guarantor.read(order)
    assert read["guarantee_start_date"], "the period follows from deadline and validity (P28)"
