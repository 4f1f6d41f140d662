"""2.9 (P47): electronic invoices need their PDF, paper ones only the news."""

from typing import Any

import pytest
from calls.insurer import ABSENT, INVOICE, POLICY, Insurer, pdf, sha256

BILL = pdf("invoice")
OK = {"status": 200}


@pytest.fixture
def paid(insurer: Insurer, order: dict[str, Any]) -> dict[str, Any]:
    """An order that invoices can be applied for."""
    insurer.bring(order, "WAIT_OUT_GUARANTEE")
    return order


def apply(insurer: Insurer, order: dict[str, Any], electronic: bool = True) -> str:
    """Let the principal apply for an invoice; return its id."""
    fields = {"is_electron": "1" if electronic else "2"}
    invoice = insurer.platform.post("invoices", order_nos=[order["order_no"]], fields=fields)
    return str(invoice["invoice_id"])


def bill(insurer: Insurer, invoice_id: Any, content: Any = BILL, **changes: Any) -> Any:
    """Make a 2.9 call, the hash of `content` with it."""
    files = {} if content is ABSENT else {"invoice_pdf": ("发票.pdf", content)}
    digest = ABSENT if content is ABSENT else sha256(content)
    parameters = {"invoice_id": invoice_id, "invoice_pdf_hash": digest, **changes}
    return insurer.call(INVOICE, files, **parameters)


def read_invoice(insurer: Insurer) -> Any:
    [invoice] = insurer.platform.get("invoices")
    return invoice["issued"], invoice["sha256"]


@pytest.mark.parametrize("written", [str.lower, str.upper])
def test_an_electronic_invoice_is_taken_with_its_pdf(
    insurer: Insurer, paid: dict[str, Any], written: Any
) -> None:
    invoice_id = apply(insurer, paid)
    assert read_invoice(insurer) == (False, None)

    assert bill(insurer, invoice_id, invoice_pdf_hash=written(sha256(BILL))) == OK
    assert read_invoice(insurer) == (True, sha256(BILL))


@pytest.mark.parametrize(
    ("content", "changes", "names"),
    [
        (ABSENT, {"invoice_pdf_hash": sha256(BILL)}, "invoice_pdf"),
        (BILL, {"invoice_pdf_hash": ABSENT}, "invoice_pdf_hash"),
        (BILL, {"invoice_pdf_hash": ""}, "invoice_pdf_hash"),
        (BILL, {"invoice_pdf_hash": "abc"}, "invoice_pdf_hash"),
        (BILL, {"invoice_pdf_hash": sha256(POLICY)}, "invoice_pdf_hash"),
        (b"no PDF", {}, "invoice_pdf"),
        (BILL[:-20], {}, "invoice_pdf"),
        (BILL, {"invoice_id": ABSENT}, "invoice_id"),
        (BILL, {"invoice_id": ""}, "invoice_id"),
        (BILL, {"invoice_id": "404"}, "invoice_id"),
    ],
)
def test_what_is_missing_or_wrong_fails_and_is_named(
    insurer: Insurer, paid: dict[str, Any], content: Any, changes: dict[str, Any], names: str
) -> None:
    parameters = {"invoice_id": apply(insurer, paid), **changes}

    answer = bill(insurer, content=content, **parameters)

    assert answer == {"status": 404, "data": f"失败：{names}"}
    assert read_invoice(insurer) == (False, None)
    assert insurer.notes()


def test_the_same_invoice_again_changes_nothing(insurer: Insurer, paid: dict[str, Any]) -> None:
    invoice_id = apply(insurer, paid)

    assert bill(insurer, invoice_id) == OK
    assert bill(insurer, invoice_id) == OK

    assert "nothing changed (P47)" in insurer.notes()
    assert read_invoice(insurer) == (True, sha256(BILL))


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (pdf("other"), {}),
        (pdf("other"), {"invoice_pdf_hash": sha256(BILL)}),
        (b"no PDF", {"invoice_pdf_hash": sha256(BILL)}),
        (ABSENT, {"invoice_pdf_hash": sha256(BILL)}),
    ],
)
def test_other_content_for_the_same_invoice_fails(
    insurer: Insurer, paid: dict[str, Any], content: Any, changes: dict[str, str]
) -> None:
    invoice_id = apply(insurer, paid)
    assert bill(insurer, invoice_id) == OK

    assert bill(insurer, invoice_id, content, **changes)["status"] == 404
    assert read_invoice(insurer) == (True, sha256(BILL))


@pytest.mark.parametrize("content", [ABSENT, BILL])
def test_a_paper_invoice_needs_no_pdf_and_may_be_reported_again(
    insurer: Insurer, paid: dict[str, Any], content: Any
) -> None:
    invoice_id = apply(insurer, paid, electronic=False)

    assert bill(insurer, invoice_id, content) == OK
    assert bill(insurer, invoice_id, content) == OK
    assert read_invoice(insurer) == (True, None)


def test_two_invoices_of_one_order_are_two(insurer: Insurer, paid: dict[str, Any]) -> None:
    first, second = apply(insurer, paid), apply(insurer, paid)

    assert bill(insurer, second) == OK

    issued = {row["invoice_id"]: row["issued"] for row in insurer.platform.get("invoices")}
    assert issued == {first: False, second: True}


def test_another_institutions_invoice_does_not_exist_here(
    insurer: Insurer, stranger: Insurer
) -> None:
    order = stranger.bring(stranger.platform.create_order(), "WAIT_OUT_GUARANTEE")
    invoice_id = apply(stranger, dict(order))

    assert bill(insurer, invoice_id) == {"status": 404, "data": "失败：invoice_id"}
    assert bill(stranger, invoice_id) == OK
