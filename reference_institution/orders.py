"""The orders as the platform has them: read by 2.3, kept beside what the notices say."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from reference_institution.platform_client import (
    PlatformClient,
    PlatformRefused,
    PlatformUnreachable,
)
from reference_institution.store import Row, Store

_log = logging.getLogger(__name__)

#: How far an order has come (5.4). The first two alternate until due diligence is passed.
PROGRESS = {
    "WAIT_TUNE_UP": 0,
    "WAIT_SUBMIT_TUNE_UP": 0,
    "WAIT_OFFER": 1,
    "WAIT_PAY": 2,
    "WAIT_OUT_GUARANTEE": 3,
    "HAS_OUT_GUARANTEE": 4,
    "FINISH": 5,
}
CANCEL = "CANCEL"
#: Seconds that an answer to a notice may wait for 2.3; the platform waits 5 s for the whole.
_PATIENCE = 3
#: How often 2.3 is asked while notices about the same order keep coming in.
_ATTEMPTS = 5
#: The days between the end of the bids' validity and the end of the guarantee (2.3).
_DAYS_OF_GRACE = 28


class Orders:
    """Knows every order, and asks the platform about those that it does not know."""

    def __init__(self, store: Store, client: PlatformClient) -> None:
        self._store = store
        self._client = client
        self._worker = ThreadPoolExecutor(max_workers=4, thread_name_prefix="platform")

    def close(self) -> None:
        """Finish the work that is still to be done and stop."""
        self._worker.shutdown()

    def refresh(self, order_no: str) -> Row:
        """Read an order by 2.3, store and return it; the platform's word counts (2.3).

        Raises:
            PlatformRefused: the platform has no such order for us.
            PlatformUnreachable: it did not answer.
        """
        for _ in range(_ATTEMPTS):
            known = self._store.order(order_no)
            revision = known["revision"] if known else 0
            answer = self._client.call("insurer_get_guarantee_info", {"order_no": order_no})
            data = _order_in(answer, order_no)
            # A notice may have come in while we asked; then the answer may be the older news.
            if self._store.remember_order(data, revision):
                break
        order = self._store.order(order_no)
        assert order is not None, "stored just now, or by whoever was faster"
        return order

    def refresh_later(self, order_no: str) -> None:
        """Read an order by 2.3 after the notice at hand has been answered."""
        self._later(self.refresh, order_no)

    def fitting(self, order_no: str, given: Mapping[str, str]) -> Row | None:
        """Return the order if what a notice says of it is true, else None.

        `given` holds any of `block_number`, `block_name`, `principal`, `creditor`. An order that
        is unknown, or known by other names, is read by 2.3 before the notice is judged.
        """
        order = self._store.order(order_no)
        if order is None or not _fits(order, given):
            order = self.look_up(order_no)
        return order if order is not None and _fits(order, given) else None

    def look_up(self, order_no: str) -> Row | None:
        """Return what 2.3 says of an order, None if it says nothing in time."""
        try:
            return self._later(self.refresh, order_no).result(timeout=_PATIENCE)
        except (PlatformRefused, PlatformUnreachable, TimeoutError):
            return None

    def _later(self, work: Callable[[str], Row], order_no: str) -> "Future[Row]":
        future = self._worker.submit(work, order_no)
        future.add_done_callback(_report)
        return future


def _order_in(answer: Mapping[str, Any], order_no: str) -> dict[str, Any]:
    data = answer.get("data")
    if not isinstance(data, dict) or data.get("order_no") != order_no:
        raise PlatformUnreachable(f"2.3 did not answer with the order {order_no}")
    return data


def _report(future: "Future[Row]") -> None:
    error = future.exception()
    if error is not None:
        _log.warning("2.3 failed: %s", error)


def _fits(order: Row, given: Mapping[str, str]) -> bool:
    return all(order[name] == text for name, text in given.items())


def overtakes(old: str, new: str, said_old: str) -> bool:
    """Return whether a notice about `said_old` -> `new` moves on an order that is in `old`.

    Notices may be late or cross each other: an older status never undoes a newer one.
    """
    if old == CANCEL or new == old:
        return False
    before = PROGRESS.get(old, -1)
    if new == CANCEL:
        return before <= PROGRESS["WAIT_PAY"]
    return PROGRESS[new] > before or (PROGRESS[new] == before and said_old == old)


def guarantee_period(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and the last day of the guarantee (担保期间) from 2.3's data.

    The table's rule fills in what 2.3 leaves out: from the deadline of the bids to 28 days after
    the end of their validity.
    """
    start = date.fromisoformat(data.get("guarantee_start_date") or data["bid_deadline"][:10])
    rule = start + timedelta(days=int(data["valid_day"]) + _DAYS_OF_GRACE)
    return start.isoformat(), str(data.get("guarantee_end_date") or rule)
