"""The running simulator: whether it works, and what can be chosen in it."""

from sqlalchemy import text

from simulator import __version__, shapes
from simulator.control.context import Control
from simulator.control.routing import Request, route
from simulator.domain.switches import SWITCHES
from simulator.operations.business import applications
from simulator.operations.faults.fault_rules import RULES
from simulator.protocol.diagnosis import MISTAKES
from simulator.texts.dialects import DIALECTS, load_snippets


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


@route(
    "remedies",
    "GET /remedies",
    "Every mistake that is named, and the code that does it right",
    "全部可识别的错误，以及正确的代码",
)
def remedies(control: Control, request: Request) -> shapes.Remedies:
    """List the mistakes by name, and the snippets by name and programming language."""
    snippets = {
        name: {dialect: load_snippets(dialect)[name] for dialect in DIALECTS}
        for name in load_snippets("java")
    }
    return {
        "snippets": snippets,
        "mistakes": {
            mistake.name: {
                "where": mistake.where,
                "title": shapes.Sentence(en=mistake.title.en, zh=mistake.title.zh),
                "remedy": shapes.Sentence(en=mistake.remedy.en, zh=mistake.remedy.zh),
                "snippet": mistake.snippet or None,
            }
            for mistake in MISTAKES.values()
        },
    }
