"""The vocabulary of scenarios: acts, things and their members, pushes, calls and states."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance_tests.suite.rules.checks import catalogue
from conformance_tests.suite.scenes.both.actions import ACTIONS
from simulator import shapes
from simulator.protocol.catalogue import Interface
from simulator.shapes.schema import members

INSURER, GUARANTOR = "insurer", "guarantor"
BOTH = (INSURER, GUARANTOR)
INSTITUTION = "institution"
RESTART = "restart"
_TOKEN_REFUSED = "1006"
#: States that the manuals have no words for: those of invoices and guarantees.
INVOICE_STATES = ("applied", "issued")
GUARANTEE_STATES = ("valid", "replaced", "revoked", "forfeited", "released")
PUSH_STATES = (
    *("pending", "held", "unroutable", "acknowledged", "exhausted"),
    *("answered", "unanswered"),
)


@dataclass(frozen=True)
class Thing:
    """Something that a step makes and later steps refer to.

    `path` is where the control API lists it; `number` is the member that a reference without
    members means.
    """

    path: str
    number: str
    members: tuple[str, ...]


THINGS: Mapping[str, Thing] = {
    "order": Thing("orders", "order_no", tuple(members(shapes.Order))),
    "guarantee": Thing("guarantees", "guarantee_no", tuple(members(shapes.Guarantee))),
    "invoice": Thing("invoices", "invoice_id", tuple(members(shapes.Invoice))),
    "claim": Thing("claims", "claim_no", tuple(members(shapes.Claim))),
    "release": Thing("releases", "revoke_no", tuple(members(shapes.Release))),
}


@dataclass(frozen=True)
class Act:
    """What somebody can do: an `actor` (`principal`) and the `action` (`apply`).

    `takes` are the members of `with`. `about` maps those that name its object to the kind of thing;
    one that is left out means the thing of the usual name. With `open`, further members go into
    the table of what is made. `makes` is the kind of thing that later steps can refer to.
    """

    actor: str
    action: str
    kinds: tuple[str, ...] = BOTH
    takes: tuple[str, ...] = ()
    about: Mapping[str, str] = field(default_factory=dict)
    makes: str | None = None
    open: bool = False

    @property
    def name(self) -> str:
        """What a file calls it: `principal.apply`."""
        return f"{self.actor}.{self.action}"

    @property
    def by_institution(self) -> bool:
        """Whether the institution does it, by an action of the target file."""
        return self.actor == INSTITUTION


_OF_ORDER = {"order": "order"}
_PLATFORM: tuple[Act, ...] = (
    Act("principal", "apply", takes=("fixture", "same_block_as"), makes="order", open=True),
    Act("principal", "open", (INSURER,), ("order",), _OF_ORDER),
    Act("principal", "cancel", takes=("order", "note"), about=_OF_ORDER),
    Act("principal", "submit", takes=("order",), about=_OF_ORDER),
    Act(
        "principal",
        "apply_for_invoice",
        (INSURER,),
        ("order", "also"),
        _OF_ORDER,
        makes="invoice",
        open=True,
    ),
    Act(
        "trading_centre",
        "move_bid_opening",
        (INSURER,),
        ("order", "days", "type"),
        _OF_ORDER,
    ),
    Act(
        "beneficiary",
        "claim",
        takes=("order", "claim_amount", "with_file"),
        about=_OF_ORDER,
        makes="claim",
        open=True,
    ),
    Act("beneficiary", "revoke_claim", takes=("claim",), about={"claim": "claim"}),
    Act(
        "beneficiary",
        "revoke_guarantees",
        (GUARANTOR,),
        ("order", "guarantee_nos", "penalty", "note", "with_declaration"),
        _OF_ORDER,
        makes="release",
    ),
    Act("platform", "finish", takes=("order",), about=_OF_ORDER),
    Act("platform", "close_claim", (GUARANTOR,), ("claim",), {"claim": "claim"}),
)
#: The placeholders of a target file's actions, and the kind of thing that fills each by default.
PLACEHOLDERS: Mapping[str, str | None] = {
    "order_no": "order",
    "claim_no": "claim",
    "invoice_id": "invoice",
    "guarantee_no": "guarantee",
    "block_number": "order",
    "file_id": None,
    "price": None,
    "real_pay": None,
    "note": None,
    "reason": None,
}
_ISSUING = ("issue", "reissue")


def _of_institution(kind: str) -> list[Act]:
    acts = [Act(INSTITUTION, RESTART, (kind,))]
    for action, effect in ACTIONS[kind].items():
        # A release names the guarantee beside the block.
        named = [effect.about, *(["guarantee_no"] if effect.listed else [])]
        about = {name: thing for name in named if (thing := PLACEHOLDERS.get(name)) is not None}
        takes = tuple(PLACEHOLDERS)
        makes = "guarantee" if action in _ISSUING else None
        acts.append(Act(INSTITUTION, action, (kind,), takes, about, makes))
    return acts


def acts(kind: str) -> dict[str, Act]:
    """Return the acts that a kind of institution and its platform have, by name."""
    listed = [*(act for act in _PLATFORM if kind in act.kinds), *_of_institution(kind)]
    return {act.name: act for act in listed}


def pushes(kind: str) -> dict[str, Interface]:
    """Return the pushes of a kind by their names."""
    return {each.name: each for each in catalogue().of_kind(kind, "push")}


def push_names(kind: str) -> dict[str, str]:
    """Return the names of the pushes of a kind by their ids (`insurer/2.2`)."""
    return {each.id: name for name, each in pushes(kind).items()}


def calls(kind: str) -> dict[str, Interface]:
    """Return the calls of a kind by their methods."""
    listed = catalogue().of_kind(kind, "call")
    return {each.method: each for each in listed if each.method is not None}


def is_token_call(entry: Mapping[str, Any]) -> bool:
    """Return whether an entry of the journal is a call for an access token (1.1)."""
    return entry["interface"] in {calls(kind)["get_access_token"].id for kind in BOTH}


def is_token_refusal(entry: Mapping[str, Any]) -> bool:
    """Return whether a call was refused for its expired token, and not by a fault rule.

    The target makes it again with a new token, which is its own business.
    """
    return entry["status"] == _TOKEN_REFUSED and not entry["faults"]


def states(kind: str, thing: str) -> tuple[str, ...]:
    """Return the states that a thing can be in; for orders and claims those of the manual."""
    if thing == "invoice":
        return INVOICE_STATES
    if thing == "guarantee":
        return GUARANTEE_STATES
    listed = catalogue().states[kind].get(thing, ())
    return tuple(dict.fromkeys(str(row["state"]) for row in listed))


#: The kind of thing that a push is about if a file does not say it.
ABOUT_PUSH: Mapping[str, str] = {
    "order_page": "order",
    "application": "order",
    "order_status": "order",
    "bid_opening": "order",
    "invoice_application": "invoice",
    "claim": "claim",
    "release": "release",
    "verify": "guarantee",
    "query": "guarantee",
    "release_search": "guarantee",
}
