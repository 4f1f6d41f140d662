"""The platform's orders, as a call (insurer 2.3, guarantor 2.2) and notices report them."""

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
#: Seconds that the answer to a notice may wait for the call; the platform waits 5 s for it.
_PATIENCE = 3
#: Calls at most while notices about the same order keep coming in.
_ATTEMPTS = 5
#: The days between the end of the bids' validity and the end of the guarantee.
_DAYS_OF_GRACE = 28


@dataclass(frozen=True)
class Product:
    """The states of a product's orders (5.4), but for `CANCEL`, which every product has.

    `progress` ranks the states. States between which an order alternates while material is
    submitted again have the same rank. An order can be cancelled up to `last_cancellable`.
    """

    progress: Mapping[str, int]
    last_cancellable: str

    def has(self, status: str) -> bool:
        """Return whether an order for this product can have a status."""
        return status in self.progress or status == CANCEL

    def overtakes(self, old: str, new: str, said_old: str) -> bool:
        """Return whether a notice of `said_old` -> `new` moves an order that we have in `old`.

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
    """Our orders; those that are not on record are read from the platform."""

    def __init__(self, store: Store, client: PlatformClient, method: str) -> None:
        self._store = store
        self._client = client
        self._method = method
        self._worker = ThreadPoolExecutor(max_workers=4, thread_name_prefix="platform")

    def close(self) -> None:
        """Finish the pending calls and stop."""
        self._worker.shutdown()

    def refresh(self, order_no: str) -> Row:
        """Read an order from the platform, store and return it.

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
        """Read an order from the platform, after the present notice has been answered."""
        self._later(self.refresh, order_no)

    def fitting(self, order_no: str, given: Mapping[str, str]) -> Row | None:
        """Return the order if it matches what a notice says of it, else None.

        `given` holds any of `block_number`, `block_name`, `principal`, `creditor`. An order that
        is unknown, or has other names, is read from the platform before the notice is judged.
        """
        order = self._store.order(order_no)
        if order is None or not _fits(order, given):
            order = self.look_up(order_no)
        return order if order is not None and _fits(order, given) else None

    def take_status(self, product: Product, order: Row, said_old: str, new: str) -> None:
        """Handle a notice that an order went from `said_old` to `new`."""
        if new == order["status"]:
            return
        if product.overtakes(order["status"], new, said_old):
            self._store.change_order_status(order["order_no"], order["status"], new)
        # If two notices crossed, the platform's record says which was the later one.
        self.refresh_later(order["order_no"])

    def look_up(self, order_no: str) -> Row | None:
        """Return an order as the platform has it; None if it does not answer in time."""
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

    Where the platform leaves them out, the period runs from the bid deadline to 28 days after the
    bids' validity ends.
    """
    start = date.fromisoformat(data.get("guarantee_start_date") or data["bid_deadline"][:10])
    rule = start + timedelta(days=int(data["valid_day"]) + _DAYS_OF_GRACE)
    return start.isoformat(), str(data.get("guarantee_end_date") or rule)
