"""The states of orders for a guarantor's products, 直开式 and 分离式 (guarantor 5.4, P52)."""

from collections.abc import Sequence
from itertools import pairwise

from reference_institution.orders import Product

DIRECT, SEPARATE = "1", "2"
_ISSUED = ("HAS_OUT_GUARANTEE", "FINISH")
#: The states of each product's orders in the order of the work, by `ktype`: material is submitted
#: before it is examined.
_PATHS = {
    DIRECT: (
        "WAIT_SUBMIT_FIRST_TRAIL",
        "WAIT_FIRST_TRAIL",
        "WAIT_SUBMIT_TUNE_UP",
        "WAIT_TUNE_UP",
        "WAIT_OFFER",
        "WAIT_PAY",
        "WAIT_OUT_GUARANTEE",
        *_ISSUED,
    ),
    SEPARATE: ("WAIT_SUBMIT_DATA", "WAIT_APPROVAL_DATA", "WAIT_OUT_GUARANTEE", *_ISSUED),
}


def _product(path: Sequence[str]) -> Product:
    # An order alternates between a submitting state and the next one.
    moves = [state for state in path if not _is_submitting(state)]
    progress = {state: moves.index(state) for state in moves}
    for state, examined in pairwise(path):
        if _is_submitting(state):
            progress[state] = progress[examined]
    return Product(progress, last_cancellable="WAIT_OUT_GUARANTEE")


def _is_submitting(state: str) -> bool:
    return state.startswith("WAIT_SUBMIT_")


#: The products by their `ktype` (保函属性).
PRODUCTS = {ktype: _product(path) for ktype, path in _PATHS.items()}


def returned_to(ktype: str, status: str, named: str) -> str | None:
    """Return the state to which an order in `status` is returned (2.3 with `is_withdraw` 1, P31).

    That is the `named` submitting state if it comes before `status`, else the nearest one before;
    None if there is none.
    """
    path = _PATHS[ktype]
    if status not in path:
        return None
    before = [state for state in path[: path.index(status)] if _is_submitting(state)]
    return named if named in before else before[-1] if before else None
