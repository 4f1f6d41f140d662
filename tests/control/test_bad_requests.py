"""What is wrong with a request is said in one sentence, in English and in Chinese."""

from typing import Any

import pytest
from control.conftest import Api, Issued
from control.sentences import assert_sentences
from support.platform import Platform

ORDERS = "accounts/{account}/orders"


CLOCK = "accounts/{account}/clock"


@pytest.mark.parametrize(
    ("method", "path", "body", "named"),
    [
        ("POST", "accounts", {"name": "a", "colour": "red"}, "colour"),
        ("POST", "accounts", {"name": 7}, "name"),
        ("POST", "accounts", {}, "name"),
        ("POST", "accounts", {"name": "a", "key_bits": "2048"}, "key_bits"),
        ("POST", "accounts", [], "[]"),
        ("POST", "accounts", "text", "text"),
        ("PATCH", "accounts/{account}", {"disabled": "yes"}, "disabled"),
        ("PATCH", "accounts/{account}", {"allow_list": "10.0.0.1"}, "allow_list"),
        ("PATCH", "accounts/{account}", {"allow_list": [1]}, "allow_list[0]"),
        ("PATCH", "accounts/{account}", {"allow_list": ["10.0.0.300"]}, "10.0.0.300"),
        ("PATCH", "accounts/{account}", {"endpoints": {"claim": 5}}, "endpoints.claim"),
        ("PATCH", "accounts/{account}", {"endpoints": {"explode": None}}, "explode"),
        ("PATCH", "accounts/{account}", {"endpoints": {"claim": "ftp://a"}}, "ftp://a"),
        ("PATCH", "accounts/{account}", {"endpoints": {"claim": "http://"}}, "http://"),
        ("PATCH", "accounts/{account}", {"endpoints": {"claim": "http://a:99999"}}, "99999"),
        ("PATCH", "accounts/{account}", {"switches": {"colour": "red"}}, "colour"),
        ("PATCH", "accounts/{account}", {"switches": {"repeat": "never"}}, "repeat"),
        ("PATCH", "accounts/{account}", {"switches": {"strict_ack": 1}}, "strict_ack"),
        ("PATCH", "accounts/{account}", {"switches": {"push_limit": "5"}}, "push_limit"),
        ("PATCH", "accounts/{account}", {"switches": {"push_limit": -1}}, "push_limit"),
        ("PATCH", "accounts/{account}", {"switches": {"push_limit": True}}, "push_limit"),
        ("POST", "accounts/{account}/keys", {"key_bits": 512}, "key_bits"),
        ("POST", ORDERS, {"fields": []}, "fields"),
        ("POST", ORDERS, {"fields": {"colour": "red"}}, "colour"),
        ("POST", ORDERS, {"fields": {"order_status": "FINISH"}}, "order_status"),
        ("POST", ORDERS, {"fields": {"guarantee_amount": 1000}}, "guarantee_amount"),
        ("POST", ORDERS, {"fields": {"guarantee_amount": "0.00"}}, "guarantee_amount"),
        ("POST", ORDERS, {"fields": {"guarantee_amount": "1.005"}}, "guarantee_amount"),
        ("POST", ORDERS, {"fields": {"bid_deadline": "2026-02-30 09:30"}}, "bid_deadline"),
        ("POST", ORDERS, {"fields": {"bid_deadline": "9999-12-31 09:30"}}, "bid_deadline"),
        ("POST", ORDERS, {"fields": {"bid_deadline": "soon"}}, "bid_deadline"),
        ("POST", ORDERS, {"fields": {"valid_day": "ninety"}}, "valid_day"),
        ("POST", ORDERS, {"fields": {"valid_day": "9" * 12}}, "valid_day"),
        ("POST", CLOCK, {"action": "jump"}, "action"),
        ("POST", CLOCK, {"action": "advance"}, "seconds"),
        ("POST", CLOCK, {"action": "advance", "seconds": -1}, "seconds"),
        ("POST", CLOCK, {"action": "advance", "seconds": "60"}, "seconds"),
        ("POST", CLOCK, {"action": "advance", "seconds": 1e300}, "1e+300"),
        ("POST", "accounts/{account}/invoices", {"order_nos": []}, "order_nos"),
        ("POST", "accounts/{account}/invoices", {"order_nos": "1"}, "order_nos"),
        ("POST", "accounts/{account}/claims", {}, "order_no"),
        ("POST", "accounts/{account}/guarantees/verify", {"pdf": "AA=="}, "guarantee_no"),
        (
            "POST",
            "accounts/{account}/bid-openings",
            {"block_number": "1", "type": "later", "open_tender_time": "x"},
            "type",
        ),
        (
            "POST",
            "accounts/{account}/bid-openings",
            {"block_number": "", "type": "delay", "open_tender_time": "2030-01-31 09:30:00"},
            "block_name",
        ),
        ("POST", "accounts/{account}/faults", {"rule": "hold_back", "times": None}, "times"),
        ("POST", "accounts/{account}/reset", {"now": True}, "now"),
    ],
)
def test_a_wrong_member_is_named(
    api: Api, platform: Platform, method: str, path: str, body: Any, named: str
) -> None:
    status, answer = api(method, path.format(account=platform.name), body)

    assert status == 400, answer
    assert_sentences(answer, named)


@pytest.mark.parametrize(
    "raw",
    [b"{", b"name=a", b"\xff\xfe", b'{"name": "\xff"}', b"[" * 100_000, b'{"name": "\\ud800"}'],
)
def test_a_body_that_is_not_json_is_refused(api: Api, platform: Platform, raw: bytes) -> None:
    for path in ("accounts", f"accounts/{platform.name}/orders"):
        status, answer = api("POST", path, raw=raw)

        assert status == 400, answer
        assert_sentences(answer, "JSON")


def test_a_wrong_change_leaves_the_account_as_it_was(api: Api, platform: Platform) -> None:
    before = platform.get()
    body = {
        "disabled": True,
        "allow_list": ["10.0.0.0/8"],
        "switches": {"strict_ack": True},
        "endpoints": {"claim": "http://127.0.0.1:1/claim", "explode": "http://127.0.0.1:1/x"},
    }

    assert api("PATCH", f"accounts/{platform.name}", body)[0] == 400

    assert platform.get() == before


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("claims", {"claim_amount": "0"}, "(got 0)"),
        ("claims", {"claim_amount": "-1"}, "(got -1)"),
        ("claims", {"claim_amount": "1.005"}, "(got 1.005)"),
        ("claims", {"claim_amount": "much"}, "(got much)"),
        ("claims", {"claim_amount": "1e30"}, "(got 1e30)"),
        ("claims", {"claim_amount": "200000.01"}, "(got 200000.01)"),
        ("claims", {"fields": {"colour": "red"}}, "'colour'"),
        ("claims", {"fields": {"claim_reason": 5}}, "claim_reason"),
        ("invoices", {"fields": {"colour": "red"}}, "colour"),
        ("invoices", {"fields": {"invoice_type": "3"}}, "invoice_type"),
        ("invoices", {"fields": {"invoice_type": "2"}}, "bank_name, bank_account"),
        ("invoices", {"fields": {"company_name": ""}}, "company_name"),
        ("invoices", {"fields": {"invoice_id": "1"}}, "invoice_id"),
        ("invoices", {"fields": {"sign": "A" * 32}}, "sign"),
    ],
)
def test_a_wrong_claim_or_invoice_is_refused(
    api: Api, platform: Platform, issued: Issued, path: str, body: Any, named: str
) -> None:
    about = {"claims": {"order_no": issued.order_no}, "invoices": {"order_nos": [issued.order_no]}}

    status, answer = api("POST", f"accounts/{platform.name}/{path}", about[path] | body)

    assert status == 400, answer
    assert named in answer["error"]["en"]
    assert answer["error"]["zh"].endswith("。")
    assert platform.pushes() == []


@pytest.mark.parametrize(
    "time", ["", "2026-01-05", "2026-02-30 10:00:00", "2026-01-05T10:00:00", "9999-12-31 23:59:59"]
)
def test_a_wrong_bid_opening_is_refused(
    api: Api, platform: Platform, order: dict[str, Any], time: str
) -> None:
    body = {"block_number": order["block_number"], "type": "delay", "open_tender_time": time}

    status, answer = api("POST", f"accounts/{platform.name}/bid-openings", body)

    assert status == 400, answer
    assert_sentences(answer, f"{time!r}")
    assert platform.order(order["order_no"]) == order
