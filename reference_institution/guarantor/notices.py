"""Notices of a guarantor's orders: applications (2.1) and changes of status (2.4)."""

import re
from collections.abc import Mapping
from typing import Any

from reference_institution.guarantor.states import PRODUCTS, SEPARATE
from reference_institution.guarantor.store import GuarantorStore
from reference_institution.orders import Orders, guarantee_period
from reference_institution.pushes import ORDER_NAMES, read_json, refuse, require
from reference_institution.store import Row

_APPLICATION = (
    "request_method",
    "order_no",
    "order_status",
    "ktype",
    "block_number",
    "block_name",
    "project_type",
    "bid_deadline",
    "valid_day",
    "guarantee_amount",
    "project_amount",
    "creditor",
    "principal",
    "principal_name",
    "principal_phone",
    "principal_legal_person",
    "principal_legal_id_card",
    "principal_legal_phone",
    "principal_phone_social_credit_code",
    "principal_address",
    "principal_bank_account_no",
    "principal_bank_account_name",
)
#: The lists of files, which are JSON as text, and the members that each file must have.
_FILE_LISTS = {
    "guarantee_sign_files": ("file_id", "file_url", "file_name"),
    "attach_files": ("file_id", "file_url"),
}
_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]+)?")
_STATUS = (
    *("request_method", "order_no", *ORDER_NAMES, "applicant"),
    *("order_status_old", "order_status"),
)


def applicant(order: Row, company: str) -> str:
    """Return who applied: the guarantee company for 分离式, the principal for 直开式 (2.4)."""
    return company if str(order["data"]["ktype"]) == SEPARATE else str(order["principal"])


class Notices:
    """Handles notices of orders; every method raises `NoticeRefused`."""

    def __init__(self, store: GuarantorStore, known: Orders, company: str) -> None:
        self._store = store
        self._orders = known
        self._company = company

    def application(self, said: Mapping[str, str], address: str) -> dict[str, str]:
        """Handle a new order; return its status, and where its fee is paid (guarantor 2.1).

        `address` is our server's. Each repeat gets the same answer: nothing is decided yet (P31,
        P56).
        """
        require(said, _APPLICATION)
        _check_application(said)
        order_no = said["order_no"]
        content = {
            name: text for name, text in said.items() if text and name not in _FILE_LISTS
        } | {name: _files(said, name) for name in _FILE_LISTS}
        known = self._store.order(order_no)
        if known and any(known[name] != said[name] for name in ORDER_NAMES):
            raise refuse(f"与订单信息不一致：{order_no}")
        if self._store.add_application(order_no, content)["content"] != content:
            raise refuse(f"订单已存在且内容不同：{order_no}")
        # If 2.2 has read the order already, that record is newer than the application.
        self._store.remember_order(said, revision=0)
        return {
            "order_status": said["order_status"],
            "pay_method": "REDIRECT",
            "redirect_url": f"{address}payment/{order_no}",
            "statement": "资料已收到，审批通过后请按页面提示支付保函费用",
        }

    def order_status(self, said: Mapping[str, str]) -> None:
        """Handle an order's new status (guarantor 2.4)."""
        require(said, _STATUS)
        order_no, new = said["order_no"], said["order_status"]
        if said["request_method"] != "notify_order_status":
            raise refuse("参数错误：request_method")
        order = self._orders.fitting(order_no, {name: said[name] for name in ORDER_NAMES})
        if order is None or said["applicant"] != applicant(order, self._company):
            raise refuse(f"订单不存在或信息不一致：{order_no}")
        product = PRODUCTS[str(order["data"]["ktype"])]
        if not product.has(new):
            raise refuse(f"参数错误：order_status {new}")
        self._orders.take_status(product, order, said["order_status_old"], new)


def _check_application(said: Mapping[str, str]) -> None:
    if said["request_method"] != "apply_guarantee":
        raise refuse("参数错误：request_method")
    product = PRODUCTS.get(said["ktype"])
    if product is None or not product.has(said["order_status"]):
        raise refuse("参数错误：ktype 或 order_status")
    for name in ("guarantee_amount", "project_amount"):
        if not _AMOUNT.fullmatch(said[name]):
            raise refuse(f"参数错误：{name}")
    try:
        guarantee_period(said)
    except (ValueError, OverflowError) as error:
        raise refuse("参数错误：bid_deadline 或 valid_day") from error


def _files(said: Mapping[str, str], name: str) -> list[dict[str, str]]:
    """Return a list of files without their URLs, which expire: 4.1 gives new ones by `file_id`."""
    text = said.get(name, "")
    listed = read_json(text) if text else []
    if not isinstance(listed, list) or not all(_is_file(each, name) for each in listed):
        raise refuse(f"参数错误：{name}")
    kept = [member for member in _FILE_LISTS[name] if member != "file_url"]
    return [{member: str(each[member]) for member in kept} for each in listed]


def _is_file(each: Any, name: str) -> bool:
    return isinstance(each, dict) and all(each.get(member) for member in _FILE_LISTS[name])
