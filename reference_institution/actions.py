"""What an action is: a decision that only the insurer can take, as a call to the platform.

No call is made within a transaction: the platform may push to us before it answers. An answer may
also be lost on its way. Before a decision is repeated, the platform's own record is asked whether
it was effective; and a repeated call that is refused, because the first one was effective, counts
as success if that record says what was wanted.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from reference_institution.insurer import Insurer
from reference_institution.store import Row

#: The JSON body of an action's request.
Body: TypeAlias = Mapping[str, Any]
#: Takes the request and returns the `data` of the platform's answer. Raises `CannotAct`, or what
#: a `PlatformClient` raises.
Action: TypeAlias = Callable[[Insurer, Body], Any]

#: Every action by the name under which it is requested: that of its function.
ACTIONS: dict[str, Action] = {}


class CannotAct(Exception):
    """The action's request lacks something, or names something that we have no record of."""


def action(function: Action) -> Action:
    """Make a function an action."""
    ACTIONS[function.__name__] = function
    return function


def member(body: Body, name: str) -> str:
    """Return a member of the request as text.

    Raises:
        CannotAct: it is missing or empty.
    """
    if not body.get(name):
        raise CannotAct(f"The request lacks `{name}`.")
    return str(body[name])


def current_order(insurer: Insurer, body: Body) -> Row:
    """Return the request's `order_no` as 2.3 has it now: its names and dates are what counts."""
    return insurer.orders.refresh(member(body, "order_no"))


def has_become(insurer: Insurer, order: Row, wanted: str) -> bool:
    """Return whether a call that was refused, or not answered, had its effect after all."""
    now = insurer.orders.look_up(order["order_no"])
    return now is not None and now["status"] == wanted != order["status"]
