"""The platform inside an institution's own tests: fixtures for pytest, usable without it too.

`pytest` finds `plugin.py` by the entry point of this package in every run, so this module loads
nothing: each name is imported when it is first asked for.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.testing.calls import Call
    from simulator.testing.letter import Key, Letter
    from simulator.testing.listener import AppError
    from simulator.testing.nearness import NoSuchCall
    from simulator.testing.platform import Fault, Platform
    from simulator.testing.pushes import Attempt, Push
    from simulator.testing.records import Claim, Guarantee, Invoice, Order, Release
    from simulator.testing.server import Server

__all__ = [
    "AppError",
    "Attempt",
    "Call",
    "Claim",
    "Fault",
    "Guarantee",
    "Invoice",
    "Key",
    "Letter",
    "NoSuchCall",
    "Order",
    "Platform",
    "Push",
    "Release",
    "Server",
]

_PLACES = {
    "AppError": "listener",
    "Attempt": "pushes",
    "Call": "calls",
    "Claim": "records",
    "Fault": "platform",
    "Guarantee": "records",
    "Invoice": "records",
    "Key": "letter",
    "Letter": "letter",
    "NoSuchCall": "nearness",
    "Order": "records",
    "Platform": "platform",
    "Push": "pushes",
    "Release": "records",
    "Server": "server",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
