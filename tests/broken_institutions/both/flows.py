"""Mistakes that break a whole flow of either kind at one of its steps."""

from collections.abc import Callable
from typing import Any

from broken_institutions.both.changed_calls import set_values
from broken_institutions.both.spoiling import Handle, Said, around, status_of
from broken_institutions.defects import defect
from broken_institutions.naming import ORDER_STATUS, of
from reference_institution import questions
from reference_institution.guarantor import order_actions as guarantor_actions
from reference_institution.institution import Institution
from reference_institution.insurer import order_actions as insurer_actions
from reference_institution.pushes import NoticeRefused
from reference_institution.store import Row

#: The status of a claim that nobody has dealt with yet, of either kind.
_NEW = ("WAIT_ACCEPT", "APPLY_WAIT_DEAL")


def _before_notice(path: str, look: Callable[[Institution, Said], None]) -> None:
    """Let a notice be looked at, and perhaps refused, before it is handled."""

    def wrap(institution: Institution, at: str, handle: Handle) -> Handle:
        def look_and_handle(said: Any) -> Any:
            look(institution, said)
            return handle(said)

        return look_and_handle if at == path else handle

    around(wrap)


@defect(
    *of(
        ORDER_STATUS,
        "{section}/function/cancelled-before-offer",
        "{section}/function/cancelled-before-payment",
    ),
    "guarantor/2.4/request/applicant",
    "guarantor/2.4/request/applicant-separate",
)
def spells_cancel_in_its_own_way() -> None:
    """Its enum has CANCELED; the platform's CANCEL is an unknown status to it."""

    def look(_: Institution, said: Said) -> None:
        if said["order_status"] == "CANCEL":
            raise NoticeRefused(404, "No enum constant OrderStatus.CANCEL")

    _before_notice("/order-status", look)


@defect(*of(ORDER_STATUS, "{section}/function/cancelled-is-not-paid"))
def reports_a_payment_whatever_became_of_the_order() -> None:
    """Reports each payment of its payment provider, without a look at the order."""
    for module in (insurer_actions, guarantor_actions):
        module.CANCEL = "CANCELED"  # type: ignore[attr-defined]


@defect("insurer/2.5/answer/kept", "insurer/2.11/answer/kept", "guarantor/2.5/answer/kept")
def keeps_serial_numbers_as_floats() -> None:
    """Reads answers into a Map<String, Object> whose numbers are Doubles: 8.06097210890174E14."""
    query = questions.Questions.query

    def tell(self: questions.Questions, said: Said) -> dict[str, Any]:
        told = query(self, said)
        return {**told, "serial_num": f"{float(told['serial_num']):.14E}"}

    questions.Questions.query = tell  # type: ignore[method-assign]


@defect("insurer/2.7/function/orders-of-one-block", "guarantor/2.7/function/orders-of-one-block")
def keeps_one_insured_for_each_block() -> None:
    """Keeps the parties of a guarantee in its table of projects, by block: one row for all."""
    parties: dict[str, Row] = {}
    query = questions.Questions.query

    def tell(self: questions.Questions, said: Said) -> dict[str, Any]:
        told = query(self, said)
        first = parties.setdefault(told["proitem"], told)
        return {**told, "warrantee": first["warrantee"]}

    questions.Questions.query = tell  # type: ignore[method-assign]


@defect("insurer/3.1/function/after-finish", "guarantor/3.1/function/after-finish")
def closes_its_books_at_the_finish() -> None:
    """Archives an order at FINISH; a later claim finds nothing."""

    def look(institution: Institution, said: Said) -> None:
        guarantee = institution.store.guarantee(said["guarantee_no"])
        order = institution.store.order(guarantee["order_no"]) if guarantee else None
        if order and order["status"] == "FINISH":
            raise NoticeRefused(404, "订单已归档")

    _before_notice("/claim", look)


@defect("insurer/3.1/function/revoked", "guarantor/3.1/function/revoked")
def knows_no_revocation() -> None:
    """Takes 3.1 for an application and nothing else: it must be one that waits."""

    def look(_: Institution, said: Said) -> None:
        if status_of(said) not in _NEW:
            raise NoticeRefused(404, "参数错误：理赔状态")

    _before_notice("/claim", look)


@defect("insurer/4.1/function/renewed", "guarantor/4.1/function/renewed")
def asks_for_a_file_by_its_address() -> None:
    """Kept the URLs and not the ids, and sends 4.1 the URL that is over."""
    set_values(
        ("insurer_get_file_url", "get_file_url"),
        file_id=lambda file_id: f"https://example.com/api/v1?param={file_id}",
    )


@defect(*of(ORDER_STATUS, "{section}/function/cancelled-known"))
def acknowledges_a_cancellation_and_forgets_it() -> None:
    """Answers 200 to every status that its own flow has no step for, and stores none of them."""

    def forgetting(_: Institution, path: str, handle: Handle) -> Handle:
        def forget(said: Said) -> Any:
            return None if said["order_status"] == "CANCEL" else handle(said)

        return forget if path == "/order-status" else handle

    around(forgetting)
