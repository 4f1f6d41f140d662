"""The states and transitions of an insurer's claims (insurer 5.7, P30)."""

from simulator.domain.machine import Machine
from simulator.domain.product import ClaimRules

WAIT_ACCEPT = "WAIT_ACCEPT"
INVESTIGATING = "INVESTIGATING"
WAIT_INDEMNITY = "WAIT_INDEMNITY"
FINISH_INDEMNITY = "FINISH_INDEMNITY"
REFUSE_INDEMNITY = "REFUSE_INDEMNITY"
REVOKED = "REVOKED"

OPEN = (WAIT_ACCEPT, INVESTIGATING, WAIT_INDEMNITY)

#: Events are the `do_type` of 3.2, and `revoke` by the beneficiary.
MACHINE = Machine(
    {
        (WAIT_ACCEPT, "ACCEPT"): INVESTIGATING,
        (WAIT_ACCEPT, "REFUSE_INDEMNITY"): REFUSE_INDEMNITY,
        (INVESTIGATING, "AGREE_INDEMNITY"): WAIT_INDEMNITY,
        (INVESTIGATING, "REFUSE_INDEMNITY"): REFUSE_INDEMNITY,
        (WAIT_INDEMNITY, "FINISH_INDEMNITY"): FINISH_INDEMNITY,
        **{(state, "revoke"): REVOKED for state in OPEN},
    }
)

CLAIMS = ClaimRules(WAIT_ACCEPT, MACHINE, OPEN)
