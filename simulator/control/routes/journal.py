"""The journal: search it, show an entry, wait for one."""

from simulator import shapes
from simulator.control import rendering
from simulator.control.context import Control
from simulator.control.routing import SECONDS, TEXT, WHOLE, Request, route
from simulator.control.waiting import Waiting, search_entries
from simulator.errors import NotFound
from simulator.store.journal import Search
from simulator.store.records import JournalEntry

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
