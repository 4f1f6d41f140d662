"""Lists narrowed to one order by `order_no`."""

from typing import Any

from simulator.control.routing import TEXT, Request
from simulator.operations.business import lookup
from simulator.operations.registry import Desk
from simulator.store.records import Claim, Guarantee, Order

OF_ORDER = {"order_no": TEXT}


def filter_by_order(
    desk: Desk, request: Request, record: type[Claim] | type[Guarantee]
) -> list[Any]:
    """Return the conditions on a list: the account's, and an order's where one was named."""
    conditions: list[Any] = [record.account_id == desk.account.id]
    if (order_no := request.query.get("order_no")) is not None:
        conditions.append(record.order_id == lookup.fetch(desk, Order, order_no).id)
    return conditions
