"""Deciding on a claim (3.2) and reading it (3.3)."""

from typing import Any

from reference_institution.actions import Body, CannotAct, member
from reference_institution.insurer import claims
from reference_institution.insurer.institution import Insurer, action
from reference_institution.lookups import known_claim
from reference_institution.platform_client import DONE, PlatformRefused, PlatformUnreachable
from reference_institution.store import Row


@action
def claim(insurer: Insurer, body: Body) -> Any:
    """Decide on a claim: `claim_no`, `do` (a `do_type` of 3.2), `reason` of a refusal."""
    known, do_type = known_claim(insurer, body), member(body, "do")
    if do_type not in claims.DECISIONS:
        raise CannotAct(f"`do` is one of {', '.join(claims.DECISIONS)}.")
    wanted = claims.DECISIONS[do_type]
    params = {**_names(insurer, known), "do_type": do_type}
    if do_type == "REFUSE_INDEMNITY":
        params["refuse_reason"] = str(body.get("reason") or "不符合保函约定的赔付条件")
    try:
        answer = insurer.client.call("update_claim", params)
    except PlatformRefused:
        now = refresh_claim(insurer, body)["claim_status"]
        if not now == wanted != known["status"]:
            raise
        return DONE
    claims.advance(insurer.store, known["claim_no"], wanted)
    return answer.get("data")


@action
def refresh_claim(insurer: Insurer, body: Body) -> Any:
    """Read a claim, with a new URL of its file: `claim_no` (3.3)."""
    known = known_claim(insurer, body)
    params = {
        **_names(insurer, known),
        "principal": known["content"]["principal"],
        "creditor": known["content"]["creditor"],
        "guarantor": insurer.letter.company,
    }
    data = insurer.client.call("get_claim_detail", params).get("data")
    if not isinstance(data, dict) or data.get("claim_status") not in claims.PROGRESS:
        raise PlatformUnreachable("the platform's answer is no claim")
    claims.advance(insurer.store, known["claim_no"], data["claim_status"])
    return data


def _names(insurer: Insurer, known: Row) -> dict[str, str]:
    # After a re-issue the platform knows the guarantee by its new number only.
    current = insurer.store.current_guarantee(known["order_no"])
    number = current["guarantee_no"] if current else known["guarantee_no"]
    return {"claim_no": known["claim_no"], "guarantee_no": number}
