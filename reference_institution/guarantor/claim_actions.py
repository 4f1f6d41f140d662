"""Handling a claim (3.2) and reading it (3.3)."""

from typing import Any

from reference_institution.actions import Body, CannotAct, member
from reference_institution.guarantor import claims
from reference_institution.guarantor.institution import Guarantor, action
from reference_institution.lookups import known_claim
from reference_institution.platform_client import DONE, PlatformRefused, PlatformUnreachable
from reference_institution.store import Row


@action
def claim(guarantor: Guarantor, body: Body) -> Any:
    """Report a claim's result: `claim_no`, `do_type`, `status`, `note` (3.2)."""
    known = known_claim(guarantor, body)
    result = (member(body, "do_type"), member(body, "status"))
    if result not in claims.RESULTS:
        raise CannotAct(f"3.2 has no do_type {result[0]} with status {result[1]}.")
    wanted, phase = claims.RESULTS[result], claims.phase_of(*result)
    params = {
        **_names(guarantor, known),
        "do_type": result[0],
        "status": result[1],
        "note": str(body.get("note") or "无"),
    }
    try:
        answer = guarantor.client.call("guarantor_update_claim_result", params)
    except PlatformRefused:
        # The answer to an earlier call may have been lost. Two phases share some statuses.
        if not (refresh_claim(guarantor, body)["status"] == wanted and known["phase"] < phase):
            raise
        answer = {"data": DONE}
    guarantor.store.advance_claim(known["claim_no"], wanted, phase)
    return answer.get("data")


@action
def refresh_claim(guarantor: Guarantor, body: Body) -> Any:
    """Read a claim: `claim_no` (3.3)."""
    known = known_claim(guarantor, body)
    data = guarantor.client.call("guarantor_get_lp_info", _names(guarantor, known)).get("data")
    if not isinstance(data, dict) or data.get("status") not in claims.PHASES:
        raise PlatformUnreachable("the platform's answer is no claim")
    status = data["status"]
    guarantor.store.advance_claim(known["claim_no"], status, claims.PHASES[status])
    return data


def _names(guarantor: Guarantor, known: Row) -> dict[str, str]:
    names = ("claim_no", "guarantee_no", "principal", "creditor", "guarantor")
    return {name: known["content"].get(name, "") for name in names}
