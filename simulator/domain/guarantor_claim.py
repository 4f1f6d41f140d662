"""The states and transitions of a guarantor's claims (guarantor 3.2, 5.7, P32, P55).

Events are `do_type/status` of 3.2, `revoke` by the beneficiary and `close` by the platform. Two
statuses occur in two phases, so a state is a status with the `do_type` that led to it.
"""

from simulator.domain.machine import Machine
from simulator.domain.product import ClaimRules

APPLY_WAIT_DEAL = "APPLY_WAIT_DEAL"
CLAIM_CANCEL = "CLAIM_CANCEL"
CLAIM_CLOSE = "CLAIM_CLOSE"
DEAL_PASS = "DEAL_PASS"
DEAL_RETURN = "DEAL_RETURN"
REJECT_APPLY = "REJECT_APPLY"
CLAIM_MEDIATE = "CLAIM_MEDIATE"
GUARANTOR_COMPENSATE = "GUARANTOR_COMPENSATE"
GUARANTEE_COMPANY_COMPENSATION = "GUARANTEE_COMPANY_COMPENSATION"
POLICYHOLDER_LIQUIDATION = "POLICYHOLDER_LIQUIDATION"
COUNTER_GUARANTEE_RECOVERY = "COUNTER_GUARANTEE_RECOVERY"
JUDICIAL_LITIGATION_RECOVERY = "JUDICIAL_LITIGATION_RECOVERY"

#: The status of 5.7 for each `do_type` and `status` of 3.2.
RESULTS = {
    ("1", "1"): DEAL_PASS,
    ("1", "2"): DEAL_RETURN,
    ("2", "1"): CLAIM_MEDIATE,
    ("2", "2"): GUARANTOR_COMPENSATE,
    ("2", "3"): GUARANTEE_COMPANY_COMPENSATION,
    ("2", "4"): POLICYHOLDER_LIQUIDATION,
    ("2", "5"): REJECT_APPLY,
    ("3", "1"): COUNTER_GUARANTEE_RECOVERY,
    ("3", "2"): JUDICIAL_LITIGATION_RECOVERY,
    ("3", "3"): POLICYHOLDER_LIQUIDATION,
    ("3", "4"): GUARANTEE_COMPANY_COMPENSATION,
}
#: Results that only the separate product has (分离式才有).
_SEPARATE_ONLY = {("2", "3"), ("3", "4")}
_OPEN = (
    APPLY_WAIT_DEAL,
    DEAL_PASS,
    CLAIM_MEDIATE,
    GUARANTOR_COMPENSATE,
    GUARANTEE_COMPANY_COMPENSATION,
    POLICYHOLDER_LIQUIDATION,
    COUNTER_GUARANTEE_RECOVERY,
    JUDICIAL_LITIGATION_RECOVERY,
)


def _claims(separate: bool) -> ClaimRules:
    known = {
        (phase, number): f"{status}/{phase}"
        for (phase, number), status in RESULTS.items()
        if separate or (phase, number) not in _SEPARATE_ONLY
    }
    accepted, settled = (
        [f"{DEAL_PASS}/1"],
        [place for (phase, number), place in known.items() if phase == "2" and number != "5"],
    )
    before = {"1": [APPLY_WAIT_DEAL], "2": accepted, "3": settled}
    transitions = {
        (start, f"{phase}/{number}"): place
        for (phase, number), place in known.items()
        for start in before[phase]
    }
    transitions |= {(start, "revoke"): CLAIM_CANCEL for start in (APPLY_WAIT_DEAL, *accepted)}
    transitions |= {
        (place, "close"): CLAIM_CLOSE for place in known.values() if place not in accepted
    }
    return ClaimRules(APPLY_WAIT_DEAL, Machine(transitions), _OPEN)


DIRECT_CLAIMS = _claims(separate=False)
SEPARATE_CLAIMS = _claims(separate=True)
