"""Mistakes with notices that come late or cross something."""

from collections.abc import Mapping
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.insurer.spoiling import (
    Handler,
    Said,
    around,
    write,
)
from reference_institution import guarantees
from reference_institution.actions import CannotAct
from reference_institution.insurer import ACTIONS
from reference_institution.insurer.notices import Notices


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
