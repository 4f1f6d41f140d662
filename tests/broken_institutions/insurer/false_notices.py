"""Mistakes that let a false notice (假通知) through."""

import json
from collections.abc import Mapping
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.insurer.spoiling import (
    Handler,
    Said,
    around,
    go_by_own_states,
    write,
)
from reference_institution.actions import CannotAct
from reference_institution.insurer import ACTIONS, claims
from reference_institution.insurer.notices import Notices
from reference_institution.insurer.store import InsurerStore as Store
from reference_institution.orders import Orders
from reference_institution.store import Row

_NAMES = ("principal", "creditor", "block_number", "block_name")
_OPEN = ("WAIT_TUNE_UP", "WAIT_OFFER", "WAIT_PAY")


def _both(*checks: str) -> list[str]:
    return [f"insurer/{check}{ending}" for check in checks for ending in ("", "-no-record")]


def _compare_only(*compared: str) -> None:
    """Compare only these names of a notice with the order; closed orders are left alone."""
    fitting = Orders.fitting

    def laxly(self: Orders, order_no: str, given: Mapping[str, str]) -> Row | None:
        return fitting(self, order_no, {k: v for k, v in given.items() if k in compared})

    Orders.fitting = laxly  # type: ignore[method-assign]
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]
    go_by_own_states({"offer": _OPEN})
    _leave_revoked_claims_alone()


def _leave_revoked_claims_alone() -> None:
    act = ACTIONS["claim"]

    def guarded(insurer: Any, body: Any) -> Any:
        claim = insurer.store.claim(str(body.get("claim_no")))
        if claim and claim["status"] == "REVOKED":
            raise CannotAct("the claim was revoked")
        return act(insurer, body)

    ACTIONS["claim"] = guarded


@defect(
    *_both(*(f"2.2/4/wrong-{name}" for name in _NAMES)),
    *_both(*(f"3.1/4/wrong-{name}" for name in _NAMES)),
    *_both("3.1/4/wrong-guarantee-of-another-order"),
)
def trusts_the_number_alone() -> None:
    """Looks an order or a guarantee up by its number and compares nothing else."""
    _compare_only()


@defect(*_both("2.2/4/wrong-creditor", "3.1/4/wrong-creditor"))
def never_compares_the_creditor() -> None:
    """Compares what the principal's own record holds; the creditor (受益人) is not in it."""
    _compare_only("principal", "block_number", "block_name")


@defect(*_both("2.2/4/wrong-principal", "3.1/4/wrong-principal"))
def never_compares_the_principal() -> None:
    """Compares the block and its owner: who bids there seems to be none of a notice's business."""
    _compare_only("creditor", "block_number", "block_name")


@defect(
    *_both("2.2/4/wrong-block_number", "2.2/4/wrong-block_name"),
    *_both("3.1/4/wrong-block_number", "3.1/4/wrong-block_name"),
)
def never_compares_the_block() -> None:
    """Compares the two companies; the block (标段) is only stored for the printed page."""
    _compare_only("principal", "creditor")


@defect(*_both("2.2/4/unknown-order"))
def makes_an_order_of_any_notice() -> None:
    """Stores an order that it does not know from the notice itself; 2.3 will fill in the rest."""

    def taking(handle: Handler) -> Handler:
        def take(notices: Notices, said: Said) -> None:
            if notices._store.order(said["order_no"]) is None:
                rest = {"guarantee_start_date": "2027-01-01", "valid_day": "90"}
                notices._store.remember_order({**said, **rest})
                return
            handle(notices, said)

        return take

    around("order_status", taking)
    go_by_own_states({})


@defect(*_both("2.8/4/unknown-order-alone", "2.8/4/unknown-order-among-others"))
def bills_any_order_number() -> None:
    """Prints order_nos on the invoice and never looks one of them up."""
    fitting = Orders.fitting

    def any_number(self: Orders, order_no: str, given: Mapping[str, str]) -> Row | None:
        return fitting(self, order_no, given) if given else {"order_no": order_no}

    Orders.fitting = any_number  # type: ignore[method-assign]


@defect(*_both("2.8/4/unknown-order-among-others"))
def checks_the_first_order_number_only() -> None:
    """Splits order_nos for the printout; the check in front of it takes the first one."""

    def checking(handle: Handler) -> Handler:
        def check(notices: Notices, said: Said) -> None:
            handle(notices, {**said, "order_nos": said["order_nos"].split(",")[0]})

        return check

    around("invoice", checking)


def _move_the_guarantees() -> None:
    """Move the guarantees of a block to the day that the notice says."""

    def moving(handle: Handler) -> Handler:
        def move(notices: Notices, said: Said) -> None:
            handle(notices, said)
            store, day = notices._store, said["open_tender_time"][:10]
            for order in store.orders_of_block(said["block_number"], said["block_name"]):
                guarantee = store.current_guarantee(order["order_no"])
                if guarantee:
                    moved = {**guarantee["particulars"], "guarantee_start_date": day}
                    statement = "UPDATE guarantees SET particulars = ? WHERE guarantee_no = ?"
                    write(store, statement, json.dumps(moved), guarantee["guarantee_no"])

        return move

    around("bid_opening", moving)


@defect(*_both("2.10/4/wrong-block_name"))
def knows_a_block_by_its_number_alone() -> None:
    """Finds the orders of a block by block_number, and moves their guarantees."""

    def by_number(store: Store, block_number: str, _: str) -> list[Row]:
        return store._all("orders", "block_number", block_number)

    Store.orders_of_block = by_number  # type: ignore[method-assign]
    _move_the_guarantees()


@defect(*_both("2.10/4/wrong-block_number"))
def knows_a_block_by_its_name_alone() -> None:
    """Finds the orders of a block by block_name, because the sample's block_number is empty."""

    def by_name(store: Store, _: str, block_name: str) -> list[Row]:
        return store._all("orders", "block_name", block_name)

    Store.orders_of_block = by_name  # type: ignore[method-assign]
    _move_the_guarantees()


@defect(*_both("2.10/4/wrong-both"))
def moves_every_bid_opening() -> None:
    """Has one project in the test environment, and moves the dates of whatever is there."""
    by_block = Store.orders_of_block

    def any_block(store: Store, block_number: str, block_name: str) -> list[Row]:
        return by_block(store, block_number, block_name) or store._all("orders", "'1'", "1")

    Store.orders_of_block = any_block  # type: ignore[method-assign]
    _move_the_guarantees()


@defect(*_both("3.1/4/wrong-guarantee_no"))
def opens_a_claim_without_its_guarantee() -> None:
    """Stores a claim first and looks for the guarantee when somebody gets round to it."""

    def opening(handle: Handler) -> Handler:
        def open_claim(notices: Notices, said: Said) -> None:
            if notices._store.guarantee(said["guarantee_no"]):
                handle(notices, said)
                return
            numbers = {name: said[name] for name in ("claim_no", "guarantee_no")}
            claim = {"order_no": "", "content": dict(said), "claim_file": "", **numbers}
            notices._store.add_claim({**claim, "status": said["claim_status"]})

        return open_claim

    around("claim", opening)


@defect(*_both("3.1/4/revocation-wrong-principal", "3.1/4/revocation-wrong-guarantee_no"))
def revokes_by_the_claims_number_alone() -> None:
    """Checks a new claim well; for REVOKED it only needs to find the claim_no, it thinks."""

    def revoking(handle: Handler) -> Handler:
        def revoke(notices: Notices, said: Said) -> None:
            if said["claim_status"] == "REVOKED":
                claims.advance(notices._store, said["claim_no"], "REVOKED")
                return
            handle(notices, said)

        return revoke

    around("claim", revoking)
    _leave_revoked_claims_alone()
