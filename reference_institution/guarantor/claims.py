"""The states of a guarantor's claim (guarantor 3.2, 5.7, P32); a claim only moves forward.

Two statuses occur in two phases, so a claim is stored with its phase: the `do_type` that led to its
status, 0 before the first, and a higher number for final states.
"""

APPLIED, ENDED, CLOSED = 0, 4, 5
#: The status to which each `do_type` and `status` of 3.2 leads.
RESULTS = {
    ("1", "1"): "DEAL_PASS",
    ("1", "2"): "DEAL_RETURN",
    ("2", "1"): "CLAIM_MEDIATE",
    ("2", "2"): "GUARANTOR_COMPENSATE",
    ("2", "3"): "GUARANTEE_COMPANY_COMPENSATION",
    ("2", "4"): "POLICYHOLDER_LIQUIDATION",
    ("2", "5"): "REJECT_APPLY",
    ("3", "1"): "COUNTER_GUARANTEE_RECOVERY",
    ("3", "2"): "JUDICIAL_LITIGATION_RECOVERY",
    ("3", "3"): "POLICYHOLDER_LIQUIDATION",
    ("3", "4"): "GUARANTEE_COMPANY_COMPENSATION",
}
#: The phase of each status, the earlier one if there are two.
PHASES = {
    "APPLY_WAIT_DEAL": APPLIED,
    **{status: int(do_type) for (do_type, _), status in reversed(RESULTS.items())},
    "DEAL_RETURN": ENDED,
    "REJECT_APPLY": ENDED,
    "CLAIM_CANCEL": ENDED,
    "CLAIM_CLOSE": CLOSED,
}


def phase_of(do_type: str, status: str) -> int:
    """Return the phase of a claim after a result of 3.2."""
    return max(PHASES[RESULTS[do_type, status]], int(do_type))
