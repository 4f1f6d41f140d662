"""Mistakes with notices of either kind that come late or cross something."""

from typing import Any

import reference_institution.app as server
from broken_institutions.both.spoiling import (
    Handle,
    Said,
    around,
    go_by_own_states,
    set_status,
    status_of,
)
from broken_institutions.defects import defect
from broken_institutions.naming import ORDER_STATUS, of
from reference_institution.actions import Action
from reference_institution.guarantor import order_actions as guarantor_actions
from reference_institution.institution import Institution
from reference_institution.insurer import order_actions as insurer_actions
from reference_institution.orders import CANCEL, Orders
from reference_institution.pushes import NoticeRefused

#: The call by which each kind reads an order, whose clause the checks of crossings quote.
_READING = {"insurer": "2.3", "guarantor": "2.2"}


def _reading(*behaviours: str) -> list[str]:
    return [f"{kind}/{at}/function/{b}" for kind, at in _READING.items() for b in behaviours]


@defect(
    *of(
        ORDER_STATUS,
        "{section}/2/late-resubmission",
        "{section}/2/late-status",
        "{section}/2/late-after-finish",
    ),
    *_reading("crossed-status", "crossed-cancel-known"),
)
def stores_whatever_status_arrives() -> None:
    """Stores the status of every notice: the last to arrive must be the last to happen."""

    def storing(institution: Institution, path: str, handle: Handle) -> Handle:
        def store(said: Said) -> Any:
            answer = handle(said)
            set_status(institution.store, said["order_no"], said["order_status"])
            return answer

        def claim(said: Said) -> Any:
            guarantee = institution.store.guarantee(said["guarantee_no"])
            order = guarantee and institution.store.order(guarantee["order_no"])
            if order and order["status"] not in ("HAS_OUT_GUARANTEE", "FINISH"):
                raise NoticeRefused(404, "该订单尚未出函")
            return handle(said)

        return {"/order-status": store, "/claim": claim}.get(path, handle)

    around(storing)
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]
    go_by_own_states(
        {
            "pay": ("WAIT_PAY",),
            "WAIT_OUT_GUARANTEE": ("WAIT_PAY", "WAIT_APPROVAL_DATA"),
            "issue": ("WAIT_OUT_GUARANTEE",),
        }
    )


@defect(
    *of(
        ORDER_STATUS,
        "{section}/encryption/cancel-crosses-payment",
        "{section}/encryption/cancel-crosses-payment-known",
    )
)
def marks_an_order_as_paid_before_it_asks() -> None:
    """Sets "paid" when the money came in, and then refuses to cancel what is paid."""

    def marking(pay: Action) -> Action:
        def mark_and_pay(institution: Any, body: Any) -> Any:
            if body.get("order_status", "WAIT_OUT_GUARANTEE") == "WAIT_OUT_GUARANTEE":
                order_no = str(body.get("order_no"))
                set_status(institution.store, order_no, "WAIT_OUT_GUARANTEE")
            return pay(institution, body)

        return mark_and_pay

    def refusing(institution: Institution, path: str, handle: Handle) -> Handle:
        def refuse(said: Said) -> Any:
            order = institution.store.order(said["order_no"])
            if said["order_status"] == CANCEL and order and order["status"] == "WAIT_OUT_GUARANTEE":
                raise NoticeRefused(404, "已支付，不能取消")
            return handle(said)

        return refuse if path == "/order-status" else handle

    for kind, name in (("insurer", "pay"), ("guarantor", "forward")):
        actions = server.KINDS[kind].actions
        actions[name] = marking(actions[name])
    around(refusing)
    go_by_own_states({})
    # A refused payment is looked into by hand, not by a call.
    for module in (insurer_actions, guarantor_actions):
        module.has_become = lambda *_: False  # type: ignore[attr-defined]


@defect(*of(ORDER_STATUS, "{section}/encryption/both-cancel"))
def takes_a_repeated_cancel_for_an_error() -> None:
    """Answers "the order is cancelled already" as an error when it knows the order as CANCEL."""

    def refusing(institution: Institution, path: str, handle: Handle) -> Handle:
        def refuse(said: Said) -> Any:
            order = institution.store.order(said["order_no"])
            if said["order_status"] == CANCEL and order and order["status"] == CANCEL:
                raise NoticeRefused(404, "订单已取消")
            return handle(said)

        return refuse if path == "/order-status" else handle

    around(refusing)


@defect(*of(ORDER_STATUS, "{section}/encryption/crossed-cancel"), *_reading("crossed-cancel-known"))
def cancels_only_what_waits_for_payment() -> None:
    """Has one transition to CANCEL in its table of states, the one that the happy path needs."""

    def refusing(_: Institution, path: str, handle: Handle) -> Handle:
        def refuse(said: Said) -> Any:
            if said["order_status"] == CANCEL and said["order_status_old"] != "WAIT_PAY":
                raise NoticeRefused(404, "当前状态不能取消")
            return handle(said)

        return refuse if path == "/order-status" else handle

    around(refusing)
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]


@defect(*_reading("unread-order"))
def fails_on_an_order_that_it_has_not_read() -> None:
    """Reads the status of what the database gave, and it gave null: HTTP 500."""

    def failing(institution: Institution, path: str, handle: Handle) -> Handle:
        def fail(said: Said) -> Any:
            order: Any = institution.store.order(said["order_no"])
            assert order["status"]
            return handle(said)

        return fail if path == "/order-status" else handle

    around(failing)


@defect("insurer/3.1/function/revocation", "guarantor/3.1/function/revocation")
def refuses_a_known_claim_number() -> None:
    """Takes 3.1 for new claims only: a number that it has means a duplicate, whatever it says."""

    def refusing(institution: Institution, path: str, handle: Handle) -> Handle:
        def refuse(said: Said) -> Any:
            known = institution.store.claim(said["claim_no"])
            if known and status_of(said) != known["status"]:
                raise NoticeRefused(404, "理赔已存在")
            return handle(said)

        return refuse if path == "/claim" else handle

    around(refusing)


@defect(
    *(
        f"{kind}/3.1/function/{behaviour}"
        for kind in ("insurer", "guarantor")
        for behaviour in ("revocation-known", "revocation-stays")
    )
)
def takes_every_claim_for_a_new_one() -> None:
    """Never reads the status in 3.1: what comes by it waits to be accepted."""

    def opening(_: Institution, path: str, handle: Handle) -> Handle:
        def take(said: Said) -> Any:
            new = {"claim_status": "WAIT_ACCEPT", "status": "APPLY_WAIT_DEAL"}
            return handle({name: new.get(name, text) for name, text in said.items()})

        return take if path == "/claim" else handle

    around(opening)
