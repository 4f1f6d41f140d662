"""The orders as the platform has them: read by a call, kept beside what the notices say.

The call is 2.3 for insurers and 2.2 for guarantee companies.
"""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from reference_institution.platform_client import (
    PlatformClient,
    PlatformRefused,
    PlatformUnreachable,
)
from reference_institution.store import Row, Store

_log = logging.getLogger(__name__)

CANCEL = "CANCEL"
#: Seconds that an answer to a notice may wait for the call; the platform waits 5 s for the whole.
_PATIENCE = 3
#: How often the platform is asked while notices about the same order keep coming in.
_ATTEMPTS = 5
#: The days between the end of the bids' validity and the end of the guarantee.
_DAYS_OF_GRACE = 28


@dataclass(frozen=True)
class Product:
    """The states of a product's orders (5.4), but for `CANCEL`, which every product has.

    `progress` says how far an order has come in a state; states between which it goes to and fro,
    while material is handed in again, are equally far. Up to `last_cancellable` it can be
    cancelled.
    """

    progress: Mapping[str, int]
    last_cancellable: str

    def has(self, status: str) -> bool:
        """Return whether an order for this product can have a status."""
        return status in self.progress or status == CANCEL

    def overtakes(self, old: str, new: str, said_old: str) -> bool:
        """Return whether a notice about `said_old` -> `new` moves on an order that is in `old`.

        Notices may be late or cross each other: an older status never undoes a newer one (P40).
        """
        if old == CANCEL or new == old:
            return False
        before = self.progress.get(old, -1)
        if new == CANCEL:
            return before <= self.progress[self.last_cancellable]
        further = self.progress[new]
        return further > before or (further == before and said_old == old)


class Orders:
    """Knows every order, and asks the platform about those that it does not know."""

    def __init__(self, store: Store, client: PlatformClient, method: str) -> None:
        self._store = store
        self._client = client
        self._method = method
        self._worker = ThreadPoolExecutor(max_workers=4, thread_name_prefix="platform")

    def close(self) -> None:
        """Finish the work that is still to be done and stop."""
        self._worker.shutdown()

    def refresh(self, order_no: str) -> Row:
        """Read an order by the call, store and return it: the platform's word counts.

        Raises:
            PlatformRefused: the platform has no such order for us.
            PlatformUnreachable: it did not answer.
        """
        for _ in range(_ATTEMPTS):
            known = self._store.order(order_no)
            revision = known["revision"] if known else 0
            answer = self._client.call(self._method, {"order_no": order_no})
            data = _order_in(answer, order_no)
            # A notice may have come in while we asked; then the answer may be the older news.
            if self._store.remember_order(data, revision):
                break
        order = self._store.order(order_no)
        assert order is not None, "stored just now, or by whoever was faster"
        return order

    def refresh_later(self, order_no: str) -> None:
        """Read an order by the call after the notice at hand has been answered."""
        self._later(self.refresh, order_no)

    def fitting(self, order_no: str, given: Mapping[str, str]) -> Row | None:
        """Return the order if what a notice says of it is true, else None.

        `given` holds any of `block_number`, `block_name`, `principal`, `creditor`. An order that
        is unknown, or known by other names, is read by the call before the notice is judged.
        """
        order = self._store.order(order_no)
        if order is None or not _fits(order, given):
            order = self.look_up(order_no)
        return order if order is not None and _fits(order, given) else None

    def take_status(self, product: Product, order: Row, said_old: str, new: str) -> None:
        """Take the news that an order went from `said_old` to `new`."""
        if new == order["status"]:
            return
        if product.overtakes(order["status"], new, said_old):
            self._store.change_order_status(order["order_no"], order["status"], new)
        # Whichever of two crossing notices was the later one, the platform has the truth.
        self.refresh_later(order["order_no"])

    def look_up(self, order_no: str) -> Row | None:
        """Return what the platform says of an order, None if it says nothing in time."""
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
        raise PlatformUnreachable(f"the platform did not answer with the order {order_no}")
    return data


def _report(future: "Future[Row]") -> None:
    error = future.exception()
    if error is not None:
        _log.warning("an order could not be read: %s", error)


def _fits(order: Row, given: Mapping[str, str]) -> bool:
    return all(order[name] == text for name, text in given.items())


def guarantee_period(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the first and the last day of the guarantee (担保期间) from an order's data.

    The table's rule fills in what the platform leaves out: from the deadline of the bids to
    28 days after the end of their validity.
    """
    start = date.fromisoformat(data.get("guarantee_start_date") or data["bid_deadline"][:10])
    rule = start + timedelta(days=int(data["valid_day"]) + _DAYS_OF_GRACE)
    return start.isoformat(), str(data.get("guarantee_end_date") or rule)
