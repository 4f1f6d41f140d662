"""The platform inside an institution's own tests: fixtures for pytest, usable without it too.

`pytest` finds `plugin.py` by the entry point of this package in every run, so this module loads
nothing: each name is imported when it is first asked for.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulator.driver import (
        Attempt,
        Call,
        Claim,
        Fault,
        Guarantee,
        Invoice,
        Key,
        Letter,
        Order,
        Push,
        Release,
    )
    from simulator.testing.listener import AppError
    from simulator.testing.nearness import NoSuchCall
    from simulator.testing.platform import Platform
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

_OWN = {
    "AppError": "simulator.testing.listener",
    "NoSuchCall": "simulator.testing.nearness",
    "Platform": "simulator.testing.platform",
    "Server": "simulator.testing.server",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_OWN.get(name, "simulator.driver")), name)
