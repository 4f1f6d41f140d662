"""Actions: what the institution decides by itself and reports to the platform by a call.

No call is made within a transaction, because the platform may push to us before it answers.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

#: The JSON body of an action's request.
Body: TypeAlias = Mapping[str, Any]
#: Takes the institution and the request, and returns the `data` of the platform's answer. Raises
#: `CannotAct`, or what a `PlatformClient` raises.
Action: TypeAlias = Callable[[Any, Body], Any]


class CannotAct(Exception):
    """The request lacks a member, or names something that is not on record."""


class Actions(dict[str, Action]):
    """The actions of one kind of institution, by the names under which they are requested."""

    def add(self, function: Action) -> Action:
        """Register a function as the action of the same name; used as a decorator."""
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
