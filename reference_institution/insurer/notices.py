"""The platform's notices to an insurer (异步推送): compared with our records, then stored."""

from collections.abc import Mapping
from datetime import datetime

from reference_institution.insurer import claims
from reference_institution.insurer.states import POLICY
from reference_institution.insurer.store import InsurerStore
from reference_institution.orders import Orders
from reference_institution.pushes import ORDER_NAMES, refuse, require

_STATUS = ("order_no", *ORDER_NAMES, "order_status_old", "order_status")
_INVOICE = (
    "invoice_id",
    "invoice_type",
    "is_electron",
    "order_nos",
    "company_name",
    "identify_number",
    "receiver_name",
    "receiver_phone_num",
    "receiver_address",
    "receiver_email",
)
_INVOICE_WITH_TAX = ("bank_name", "bank_account", "registered_address", "link_phone_number")
_BID_OPENING = ("btc_name", "block_number", "block_name", "type", "open_tender_time")
_CLAIM = (
    "request_method",
    "claim_no",
    "claim_status",
    "guarantee_no",
    *ORDER_NAMES,
    "claim_amount",
    "claim_reason",
    "contact_person",
    "contact_phone",
    "contact_mail",
)
#: What may differ between two notices of a claim: its status, the URL, which is new each time,
#: and the guarantee's number, which a re-issue changes (2.11).
_CLAIM_CHANGES = ("claim_status", "claim_file", "guarantee_no")


class Notices:
    """Handles an insurer's notices; every method raises `NoticeRefused`."""

    def __init__(self, store: InsurerStore, known: Orders) -> None:
        self._store = store
        self._orders = known

    def order_status(self, said: Mapping[str, str]) -> None:
        """Handle an order's new status (insurer 2.2)."""
        require(said, _STATUS)
        order_no, new = said["order_no"], said["order_status"]
        if not POLICY.has(new):
            raise refuse(f"参数错误：order_status {new}")
        order = self._orders.fitting(order_no, {name: said[name] for name in ORDER_NAMES})
        if order is None:
            raise refuse(f"订单不存在或信息不一致：{order_no}")
        self._orders.take_status(POLICY, order, said["order_status_old"], new)

    def invoice(self, said: Mapping[str, str]) -> None:
        """Handle an application for an invoice (insurer 2.8)."""
        require(said, _INVOICE)
        if said["invoice_type"] == "2":
            require(said, _INVOICE_WITH_TAX)
        if said["invoice_type"] not in ("1", "2") or said["is_electron"] not in ("1", "2"):
            raise refuse("参数错误：invoice_type 或 is_electron")
        for order_no in said["order_nos"].split(","):
            if self._orders.fitting(order_no.strip(), {}) is None:
                raise refuse(f"订单不存在：{order_no}")
        content = {name: text for name, text in said.items() if text}
        self._store.add_invoice(said["invoice_id"], content)
        known = self._store.invoice(said["invoice_id"])
        if known is None or known["content"] != content:
            raise refuse(f"发票申请已存在且内容不同：{said['invoice_id']}")

    def bid_opening(self, said: Mapping[str, str]) -> None:
        """Handle a changed or delayed bid opening of a block (insurer 2.10)."""
        require(said, _BID_OPENING)
        if said["type"] not in ("1", "2") or not _is_moment(said["open_tender_time"]):
            raise refuse("参数错误：type 或 open_tender_time")
        touched = self._store.orders_of_block(said["block_number"], said["block_name"])
        if not touched:
            raise refuse(f"标段不存在：{said['block_number']}")
        self._store.add_bid_opening(said["block_number"], said["type"], said["open_tender_time"])
        # The new dates come from 2.3, not from this notice, so a late, older notice is harmless.
        for order in touched:
            self._orders.refresh_later(order["order_no"])

    def claim(self, said: Mapping[str, str]) -> None:
        """Handle a new claim, or the revocation of one (insurer 3.1, P48)."""
        require(said, _CLAIM)
        claim_no, status = said["claim_no"], said["claim_status"]
        if said["request_method"] != "apply_claim" or status not in claims.PROGRESS:
            raise refuse("参数错误：request_method 或 claim_status")
        guarantee = self._store.guarantee(said["guarantee_no"])
        if guarantee is None:
            raise refuse(f"保函不存在：{said['guarantee_no']}")
        order_no = guarantee["order_no"]
        if not self._orders.fitting(order_no, {name: said[name] for name in ORDER_NAMES}):
            raise refuse(f"与保函信息不一致：{said['guarantee_no']}")
        content = {name: text for name, text in said.items() if text and name not in _CLAIM_CHANGES}
        changing = {
            "guarantee_no": said["guarantee_no"],
            "status": status,
            "claim_file": said.get("claim_file", ""),
        }
        self._store.add_claim(
            {"claim_no": claim_no, "order_no": order_no, "content": content, **changing}
        )
        known = self._store.claim(claim_no)
        if known is None or (known["order_no"], known["content"]) != (order_no, content):
            raise refuse(f"理赔已存在且内容不同：{claim_no}")
        claims.advance(self._store, claim_no, status)


def _is_moment(text: str) -> bool:
    try:
        # Only the format is checked; the moment itself comes from 2.3.
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return False
    return True
