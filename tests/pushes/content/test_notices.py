"""What the four notices say: 2.2, 2.8, 2.10 and 3.1."""

from datetime import date, timedelta
from typing import Any

import pytest
from pushes import business
from pushes.conftest import Issued
from pushes.contents import open_push, table
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

VAT = {
    "invoice_type": "2",
    "bank_name": "测试银行",
    "bank_account": "0000000000000000001",
    "registered_address": "福州市示例区测试路1号",
    "link_phone_number": "0591-00000000",
}


def receive_push(
    platform: Platform, institution: Institution, endpoint: Endpoint, section: str
) -> dict[str, str]:
    """Walk until all is delivered, and return the last push, checked."""
    platform.run()
    post = endpoint.posts[-1]
    assert post.path == f"/{platform.pushes()[-1]['name']}"
    assert list(post.fields) == ["param"]
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    return open_push(institution, section, post.fields["param"])


def test_a_change_of_state_says_the_old_and_the_new_one(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    platform.post("orders", order["order_no"], "cancel")

    said = receive_push(platform, institution, endpoint, "2.2")

    assert list(said) == [*table("2.2")[1:], "sign"]
    assert {name: said[name] for name in said if name not in ("sign", "timestamp")} == {
        "order_no": order["order_no"],
        "block_number": order["block_number"],
        "block_name": order["block_name"],
        "principal": order["principal"],
        "creditor": order["creditor"],
        "order_status_old": "WAIT_TUNE_UP",
        "order_status": "CANCEL",
    }


def test_each_change_of_state_says_the_state_just_before_it(
    platform: Platform, institution: Institution, endpoint: Endpoint, order: dict[str, Any]
) -> None:
    business.decide(institution, order, "1", status="2", note="请补充")
    platform.post("orders", order["order_no"], "submit")
    platform.post("orders", order["order_no"], "cancel")
    platform.run()

    said = [open_push(institution, "2.2", post.fields["param"]) for post in endpoint.posts]

    assert [(each["order_status_old"], each["order_status"]) for each in said] == [
        ("WAIT_SUBMIT_TUNE_UP", "WAIT_TUNE_UP"),
        ("WAIT_TUNE_UP", "CANCEL"),
    ]


def test_a_finished_order_is_announced(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    platform.post("orders", issued.order_no, "finish")

    said = receive_push(platform, institution, endpoint, "2.2")

    assert (said["order_status_old"], said["order_status"]) == ("HAS_OUT_GUARANTEE", "FINISH")


def test_an_invoice_application_says_who_wants_what(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    invoice = platform.post("invoices", order_nos=[issued.order_no], fields={"remark": "备注，&="})

    said = receive_push(platform, institution, endpoint, "2.8")

    details = issued.order["details"]
    assert said.pop("sign")
    assert said.pop("timestamp")
    assert said == {
        "invoice_id": invoice["invoice_id"],
        "invoice_type": "1",
        "is_electron": "1",
        "order_nos": issued.order_no,
        "company_name": issued.order["principal"],
        "identify_number": details["principal_social_credit_code"],
        "receiver_name": details["principal_name"],
        "receiver_phone_num": details["principal_phone"],
        "receiver_address": details["principal_address"],
        "receiver_email": "invoice@example.com",
        "remark": "备注，&=",
    }


def test_a_paper_vat_invoice_over_two_orders_carries_the_bank(
    platform: Platform, institution: Institution, endpoint: Endpoint, issued: Issued
) -> None:
    second = platform.create_order()
    business.pay(institution, second)
    numbers = [issued.order_no, second["order_no"]]
    platform.post("invoices", order_nos=numbers, fields={**VAT, "is_electron": "2"})

    said = receive_push(platform, institution, endpoint, "2.8")

    assert said["is_electron"] == "2"
    assert said["order_nos"] == ",".join(numbers)
    assert {name: said[name] for name in VAT} == VAT


@pytest.mark.parametrize(("type_", "number"), [("change", "1"), ("delay", "2")])
def test_a_moved_bid_opening_is_announced_once_and_moves_the_orders(
    platform: Platform,
    institution: Institution,
    endpoint: Endpoint,
    order: dict[str, Any],
    type_: str,
    number: str,
) -> None:
    twin, other = platform.create_order(), platform.create_order("supervision")
    cancelled = platform.create_order()
    platform.post("orders", cancelled["order_no"], "cancel")
    deadline = date.fromisoformat(order["bid_deadline"][:10]) + timedelta(days=30)
    moved = {"block_number": order["block_number"], "type": type_}
    platform.post("bid-openings", **moved, open_tender_time=f"{deadline} 15:12:12")

    said = receive_push(platform, institution, endpoint, "2.10")

    assert list(said) == [*table("2.10")[1:], "sign"]
    assert said["btc_name"] == order["details"]["btc_name"]
    assert said["block_number"] == order["block_number"]
    assert said["block_name"] == order["block_name"]
    assert (said["type"], said["open_tender_time"]) == (number, f"{deadline} 15:12:12")
    assert len(platform.pushes(interface="bid_opening")) == 1
    last = deadline + timedelta(days=int(order["valid_day"]) + 28)
    for changed in (order, twin):
        now = platform.order(changed["order_no"])
        assert now["bid_deadline"] == f"{deadline} 15:12"
        assert now["guarantee_start_date"] == deadline.isoformat()
        assert now["guarantee_end_date"] == last.isoformat()
    for left in (other, cancelled):
        now = platform.order(left["order_no"])
        assert (now["bid_deadline"], now["guarantee_end_date"]) == (
            left["bid_deadline"],
            left["guarantee_end_date"],
        )
    read = institution.call("insurer_get_guarantee_info", order_no=order["order_no"])["data"]
    assert read["bid_deadline"] == f"{deadline} 15:12"
    assert read["guarantee_end_date"] == last.isoformat()


def test_of_blocks_without_a_number_only_the_named_one_is_moved(
    platform: Platform, endpoint: Endpoint
) -> None:
    first = platform.create_order("minimal", block_name="第一标段")
    other = platform.create_order("minimal", block_name="第二标段")

    platform.post(
        "bid-openings",
        block_number="",
        block_name="第二标段",
        type="delay",
        open_tender_time="2031-02-03 09:30:00",
    )

    assert platform.order(first["order_no"])["bid_deadline"] == first["bid_deadline"]
    assert platform.order(other["order_no"])["bid_deadline"] == "2031-02-03 09:30"
    [push] = platform.pushes()
    assert (push["about"], push["content"]["block_name"]) == ("第二标段", "第二标段")
