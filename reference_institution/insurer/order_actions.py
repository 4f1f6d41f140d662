"""Handling an order (2.4): confirmation, due diligence, offer, payment, cancellation; look-ups."""

from collections.abc import Mapping
from typing import Any

from reference_institution.actions import Body, CannotAct, member
from reference_institution.guarantees import premium
from reference_institution.insurer.institution import Insurer, action
from reference_institution.lookups import current_order, has_become
from reference_institution.orders import CANCEL, guarantee_period
from reference_institution.platform_client import DONE, PlatformRefused
from reference_institution.store import Row


@action
def confirm(insurer: Insurer, body: Body) -> Any:
    """Confirm the order's particulars: `order_no` (2.4, type 1)."""
    return _decide(insurer, current_order(insurer, body), {"order_do_type": "1", "status": "1"})


@action
def due_diligence(insurer: Insurer, body: Body) -> Any:
    """Pass due diligence or send it back: `order_no`, `pass`, `note` (2.4, type 2)."""
    passed = body.get("pass", True) is True
    decision = {
        "order_do_type": "2",
        "status": "1" if passed else "2",
        "note": str(body.get("note") or ("尽调通过" if passed else "请补充尽调资料")),
    }
    wanted = "WAIT_OFFER" if passed else "WAIT_SUBMIT_TUNE_UP"
    return _decide(insurer, current_order(insurer, body), decision, wanted)


@action
def offer(insurer: Insurer, body: Body) -> Any:
    """Offer a premium in yuan: `order_no`, `price` (2.4, type 3)."""
    order = current_order(insurer, body)
    price = str(body.get("price") or premium(order))
    end = str(body.get("guarantee_end_date") or guarantee_period(order["data"])[1])
    decision = {"order_do_type": "3", "price": price, "guarantee_end_date": end}
    answer = _decide(insurer, order, decision, "WAIT_PAY")
    insurer.store.keep_price(order["order_no"], price)
    return answer


@action
def pay(insurer: Insurer, body: Body) -> Any:
    """Report the premium as paid: `order_no`, `real_pay` in yuan (2.4, type 4)."""
    order = current_order(insurer, body)
    if order["status"] == CANCEL:
        # A payment for a cancelled order has to be refunded, for which there is no call.
        raise CannotAct(f"The order {order['order_no']} was cancelled.")
    paid = str(body.get("real_pay") or premium(order))
    decision = {"order_do_type": "4", "real_pay": paid}
    return _decide(insurer, order, decision, "WAIT_OUT_GUARANTEE")


@action
def cancel(insurer: Insurer, body: Body) -> Any:
    """Cancel the order before it is paid: `order_no`, `note` (2.4, status 3)."""
    note = str(body.get("note") or "保险公司取消订单")
    decision = {"order_do_type": "1", "status": "3", "note": note}
    return _decide(insurer, current_order(insurer, body), decision, "CANCEL")


def _decide(insurer: Insurer, order: Row, decision: Mapping[str, str], wanted: str = "") -> Any:
    names = ("order_no", "block_number", "block_name", "principal", "creditor")
    params = {**{name: order[name] for name in names}, **decision}

    def done() -> bool:
        return has_become(insurer, order, wanted)

    try:
        answer = insurer.client.call("insurer_apply_guarantee_result", params, done=done)
    except PlatformRefused:
        if not done():
            raise
        return DONE
    insurer.orders.look_up(order["order_no"])
    return answer.get("data")


@action
def refresh(insurer: Insurer, body: Body) -> Any:
    """Read an order: `order_no` (2.3)."""
    return current_order(insurer, body)["data"]


@action
def companies(insurer: Insurer, body: Body) -> Any:
    """Read the companies of an order: `order_no` (4.3)."""
    params = {"order_no": member(body, "order_no")}
    return insurer.client.call("insurer_get_order_company_info", params).get("data")


@action
def file_url(insurer: Insurer, body: Body) -> Any:
    """Get a new URL of a file: `file_id` (4.1)."""
    params = {"file_id": member(body, "file_id")}
    return insurer.client.call("insurer_get_file_url", params).get("data")


@action
def branches(insurer: Insurer, body: Body) -> Any:
    """List the branch insurers of our access party, or of `insurer_name` (4.2)."""
    params = {"insurer_name": str(body.get("insurer_name") or insurer.letter.access_party)}
    return insurer.client.call("insurer_get_branch_insurers", params).get("data")
