"""The platform's notices (异步推送): opened, checked against what we know, then remembered.

The order of the checks is the manual's (注意事项 4): decrypt, verify the sign, compare with our own
records. A notice that does not fit is a 假通知: it is refused and has no effect. A notice that was
handled before is answered like the first time (注意事项 3); what makes two notices the same is what
they say, never their `timestamp`, `sign` or `param`, which each attempt makes afresh.
"""

from collections.abc import Mapping
from datetime import datetime

from reference_institution import claims, orders
from reference_institution.letter import AccountLetter
from reference_institution.orders import Orders
from reference_institution.store import Store
from simulator.protocol import envelope, signing
from simulator.protocol.plaintext import NotAPlaintext, as_text
from simulator.protocol.rsa import CannotOpen

#: The general failure (5.3): all that the manual has for a notice that is refused.
_FAILED = 404
_ORDER_NAMES = ("block_number", "block_name", "principal", "creditor")
_STATUS = ("order_no", *_ORDER_NAMES, "order_status_old", "order_status")
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
    *_ORDER_NAMES,
    "claim_amount",
    "claim_reason",
    "contact_person",
    "contact_phone",
    "contact_mail",
)
_NEVER_EMPTY = ("_no", "_nos", "_id", "_amount")
#: What may differ between two notices of one claim: its state, a URL that is made afresh each
#: time, and the guarantee's number, which is another one after a re-issue (2.11).
_CLAIM_CHANGES = ("claim_status", "claim_file", "guarantee_no")


class NoticeRefused(Exception):
    """A push is refused; `code` and `reason` are the answer's `status` and `data`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


def open_push(
    param: str, letter: AccountLetter, cannot_open: int = 1000, wrong_sign: int = 1001
) -> dict[str, str]:
    """Decrypt a push and verify its sign; return what it says, as text (5.1, 5.2).

    Raises:
        NoticeRefused: it does not open with our key, or the sign is missing or wrong.
    """
    try:
        opened = envelope.open_param(param, letter.rsa_sk).parameters
    except (CannotOpen, NotAPlaintext) as error:
        raise NoticeRefused(cannot_open, "解密失败") from error
    if not signing.verify(opened, letter.api_secret).valid:
        raise NoticeRefused(wrong_sign, "验签失败")
    stamps = ("sign", "timestamp")
    return {name: as_text(value) for name, value in opened.items() if name not in stamps}


class Notices:
    """What the insurer does with each notice. Every method raises `NoticeRefused`."""

    def __init__(self, store: Store, known: Orders) -> None:
        self._store = store
        self._orders = known

    def order_status(self, said: Mapping[str, str]) -> None:
        """Take an order's new status (insurer 2.2)."""
        _require(said, _STATUS)
        order_no, new = said["order_no"], said["order_status"]
        if new not in orders.PROGRESS and new != orders.CANCEL:
            raise NoticeRefused(_FAILED, f"参数错误：order_status {new}")
        order = self._orders.fitting(order_no, {name: said[name] for name in _ORDER_NAMES})
        if order is None:
            raise NoticeRefused(_FAILED, f"订单不存在或信息不一致：{order_no}")
        if new == order["status"]:
            return
        if orders.overtakes(order["status"], new, said["order_status_old"]):
            self._store.change_order_status(order_no, order["status"], new)
        # Whichever of two crossing notices was the later one, 2.3 has the truth.
        self._orders.refresh_later(order_no)

    def invoice(self, said: Mapping[str, str]) -> None:
        """Take an application for an invoice (insurer 2.8)."""
        _require(said, _INVOICE)
        if said["invoice_type"] == "2":
            _require(said, _INVOICE_WITH_TAX)
        if said["invoice_type"] not in ("1", "2") or said["is_electron"] not in ("1", "2"):
            raise NoticeRefused(_FAILED, "参数错误：invoice_type 或 is_electron")
        for order_no in said["order_nos"].split(","):
            if self._orders.fitting(order_no.strip(), {}) is None:
                raise NoticeRefused(_FAILED, f"订单不存在：{order_no}")
        content = {name: text for name, text in said.items() if text}
        self._store.add_invoice(said["invoice_id"], content)
        known = self._store.invoice(said["invoice_id"])
        if known is None or known["content"] != content:
            raise NoticeRefused(_FAILED, f"发票申请已存在且内容不同：{said['invoice_id']}")

    def bid_opening(self, said: Mapping[str, str]) -> None:
        """Take a block's changed or delayed bid opening (insurer 2.10)."""
        _require(said, _BID_OPENING)
        if said["type"] not in ("1", "2") or not _is_moment(said["open_tender_time"]):
            raise NoticeRefused(_FAILED, "参数错误：type 或 open_tender_time")
        touched = self._store.orders_of_block(said["block_number"], said["block_name"])
        if not touched:
            raise NoticeRefused(_FAILED, f"标段不存在：{said['block_number']}")
        self._store.add_bid_opening(said["block_number"], said["type"], said["open_tender_time"])
        # The new dates are 2.3's, not this notice's: an older notice that comes late is harmless.
        for order in touched:
            self._orders.refresh_later(order["order_no"])

    def claim(self, said: Mapping[str, str]) -> None:
        """Take a claim, or the news that one was revoked (insurer 3.1, P48)."""
        _require(said, _CLAIM)
        claim_no, status = said["claim_no"], said["claim_status"]
        if said["request_method"] != "apply_claim" or status not in claims.PROGRESS:
            raise NoticeRefused(_FAILED, "参数错误：request_method 或 claim_status")
        guarantee = self._store.guarantee(said["guarantee_no"])
        if guarantee is None:
            raise NoticeRefused(_FAILED, f"保函不存在：{said['guarantee_no']}")
        order_no = guarantee["order_no"]
        if not self._orders.fitting(order_no, {name: said[name] for name in _ORDER_NAMES}):
            raise NoticeRefused(_FAILED, f"与保函信息不一致：{said['guarantee_no']}")
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
            raise NoticeRefused(_FAILED, f"理赔已存在且内容不同：{claim_no}")
        claims.advance(self._store, claim_no, status)


def _require(said: Mapping[str, str], names: tuple[str, ...]) -> None:
    for name in names:
        # A required parameter may be empty, as in the manual's own samples; these may not (P38).
        if name not in said or (not said[name] and name.endswith(_NEVER_EMPTY)):
            raise NoticeRefused(_FAILED, f"参数缺失：{name}")


def _is_moment(text: str) -> bool:
    try:
        # Only the form is checked; the moment itself is read from 2.3.
        datetime.strptime(text, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return False
    return True
