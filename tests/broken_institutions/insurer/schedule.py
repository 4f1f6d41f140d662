"""Mistakes that show only as the schedule of retries goes on."""

import threading
from collections import Counter

import reference_institution.app as server
from broken_institutions.defects import defect
from broken_institutions.insurer.spoiling import (
    HANDLERS,
    Handler,
    Item,
    Said,
    around,
    item_of,
    keep_a_work_list,
)
from reference_institution.insurer.notices import Notices
from reference_institution.pushes import NoticeRefused

_SECTIONS = ("2.2", "2.8", "2.10", "3.1")


@defect(
    *(f"insurer/{section}/1/not-delivered-9" for section in _SECTIONS),
    "insurer/2.8/1/not-delivered-1",
    "insurer/2.8/1/not-delivered-5",
)
def answers_success_in_plain_words() -> None:
    """Answers `success`, as the payment platforms want it, and not {"status":200}."""
    server._ACKNOWLEDGED = "success"


@defect(*(f"insurer/2.8/1/ack-lost-{times}" for times in range(4, 10)))
def remembers_a_notice_for_three_repeats() -> None:
    """Keeps handled notices in a small cache; it was tried with the first three repeats."""
    seen: Counter[Item] = Counter()
    lock = threading.Lock()

    def is_new(_: object, item: Item, __: object) -> bool:
        with lock:
            seen[item] += 1
            return (seen[item] - 1) % 4 == 0

    keep_a_work_list(is_new)


@defect(*(f"insurer/{section}/1/ack-lost-9" for section in _SECTIONS))
def gives_up_on_a_notice_that_keeps_coming() -> None:
    """Blocks a notice after five repeats, as a protection against a sender gone mad."""
    seen: Counter[Item] = Counter()

    def blocking(handle: Handler, handler: str) -> Handler:
        def block(notices: Notices, said: Said) -> None:
            item = item_of(handler, said)
            seen[item] += 1
            if seen[item] > 5:
                raise NoticeRefused(404, "请求过于频繁")
            handle(notices, said)

        return block

    for handler in HANDLERS:
        around(handler, lambda handle, handler=handler: blocking(handle, handler))
