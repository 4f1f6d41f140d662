"""A principal applies for a guarantee: make an order from a fixture and changed fields."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import select

from simulator import ids, paths
from simulator.clock import spoken, to_moment
from simulator.domain import dates, money
from simulator.domain.institution import KINDS, PRODUCTS, Kind
from simulator.errors import Conflict, NotFound, SimulatorError
from simulator.operations.business import companies, files
from simulator.operations.outgoing import announce, interface_of
from simulator.operations.registry import Desk, composer_of
from simulator.protocol.catalogue import Interface
from simulator.store.records import Order

_ORDER_NO = re.compile(r"[A-Za-z0-9-]{1,40}\Z")
_RELATIVE = re.compile(r"\+(\d{1,4})d (\d\d:\d\d)\Z")
_COLUMNS = (
    "block_number",
    "block_name",
    "principal",
    "creditor",
    "bid_deadline",
    "valid_day",
    "guarantee_amount",
)
#: Members of an order's table that the platform sets itself.
_OWN = (
    "order_no",
    "order_status",
    "guarantee_sign_files",
    "attach_files",
    "request_method",
    "sign",
    "timestamp",
)


def fixture_names(kind: str) -> list[str]:
    """Return the names of the ready-made orders of a kind of institution."""
    return sorted(path.stem for path in (paths.fixtures() / "orders" / kind).glob("*.json"))


@cache
def fixture(kind: str, name: str) -> dict[str, Any]:
    """Return a ready-made order: title, order_no, fields, sign_files, attach_files.

    Raises:
        NotFound: there is no such fixture.
    """
    if name not in fixture_names(kind):
        known = ", ".join(fixture_names(kind))
        raise NotFound(
            f"There is no ready-made order {name!r}; there are: {known}.",
            f"没有预置订单 {name!r}；可用：{known}。",
        )
    text = (paths.fixtures() / "orders" / kind / f"{name}.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


def apply(
    desk: Desk, fixture_name: str = "standard", changes: Mapping[str, Any] | None = None
) -> Order:
    """Make an order of the account; `changes` replace members of the fixture.

    The members are those of 2.3 for insurers, and of 2.1 for guarantors, which announces the order
    to them. `order_no` may be given too. The guarantee period follows from deadline and validity
    (P28) unless the dates are given.

    Raises:
        NotFound: there is no such fixture.
        SimulatorError: a member is unknown or does not have the form that the table requires.
        Conflict: the account has an order of this number.
    """
    kind = KINDS[desk.account.kind]
    made = fixture(kind.name, fixture_name)
    changes = dict(changes or {})
    order_no = str(changes.pop("order_no", None) or made["order_no"] or "") or _number(desk)
    if not _ORDER_NO.match(order_no):
        raise SimulatorError(
            f"An order_no has 1 to 40 letters, digits and hyphens (got {order_no!r}).",
            f"order_no 由 1 到 40 个字母、数字和连字符组成（收到 {order_no!r}）。",
        )
    fields = {**_with_own_insurer(desk, made["fields"]), **changes}
    fields["bid_deadline"] = _resolve_deadline(desk, str(fields["bid_deadline"]))
    _check(desk, kind, fields)
    fields["guarantee_amount"] = money.format_yuan(Decimal(str(fields["guarantee_amount"])))
    if desk.session.scalar(
        select(Order.id).where(Order.account_id == desk.account.id, Order.order_no == order_no)
    ):
        raise Conflict(
            f"The account {desk.account.name} has an order {order_no} already.",
            f"账户 {desk.account.name} 已有订单 {order_no}。",
        )
    first, last = dates.guarantee_period(fields["bid_deadline"], str(fields["valid_day"]))
    product = PRODUCTS[fields.pop("ktype", kind.products[0].ktype)]
    state = product.first or desk.account.switch("first_state")
    order = Order(
        account_id=desk.account.id,
        order_no=order_no,
        ktype=product.ktype,
        state=state,
        accept_insurer=str(fields.pop("accept_insurer", desk.account.company)),
        **{name: str(fields.pop(name, "")) for name in _COLUMNS},
        guarantee_start_date=fields.pop("guarantee_start_date", "") or first,
        guarantee_end_date=fields.pop("guarantee_end_date", "") or last,
        details=fields,
        sign_files=_files(desk, made["sign_files"]),
        attach_files=_files(desk, made["attach_files"]),
        history=[
            {"at": spoken(desk.now), "event": "apply", "by": "principal", "state": state},
        ],
    )
    desk.session.add(order)
    desk.session.flush()
    if kind.new_order_push:
        compose = composer_of(interface_of(desk, kind.new_order_push))
        announce(desk, compose(desk, order))
    return order


def _number(desk: Desk) -> str:
    return ids.digits(desk.account.seed, "order", desk.account.next_number(), 10)


def _with_own_insurer(desk: Desk, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fixture's fields, the insurer replaced by one of the account's access party."""
    made = dict(fields)
    if "accept_insurer" not in made:
        return made
    company = companies.find(desk.session, made["accept_insurer"])
    unlisted = company is not None and company.access_party is None
    if unlisted or (company and company.access_party == desk.account.access_party):
        return made
    own = companies.find(desk.session, desk.account.company)
    return made | {
        "accept_insurer": desk.account.company,
        "accept_insurer_id": own.id if own else 0,
        "guarantor": desk.account.company,
    }


def _resolve_deadline(desk: Desk, text: str) -> str:
    relative = _RELATIVE.match(text)
    if relative is None:
        return text
    day = to_moment(desk.account.wire_time(desk.wall)) + timedelta(days=int(relative[1]))
    return f"{day:%Y-%m-%d} {relative[2]}"


def _members(interface: Interface) -> Mapping[str, Any]:
    """Return the members of an order: those of a call's answer, or those of a push."""
    if interface.direction == "call":
        members: Mapping[str, Any] = interface.description["response"]["properties"]["data"]
        return members["properties"]  # type: ignore[no-any-return]
    return {parameter.name: parameter for parameter in interface.parameters}


def _accepts(interface: Interface, name: str, value: object) -> bool:
    if interface.direction == "call":
        return interface.accepts_in_answer(name, value)
    parameter = interface.parameter(name)
    left_out = value == "" and not parameter.required
    return isinstance(value, str) and (left_out or parameter.accepts(value))


def _check(desk: Desk, kind: Kind, fields: Mapping[str, Any]) -> None:
    interface = interface_of(desk, kind.order_table)
    own = _OWN if len(kind.products) > 1 else (*_OWN, "ktype")
    data = _members(interface)
    for name, value in fields.items():
        if name not in data or name in own:
            known = ", ".join(member for member in data if member not in own)
            raise SimulatorError(
                f"An order has no field {name!r} that can be set; the fields are: {known}.",
                f"订单没有可设置的字段 {name!r}；可用字段：{known}。",
            )
        if not _accepts(interface, name, value):
            raise SimulatorError(
                f"The order's {name} cannot be {value!r}; see the table of {interface.id}.",
                f"订单的 {name} 不能为 {value!r}；参见 {interface.id} 的参数表。",
            )
    amount = money.parse_yuan(str(fields["guarantee_amount"]))
    if amount is None or amount <= 0:
        raise SimulatorError(
            f"The order's guarantee_amount must be more than 0 yuan, with two decimals at most "
            f"(got {fields['guarantee_amount']}).",
            f"订单的 guarantee_amount 必须大于 0（元），最多两位小数"
            f"（收到 {fields['guarantee_amount']}）。",
        )
    moment = dates.read_moment(fields["bid_deadline"], "%Y-%m-%d %H:%M")
    if moment is None or _period(fields) is None:
        raise SimulatorError(
            "An order needs a bid_deadline yyyy-MM-dd HH:mm (or `+20d 09:30`) and valid_day in "
            f"days (got {fields['bid_deadline']!r}, {fields['valid_day']!r}).",
            "订单需要 bid_deadline（yyyy-MM-dd HH:mm 或 `+20d 09:30`）和以天为单位的 valid_day"
            f"（收到 {fields['bid_deadline']!r}、{fields['valid_day']!r}）。",
        )


def _period(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    try:
        return dates.guarantee_period(fields["bid_deadline"], str(fields["valid_day"]))
    except (ValueError, OverflowError):
        return None


def _files(desk: Desk, listed: list[dict[str, str]]) -> list[dict[str, str]]:
    folder = paths.fixtures() / "files"
    kept = []
    for item in listed:
        name = item.get("file_name", item["file"])
        stored = files.keep_fixture(desk, folder / item["file"], name)
        kept.append({"file_id": stored.file_id, "file_name": name})
    return kept
