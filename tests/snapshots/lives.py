"""Accounts with something of everything, and all that the control API shows of an account."""

import hashlib
from typing import Any

import requests
from guarantor.guarantor import Guarantor
from pushes import business
from support.endpoint import Endpoint
from support.institution import Institution
from support.platform import Platform

from simulator.driver import ControlClient
from simulator.protocol import envelope


def live_as_insurer(platform: Platform, endpoint: Endpoint) -> Institution:
    """Let everything happen that can happen to an insurer's account."""
    institution = Institution(platform.letter())
    platform.switch(strict_ack=True, push_limit=3)
    platform.change(allow_list=["127.0.0.0/8"])
    platform.register(endpoint.url)
    order = platform.create_order(block_number="B-1")
    platform.post("orders", order["order_no"], "open")
    business.issue(institution, order)
    order = platform.order(order["order_no"])
    platform.post("guarantees", "verify", guarantee_no="BH-1")
    _invoice(platform, institution, order)
    moved = {"block_number": "B-1", "type": "delay", "open_tender_time": "2031-01-05 09:30:00"}
    platform.post("bid-openings", **moved)
    _claim(platform, institution, order)
    platform.fault("lose_ack", interface="order_status", times=2)
    platform.fault("copies", about="nothing", times=None, value={"copies": 3})
    doomed = platform.create_order("minimal")
    platform.post("orders", doomed["order_no"], "cancel", note="投标人测试己来电 13900000001 取消")
    platform.advance(20)
    platform.change(endpoints={"claim": None})
    _refused_calls(institution, order)
    return institution


def _invoice(platform: Platform, institution: Institution, order: Any) -> None:
    fields = {"receiver_email": "finance@example.com", "receiver_name": "收件人赵六"}
    made = platform.post("invoices", order_nos=[order["order_no"]], fields=fields)
    sent = institution.call(
        "insurer_push_invoice",
        files={"invoice_pdf": ("赵六的发票.pdf", business.PDF, "application/pdf")},
        invoice_id=made["invoice_id"],
        invoice_pdf_hash=hashlib.sha256(business.PDF).hexdigest(),
    )
    assert sent["status"] == 200, sent


def _claim(platform: Platform, institution: Institution, order: Any) -> None:
    fields = {"contact_person": "陈联系", "contact_mail": "chen@example.com"}
    claim = platform.post("claims", order_no=order["order_no"], fields=fields)
    known = {"claim_no": claim["claim_no"], "guarantee_no": "BH-1"}
    accepted = institution.call("update_claim", do_type="ACCEPT", **known)
    assert accepted["status"] == 200, accepted


def _refused_calls(institution: Institution, order: Any) -> None:
    institution.call("insurer_get_guarantee_info", order_no="4711")
    data = institution.call("insurer_get_guarantee_info", order_no=order["order_no"])["data"]
    assert requests.get(data["attach_files"][0]["file_url"], timeout=10).content[:4] == b"%PDF"
    wrong = {**institution.sign("insurer_get_guarantee_info", order_no="1"), "sign": "0" * 32}
    fields = {
        "param": envelope.seal(wrong, institution.own_public),
        "access_token": institution.token,
    }
    assert institution.post(fields)["status"] == 1007


def live_as_guarantor(platform: Platform, endpoint: Endpoint) -> Institution:
    """Let everything happen that can happen to a guarantee company's account."""
    institution = Institution(platform.letter())
    guarantor = Guarantor(platform, institution)
    endpoint.answers = [(200, b'{"status":200,"data":{"order_status":"WAIT_FIRST_TRAIL"}}')]
    platform.register(endpoint.url)
    order = guarantor.bring(platform.create_order(), "HAS_OUT_GUARANTEE")
    platform.run()
    guarantor.bring(platform.create_order("separate"), "HAS_OUT_GUARANTEE", "DB-2")
    fields = {"contact_person": "陈联系", "contact_phone": "13900000002"}
    claim = platform.post("claims", order_no=order["order_no"], fields=fields)
    guarantor.update_claim(claim, "1", "2")
    platform.post("claims", claim["claim_no"], "close")
    platform.post("releases", block_number=order["block_number"], penalty=["DB-1"], note="罚没")
    platform.fault("no_delivery", interface="release")
    platform.advance(20)
    return institution


LIVES = {"insurer": live_as_insurer, "guarantor": live_as_guarantor}


def everything(control: ControlClient, name: str) -> dict[str, Any]:
    """Return all that the control API shows of an account but its credentials."""

    def get(*path: str, **query: Any) -> Any:
        return control.get("accounts", name, *path, **query)

    shown: dict[str, Any] = {"account": get(), "clock": get("clock")}
    for part in ("orders", "guarantees", "invoices", "claims", "faults"):
        shown[part] = get(part)
    shown["releases"] = get("releases")
    shown["journal"] = get("journal", limit=10_000)
    shown["events"] = get("journal", direction="event", limit=10_000)
    pushes = get("pushes", limit=10_000)
    shown["pushes"] = [get("pushes", str(push["id"])) for push in pushes]
    numbers = {file["file_id"] for order in shown["orders"] for file in order["files"]}
    numbers |= {each["file_id"] for each in (*shown["guarantees"], *shown["releases"])}
    numbers |= {number for claim in shown["claims"] for number in claim["file_ids"]}
    shown["files"] = [get("files", number) for number in sorted(filter(None, numbers))]
    return shown
