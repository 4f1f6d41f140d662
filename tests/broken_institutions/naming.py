"""The ids of checks that a defect is made for, of both kinds of institution at once."""

from conformance_tests.suite.rules.checks import section_of
from conformance_tests.suite.rules.interfaces import ORDER_STATUS, Group

__all__ = ["ORDER_STATUS", "later", "of", "sealed", "signed"]


def of(group: Group, *endings: str) -> list[str]:
    """Return the ids of checks of a group's pushes.

    An ending is what follows the kind, with `{section}` and `{interface}` of each push.
    """
    return [
        f"{kind}/" + ending.format(section=section_of(kind, interface), interface=interface)
        for ending in endings
        for kind, interfaces in group.items()
        for interface in interfaces
    ]


def of_both(*checks: str) -> list[str]:
    """Return the ids of checks whose clause has the same number in both manuals."""
    return [f"{kind}/{check}" for kind in ("insurer", "guarantor") for check in checks]


def sealed(group: Group, *behaviours: str) -> list[str]:
    """Return the ids of checks of each push's 数据加密说明."""
    return of(group, *(f"{{section}}/encryption/{behaviour}" for behaviour in behaviours))


def signed(group: Group, *behaviours: str) -> list[str]:
    """Return the ids of checks of 5.1, which are named by the push."""
    return of(group, *(f"5.1/{behaviour}/{{interface}}" for behaviour in behaviours))


def later(group: Group) -> Group:
    """Return a group without the application (guarantor 2.1).

    An institution that cannot read its applications comes to nothing else, so that what is wrong
    with its other notices would never be seen.
    """
    return {
        kind: tuple(name for name in names if name != "application")
        for kind, names in group.items()
    }
