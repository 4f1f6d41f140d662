"""The operations of the control API, in files by topic."""

# Each registers its routes.
from simulator.control.routes import (  # noqa: F401
    accounts,
    bid_openings,
    claims,
    clock,
    faults,
    files,
    guarantees,
    invoices,
    journal,
    orders,
    outages,
    platform,
    pushes,
    releases,
    snapshots,
    third_party,
)
from simulator.control.routing import ROUTES

__all__ = ["ROUTES"]
