"""Mistakes with notices that come more than once."""

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.insurer.spoiling import (
    HANDLERS,
    Handler,
    Item,
    Said,
    around,
    how_it_came,
    item_of,
    keep_a_work_list,
    number,
    opened_insurers,
    remember_how_it_came,
    write,
)
from reference_institution.insurer import ACTIONS
from reference_institution.insurer.notices import Notices
from reference_institution.insurer.store import InsurerStore as Store
from reference_institution.platform_client import PlatformRefused
from reference_institution.pushes import NoticeRefused

_SECTIONS = ("2.2", "2.8", "2.10", "3.1")


def _all(*behaviours: str, sections: tuple[str, ...] = _SECTIONS) -> list[str]:
    return [f"insurer/{section}/2/{each}" for section in sections for each in behaviours]


def _seen(store: Store, mark: str) -> bool:
    """Return whether something was seen before, and remember it."""
    known = number(store, "SELECT count(*) FROM seen WHERE mark = ?", mark) > 0
    write(store, "INSERT INTO seen VALUES (?)", mark)
    return known


@defect(
    *_all("repeated-one-record", "repeated-one-effect", "identical-one-record"),
    *_all("ack-lost-one-record", "at-once-one-record", "at-once-one-effect"),
    *_all("restarted-one-record", "restarted-one-effect"),
    *(f"insurer/{section}/1/ack-lost-9" for section in _SECTIONS),
    *(f"insurer/2.8/1/ack-lost-{times}" for times in range(1, 10)),
    "insurer/2.8/2/repeated",
)
def inserts_a_row_for_every_notice() -> None:
    """The table has an automatic id and no unique key; the clerks work off whatever is in it."""
    keep_a_work_list(lambda *_: True)


@defect(*_all("repeated-one-record", "repeated-one-effect"))
def recognises_repeats_by_their_sign() -> None:
    """Remembers the sign as the notice's id; the platform signs every attempt afresh."""
    keep_a_work_list(lambda store, _, came: not _seen(store, came["sign"]))


@defect(*_all("repeated-one-record", "repeated-one-effect"))
def recognises_repeats_by_their_timestamp() -> None:
    """Takes number and timestamp together for the key: a later one must be news."""
    keep_a_work_list(lambda store, item, came: not _seen(store, f"{item} {came['timestamp']}"))


@defect(
    *_all("repeated-one-record", "repeated-one-effect", "ack-lost-one-record"),
    *_all("at-once-one-record"),
)
def recognises_repeats_by_their_param() -> None:
    """Hashes the body that came in; RSA padding makes it another one at every attempt."""
    keep_a_work_list(lambda store, _, came: not _seen(store, came["param"]))


@defect(*_all("at-once-one-record", "at-once-one-effect"))
def looks_first_and_inserts_then() -> None:
    """SELECT, then INSERT: copies that come at the same instant all find nothing."""

    def is_new(store: Store, item: Item, _: Mapping[str, str]) -> bool:
        known = number(
            store, "SELECT count(*) FROM items WHERE (kind, key, telling) = (?, ?, ?)", *item
        )
        time.sleep(0.3)
        return known == 0

    keep_a_work_list(is_new)


@defect(*_all("restarted-one-record", "restarted-one-effect"))
def remembers_in_memory_what_was_handled() -> None:
    """Keeps the handled notices in a map of the process; every deployment empties it."""
    handled: set[Item] = set()

    def is_new(_: Store, item: Item, __: Mapping[str, str]) -> bool:
        new = item not in handled
        handled.add(item)
        return new

    keep_a_work_list(is_new)


@defect(
    *_all("repeated-acknowledged", "identical-acknowledged"),
    *_all("ack-lost-acknowledged", "restarted-acknowledged"),
)
def refuses_a_repeat() -> None:
    """Answers "handled already" as an error instead of as success."""
    remember_how_it_came()

    def refusing(handle: Handler, handler: str) -> Handler:
        def refuse(notices: Notices, said: Said) -> None:
            if _seen(notices._store, str(item_of(handler, said))):
                raise NoticeRefused(404, "重复的通知")
            handle(notices, said)

        return refuse

    for handler in HANDLERS:
        around(handler, lambda handle, handler=handler: refusing(handle, handler))


@defect(*_all("identical-acknowledged"))
def takes_a_repeat_for_a_replay() -> None:
    """Refuses a sign that it has seen, as protection against replayed requests (防重放)."""
    remember_how_it_came()

    def refusing(handle: Handler) -> Handler:
        def refuse(notices: Notices, said: Said) -> None:
            if _seen(notices._store, how_it_came()["param"]):
                raise NoticeRefused(404, "请勿重放")
            handle(notices, said)

        return refuse

    for handler in HANDLERS:
        around(handler, refusing)


@defect(*_all("at-once-acknowledged"))
def refuses_while_another_copy_is_in_progress() -> None:
    """Counts what is in progress for a number and refuses while it is more than one: all do."""
    in_progress: Counter[Item] = Counter()
    lock = threading.Lock()

    def excluding(handle: Handler, handler: str) -> Handler:
        def exclude(notices: Notices, said: Said) -> None:
            item = item_of(handler, said)
            with lock:
                in_progress[item] += 1
            try:
                time.sleep(0.5)
                if in_progress[item] > 1:
                    # Long enough for the others to see this one, too.
                    time.sleep(0.5)
                    raise NoticeRefused(404, "处理中")
                handle(notices, said)
            finally:
                with lock:
                    in_progress[item] -= 1

        return exclude

    for handler in HANDLERS:
        around(handler, lambda handle, handler=handler: excluding(handle, handler))


@defect(*_all("dealt-with-one-effect"))
def sends_the_result_again_at_a_repeat() -> None:
    """Takes a repeat for a sign that its own answer got lost, and makes its call once more."""
    opened = opened_insurers()
    results: dict[str, tuple[str, Any]] = {}
    taken: set[tuple[tuple[str, str], ...]] = set()

    def remembering(name: str, key: str) -> None:
        act = ACTIONS[name]

        def remember(insurer: Any, body: Any) -> Any:
            results[str(body.get(key))] = name, body
            return act(insurer, body)

        ACTIONS[name] = remember

    def sending(handle: Handler, key: str) -> Handler:
        def send(notices: Notices, said: Said) -> None:
            handle(notices, said)
            notice = tuple(sorted((k, v) for k, v in said.items() if k != "claim_file"))
            if notice not in taken:
                taken.add(notice)
                return
            numbers = [said.get(key, "")]
            if key == "block_number":
                orders = notices._store.orders_of_block(said[key], said["block_name"])
                numbers = [str(order["order_no"]) for order in orders]
            for name, body in (results[each] for each in numbers if each in results):
                with suppress(PlatformRefused):
                    ACTIONS[name](opened[0], body)

        return send

    keys = ("order_no", "invoice_id", "block_number", "claim_no")
    remembering("due_diligence", "order_no")
    remembering("invoice", "invoice_id")
    remembering("reissue", "order_no")
    remembering("claim", "claim_no")
    for handler, key in zip(HANDLERS, keys, strict=True):
        around(handler, lambda handle, key=key: sending(handle, key))


@defect("insurer/2.8/2/repeated", *(f"insurer/2.8/1/ack-lost-{times}" for times in range(1, 10)))
def issues_an_invoice_at_every_notice() -> None:
    """Makes out invoices by itself, as soon as an application comes in: whichever it is."""
    opened = opened_insurers()

    def issuing(handle: Handler) -> Handler:
        def issue(notices: Notices, said: Said) -> None:
            handle(notices, said)
            body = {"invoice_id": said["invoice_id"]}
            threading.Thread(target=ACTIONS["invoice"], args=(opened[0], body)).start()

        return issue

    around("invoice", issuing)


@defect("insurer/2.8/2/other-content", "insurer/3.1/2/other-content")
def overwrites_what_has_the_same_number() -> None:
    """INSERT … ON DUPLICATE KEY UPDATE: whatever came last is what counts."""

    def add_invoice(store: Store, invoice_id: str, content: Mapping[str, str]) -> None:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        store._write(
            "INSERT OR REPLACE INTO invoices (invoice_id, content) VALUES (:id, :content)",
            {"id": invoice_id, "content": text},
        )

    def add_claim(store: Store, claim: Mapping[str, Any]) -> None:
        text = json.dumps(claim["content"], ensure_ascii=False, sort_keys=True)
        store._write(
            "INSERT OR REPLACE INTO claims VALUES "
            "(:claim_no, :order_no, :guarantee_no, :status, :content, :claim_file)",
            {**claim, "content": text},
        )

    Store.add_invoice = add_invoice  # type: ignore[method-assign]
    Store.add_claim = add_claim  # type: ignore[method-assign]
