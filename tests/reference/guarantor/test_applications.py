"""A new order that the platform brings (2.1), and the moves of known ones (2.4)."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from reference.guarantor.conftest import COMPANY, NAMES, application, state_of, status

from reference_institution.guarantor.states import PRODUCTS, returned_to

PATH = "/application"


@pytest.fixture
def fresh(serve: Any, tmp_path: Path) -> Any:
    """A guarantor that knows no order."""
    return serve(tmp_path)


def test_an_application_is_answered_with_its_state_and_where_it_is_paid(fresh: Any) -> None:
    answer = fresh.push(PATH, application(fresh.order))
    assert answer["status"] == 200
    page = f"{fresh.url}/payment/1812487543"
    assert answer["data"].pop("statement")
    assert answer["data"] == {
        "order_status": "WAIT_FIRST_TRAIL",
        "pay_method": "REDIRECT",
        "redirect_url": page,
    }
    assert "1812487543" in requests.get(page, timeout=20).text
    assert requests.get(f"{fresh.url}/payment/9", timeout=20).status_code == 404
    [order] = fresh.records("orders", "1812487543")
    assert (order["status"], order["principal"]) == ("WAIT_FIRST_TRAIL", fresh.order["principal"])


def test_eight_applications_at_once_and_one_after_a_restart_are_one_order(
    fresh: Any, serve: Any, tmp_path: Path
) -> None:
    def push(number: int) -> Any:
        urls = [{"file_id": "7", "file_url": f"http://platform/7?{number}", "file_name": "a.pdf"}]
        said = application(fresh.order, guarantee_sign_files=json.dumps(urls))
        return fresh.push(PATH, said)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(push, range(8)))

    assert all(answer == answers[0] and answer["status"] == 200 for answer in answers)
    again = serve(tmp_path)
    said = application(
        fresh.order,
        guarantee_sign_files='[{"file_id": "7", "file_url": "http://x", "file_name": "a.pdf"}]',
    )
    assert again.push(PATH, said)["status"] == 200
    assert len(again.records("orders", "1812487543")) == 1
    assert len(again.records("applications", "1812487543")) == 1


def test_the_same_order_with_other_content_is_refused_and_overwrites_nothing(fresh: Any) -> None:
    fresh.push(PATH, application(fresh.order))
    assert fresh.push(PATH, application(fresh.order, guarantee_amount="1.00"))["status"] == 404
    [kept] = fresh.records("applications", "1812487543")
    assert kept["content"]["guarantee_amount"] == "10000.00"


def test_an_application_does_not_undo_what_is_known_of_its_order(live: Any) -> None:
    assert live.push(PATH, application(live.order, principal="别的"))["status"] == 404
    assert live.push(PATH, application(live.order))["status"] == 200
    assert state_of(live) == "WAIT_OUT_GUARANTEE"


@pytest.mark.parametrize(
    "name", ["order_no", "ktype", "creditor", "guarantee_amount", "principal_address"]
)
def test_an_application_that_lacks_a_parameter_is_refused_by_its_name(
    fresh: Any, name: str
) -> None:
    said = application(fresh.order)
    del said[name]
    assert fresh.push(PATH, said) == {"status": 404, "data": f"参数缺失：{name}"}
    assert fresh.records("orders", "1812487543") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"request_method": "apply_claim"},
        {"ktype": "3"},
        {"order_status": "WAIT_APPROVAL_DATA"},
        {"guarantee_amount": "many"},
        {"project_amount": "NaN"},
        {"bid_deadline": "soon"},
        {"valid_day": "99999999999"},
        {"attach_files": "[{}]"},
        {"attach_files": "{"},
        {"attach_files": '[{"file_id": "\\ud800", "file_url": "http://x"}]'},
        {"guarantee_amount": "1e999"},
        {"guarantee_sign_files": '[{"file_id": "1", "file_url": "http://x"}]'},
    ],
)
def test_an_application_that_cannot_be_is_refused(fresh: Any, changes: dict[str, str]) -> None:
    assert fresh.push(PATH, application(fresh.order, **changes))["status"] == 404
    assert fresh.records("orders", "1812487543") == []


def test_an_application_with_another_sign_has_no_effect(fresh: Any) -> None:
    assert fresh.push(PATH, application(fresh.order), secret="guessed")["status"] == 1001
    assert fresh.post(PATH, {"param": "AAAA"})["status"] == 1000
    assert fresh.records("orders", "1812487543") == []


def test_a_new_status_is_taken_on_both_lines_with_its_own_applicant(
    fresh: Any, order: dict[str, Any]
) -> None:
    separate = {**order, "order_no": "2", "ktype": "2"}
    for known in (order, separate):
        fresh.institution.store.remember_order(known)
    direct_news = status(order, "HAS_OUT_GUARANTEE", "FINISH")
    separate_news = status(separate, "HAS_OUT_GUARANTEE", "FINISH", applicant=COMPANY)

    assert fresh.push("/order-status", direct_news) == {"status": 200}
    assert fresh.push("/order-status", {**direct_news, "applicant": COMPANY})["status"] == 404
    assert fresh.push("/order-status", separate_news) == {"status": 200}
    assert state_of(fresh) == fresh.records("orders", "2")[0]["status"] == "FINISH"


@pytest.mark.parametrize("name", ["order_no", "applicant", "request_method", *NAMES])
def test_a_status_that_does_not_fit_the_order_is_refused(live: Any, name: str) -> None:
    said = status(live.order, "HAS_OUT_GUARANTEE", "FINISH", **{name: "别的"})
    assert live.push("/order-status", said)["status"] == 404
    assert state_of(live) == "WAIT_OUT_GUARANTEE"


def test_an_older_status_and_one_of_the_other_line_change_nothing(live: Any) -> None:
    older = status(live.order, "WAIT_SUBMIT_TUNE_UP", "WAIT_TUNE_UP")
    assert live.push("/order-status", older) == {"status": 200}
    other = status(live.order, "WAIT_SUBMIT_DATA", "WAIT_APPROVAL_DATA")
    assert live.push("/order-status", other)["status"] == 404
    assert state_of(live) == "WAIT_OUT_GUARANTEE"


@pytest.mark.parametrize(
    ("ktype", "known", "said_old", "new", "moves"),
    [
        ("1", "WAIT_SUBMIT_FIRST_TRAIL", "WAIT_SUBMIT_FIRST_TRAIL", "WAIT_FIRST_TRAIL", True),
        ("1", "WAIT_SUBMIT_TUNE_UP", "WAIT_SUBMIT_TUNE_UP", "WAIT_TUNE_UP", True),
        ("1", "WAIT_TUNE_UP", "WAIT_SUBMIT_FIRST_TRAIL", "WAIT_FIRST_TRAIL", False),
        ("1", "WAIT_OFFER", "WAIT_OFFER", "CANCEL", True),
        ("1", "CANCEL", "WAIT_PAY", "WAIT_OUT_GUARANTEE", False),
        ("2", "WAIT_SUBMIT_DATA", "WAIT_SUBMIT_DATA", "WAIT_APPROVAL_DATA", True),
        ("2", "FINISH", "WAIT_APPROVAL_DATA", "CANCEL", False),
    ],
)
def test_only_a_later_status_moves_an_order_on(
    ktype: str, known: str, said_old: str, new: str, moves: bool
) -> None:
    assert PRODUCTS[ktype].overtakes(known, new, said_old) is moves


@pytest.mark.parametrize(
    ("ktype", "state", "named", "target"),
    [
        ("1", "WAIT_PAY", "", "WAIT_SUBMIT_TUNE_UP"),
        ("1", "WAIT_PAY", "WAIT_SUBMIT_FIRST_TRAIL", "WAIT_SUBMIT_FIRST_TRAIL"),
        ("1", "WAIT_FIRST_TRAIL", "WAIT_SUBMIT_TUNE_UP", "WAIT_SUBMIT_FIRST_TRAIL"),
        ("1", "WAIT_SUBMIT_FIRST_TRAIL", "", None),
        ("2", "WAIT_OUT_GUARANTEE", "", "WAIT_SUBMIT_DATA"),
        ("2", "CANCEL", "", None),
    ],
)
def test_an_order_is_returned_to_the_nearest_submitting_state(
    ktype: str, state: str, named: str, target: str | None
) -> None:
    assert returned_to(ktype, state, named) == target
