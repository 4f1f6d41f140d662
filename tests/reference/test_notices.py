"""The platform's notices: what they change, and what must not change anything."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from reference_institution.insurer import claims
from reference_institution.insurer.states import POLICY
from simulator.protocol import rsa
from simulator.protocol.plaintext import FORMS, Form

Order = dict[str, Any]
NAMES = ("block_number", "block_name", "principal", "creditor")


def status_notice(order: Order, old: str, new: str, **changes: str) -> dict[str, str]:
    names = {name: str(order[name]) for name in ("order_no", *NAMES)}
    return {**names, "order_status_old": old, "order_status": new, **changes}


def invoice_notice(order: Order, **changes: str) -> dict[str, str]:
    return {
        "invoice_id": "77",
        "invoice_type": "1",
        "is_electron": "1",
        "order_nos": str(order["order_no"]),
        "company_name": str(order["principal"]),
        "identify_number": "91350100M0001",
        "receiver_name": "王刚",
        "receiver_phone_num": "13800000000",
        "receiver_address": "福州市",
        "receiver_email": "a@example.com",
        "remark": "",
        **changes,
    }


def opening_notice(order: Order, **changes: str) -> dict[str, str]:
    return {
        "btc_name": "福州公共资源交易中心",
        "block_number": str(order["block_number"]),
        "block_name": str(order["block_name"]),
        "type": "2",
        "open_tender_time": "2026-04-01 09:30:00",
        **changes,
    }


def claim_notice(order: Order, **changes: str) -> dict[str, str]:
    return {
        "request_method": "apply_claim",
        "claim_no": "C1",
        "claim_status": "WAIT_ACCEPT",
        "guarantee_no": f"PL{order['order_no']}",
        **{name: str(order[name]) for name in NAMES},
        "claim_amount": "10000.00",
        "claim_reason": "不签合同",
        "contact_person": "陈测试",
        "contact_phone": "13800000000",
        "contact_mail": "c@example.com",
        "claim_file": "http://platform/file?first",
        **changes,
    }


def status_of(live: Any) -> str:
    return str(live.records("orders", live.order["order_no"])[0]["status"])


@pytest.mark.parametrize("form", FORMS)
def test_a_new_status_is_taken_in_every_form_of_the_plaintext(live: Any, form: Form) -> None:
    said = status_notice(live.order, "HAS_OUT_GUARANTEE", "FINISH")
    assert live.push("/order-status", said, form=form) == {"status": 200}
    assert status_of(live) == "FINISH"


def test_an_older_status_that_comes_late_undoes_nothing(live: Any) -> None:
    for old, new in (("WAIT_OFFER", "WAIT_PAY"), ("WAIT_PAY", "CANCEL")):
        said = status_notice(live.order, old, new)
        assert live.push("/order-status", said) == {"status": 200}
        assert status_of(live) == "WAIT_OUT_GUARANTEE"


@pytest.mark.parametrize(
    ("known", "said_old", "new", "moves"),
    [
        ("WAIT_TUNE_UP", "WAIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP", True),
        ("WAIT_SUBMIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP", "WAIT_TUNE_UP", True),
        ("WAIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP", False),
        ("WAIT_PAY", "WAIT_PAY", "CANCEL", True),
        ("CANCEL", "WAIT_TUNE_UP", "WAIT_OFFER", False),
        ("FINISH", "WAIT_PAY", "CANCEL", False),
        ("WAIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY", True),
    ],
)
def test_only_a_later_status_moves_an_order_on(
    known: str, said_old: str, new: str, moves: bool
) -> None:
    assert POLICY.overtakes(known, new, said_old) is moves


@pytest.mark.parametrize("name", ["order_no", *NAMES])
def test_a_status_that_does_not_fit_the_order_is_refused(live: Any, name: str) -> None:
    said = status_notice(live.order, "HAS_OUT_GUARANTEE", "FINISH", **{name: "别的"})
    assert live.push("/order-status", said)["status"] == 404
    assert status_of(live) == "WAIT_OUT_GUARANTEE"


def test_a_notice_with_another_sign_or_another_key_is_refused(live: Any) -> None:
    said = status_notice(live.order, "HAS_OUT_GUARANTEE", "FINISH")
    assert live.push("/order-status", said, secret="guessed")["status"] == 1001
    stranger = rsa.generate(1024)
    sealed = type(live)(live.url, live.institution, stranger, live.order).param(said)
    assert live.post("/order-status", {"param": sealed})["status"] == 1000
    assert live.post("/order-status", {"param": "not base64"})["status"] == 1000
    assert live.post("/order-status", {})["status"] == 1000
    assert status_of(live) == "WAIT_OUT_GUARANTEE"


def test_a_notice_that_lacks_a_parameter_is_refused_by_its_name(live: Any) -> None:
    said = status_notice(live.order, "HAS_OUT_GUARANTEE", "FINISH")
    del said["creditor"]
    answer = live.push("/order-status", said)
    assert answer == {"status": 404, "data": "参数缺失：creditor"}


@pytest.mark.parametrize(
    ("path", "notice", "kind", "key"),
    [
        ("/invoice", invoice_notice, "invoices", "77"),
        ("/bid-opening", opening_notice, "bid_openings", "FZ-01"),
        ("/claim", claim_notice, "claims", "C1"),
    ],
)
def test_eight_identical_notices_at_once_have_one_effect(
    live: Any, path: str, notice: Callable[[Order], dict[str, str]], kind: str, key: str
) -> None:
    live.issued()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: live.push(path, notice(live.order)), range(8)))
    assert answers == [{"status": 200}] * 8
    assert len(live.records(kind, key)) == 1


def test_the_same_invoice_with_other_content_is_refused_and_overwrites_nothing(live: Any) -> None:
    live.push("/invoice", invoice_notice(live.order))
    other = live.push("/invoice", invoice_notice(live.order, receiver_address="厦门市"))
    assert other["status"] == 404
    assert live.records("invoices", "77")[0]["content"]["receiver_address"] == "福州市"


@pytest.mark.parametrize("changes", [{"order_nos": "1812487543,999"}, {"invoice_type": "2"}])
def test_an_invoice_for_a_strange_order_or_without_its_bank_is_refused(
    live: Any, changes: dict[str, str]
) -> None:
    assert live.push("/invoice", invoice_notice(live.order, **changes))["status"] == 404
    assert live.records("invoices", "77") == []


@pytest.mark.parametrize(
    "changes",
    [{"block_number": "other"}, {"block_name": "other"}, {"type": "3"}, {"open_tender_time": "x"}],
)
def test_a_bid_opening_that_does_not_fit_is_refused(live: Any, changes: dict[str, str]) -> None:
    assert live.push("/bid-opening", opening_notice(live.order, **changes))["status"] == 404
    assert live.records("bid_openings", "FZ-01") == []


@pytest.mark.parametrize("name", ["guarantee_no", "request_method", "claim_status", *NAMES])
def test_a_claim_that_does_not_fit_the_guarantee_is_refused(live: Any, name: str) -> None:
    live.issued()
    assert live.push("/claim", claim_notice(live.order, **{name: "别的"}))["status"] == 404
    assert live.records("claims", "C1") == []


def test_a_repeated_claim_is_known_by_its_content_although_its_file_url_is_new(live: Any) -> None:
    live.issued()
    live.push("/claim", claim_notice(live.order))
    repeat = claim_notice(live.order, claim_file="http://platform/file?second")
    assert live.push("/claim", repeat) == {"status": 200}
    other = claim_notice(live.order, claim_amount="1.00")
    assert live.push("/claim", other)["status"] == 404
    assert live.records("claims", "C1")[0]["content"]["claim_amount"] == "10000.00"


def test_a_revoked_claim_changes_its_state_and_a_late_application_does_not_undo_it(
    live: Any,
) -> None:
    live.issued()
    for status in ("WAIT_ACCEPT", "REVOKED", "WAIT_ACCEPT"):
        said = claim_notice(live.order, claim_status=status)
        assert live.push("/claim", said) == {"status": 200}
    assert [claim["status"] for claim in live.records("claims", "C1")] == ["REVOKED"]


def test_our_own_decision_comes_too_late_for_a_revoked_claim(live: Any) -> None:
    live.issued()
    live.push("/claim", claim_notice(live.order, claim_status="REVOKED"))
    claims.advance(live.institution.store, "C1", "INVESTIGATING")
    assert live.records("claims", "C1")[0]["status"] == "REVOKED"


def test_a_claim_is_known_after_a_restart(serve: Any, live: Any, tmp_path: Path) -> None:
    live.issued()
    live.push("/claim", claim_notice(live.order))
    again = serve(tmp_path)
    assert again.push("/claim", claim_notice(live.order)) == {"status": 200}
    assert len(again.records("claims", "C1")) == 1


def test_a_forged_jump_gets_a_page_with_status_400(live: Any) -> None:
    said = {"order_no": "1812487543", "return_url": "http://platform/back"}
    forged = {"param": live.param(said, secret="guessed")}
    reply = requests.post(f"{live.url}/order-page", data=forged, timeout=20)
    assert reply.status_code == 400
    assert "platform/back" not in reply.text


def test_the_order_page_never_links_to_a_script(live: Any) -> None:
    for address, linked in (("javascript:alert(1)", False), ("http://platform/back", True)):
        said = {"order_no": "1812487543", "return_url": address}
        form = {"param": live.param(said)}
        reply = requests.post(f"{live.url}/order-page", data=form, timeout=20)
        assert reply.status_code == 200
        assert ("<a href" in reply.text) is linked
