"""Mistakes with notices that come late or cross something."""

from collections.abc import Mapping
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.insurer.spoiling import (
    Handler,
    Said,
    around,
    go_by_own_states,
    set_status,
    write,
)
from reference_institution import guarantees
from reference_institution.actions import CannotAct
from reference_institution.insurer import ACTIONS, order_actions
from reference_institution.insurer.notices import Notices
from reference_institution.orders import CANCEL, Orders
from reference_institution.pushes import NoticeRefused


@defect(
    "insurer/2.2/2/late-resubmission",
    "insurer/2.2/2/late-status",
    "insurer/2.2/2/late-after-finish",
    "insurer/2.3/function/crossed-status",
    "insurer/2.3/function/crossed-cancel-known",
)
def stores_whatever_status_arrives() -> None:
    """Stores the status of every notice: the last to arrive must be the last to happen."""

    def storing(handle: Handler) -> Handler:
        def store(notices: Notices, said: Said) -> None:
            handle(notices, said)
            set_status(notices._store, said["order_no"], said["order_status"])

        return store

    def claiming(handle: Handler) -> Handler:
        def claim(notices: Notices, said: Said) -> None:
            guarantee = notices._store.guarantee(said["guarantee_no"])
            order = guarantee and notices._store.order(guarantee["order_no"])
            if order and order["status"] not in ("HAS_OUT_GUARANTEE", "FINISH"):
                raise NoticeRefused(404, "该订单尚未出函")
            handle(notices, said)

        return claim

    around("order_status", storing)
    around("claim", claiming)
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]
    go_by_own_states({"pay": ("WAIT_PAY",), "issue": ("WAIT_OUT_GUARANTEE",)})


@defect(
    "insurer/2.2/encryption/cancel-crosses-payment",
    "insurer/2.2/encryption/cancel-crosses-payment-known",
)
def marks_an_order_as_paid_before_it_asks() -> None:
    """Sets "paid" when the money came in, and then refuses to cancel what is paid."""
    pay = ACTIONS["pay"]

    def marking(insurer: Any, body: Any) -> Any:
        order_no = str(body.get("order_no"))
        set_status(insurer.store, order_no, "WAIT_OUT_GUARANTEE")
        return pay(insurer, body)

    def refusing(handle: Handler) -> Handler:
        def refuse(notices: Notices, said: Said) -> None:
            order = notices._store.order(said["order_no"])
            if said["order_status"] == CANCEL and order and order["status"] == "WAIT_OUT_GUARANTEE":
                raise NoticeRefused(404, "已支付，不能取消")
            handle(notices, said)

        return refuse

    ACTIONS["pay"] = marking
    around("order_status", refusing)
    go_by_own_states({})
    # A refused payment is looked into by hand, not by 2.3.
    order_actions.has_become = lambda *_: False  # type: ignore[attr-defined]


@defect("insurer/2.2/encryption/both-cancel")
def takes_a_repeated_cancel_for_an_error() -> None:
    """Answers "the order is cancelled already" as an error when it knows the order as CANCEL."""

    def refusing(handle: Handler) -> Handler:
        def refuse(notices: Notices, said: Said) -> None:
            order = notices._store.order(said["order_no"])
            if said["order_status"] == CANCEL and order and order["status"] == CANCEL:
                raise NoticeRefused(404, "订单已取消")
            handle(notices, said)

        return refuse

    around("order_status", refusing)


@defect("insurer/2.2/encryption/crossed-cancel", "insurer/2.3/function/crossed-cancel-known")
def cancels_only_what_waits_for_payment() -> None:
    """Has one transition to CANCEL in its table of states, the one that the happy path needs."""

    def refusing(handle: Handler) -> Handler:
        def refuse(notices: Notices, said: Said) -> None:
            if said["order_status"] == CANCEL and said["order_status_old"] != "WAIT_PAY":
                raise NoticeRefused(404, "当前状态不能取消")
            handle(notices, said)

        return refuse

    around("order_status", refusing)
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]


@defect("insurer/2.3/function/unread-order")
def fails_on_an_order_that_it_has_not_read() -> None:
    """Reads the status of what the database gave, and it gave null: HTTP 500."""

    def failing(handle: Handler) -> Handler:
        def fail(notices: Notices, said: Said) -> None:
            order: Any = notices._store.order(said["order_no"])
            assert order["status"]
            handle(notices, said)

        return fail

    around("order_status", failing)


@defect("insurer/2.10/2/late-bid-opening", "insurer/2.3/function/crossed-bid-openings")
def takes_the_dates_of_the_last_notice() -> None:
    """Keeps the bid opening that arrived last beside the block, and issues from that."""
    last: dict[str, str] = {}
    period = guarantees.guarantee_period

    def keeping(handle: Handler) -> Handler:
        def keep(notices: Notices, said: Said) -> None:
            last[said["block_number"]] = said["open_tender_time"][:10]
            handle(notices, said)

        return keep

    def from_last(data: Mapping[str, Any]) -> tuple[str, str]:
        start, end = period(data)
        return last.get(str(data.get("block_number")), start), end

    around("bid_opening", keeping)
    guarantees.guarantee_period = from_last


@defect("insurer/3.1/2/late-claim")
def takes_a_claim_back_to_its_start() -> None:
    """Stores the claim_status of every notice; a repeat says WAIT_ACCEPT for ever."""
    act = ACTIONS["claim"]

    def storing(handle: Handler) -> Handler:
        def store(notices: Notices, said: Said) -> None:
            handle(notices, said)
            new, number = said["claim_status"], said["claim_no"]
            write(notices._store, "UPDATE claims SET status = ? WHERE claim_no = ?", new, number)

        return store

    def in_order(insurer: Any, body: Any) -> Any:
        claim = insurer.store.claim(str(body.get("claim_no")))
        if body.get("do") == "AGREE_INDEMNITY" and claim["status"] != "INVESTIGATING":
            raise CannotAct("the claim was not accepted yet")
        return act(insurer, body)

    around("claim", storing)
    ACTIONS["claim"] = in_order


@defect("insurer/3.1/function/revocation")
def refuses_a_known_claim_number() -> None:
    """Takes 3.1 for new claims only: a number that it has means a duplicate, whatever it says."""

    def refusing(handle: Handler) -> Handler:
        def refuse(notices: Notices, said: Said) -> None:
            known = notices._store.claim(said["claim_no"])
            if known and said["claim_status"] != known["status"]:
                raise NoticeRefused(404, "理赔已存在")
            handle(notices, said)

        return refuse

    around("claim", refusing)


@defect("insurer/3.1/function/revocation-known", "insurer/3.1/function/revocation-stays")
def takes_every_claim_for_a_new_one() -> None:
    """Never reads claim_status: what comes by 3.1 waits to be accepted."""

    def opening(handle: Handler) -> Handler:
        def take(notices: Notices, said: Said) -> None:
            handle(notices, {**said, "claim_status": "WAIT_ACCEPT"})

        return take

    around("claim", opening)
