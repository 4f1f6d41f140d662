"""What an action is: a decision that only the institution can take, as a call to the platform.

No call is made within a transaction: the platform may push to us before it answers. An answer may
also be lost on its way. Before a decision is repeated, the platform's own record is asked whether
it was effective; and a repeated call that is refused, because the first one was effective, counts
as success if that record says what was wanted.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from reference_institution.store import Row

if TYPE_CHECKING:
    from reference_institution.institution import Institution

#: The JSON body of an action's request.
Body: TypeAlias = Mapping[str, Any]
#: Takes the institution and the request, and returns the `data` of the platform's answer. Raises
#: `CannotAct`, or what a `PlatformClient` raises.
Action: TypeAlias = Callable[[Any, Body], Any]


class CannotAct(Exception):
    """The action's request lacks something, or names something that we have no record of."""


class Actions(dict[str, Action]):
    """The actions of a kind, by the names under which they are requested."""

    def add(self, function: Action) -> Action:
        """Make a function an action, named like it; to be used as a decorator."""
        self[function.__name__] = function
        return function


def member(body: Body, name: str) -> str:
    """Return a member of the request as text.

    Raises:
        CannotAct: it is missing or empty.
    """
    if not body.get(name):
        raise CannotAct(f"The request lacks `{name}`.")
    return str(body[name])


def current_order(institution: "Institution", body: Body) -> Row:
    """Return the request's `order_no` as the platform has it now: its names and dates count."""
    return institution.orders.refresh(member(body, "order_no"))


def known_claim(institution: "Institution", body: Body) -> Row:
    """Return the request's `claim_no` as we have it on record.

    Raises:
        CannotAct: we have not.
    """
    known = institution.store.claim(member(body, "claim_no"))
    if known is None:
        raise CannotAct(f"There is no claim {body['claim_no']}.")
    return known


def has_become(institution: "Institution", order: Row, wanted: str) -> bool:
    """Return whether a call that was refused, or not answered, had its effect after all."""
    now = institution.orders.look_up(order["order_no"])
    return now is not None and now["status"] == wanted != order["status"]
