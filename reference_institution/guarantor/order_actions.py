"""Handling an order: forward and back (2.3), cancellation (2.11); look-ups (2.2, 4.1)."""

from collections.abc import Mapping
from typing import Any

from reference_institution.actions import Body, CannotAct, member
from reference_institution.guarantees import premium
from reference_institution.guarantor.institution import Guarantor, action
from reference_institution.guarantor.states import returned_to
from reference_institution.lookups import current_order, has_become
from reference_institution.orders import CANCEL
from reference_institution.platform_client import DONE, PlatformRefused
from reference_institution.store import Row


@action
def forward(guarantor: Guarantor, body: Body) -> Any:
    """Move an order forward: `order_no`, `order_status`, `order_amount` in yuan (2.3)."""
    order, wanted = current_order(guarantor, body), member(body, "order_status")
    if order["status"] == CANCEL:
        raise CannotAct(f"The order {order['order_no']} was cancelled.")
    change = {"order_status": wanted}
    if body.get("order_amount") or wanted == "WAIT_OUT_GUARANTEE":
        # Once the fee is paid, 2.3 requires its amount.
        change["order_amount"] = str(body.get("order_amount") or premium(order))
    answer = _change(guarantor, "notify_order_status", order, change, wanted)
    if "order_amount" in change:
        guarantor.store.keep_price(order["order_no"], change["order_amount"])
    return answer


@action
def withdraw(guarantor: Guarantor, body: Body) -> Any:
    """Return an order to the principal: `order_no`, `order_status`, `statement` (2.3, 审批退回).

    `order_status` is the submitting state to return to, by default the nearest one.
    """
    order = current_order(guarantor, body)
    named = str(body.get("order_status") or "")
    wanted = returned_to(str(order["data"]["ktype"]), order["status"], named)
    if wanted is None:
        raise CannotAct(f"Nothing can be handed in again in {order['status']}.")
    change = {
        "order_status": wanted,
        "is_withdraw": "1",
        "statement": str(body.get("statement") or "请补充资料"),
    }
    return _change(guarantor, "notify_order_status", order, change, wanted)


@action
def cancel(guarantor: Guarantor, body: Body) -> Any:
    """Cancel an order before its guarantee is issued: `order_no`, `cancel_reason` (2.11)."""
    reason = {"cancel_reason": str(body.get("cancel_reason") or "担保公司取消订单")}
    return _change(guarantor, "cancel_order", current_order(guarantor, body), reason, CANCEL)


def _change(
    guarantor: Guarantor, method: str, order: Row, change: Mapping[str, str], wanted: str
) -> Any:
    def done() -> bool:
        return has_become(guarantor, order, wanted)

    params = {"order_no": order["order_no"], **change}
    try:
        answer = guarantor.client.call(method, params, done=done)
    except PlatformRefused:
        if not done():
            raise
        return DONE
    guarantor.orders.look_up(order["order_no"])
    return answer.get("data")


@action
def refresh(guarantor: Guarantor, body: Body) -> Any:
    """Read an order, for example after material was submitted again: `order_no` (2.2)."""
    return current_order(guarantor, body)["data"]


@action
def file_url(guarantor: Guarantor, body: Body) -> Any:
    """Get a new URL of a file: `file_id` (4.1)."""
    params = {"file_id": member(body, "file_id")}
    return guarantor.client.call("get_file_url", params).get("data")
