"""Pushes on demand: the platform says again what it has on record, or something untrue."""

from typing import Any

import pytest
from control.sentences import assert_sentences
from pushes.business import demand
from pushes.conftest import Issued
from pushes.contents import open_push
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.errors import SimulatorError


def test_a_notice_says_again_what_was_announced(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    order_no = issued.order["order_no"]
    platform.post("invoices", order_nos=[order_no])
    block = {"block_number": issued.order["block_number"], "type": "delay"}
    platform.post("bid-openings", open_tender_time="2031-01-05 09:30:00", **block)
    platform.post("claims", order_no=order_no)
    platform.post("orders", order_no, "finish")
    platform.run()
    announced = {push["name"]: push for push in platform.pushes()}
    sections = {
        "invoice_application": "2.8",
        "bid_opening": "2.10",
        "claim": "3.1",
        "order_status": "2.2",
    }
    assert set(announced) == set(sections)

    for name, section in sections.items():
        about = order_no if name == "bid_opening" else announced[name]["about"]
        again = demand(platform, name, about)

        assert (again["state"], again["about"]) == ("acknowledged", announced[name]["about"])
        assert again["content"] == announced[name]["content"]
        open_push(institution, section, endpoint.posts[-1].fields["param"])


def test_a_bid_opening_that_nobody_changed_is_the_deadline(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    said = demand(platform, "bid_opening", order["order_no"])["content"]

    assert (said["open_tender_time"], said["type"]) == (f"{order['bid_deadline']}:00", "1")
    assert platform.order(order["order_no"]) == order


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize("name", ["verify", "query"])
def test_a_question_is_asked_at_once(platform: Platform, issued: Issued, name: str) -> None:
    made = platform.post("pushes", interface=name, about="BH-1", content={"serial_num": "1"})

    assert made["attempts_made"] == 1
    assert made["attempts"][0]["sent"]["params"]["serial_num"] == "1"
    assert list(made["attempts"][0]["sent"]["files"]) == ["guarantee_pdf"] * (name == "verify")


@pytest.mark.usefixtures("endpoint")
def test_a_page_is_opened_at_once(platform: Platform, order: dict[str, Any]) -> None:
    url = "javascript:alert(1)"
    made = platform.post(
        "pushes", interface="2.1", about=order["order_no"], content={"return_url": url}
    )

    assert (made["state"], made["content"]["return_url"]) == ("answered", url)


def test_an_untrue_notice_is_rightly_signed_and_changes_nothing(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    made = demand(
        platform, "order_status", order["order_no"], order_status="FINISH", principal="别家公司"
    )

    said = open_push(institution, "2.2", endpoint.posts[-1].fields["param"])
    assert (said["order_status"], said["principal"]) == ("FINISH", "别家公司")
    assert said["order_status_old"] == order["state"]
    assert made["content"]["order_status"] == "FINISH"
    assert platform.order(order["order_no"]) == order


@pytest.mark.usefixtures("endpoint")
def test_a_file_of_a_claim_may_be_said_to_be_elsewhere(platform: Platform, issued: Issued) -> None:
    claim = platform.post("claims", order_no=issued.order["order_no"])

    made = demand(platform, "claim", claim["claim_no"], claim_file="http://example.com/x.pdf")

    assert made["attempts"][0]["sent"]["params"]["claim_file"] == "http://example.com/x.pdf"


def test_without_an_endpoint_it_is_unroutable(platform: Platform, order: dict[str, Any]) -> None:
    assert demand(platform, "order_status", order["order_no"])["state"] == "unroutable"


@pytest.mark.parametrize(
    ("interface", "content", "complaint"),
    [
        ("order", {}, "There is no interface 'order'"),
        ("2.4", {}, "insurer_apply_guarantee_result (insurer/2.4) is a call of the institution"),
        ("order_status", {"sign": "x"}, "insurer/2.2 has no member 'sign' that can be set"),
        ("order_status", {"price": "1"}, "insurer/2.2 has no member 'price' that can be set"),
        ("claim", {}, "has no claim"),
        ("query", {}, "has no guarantee"),
    ],
)
def test_what_cannot_be_pushed_is_named(
    platform: Platform,
    order: dict[str, Any],
    interface: str,
    content: dict[str, str],
    complaint: str,
) -> None:
    with pytest.raises(SimulatorError) as refused:
        demand(platform, interface, order["order_no"], **content)

    assert complaint in refused.value.text.en
    assert_sentences({"error": refused.value.text.as_json()})
    assert platform.pushes() == []
