"""Mistakes of a guarantor with notices that come late or cross something."""

from collections.abc import Callable
from typing import Any

from broken_institutions.both.spoiling import (
    Handle,
    Said,
    around,
    go_by_own_states,
    set_status,
    write,
)
from broken_institutions.defects import defect
from reference_institution.actions import Body, CannotAct
from reference_institution.guarantor import ACTIONS, Guarantor
from reference_institution.institution import Institution
from reference_institution.pushes import NoticeRefused, read_json


def _at(path: str, wrap: Callable[[Institution, Handle], Handle]) -> None:
    """Put something around the handling of one notice."""
    around(lambda institution, at, handle: wrap(institution, handle) if at == path else handle)


@defect("guarantor/2.1/2/late-after-payment", "guarantor/2.1/2/late-after-return")
def opens_a_new_file_for_each_application() -> None:
    """`INSERT ... ON DUPLICATE KEY UPDATE`: a repeated application is NEW again, for an officer.

    Nothing but what follows on its own state is possible then.
    """

    def storing(institution: Institution, handle: Handle) -> Handle:
        def store(said: Said) -> Any:
            known = institution.store.order(said["order_no"])
            answer = handle(said)
            if known:
                set_status(institution.store, said["order_no"], "NEW")
            return answer

        return store

    def following(institution: Institution, handle: Handle) -> Handle:
        def follow(said: Said) -> Any:
            known = institution.store.order(said["order_no"])
            if known and known["status"] == "NEW":
                raise NoticeRefused(404, "该订单尚未受理")
            return handle(said)

        return follow

    _at("/application", storing)
    _at("/order-status", following)
    go_by_own_states({"WAIT_TUNE_UP": ("WAIT_FIRST_TRAIL",), "issue": ("WAIT_OUT_GUARANTEE",)})


@defect("guarantor/2.2/function/cancelled-before-application")
def drops_news_of_unknown_orders() -> None:
    """Acknowledges a notice about an order that it does not have, so that it stops coming."""

    def dropping(institution: Institution, handle: Handle) -> Handle:
        def drop(said: Said) -> Any:
            return handle(said) if institution.store.order(said["order_no"]) else None

        return drop

    _at("/order-status", dropping)


@defect("guarantor/2.8/2/late-after-release")
def revokes_whatever_a_batch_names() -> None:
    """Updates every guarantee that a notice names, without a look at the batch or the state."""

    def updating(institution: Institution, handle: Handle) -> Handle:
        def update(said: Said) -> Any:
            answer = handle(said)
            write(
                institution.store,
                "UPDATE releases SET status = 'REVOKED' "
                "WHERE revoke_no = ? AND status = 'RELEASED'",
                said["revoke_no"],
            )
            return answer

        return update

    _at("/release", updating)


@defect("guarantor/2.8/request/crossed-batches")
def takes_what_was_revoked_before_for_done() -> None:
    """Reads 已发起撤销名单 as "released already", and files it so."""

    def filing(institution: Institution, handle: Handle) -> Handle:
        def file(said: Said) -> Any:
            answer = handle(said)
            for item in read_json(said["revoke_guarantee_data"])["revoke_success_data"]:
                write(
                    institution.store,
                    "INSERT OR IGNORE INTO releases "
                    "(guarantee_no, revoke_no, block_number, block_name, status, release_date) "
                    "VALUES (?, ?, ?, ?, 'RELEASED', '2020-05-12 12:01:01')",
                    item["guarantee_no"],
                    *(said[name] for name in ("revoke_no", "block_number", "block_name")),
                )
            return answer

        return file

    _at("/release", filing)


@defect("guarantor/3.1/function/crosses-revocation")
def takes_no_claim_on_what_was_revoked() -> None:
    """A revoked guarantee is void to it from the notice on."""

    def refusing(institution: Institution, handle: Handle) -> Handle:
        def refuse(said: Said) -> Any:
            if institution.store.find("releases", said["guarantee_no"]):
                raise NoticeRefused(404, "保函已撤销")
            return handle(said)

        return refuse

    _at("/claim", refusing)


@defect("guarantor/3.1/2/late-claim", "guarantor/3.1/2/late-after-settlement")
def takes_a_claim_back_to_where_it_began() -> None:
    """Stores the status of every notice; a repeat says APPLY_WAIT_DEAL for ever."""
    act = ACTIONS["claim"]

    def storing(institution: Institution, handle: Handle) -> Handle:
        def store(said: Said) -> Any:
            answer = handle(said)
            write(
                institution.store,
                "UPDATE claims SET status = ?, phase = 0 WHERE claim_no = ?",
                said["status"],
                said["claim_no"],
            )
            return answer

        return store

    def in_order(guarantor: Guarantor, body: Body) -> Any:
        claim = guarantor.store.claim(str(body.get("claim_no")))
        if claim and str(claim["phase"] + 1) != str(body.get("do_type")):
            raise CannotAct("The claim has not come as far.")
        return act(guarantor, body)

    _at("/claim", storing)
    ACTIONS["claim"] = in_order
