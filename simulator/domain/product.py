"""A product (保函属性): the states of its orders and of the claims on them, as data."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from simulator.domain.machine import Machine
from simulator.errors import Text


@dataclass(frozen=True)
class ClaimRules:
    """How claims on a product's guarantees proceed.

    The machine's states are a status, or `status/phase` where the phase matters (P32).
    """

    first: str
    machine: Machine
    #: While a claim has one of these statuses, no other can be made on its guarantee (P47).
    open: Collection[str]


@dataclass(frozen=True)
class Product:
    """What an order is for, known by its `ktype` (保函属性)."""

    ktype: str
    title: Text
    #: The state in which orders start; None if the account's switch `first_state` decides.
    first: str | None
    #: The machine of its orders, by the value of the account's switch `due_diligence`.
    machines: Mapping[str, Machine]
    claims: ClaimRules
    #: The states up to the guarantee in the order of the work, for products whose orders move by
    #: `to <state>` and `back to <state>`.
    path: tuple[str, ...] = ()
    #: The states on the path in which the principal has to submit material (again).
    submitting: Collection[str] = ()
    #: Whether the guarantor is the applicant, and not the principal (guarantor 2.4).
    guarantor_applies: bool = False

    def back_from(self, state: str, named: str) -> str | None:
        """Return the submitting state to which an order is returned (guarantor 2.3, P31, P52).

        That is the `named` one if it comes before the present state, else the nearest before it;
        None if there is none.
        """
        if state not in self.path:
            return None
        before = [each for each in self.path[: self.path.index(state)] if each in self.submitting]
        return named if named in before else before[-1] if before else None
