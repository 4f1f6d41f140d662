"""The shapes of what the control API answers: each thing is described here, once.

The OpenAPI document, the answers themselves, the members that a scenario may name and the columns
of the command line are derived from these types.
"""

from simulator.shapes.accounts import Account, Clock, Key, Letter, Snapshot
from simulator.shapes.business import Claim, File, Guarantee, Invoice, Order, Release
from simulator.shapes.exchanges import Attempt, JournalEntry, Push, ThirdParty
from simulator.shapes.notation import Sentence
from simulator.shapes.steering import (
    Done,
    Error,
    Fault,
    Health,
    Lookup,
    Mistake,
    Outage,
    OutagePush,
    Remedies,
    Walk,
)

__all__ = [
    "Account",
    "Attempt",
    "Claim",
    "Clock",
    "Done",
    "Error",
    "Fault",
    "File",
    "Guarantee",
    "Health",
    "Invoice",
    "JournalEntry",
    "Key",
    "Letter",
    "Lookup",
    "Mistake",
    "Order",
    "Outage",
    "OutagePush",
    "Push",
    "Release",
    "Remedies",
    "Sentence",
    "Snapshot",
    "ThirdParty",
    "Walk",
]
