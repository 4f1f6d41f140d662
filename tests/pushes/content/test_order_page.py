"""The jump of 2.1: the principal's pages, and the same post made without a browser (P19, P51)."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from pushes import business
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.errors import SimulatorError


class Form(HTMLParser):
    """The one form of a page, as a browser sees it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.action = ""
        self.method = ""
        self.fields: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action, self.method = given["action"], given["method"]
        if tag == "input":
            self.fields[given["name"]] = given["value"]


def page(platform: Platform, institution: Institution, order_no: str, jump: bool = True) -> Any:
    base = institution.url.removesuffix("/api/insurer/v1")
    number = institution.letter["btc_id"]
    address = f"{base}/principal/{number}/orders/{order_no}" + ("/jump" if jump else "")
    return requests.get(address, timeout=10)


def test_the_order_page_shows_the_order_and_leads_to_the_jump(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    shown = page(platform, institution, order["order_no"], jump=False)

    assert shown.status_code == 200
    for text in (order["order_no"], order["principal"], order["block_name"], "待尽调"):
        assert text in shown.text
    link = re.search(r'href="([^"]+/jump)"', shown.text)
    assert link
    assert urljoin(shown.url, link[1]) == f"{shown.url}/jump"


def test_the_jump_is_a_form_that_a_browser_posts(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    form = Form(page(platform, institution, order["order_no"]).text)

    assert (form.method, form.action) == ("post", f"{endpoint.url}/order_page")
    requests.post(form.action, data=form.fields, timeout=10)
    said = open_push(institution, "2.1", endpoint.posts[0].fields["param"])
    assert list(said) == ["timestamp", "order_no", "return_url", "sign"]
    assert said["order_no"] == order["order_no"]
    back = requests.get(said["return_url"], timeout=10)
    assert back.status_code == 200
    assert order["order_no"] in back.text


def test_each_jump_is_made_afresh(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.switch(wire_time="account")
    said = []
    for _ in range(2):
        form = Form(page(platform, institution, order["order_no"]).text)
        said.append(open_push(institution, "2.1", form.fields["param"]))
        platform.advance(60)

    assert said[0]["timestamp"] < said[1]["timestamp"]
    assert said[0]["sign"] != said[1]["sign"]


def test_a_jump_leaves_a_page_in_the_journal(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    page(platform, institution, order["order_no"])

    [entry] = platform.journal(direction="page")

    assert (entry["interface"], entry["about"]) == ("insurer/2.1", order["order_no"])
    assert entry["status"] == "offered"
    assert entry["sent"]["url"] == f"{endpoint.url}/order_page"
    assert entry["sent"]["params"]["order_no"] == order["order_no"]
    assert entry["sent"]["base"].startswith("[api_secret]order_no")
    assert institution.letter["api_secret"] not in str(entry)
    assert platform.pushes() == []


def test_the_jump_is_offered_in_every_state_up_to_wait_pay(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    number, offered = order["order_no"], {}

    def look() -> None:
        shown = page(platform, institution, number)
        offered[platform.state(number)] = shown.status_code

    look()
    business.decide(institution, order, "1", status="2", note="请补充")
    look()
    platform.post("orders", number, "submit")
    business.decide(institution, order, "2", status="1", note="通过")
    look()
    end = order["guarantee_end_date"]
    business.decide(institution, order, "3", price="500.00", guarantee_end_date=end)
    look()
    business.decide(institution, order, "4", real_pay="500.00")
    look()

    assert offered == {
        "WAIT_TUNE_UP": 200,
        "WAIT_SUBMIT_TUNE_UP": 200,
        "WAIT_OFFER": 200,
        "WAIT_PAY": 200,
        "WAIT_OUT_GUARANTEE": 409,
    }
    late = page(platform, institution, number)
    assert "仅在支付前可跳转到保险公司" in late.text
    assert "only before payment" in late.text
    assert "/jump" not in page(platform, institution, number, jump=False).text


def test_a_jump_without_an_endpoint_says_what_to_do(
    platform: Platform, institution: Institution, order: dict[str, Any]
) -> None:
    shown = page(platform, institution, order["order_no"])

    assert shown.status_code == 409
    assert f"conzhu-sim account endpoint {platform.name} order_page URL" in shown.text


@pytest.mark.parametrize("jump", [True, False])
def test_a_page_of_no_order_is_no_page(
    platform: Platform, institution: Institution, jump: bool
) -> None:
    shown = page(platform, institution, "1", jump)

    assert shown.status_code in (404, 409)
    assert "没有订单 1" in shown.text


def test_texts_of_an_order_are_escaped_in_its_page(
    platform: Platform, institution: Institution
) -> None:
    order = platform.create_order(block_name="<script>alert(1)</script>")

    shown = page(platform, institution, order["order_no"], jump=False)

    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown.text


@pytest.mark.parametrize(
    ("answer", "state", "code"),
    [
        ((200, b"<html>ok</html>"), "answered", "opened"),
        ((302, b""), "answered", "opened"),
        ((404, b"gone"), "unanswered", "http_status"),
        ((500, b"oops"), "unanswered", "http_status"),
    ],
)
def test_the_same_jump_is_made_without_a_browser(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    order: dict[str, Any],
    answer: tuple[int, bytes],
    state: str,
    code: str,
) -> None:
    endpoint.answers = [answer]

    push = platform.post("orders", order["order_no"], "open")

    [post] = endpoint.posts
    assert post.path == "/order_page"
    said = open_push(institution, "2.1", post.fields["param"])
    assert said["order_no"] == order["order_no"]
    assert (push["name"], push["state"]) == ("order_page", state)
    assert push["attempts"][0]["verdict"]["code"] == code
    assert platform.run()["attempts"] == []


def test_a_paid_order_is_not_opened(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    business.pay(institution, order)

    with pytest.raises(SimulatorError, match=r"the jump to the insurer is offered only before"):
        platform.post("orders", order["order_no"], "open")

    assert endpoint.posts == []
    assert platform.pushes() == []
