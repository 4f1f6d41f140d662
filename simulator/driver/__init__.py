"""The typed Python client of the control API: drives one account of a running simulator over HTTP.

    from simulator.driver import Account, ControlClient

    account = Account(ControlClient("http://127.0.0.1:8901"), "demo")
    order = account.create_order()
    page = order.open()

`Account` speaks the field's words; `ControlClient` and `AccountClient` speak the control API's
JSON, for what has no method. docs/driver.md has more.
"""

from simulator.driver.access import AccountClient
from simulator.driver.account import Account
from simulator.driver.calls import Call
from simulator.driver.client import ControlClient
from simulator.driver.faults import Fault
from simulator.driver.letter import Key, Letter
from simulator.driver.pushes import Attempt, Push
from simulator.driver.records import Claim, Guarantee, Invoice, Order, Record, Release
from simulator.driver.timed import TimedAccount

__all__ = [
    "Account",
    "AccountClient",
    "Attempt",
    "Call",
    "Claim",
    "ControlClient",
    "Fault",
    "Guarantee",
    "Invoice",
    "Key",
    "Letter",
    "Order",
    "Push",
    "Record",
    "Release",
    "TimedAccount",
]
