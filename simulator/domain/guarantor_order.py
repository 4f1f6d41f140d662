"""The two products of guarantors, and the transitions of their orders (guarantor 5.4, P31, P52).

Each submitting state comes before the state in which its material is examined. In that order
`notify_order_status` (2.3) moves an order forward, and back when it returns one.
"""

from simulator.domain.guarantor_claim import DIRECT_CLAIMS, SEPARATE_CLAIMS
from simulator.domain.machine import Machine
from simulator.domain.order import (
    CANCEL,
    FINISH,
    HAS_OUT_GUARANTEE,
    WAIT_OFFER,
    WAIT_OUT_GUARANTEE,
    WAIT_PAY,
    WAIT_SUBMIT_TUNE_UP,
    WAIT_TUNE_UP,
)
from simulator.domain.product import ClaimRules, Product
from simulator.errors import Text

WAIT_FIRST_TRAIL = "WAIT_FIRST_TRAIL"
WAIT_SUBMIT_FIRST_TRAIL = "WAIT_SUBMIT_FIRST_TRAIL"
WAIT_SUBMIT_DATA = "WAIT_SUBMIT_DATA"
WAIT_APPROVAL_DATA = "WAIT_APPROVAL_DATA"

#: The states in which the principal submits material, and those in which it is examined.
_EXAMINED_IN = {
    WAIT_SUBMIT_FIRST_TRAIL: WAIT_FIRST_TRAIL,
    WAIT_SUBMIT_TUNE_UP: WAIT_TUNE_UP,
    WAIT_SUBMIT_DATA: WAIT_APPROVAL_DATA,
}


def _machine(path: tuple[str, ...]) -> Machine:
    transitions: dict[tuple[str, str], str] = {}
    for place, state in enumerate(path):
        if state in _EXAMINED_IN:
            transitions[state, "submit"] = _EXAMINED_IN[state]
        else:
            for later in path[place + 1 :]:
                transitions[state, f"to {later}"] = later
            for earlier in path[:place]:
                if earlier in _EXAMINED_IN:
                    transitions[state, f"back to {earlier}"] = earlier
        transitions[state, "cancel_order"] = CANCEL
        if state != WAIT_OUT_GUARANTEE:
            transitions[state, "cancel"] = CANCEL
    transitions[WAIT_OUT_GUARANTEE, "issue"] = HAS_OUT_GUARANTEE
    transitions[HAS_OUT_GUARANTEE, "finish"] = FINISH
    return Machine(transitions)


def _product(
    ktype: str, title: Text, path: tuple[str, ...], claims: ClaimRules, guarantor_applies: bool
) -> Product:
    machine = _machine(path)
    return Product(
        ktype=ktype,
        title=title,
        first=path[1],
        machines={"optional": machine, "required": machine},
        claims=claims,
        path=path,
        submitting=[state for state in path if state in _EXAMINED_IN],
        guarantor_applies=guarantor_applies,
    )


#: 直开式: the guarantor itself guarantees, the principal applies.
DIRECT = _product(
    "1",
    Text("direct", "直开式"),
    (
        WAIT_SUBMIT_FIRST_TRAIL,
        WAIT_FIRST_TRAIL,
        WAIT_SUBMIT_TUNE_UP,
        WAIT_TUNE_UP,
        WAIT_OFFER,
        WAIT_PAY,
        WAIT_OUT_GUARANTEE,
    ),
    DIRECT_CLAIMS,
    guarantor_applies=False,
)
#: 分离式: the guarantor applies for a guarantee that another institution gives.
SEPARATE = _product(
    "2",
    Text("separate", "分离式"),
    (WAIT_SUBMIT_DATA, WAIT_APPROVAL_DATA, WAIT_OUT_GUARANTEE),
    SEPARATE_CLAIMS,
    guarantor_applies=True,
)
