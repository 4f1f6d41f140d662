"""The journal, the clock, the fault rules, and what can be looked up."""

from typing import Any, cast

from sqlalchemy import text

from simulator import __version__, shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import FIELDS, SECONDS, TEXT, WHOLE, Request, route
from simulator.control.waiting import Waiting, search_entries
from simulator.delivery.walk import Walked
from simulator.domain.switches import SWITCHES
from simulator.errors import NotFound, SimulatorError
from simulator.operations.business import applications, owned
from simulator.operations.faults import faults
from simulator.operations.faults.fault_rules import RULES
from simulator.shapes.steering import WalkAttempt
from simulator.store.journal import Search
from simulator.store.records import Fault, JournalEntry

_FILTERS = {
    "after": WHOLE,
    "direction": TEXT,
    "interface": TEXT,
    "about": TEXT,
    "status": TEXT,
    "text": TEXT,
    "limit": WHOLE,
}
#: Entries in one answer at the most.
_MOST = 100_000
#: Seconds (wall).
_LONGEST_WAIT = 120.0


def _interfaces(control: Control, name: str | None, kinds: list[str]) -> tuple[str, ...]:
    """Return the ids of the kinds' interfaces of a name; none for no name.

    Raises:
        SimulatorError: none of the kinds has such an interface.
    """
    if name is None:
        return ()
    catalogue = control.platform.catalogue
    having = [kind for kind in kinds if catalogue.find(kind, name)]
    return tuple(catalogue.fetch(kind, name).id for kind in having or kinds)


def _build_search(
    control: Control, request: Request, account: tuple[int, str] | None = None
) -> Search:
    query = request.query
    kinds = [account[1]] if account else control.platform.catalogue.kinds
    return Search(
        account_id=account[0] if account else None,
        strays=query.get("strays", "0") != "0",
        after=int(query.get("after", 0)),
        direction=query.get("direction"),
        interfaces=_interfaces(control, query.get("interface"), kinds),
        about=query.get("about"),
        status=query.get("status"),
        text=query.get("text"),
        limit=min(int(query.get("limit", 100)), _MOST),
    )


def _account(control: Control, request: Request) -> tuple[int, str]:
    with control.view(request.path["account"]) as desk:
        return desk.account.id, desk.account.kind


@route(
    "search_journal",
    "GET /journal",
    "Search the whole journal, with the calls that belong to no account",
    "检索全部日志（含无法识别账户的调用）",
    query=_FILTERS,
)
def search_journal(control: Control, request: Request) -> list[shapes.JournalEntry]:
    """Return the newest entries that match, oldest first."""
    return search_entries(control.database, _build_search(control, request))


@route("show_entry", "GET /journal/{entry}", "Show a journal entry", "查看一条日志")
def show_entry(control: Control, request: Request) -> shapes.JournalEntry:
    """Show one entry by its number."""
    number = request.path["entry"]
    with control.database.reading() as session:
        small = number.isdecimal() and len(number) < 10
        row = session.get(JournalEntry, int(number)) if small else None
        if row is None:
            raise NotFound(f"The journal has no entry {number}.", f"日志中没有编号 {number}。")
        return rendering.render_journal_entry(row)


@route(
    "search_account_journal",
    "GET /accounts/{account}/journal",
    "Search an account's journal",
    "检索账户日志",
    query={**_FILTERS, "strays": WHOLE},
)
def search_account_journal(control: Control, request: Request) -> list[shapes.JournalEntry]:
    """Return the newest entries of an account that match, oldest first; 1 adds the strays."""
    search = _build_search(control, request, _account(control, request))
    return search_entries(control.database, search)


@route(
    "wait_for_entry",
    "GET /accounts/{account}/journal/wait",
    "Wait until an entry matches, `timeout` seconds at most; 256 requests may wait at a time",
    "等待匹配的日志出现，最多 timeout 秒；最多 256 个请求同时等待",
    query={**_FILTERS, "strays": WHOLE, "timeout": SECONDS},
)
def wait_for_entry(control: Control, request: Request) -> list[shapes.JournalEntry]:
    """Return the entries that match as soon as there are any; none after `timeout` seconds.

    Raises:
        Waiting: none match yet, so the request is parked.
        Conflict: too many requests wait already.
    """
    search = _build_search(control, request, _account(control, request))
    seconds = min(float(request.query.get("timeout", 10)), _LONGEST_WAIT)
    found = search_entries(control.database, search)
    if not found and seconds:
        control.waiters.check_room()
        raise Waiting(search, seconds)
    return found


@route("show_clock", "GET /accounts/{account}/clock", "Show an account's clock", "查看时钟")
def show_clock(control: Control, request: Request) -> shapes.Clock:
    """Show an account's clock and when its next push is due."""
    return _clock(control, request.path["account"])


def _clock(control: Control, account: str) -> shapes.Clock:
    with control.view(account) as desk:
        due = control.dispatcher.outbox.next_due(desk.account.id)
        return rendering.render_clock(desk.account, due)


def _has_moved(request: Request, answer: Any) -> bool:
    """Return whether the clock moved, was stopped or was set going: what a recording repeats."""
    stood = answer["from"] is not None and answer["from"] == answer["to"]
    return bool(answer["attempts"]) or not stood


@route(
    "move_clock",
    "POST /accounts/{account}/clock",
    "Move an account's clock: freeze, resume, advance (seconds), next, run",
    "操作时钟：freeze 冻结、resume 恢复、advance 推进、next 到下次推送、run 到无待发",
    body={
        "action": {"enum": ["freeze", "resume", "advance", "next", "run"]},
        "seconds": SECONDS,
    },
    required=("action",),
    keeps=("from", "to"),
    keeps_if=_has_moved,
)
def move_clock(control: Control, request: Request) -> shapes.Walk:
    """Move the clock; a walk delivers what is due at each moment on its way (P46)."""
    account, action = request.path["account"], request.body["action"]
    number = control.number_of(account)
    walker = control.walker
    walked: Walked | None = None
    match action:
        case "freeze":
            walker.freeze(number)
        case "resume":
            walker.resume(number)
        case "next":
            walked = walker.advance_to_next_due(number)
        case "run":
            walked = walker.run_until_nothing_is_due(number)
        case _ if "seconds" not in request.body:
            raise SimulatorError("advance needs `seconds`.", "advance 需要 seconds 参数。")
        case _:
            walked = walker.advance(number, float(request.body["seconds"]))
    return {
        "clock": _clock(control, account),
        "attempts": cast(list[WalkAttempt], walked.attempts if walked else []),
        "from": walked.started_at if walked else None,
        "to": walked.ended_at if walked else None,
    }


@route("list_faults", "GET /accounts/{account}/faults", "List the fault rules", "列出故障规则")
def list_faults(control: Control, request: Request) -> list[shapes.Fault]:
    """List an account's rules, spent ones among them."""
    with control.view(request.path["account"]) as desk:
        return [rendering.render_fault(row) for row in owned.everything(desk, Fault)]


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
