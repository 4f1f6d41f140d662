"""Mistakes with notices that come more than once."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from broken_institutions.both.spoiling import (
    ACTIONS,
    RECORDS,
    Handle,
    Item,
    around,
    how_it_came,
    item_of,
    keep_a_work_list,
    number,
    number_in,
    remember_how_it_came,
    seen_before,
)
from broken_institutions.defects import defect
from broken_institutions.naming import of
from conformance_tests.suite.rules.interfaces import NOTICES, Group
from reference_institution.app import KINDS
from reference_institution.institution import Institution
from reference_institution.platform_client import PlatformRefused
from reference_institution.pushes import NoticeRefused
from reference_institution.store import Store

#: The notices that the checks of the schedule let come at every number of attempts.
EVERY_NUMBER: Group = {"insurer": ("invoice_application",), "guarantor": ("release",)}
#: What a notice says anew each time.
_FRESH = ("claim_file", "guarantee_sign_files", "attach_files")


def _all(*behaviours: str) -> list[str]:
    return of(NOTICES, *(f"{{section}}/2/{each}" for each in behaviours))


@defect(
    *_all("repeated-one-record", "repeated-one-effect", "identical-one-record"),
    *_all("ack-lost-one-record", "at-once-one-record", "at-once-one-effect"),
    *_all("restarted-one-record", "restarted-one-effect"),
    *of(NOTICES, "{section}/1/ack-lost-9"),
    *(
        each
        for times in range(1, 10)
        for each in of(EVERY_NUMBER, f"{{section}}/1/ack-lost-{times}")
    ),
    "insurer/2.8/2/repeated",
)
def inserts_a_row_for_every_notice() -> None:
    """The table has an automatic id and no unique key; the clerks work off whatever is in it."""
    keep_a_work_list(lambda *_: True)


@defect(*_all("repeated-one-record", "repeated-one-effect"))
def recognises_repeats_by_their_sign() -> None:
    """Remembers the sign as the notice's id; the platform signs every attempt afresh."""
    keep_a_work_list(lambda store, _, came: not seen_before(store, came["sign"]))


@defect(*_all("repeated-one-record", "repeated-one-effect"))
def recognises_repeats_by_their_timestamp() -> None:
    """Takes number and timestamp together for the key: a later one must be news."""
    keep_a_work_list(
        lambda store, item, came: not seen_before(store, f"{item} {came['timestamp']}")
    )


@defect(
    *_all("repeated-one-record", "repeated-one-effect", "ack-lost-one-record"),
    *_all("at-once-one-record"),
)
def recognises_repeats_by_their_param() -> None:
    """Hashes the body that came in; RSA padding makes it another one at every attempt."""
    keep_a_work_list(lambda store, _, came: not seen_before(store, came["param"]))


@defect(*_all("at-once-one-record", "at-once-one-effect"))
def looks_first_and_inserts_then() -> None:
    """SELECT, then INSERT: copies that come at the same instant all find nothing."""

    def is_new(store: Store, item: Item, _: Mapping[str, str]) -> bool:
        known = number(
            store, "SELECT count(*) FROM items WHERE (path, key, telling) = (?, ?, ?)", *item
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

    def refusing(institution: Institution, path: str, handle: Handle) -> Handle:
        def refuse(said: Any) -> Any:
            if seen_before(institution.store, str(item_of(path, said))):
                raise NoticeRefused(404, "重复的通知")
            return handle(said)

        return refuse

    around(refusing)


@defect(*_all("identical-acknowledged"))
def takes_a_repeat_for_a_replay() -> None:
    """Refuses a sign that it has seen, as protection against replayed requests (防重放)."""
    remember_how_it_came()

    def refusing(institution: Institution, _path: str, handle: Handle) -> Handle:
        def refuse(said: Any) -> Any:
            if seen_before(institution.store, how_it_came()["param"]):
                raise NoticeRefused(404, "请勿重放")
            return handle(said)

        return refuse

    around(refusing)


@defect(*_all("at-once-acknowledged"))
def refuses_while_another_copy_is_in_progress() -> None:
    """Counts what is in progress for a number and refuses while it is more than one: all do."""
    in_progress: Counter[Item] = Counter()
    lock = threading.Lock()

    def excluding(_institution: Institution, path: str, handle: Handle) -> Handle:
        def exclude(said: Any) -> Any:
            item = item_of(path, said)
            with lock:
                in_progress[item] += 1
            try:
                time.sleep(0.5)
                if in_progress[item] > 1:
                    # Long enough for the others to see this one, too.
                    time.sleep(0.5)
                    raise NoticeRefused(404, "处理中")
                return handle(said)
            finally:
                with lock:
                    in_progress[item] -= 1

        return exclude

    around(excluding)


@defect(*_all("dealt-with-one-effect"))
def sends_the_result_again_at_a_repeat() -> None:
    """Takes a repeat for a sign that its own answer got lost, and makes its call once more."""
    results: dict[tuple[str, str], tuple[str, Any]] = {}
    taken: set[tuple[tuple[str, str], ...]] = set()

    def remembering(kind: str, path: str, name: str) -> None:
        actions = KINDS[kind].actions
        act = actions[name]

        def remember(institution: Any, body: Any) -> Any:
            results[path, number_in(institution, path, body)] = name, body
            return act(institution, body)

        actions[name] = remember

    def sending(institution: Institution, path: str, handle: Handle) -> Handle:
        def send(said: Any) -> Any:
            answer = handle(said)
            notice = tuple(sorted((k, v) for k, v in said.items() if k not in _FRESH))
            result = results.get((path, said[RECORDS[path][1]]))
            if notice in taken and result is not None:
                with suppress(PlatformRefused):
                    institution.actions[result[0]](institution, result[1])
            taken.add(notice)
            return answer

        return send

    for kind, actions in ACTIONS.items():
        for path, name in actions.items():
            remembering(kind, path, name)
    around(sending)
