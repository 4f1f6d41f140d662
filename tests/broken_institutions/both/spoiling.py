"""What defects of both kinds are made of: a work list without keys, and states of its own to go by.

The reference institutions have no place to forget a uniqueness in, and ask the platform before
they act; this gives them one, and lets them go by what is on record, so that the mistakes can be
made that a grown system makes.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, TypeAlias

import reference_institution.app as server
from reference_institution.actions import Action, CannotAct
from reference_institution.guarantor import guarantee_actions
from reference_institution.guarantor import order_actions as guarantor_actions
from reference_institution.institution import Institution
from reference_institution.insurer import document_actions
from reference_institution.insurer import order_actions as insurer_actions
from reference_institution.letter import AccountLetter
from reference_institution.store import Row, Store
from simulator.protocol import envelope

Said: TypeAlias = Mapping[str, str]
#: Handles what a notice says, and returns the answer's data.
Handle: TypeAlias = Callable[[Any], Any]
#: One thing to be done: the path of its notice, its number, and what else tells it from others.
Item: TypeAlias = tuple[str, str, str]
#: Says whether a notice is a new one, from the thing to be done and from how it came.
IsNew: TypeAlias = Callable[[Store, Item, Mapping[str, str]], bool]
#: Puts something around the handling of the notices that come at a path.
Wrap: TypeAlias = Callable[[Institution, str, Handle], Handle]

#: The records of each notice, and the parameter that says which record it is.
RECORDS = {
    "/application": ("orders", "order_no"),
    "/order-status": ("orders", "order_no"),
    "/invoice": ("invoices", "invoice_id"),
    "/bid-opening": ("bid_openings", "block_number"),
    "/release": ("batches", "revoke_no"),
    "/claim": ("claims", "claim_no"),
}
#: The action that works a notice off, by the kind of institution.
ACTIONS = {
    "insurer": {
        "/order-status": "due_diligence",
        "/invoice": "invoice",
        "/bid-opening": "reissue",
        "/claim": "claim",
    },
    "guarantor": {
        "/application": "issue",
        "/order-status": "forward",
        "/release": "release",
        "/claim": "claim",
    },
}
_TELLING = ("order_status", "claim_status", "status", "type", "open_tender_time")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS items (path, key, telling, done INTEGER DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS seen (mark)",
)
_ORDER_ACTIONS = (document_actions, guarantee_actions, guarantor_actions, insurer_actions)
_arrived = threading.local()


def around(wrap: Wrap) -> None:
    """Put something around the handling of every notice."""
    for institution in server.KINDS.values():
        _around(institution, wrap)


def _around(institution: type[Institution], wrap: Wrap) -> None:
    handlers = institution.handlers

    def wrapped(self: Institution) -> dict[str, Handle]:
        return {
            path: wrap(self, path, handle) if path in RECORDS else handle
            for path, handle in handlers(self).items()
        }

    institution.handlers = wrapped  # type: ignore[method-assign]


def item_of(path: str, said: Said) -> Item:
    """Return the thing that a notice asks for."""
    return path, said[RECORDS[path][1]], "|".join(said.get(name, "") for name in _TELLING)


def number_in(institution: Institution, path: str, body: Any) -> str:
    """Return the number of the notice that an action is about."""
    if path == "/bid-opening":
        order = institution.store.order(str(body.get("order_no")))
        return str(order["block_number"]) if order else ""
    if path == "/release":
        found = institution.store.find("releases", str(body.get("guarantee_no")))
        return str(found[0]["revoke_no"]) if found else ""
    return str(body.get(RECORDS[path][1]))


def remember_how_it_came() -> None:
    """Keep `param`, `sign` and `timestamp` of the notice at hand, for `how_it_came`."""
    open_push = server.open_push

    def opening(param: str, letter: AccountLetter, **codes: int) -> dict[str, str]:
        said = open_push(param, letter, **codes)
        whole = envelope.open_param(param, letter.rsa_sk).parameters
        stamps = {name: str(whole.get(name)) for name in ("sign", "timestamp")}
        _arrived.came = {"param": param, **stamps}
        return said

    server.open_push = opening


def how_it_came() -> Mapping[str, str]:
    """Return `param`, `sign` and `timestamp` of the notice at hand."""
    came: Mapping[str, str] = _arrived.came
    return came


def keep_a_work_list(is_new: IsNew) -> None:
    """Put every notice that `is_new` on a list without a unique key; the actions work it off."""
    remember_how_it_came()

    def listing(institution: Institution, path: str, handle: Handle) -> Handle:
        def listed(said: Any) -> Any:
            answer = handle(said)
            item = item_of(path, said)
            if is_new(institution.store, item, how_it_came()):
                add_item(institution.store, item)
            return answer

        return listed

    around(listing)
    _count_the_list()
    for kind, actions in ACTIONS.items():
        for path, name in actions.items():
            _work_off(kind, path, name)


def _count_the_list() -> None:
    find = Store.find

    def found(store: Store, kind: str, key: str) -> list[Row]:
        records = find(store, kind, key)
        if len(records) != 1:
            return records
        paths = [path for path, (of_kind, _) in RECORDS.items() if of_kind == kind]
        return records * max([1, *(_copies(store, path, key) for path in paths)])

    Store.find = found  # type: ignore[method-assign]


def _copies(store: Store, path: str, key: str) -> int:
    same = "SELECT count(*) AS n FROM items WHERE (path, key) = (?, ?) GROUP BY telling"
    return number(store, f"SELECT coalesce(max(n), 0) FROM ({same})", path, key)


def status_of(claim: Said) -> str:
    """Return the status that the notice of a claim tells, by the name that its kind gives it."""
    return claim["claim_status"] if "claim_status" in claim else claim["status"]


def go_by_own_states(states: Mapping[str, tuple[str, ...]]) -> None:
    """Let the actions go by an order's status as it is on record, without asking the platform.

    `states` are those in which an action is possible, by its name, or by the status to which it
    takes an order; others are possible in any.
    """
    for module in _ORDER_ACTIONS:
        module.current_order = _on_record  # type: ignore[attr-defined]
    for kind in server.KINDS.values():
        for name in ("forward", *states):
            if name in kind.actions:
                kind.actions[name] = _guarded(name, kind.actions[name], states)


def _on_record(institution: Institution, body: Any) -> Row:
    order = institution.store.order(str(body.get("order_no")))
    if order is None:
        raise CannotAct("there is no such order")
    return order


def _guarded(name: str, act: Action, states: Mapping[str, tuple[str, ...]]) -> Action:
    def guarded(institution: Any, body: Any) -> Any:
        allowed = states.get(str(body.get("order_status", name)))
        status = _on_record(institution, body)["status"]
        if allowed is not None and status not in allowed:
            raise CannotAct(f"not possible in {status}")
        return act(institution, body)

    return guarded


def set_status(store: Store, order_no: str, status: str) -> None:
    """Store an order's status, whatever was there."""
    write(store, "UPDATE orders SET status = ? WHERE order_no = ?", status, order_no)


def add_item(store: Store, item: Item) -> None:
    """Put something on the work list, be it there or not."""
    write(store, "INSERT INTO items (path, key, telling) VALUES (?, ?, ?)", *item)


def _work_off(kind: str, path: str, name: str) -> None:
    actions = server.KINDS[kind].actions
    act = actions[name]

    def working(institution: Any, body: Any) -> Any:
        key = number_in(institution, path, body)
        waiting = "SELECT count(*) FROM items WHERE (path, key, done) = (?, ?, 0)"
        times = max(1, number(institution.store, waiting, path, key))
        done = "UPDATE items SET done = 1 WHERE (path, key) = (?, ?)"
        write(institution.store, done, path, key)
        return [act(institution, body) for _ in range(times)][-1]

    actions[name] = working


def write(store: Store, statement: str, *values: str) -> None:
    """Run a statement on the store, the defects' own tables among the others."""
    with closing(store._connect()) as connection, connection:
        for table in _TABLES:
            connection.execute(table)
        connection.execute(statement, values)


def number(store: Store, statement: str, *values: str) -> int:
    """Return the number that a query gives."""
    write(store, "SELECT 1")
    with closing(store._connect()) as connection:
        return int(connection.execute(statement, values).fetchone()[0])


def seen_before(store: Store, mark: str) -> bool:
    """Return whether something was seen before, and remember it."""
    known = number(store, "SELECT count(*) FROM seen WHERE mark = ?", mark) > 0
    write(store, "INSERT INTO seen VALUES (?)", mark)
    return known
