"""What several defects are made of: a work list of the insurer's own, and states that it goes by.

The reference insurer has no place to forget a uniqueness in, and asks 2.3 before it acts; these
pieces give it both, so that the mistakes can be made that a grown system makes.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import Any, TypeAlias

import reference_institution.app as server
from reference_institution.actions import Action, CannotAct
from reference_institution.insurer import ACTIONS, Insurer, document_actions, order_actions
from reference_institution.insurer.notices import Notices
from reference_institution.insurer.store import InsurerStore as Store
from reference_institution.letter import AccountLetter
from reference_institution.store import Row
from simulator.protocol import envelope

Said: TypeAlias = Mapping[str, str]
#: A method of `Notices`.
Handler: TypeAlias = Callable[[Notices, Said], None]
#: One thing to be done: the kind of record, its key, and what else tells it from others.
Item: TypeAlias = tuple[str, str, str]
#: Says whether a notice is a new one, from the thing to be done and from how it came.
IsNew: TypeAlias = Callable[[Store, Item, Mapping[str, str]], bool]

HANDLERS = ("order_status", "invoice", "bid_opening", "claim")
#: The records of each notice, and what says which record it is.
_RECORDS = {
    "order_status": ("orders", "order_no"),
    "invoice": ("invoices", "invoice_id"),
    "bid_opening": ("bid_openings", "block_number"),
    "claim": ("claims", "claim_no"),
}
_TELLING = ("order_status", "claim_status", "type", "open_tender_time")
_TABLES = (
    "CREATE TABLE IF NOT EXISTS items (kind, key, telling, done INTEGER DEFAULT 0)",
    "CREATE TABLE IF NOT EXISTS seen (mark)",
)
_arrived = threading.local()


def around(handler: str, wrap: Callable[[Handler], Handler]) -> None:
    """Put something around the handling of a notice."""
    setattr(Notices, handler, wrap(getattr(Notices, handler)))


def item_of(handler: str, said: Said) -> Item:
    """Return the thing that a notice asks for."""
    kind, key = _RECORDS[handler]
    return kind, said[key], "|".join(said.get(name, "") for name in _TELLING)


def opened_insurers() -> list[Insurer]:
    """Return the list in which this process's insurer stands once it is open."""
    opened: list[Insurer] = []
    make = Insurer.open

    def remembering(letter: AccountLetter, folder: Any) -> Insurer:
        opened.append(make(letter, folder))
        return opened[-1]

    Insurer.open = remembering  # type: ignore[method-assign, assignment]
    return opened


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
    for handler in HANDLERS:
        around(handler, lambda handle, handler=handler: _listing(handle, handler, is_new))
    find = Store.find

    def found(store: Store, kind: str, key: str) -> list[Row]:
        records = find(store, kind, key)
        items = number(store, "SELECT count(*) FROM items WHERE (kind, key) = (?, ?)", kind, key)
        return records * items if items > len(records) == 1 else records

    Store.find = found  # type: ignore[method-assign]
    _work_off("due_diligence", "orders", lambda _, body: str(body.get("order_no")))
    _work_off("invoice", "invoices", lambda _, body: str(body.get("invoice_id")))
    _work_off("reissue", "bid_openings", _block_of)
    _work_off("claim", "claims", lambda _, body: str(body.get("claim_no")))


def _listing(handle: Handler, handler: str, is_new: IsNew) -> Handler:
    def listing(notices: Notices, said: Said) -> None:
        handle(notices, said)
        item = item_of(handler, said)
        if is_new(notices._store, item, how_it_came()):
            add_item(notices._store, item)

    return listing


def add_item(store: Store, item: Item) -> None:
    """Put something on the work list, be it there or not."""
    write(store, "INSERT INTO items (kind, key, telling) VALUES (?, ?, ?)", *item)


def _work_off(name: str, kind: str, key_of: Callable[[Insurer, Any], str]) -> None:
    act = ACTIONS[name]

    def working(insurer: Insurer, body: Any) -> Any:
        key = key_of(insurer, body)
        waiting = "SELECT count(*) FROM items WHERE (kind, key, done) = (?, ?, 0)"
        times = max(1, number(insurer.store, waiting, kind, key))
        write(insurer.store, "UPDATE items SET done = 1 WHERE (kind, key) = (?, ?)", kind, key)
        return [act(insurer, body) for _ in range(times)][-1]

    ACTIONS[name] = working


def _block_of(insurer: Insurer, body: Any) -> str:
    order = insurer.store.order(str(body.get("order_no")))
    return str(order["block_number"]) if order else ""


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


def go_by_own_states(states: Mapping[str, tuple[str, ...]]) -> None:
    """Let the actions go by an order's status as it is on record, without asking 2.3 first.

    `states` are those in which an action is possible; others are possible in any.
    """

    def on_record(insurer: Insurer, body: Any) -> Row:
        order = insurer.store.order(str(body.get("order_no")))
        if order is None:
            raise CannotAct("there is no such order")
        return order

    for module in (order_actions, document_actions):
        module.current_order = on_record  # type: ignore[attr-defined]
    for name, allowed in states.items():
        ACTIONS[name] = _only_in(ACTIONS[name], allowed)


def _only_in(act: Action, allowed: tuple[str, ...]) -> Action:
    def guarded(insurer: Insurer, body: Any) -> Any:
        order = insurer.store.order(str(body.get("order_no")))
        if order is None or order["status"] not in allowed:
            raise CannotAct(f"not possible in {order and order['status']}")
        return act(insurer, body)

    return guarded


def set_status(store: Store, order_no: str, status: str) -> None:
    """Store an order's status, whatever was there."""
    write(store, "UPDATE orders SET status = ? WHERE order_no = ?", status, order_no)
