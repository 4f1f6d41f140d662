"""The states of an insurer's claim (insurer 5.7, P30); a claim only moves forward."""

from reference_institution.insurer.store import InsurerStore

PROGRESS = {
    "WAIT_ACCEPT": 0,
    "INVESTIGATING": 1,
    "WAIT_INDEMNITY": 2,
    "FINISH_INDEMNITY": 3,
    "REFUSE_INDEMNITY": 3,
    "REVOKED": 3,
}
#: The status to which each `do_type` of 3.2 leads.
DECISIONS = {
    "ACCEPT": "INVESTIGATING",
    "AGREE_INDEMNITY": "WAIT_INDEMNITY",
    "FINISH_INDEMNITY": "FINISH_INDEMNITY",
    "REFUSE_INDEMNITY": "REFUSE_INDEMNITY",
}


def advance(store: InsurerStore, claim_no: str, status: str) -> None:
    """Change a claim's status, unless the claim is there already or beyond (P40)."""
    claim = store.claim(claim_no)
    while claim and PROGRESS[status] > PROGRESS[claim["status"]]:
        if store.change_claim_status(claim_no, claim["status"], status):
            return
        claim = store.claim(claim_no)
