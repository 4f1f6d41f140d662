"""The states of an insurer's claim (insurer 5.7, P30): it only ever moves forward."""

from reference_institution.insurer.store import InsurerStore

PROGRESS = {
    "WAIT_ACCEPT": 0,
    "INVESTIGATING": 1,
    "WAIT_INDEMNITY": 2,
    "FINISH_INDEMNITY": 3,
    "REFUSE_INDEMNITY": 3,
    "REVOKED": 3,
}
#: What each `do_type` of 3.2 makes of a claim.
DECISIONS = {
    "ACCEPT": "INVESTIGATING",
    "AGREE_INDEMNITY": "WAIT_INDEMNITY",
    "FINISH_INDEMNITY": "FINISH_INDEMNITY",
    "REFUSE_INDEMNITY": "REFUSE_INDEMNITY",
}


def advance(store: InsurerStore, claim_no: str, status: str) -> None:
    """Move a claim on to `status`, unless it is already there or further (P40)."""
    claim = store.claim(claim_no)
    while claim and PROGRESS[status] > PROGRESS[claim["status"]]:
        if store.change_claim_status(claim_no, claim["status"], status):
            return
        claim = store.claim(claim_no)
