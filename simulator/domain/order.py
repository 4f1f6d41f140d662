"""The states and transitions of an insurer's orders (insurer 5.4, P24)."""

from simulator.domain.claim import CLAIMS
from simulator.domain.machine import Machine
from simulator.domain.product import Product
from simulator.errors import Text

WAIT_TUNE_UP = "WAIT_TUNE_UP"
WAIT_SUBMIT_TUNE_UP = "WAIT_SUBMIT_TUNE_UP"
WAIT_OFFER = "WAIT_OFFER"
WAIT_PAY = "WAIT_PAY"
WAIT_OUT_GUARANTEE = "WAIT_OUT_GUARANTEE"
HAS_OUT_GUARANTEE = "HAS_OUT_GUARANTEE"
FINISH = "FINISH"
CANCEL = "CANCEL"

#: The states before payment, in which both sides can cancel and 2.1's page is offered.
BEFORE_PAYMENT = (WAIT_TUNE_UP, WAIT_SUBMIT_TUNE_UP, WAIT_OFFER, WAIT_PAY)
#: The states in which a claim on the guarantee can be made (P47).
CLAIMABLE = (HAS_OUT_GUARANTEE, FINISH)
#: The states in which an invoice can be applied for (P47).
INVOICEABLE = (WAIT_OUT_GUARANTEE, HAS_OUT_GUARANTEE, FINISH)

_TRANSITIONS = {
    (WAIT_TUNE_UP, "confirm"): WAIT_TUNE_UP,
    (WAIT_TUNE_UP, "return_confirmation"): WAIT_SUBMIT_TUNE_UP,
    (WAIT_TUNE_UP, "pass_due_diligence"): WAIT_OFFER,
    (WAIT_TUNE_UP, "return_due_diligence"): WAIT_SUBMIT_TUNE_UP,
    (WAIT_SUBMIT_TUNE_UP, "submit"): WAIT_TUNE_UP,
    (WAIT_OFFER, "offer"): WAIT_PAY,
    (WAIT_PAY, "offer"): WAIT_PAY,
    (WAIT_PAY, "pay"): WAIT_OUT_GUARANTEE,
    (WAIT_OUT_GUARANTEE, "issue"): HAS_OUT_GUARANTEE,
    (HAS_OUT_GUARANTEE, "finish"): FINISH,
    **{(state, "cancel"): CANCEL for state in BEFORE_PAYMENT},
}

#: Due diligence comes before an offer (switch `due_diligence: required`).
WITH_DUE_DILIGENCE = Machine(_TRANSITIONS)
#: An offer straight from the first state ("可以直接支付"), the default.
DIRECT_OFFER = Machine({**_TRANSITIONS, (WAIT_TUNE_UP, "offer"): WAIT_PAY})

#: The only product of insurers.
POLICY = Product(
    ktype="4",
    title=Text("insurance policy", "保险保单"),
    first=None,
    machines={"optional": DIRECT_OFFER, "required": WITH_DUE_DILIGENCE},
    claims=CLAIMS,
)

#: 2.4's `order_do_type` and `status`, as the event they are.
EVENTS = {
    ("1", "1"): "confirm",
    ("1", "2"): "return_confirmation",
    ("2", "1"): "pass_due_diligence",
    ("2", "2"): "return_due_diligence",
    ("3", "1"): "offer",
    ("4", "1"): "pay",
    **{(do_type, "3"): "cancel" for do_type in "1234"},
}
