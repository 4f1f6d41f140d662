"""Blocks (标段): a changed or delayed bid opening affects every order of the block (2.10, P47)."""

from collections.abc import Sequence

from sqlalchemy import func, select, true

from simulator.domain import dates
from simulator.domain import order as states
from simulator.errors import Conflict, SimulatorError
from simulator.operations.outgoing import Notice, announce, compose
from simulator.operations.registry import Desk, push
from simulator.store.records import BidChange, Order, Push

_OVER = (states.CANCEL, states.FINISH)
TYPES = {"change": "1", "delay": "2"}


def count_changes(desk: Desk, order: Order) -> int:
    """Return how many changes of the bid opening were announced for an order's block."""
    of_block = select(func.count(BidChange.id)).where(
        BidChange.account_id == desk.account.id, BidChange.block_number == order.block_number
    )
    if not order.block_number:
        of_block = of_block.where(BidChange.block_name == order.block_name)
    return desk.session.scalar(of_block) or 0


def orders_of(desk: Desk, block_number: str, block_name: str | None = None) -> Sequence[Order]:
    """Return the account's orders of a block, oldest first, locked for this transaction.

    A block with an empty number, as in the manual's sample, is identified by its `block_name`.

    Raises:
        SimulatorError: the block has neither number nor name.
    """
    if not block_number and block_name is None:
        raise SimulatorError(
            "A block without a number is identified by its block_name: give that, too.",
            "标段编号为空时，请同时给出 block_name。",
        )
    named = Order.block_name == block_name if block_name is not None else true()
    return desk.session.scalars(
        select(Order)
        .where(Order.account_id == desk.account.id, Order.block_number == block_number, named)
        .order_by(Order.id)
        .with_for_update()
    ).all()


def change_bid_opening(
    desk: Desk, block_number: str, type_: str, open_time: str, block_name: str | None = None
) -> Push:
    """Move the bid opening of a block and announce it once (2.10).

    `type_` is `change` or `delay`, `open_time` is `yyyy-MM-dd HH:mm:ss`. A block with an
    empty number, as in the manual's sample, is identified by its `block_name`. The orders that are
    neither cancelled nor finished get the new deadline and the guarantee period that follows
    from it (P28).

    Raises:
        SimulatorError: the type or the time is wrong.
        Conflict: the block has no such order.
    """
    moment = dates.read_moment(open_time)
    if moment is None or type_ not in TYPES:
        raise SimulatorError(
            f"A bid opening takes type `change` or `delay` and a time yyyy-MM-dd HH:mm:ss "
            f"(got {type_!r}, {open_time!r}).",
            f"开标变更的 type 为 change 或 delay，时间格式为 yyyy-MM-dd HH:mm:ss"
            f"（收到 {type_!r}、{open_time!r}）。",
        )
    alive = [
        order for order in orders_of(desk, block_number, block_name) if order.state not in _OVER
    ]
    if not alive:
        raise Conflict(
            f"The block {block_number!r} has no order that is neither cancelled nor finished.",
            f"标段 {block_number!r} 没有未取消且未完成的订单。",
        )
    for order in alive:
        order.bid_deadline = moment.strftime("%Y-%m-%d %H:%M")
        try:
            order.guarantee_start_date, order.guarantee_end_date = dates.guarantee_period(
                order.bid_deadline, order.valid_day
            )
        except OverflowError:
            raise SimulatorError(
                f"A guarantee from {open_time!r} on would end beyond the year 9999.",
                f"自 {open_time!r} 起的保函止期超出 9999 年。",
            ) from None
    change = BidChange(
        account_id=desk.account.id,
        block_number=block_number,
        block_name=alive[0].block_name,
        type=TYPES[type_],
        open_tender_time=moment.strftime("%Y-%m-%d %H:%M:%S"),
    )
    desk.session.add(change)
    return announce(desk, bid_opening(desk, alive[0], change))


@push("insurer/2.10")
def bid_opening(desk: Desk, order: Order, change: BidChange) -> Notice:
    """Compose the notice that a block's bid opening was changed or delayed."""
    known = {
        "btc_name": str(order.details.get("btc_name", "")),
        "block_number": order.block_number,
        "block_name": order.block_name,
        "type": change.type,
        "open_tender_time": change.open_tender_time,
    }
    return compose(desk, "bid_opening", order.block_number or order.block_name, known)
