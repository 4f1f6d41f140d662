"""The running simulator: whether it works, and what can be chosen in it."""

from sqlalchemy import text

from simulator import __version__, shapes
from simulator.control.context import Control
from simulator.control.routing import Request, route
from simulator.domain.switches import SWITCHES
from simulator.operations.business import applications
from simulator.operations.faults.fault_rules import RULES


@route("health", "GET /health", "Whether the simulator works", "健康检查")
def health(control: Control, request: Request) -> shapes.Health:
    """Answer if the database answers; `hostile` says by which profile faults strike, if any."""
    with control.database.reading() as session:
        session.execute(text("SELECT 1"))
    hostility = control.platform.hostility
    return {
        "ok": True,
        "version": __version__,
        "protocol": control.platform.public_url,
        "kinds": control.platform.catalogue.kinds,
        "waiting": len(control.waiters),
        "hostile": {"seed": hostility.seed, "most": hostility.most} if hostility else None,
    }


@route(
    "lookup",
    "GET /lookup",
    "What can be chosen: fixtures, switches, fault rules, pushes",
    "可选项：预置订单、开关、故障规则、推送",
)
def lookup(control: Control, request: Request) -> shapes.Lookup:
    """List the names that other operations take, with their meaning."""
    catalogue = control.platform.catalogue
    return {
        "fixtures": {
            kind: {
                name: applications.fixture(kind, name)["title"]
                for name in applications.fixture_names(kind)
            }
            for kind in catalogue.kinds
        },
        "switches": {
            switch.name: {
                "decision": switch.decision,
                "default": switch.default,
                "choices": switch.choices,
                **switch.meaning.as_json(),
            }
            for switch in SWITCHES.values()
        },
        "faults": {name: rule.as_json() for name, rule in RULES.items()},
        "pushes": {
            kind: {
                i.name: {"section": i.section, **i.title.as_json()}
                for i in catalogue.of_kind(kind, "push")
            }
            for kind in catalogue.kinds
        },
    }
