"""Mistakes that show only as the schedule of retries goes on."""

import threading
from collections import Counter
from typing import Any

import reference_institution.app as server
from broken_institutions.both.idempotency import EVERY_NUMBER
from broken_institutions.both.spoiling import Handle, Item, around, item_of, keep_a_work_list
from broken_institutions.defects import defect
from broken_institutions.naming import later, of
from conformance_tests.suite.rules.interfaces import NOTICES
from reference_institution.institution import Institution
from reference_institution.pushes import NoticeRefused


@defect(
    *of(later(NOTICES), "{section}/1/not-delivered-9"),
    *of(EVERY_NUMBER, "{section}/1/not-delivered-1", "{section}/1/not-delivered-5"),
)
def answers_success_in_plain_words() -> None:
    """Answers `success`, as the payment platforms want it, and not {"status":200}."""
    server._ACKNOWLEDGED = "success"


@defect(*of(EVERY_NUMBER, *(f"{{section}}/1/ack-lost-{times}" for times in range(4, 10))))
def remembers_a_notice_for_three_repeats() -> None:
    """Keeps handled notices in a small cache; it was tried with the first three repeats."""
    seen: Counter[Item] = Counter()
    lock = threading.Lock()

    def is_new(_: object, item: Item, __: object) -> bool:
        with lock:
            seen[item] += 1
            return (seen[item] - 1) % 4 == 0

    keep_a_work_list(is_new)


@defect(*of(NOTICES, "{section}/1/ack-lost-9"))
def gives_up_on_a_notice_that_keeps_coming() -> None:
    """Blocks a notice after five repeats, as a protection against a sender gone mad."""
    seen: Counter[Item] = Counter()

    def blocking(_institution: Institution, path: str, handle: Handle) -> Handle:
        def block(said: Any) -> Any:
            item = item_of(path, said)
            seen[item] += 1
            if seen[item] > 5:
                raise NoticeRefused(404, "请求过于频繁")
            return handle(said)

        return block

    around(blocking)
