"""What an action looks up first: the order or the claim that its request names.

An answer of the platform may be lost on its way. Before a decision is repeated, the platform's
record shows whether it took effect; and a repeated call that is refused because the first one
took effect counts as success if that record says what was wanted.
"""

from reference_institution.actions import Body, CannotAct, member
from reference_institution.institution import Institution
from reference_institution.store import Row


def current_order(institution: Institution, body: Body) -> Row:
    """Return the request's `order_no` as the platform has it now: its names and dates count.

    Raises:
        CannotAct: the request names no order.
        PlatformRefused: the platform has no such order for us.
        PlatformUnreachable: it did not answer.
    """
    return institution.orders.refresh(member(body, "order_no"))


def known_claim(institution: Institution, body: Body) -> Row:
    """Return the request's `claim_no` as we have it on record.

    Raises:
        CannotAct: the request names no claim, or one that we do not know.
    """
    known = institution.store.claim(member(body, "claim_no"))
    if known is None:
        raise CannotAct(f"There is no claim {body['claim_no']}.")
    return known


def has_become(institution: Institution, order: Row, wanted: str) -> bool:
    """Return whether a call that was refused, or not answered, took effect after all."""
    now = institution.orders.look_up(order["order_no"])
    return now is not None and now["status"] == wanted != order["status"]
