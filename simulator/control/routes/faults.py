"""Fault rules: the platform misbehaves on purpose."""

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import FIELDS, TEXT, Request, route
from simulator.errors import NotFound
from simulator.operations.business import lookup
from simulator.operations.faults import faults
from simulator.operations.faults.fault_rules import RULES
from simulator.store.records import Fault


@route("list_faults", "GET /accounts/{account}/faults", "List the fault rules", "列出故障规则")
def list_faults(control: Control, request: Request) -> list[shapes.Fault]:
    """List an account's rules, spent ones among them."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_fault(row) for row in lookup.find_all(desk, Fault)]


@route(
    "add_fault",
    "POST /accounts/{account}/faults",
    "Set a fault rule",
    "设置故障规则",
    body={
        "rule": {"enum": list(RULES)},
        "interface": TEXT,
        "about": TEXT,
        "attempt": {"type": "integer", "minimum": 1},
        "times": {"type": ["integer", "null"], "minimum": 1},
        "value": FIELDS,
    },
    required=("rule",),
    keeps=("id",),
)
def add_fault(control: Control, request: Request) -> shapes.Fault | shapes.Done:
    """Set a rule; `times` null strikes until it is removed, the default is once."""
    with control.desk(request.path["account"]) as desk:
        fault = faults.add(desk, **request.body)
        return rendering.render_fault(fault) if fault else {"done": True}


@route(
    "remove_fault",
    "DELETE /accounts/{account}/faults/{fault}",
    "Remove a fault rule",
    "删除故障规则",
    keeps=(),
)
def remove_fault(control: Control, request: Request) -> shapes.Done:
    """Remove a rule."""
    number = request.path["fault"]
    if not number.isdecimal() or len(number) > 9:
        raise NotFound(f"There is no fault rule {number}.", f"没有故障规则 {number}。")
    with control.desk(request.path["account"]) as desk:
        faults.remove(desk, int(number))
    return {"done": True}
