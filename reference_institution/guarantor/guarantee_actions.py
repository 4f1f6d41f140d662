"""Issuing a guarantee (2.5), and releasing revoked ones (2.9)."""

import json
from typing import Any

from reference_institution import clock
from reference_institution.actions import Body, CannotAct, member
from reference_institution.guarantees import draft, hand_over
from reference_institution.guarantor.institution import Guarantor, action
from reference_institution.guarantor.store import FORFEITED, REVOKED
from reference_institution.lookups import current_order
from reference_institution.platform_client import PlatformUnreachable
from reference_institution.store import Row


@action
def issue(guarantor: Guarantor, body: Body) -> Any:
    """Sign the guarantee's PDF and push it: `order_no` (2.5)."""
    order = current_order(guarantor, body)
    return hand_over(guarantor, "guarantor_push_guarantee", order, draft(guarantor, order))


@action
def release(guarantor: Guarantor, body: Body) -> Any:
    """Release revoked guarantees: `guarantee_no`, or `block_number` for all of a block (2.9).

    Returns the released numbers, and the platform's `errors` for single guarantees. The moment is
    stored before the call, because a repeated call must say the same.
    """
    releases = _wanted(guarantor, body)
    order = _order_of(guarantor, releases[0])
    items = [
        {
            "guarantee_no": each["guarantee_no"],
            "remove_guarantee_date": guarantor.store.keep_release_date(
                each["guarantee_no"], clock.now()
            ),
            "serial_num": _serial_num(guarantor, each),
        }
        for each in releases
    ]
    params = {name: order[name] for name in ("block_number", "block_name", "creditor")}
    params["remove_guarantee_data"] = json.dumps(items, ensure_ascii=False)
    errors = _errors(guarantor.client.call("remove_guarantee", params).get("data"))
    wrong = {each["error_info"]["guarantee_no"] for each in errors}
    released = [each["guarantee_no"] for each in items if each["guarantee_no"] not in wrong]
    for number in released:
        guarantor.store.mark_released(number)
    for number in wrong:
        guarantor.store.forget_release_date(number)
    return {"released": released, "errors": errors}


def _wanted(guarantor: Guarantor, body: Body) -> list[Row]:
    """Return the releases that the request names; all are of one block."""
    if number := body.get("guarantee_no"):
        release = guarantor.store.release(str(number))
        if release is None or release["status"] == FORFEITED:
            raise CannotAct(f"The guarantee {number} was not revoked.")
        return [release]
    revoked = [
        each
        for each in guarantor.store.releases_of_block(member(body, "block_number"))
        if each["status"] == REVOKED
    ]
    if not revoked:
        raise CannotAct(f"No guarantee of the block {body['block_number']} waits for its release.")
    return [each for each in revoked if each["block_name"] == revoked[0]["block_name"]]


def _order_of(guarantor: Guarantor, release: Row) -> Row:
    guarantee = guarantor.store.guarantee(release["guarantee_no"])
    order = guarantor.store.order(guarantee["order_no"]) if guarantee else None
    assert order is not None, "only guarantees of known orders are revoked"
    return order


def _serial_num(guarantor: Guarantor, release: Row) -> str:
    guarantee = guarantor.store.guarantee(release["guarantee_no"])
    return str(guarantee["serial_num"]) if guarantee else ""


def _errors(data: Any) -> list[dict[str, Any]]:
    """Return the errors for single guarantees, which an answer with status 200 may have (P33)."""
    try:
        errors = data["error"].get("data") or []
        return [dict(each) for each in errors if each["error_info"]["guarantee_no"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise PlatformUnreachable("the platform's answer to 2.9 has no error") from error
