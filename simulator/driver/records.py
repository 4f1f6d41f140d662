"""What there is on the platform, and what people do with it: principals, beneficiaries, the centre.

Each record is asked anew each time. What announces itself to the institution is pushed before the
method returns; `.push` of what is returned, or the returned push itself, says what it answered.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from simulator import clock, shapes
from simulator.driver.pushes import Push
from simulator.driver.timed import TimedAccount
from simulator.errors import SimulatorError

#: What the control API shows of a record.
Shape = TypeVar("Shape", bound=Mapping[str, object])


class Record(Generic[Shape]):
    """Something that the platform knows by a number; `record["principal"]` reads a member."""

    #: The path of its kind below the account, and the member that has its number.
    _path = ""
    _numbered_by = ""

    def __init__(self, account: TimedAccount, number: str, push: Push | None = None) -> None:
        self._account = account
        self._number = number
        #: The push that announces it to the institution; None where nothing was pushed.
        self.push = push

    @property
    def record(self) -> Shape:
        """Everything about it, as the control API shows it now."""
        found = [
            each
            for each in self._account.get(self._path)
            if each[self._numbered_by] == self._number
        ]
        return cast(Shape, found[-1])

    def __getitem__(self, name: str) -> Any:
        return self.record[name]

    def __str__(self) -> str:
        return self._number

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {self._number}>"


class Claim(Record[shapes.Claim]):
    """A beneficiary's claim (理赔)."""

    _path, _numbered_by = "claims", "claim_no"

    @property
    def claim_no(self) -> str:
        """Its number (理赔编号)."""
        return self._number

    @property
    def status(self) -> str:
        """Its status now: `WAIT_ACCEPT`, `INVESTIGATING` ... (5.4)."""
        return str(self["status"])

    def revoke(self) -> Push:
        """Let the beneficiary revoke it; returns the push (3.1, P48)."""
        return self._account.happen("claim", self._number, "claims", self._number, "revoke")

    def close(self) -> None:
        """Let the platform close a guarantor's claim that is settled, recovered or refused."""
        self._account.post("claims", self._number, "close")


class Invoice(Record[shapes.Invoice]):
    """A principal's application for an invoice (2.8)."""

    _path, _numbered_by = "invoices", "invoice_id"

    @property
    def invoice_id(self) -> str:
        """Its number (发票申请编号)."""
        return self._number

    @property
    def issued(self) -> bool:
        """Whether the institution pushed it (2.9)."""
        return bool(self["issued"])


class Release(Record[shapes.Release]):
    """A batch of guarantees that a beneficiary revoked (guarantor 2.8)."""

    _path, _numbered_by = "releases", "revoke_no"

    @property
    def revoke_no(self) -> str:
        """Its number (撤销批次号)."""
        return self._number

    @classmethod
    def make(
        cls, account: TimedAccount, block_number: str, block_name: str, **others: Any
    ) -> "Release":
        """Let the beneficiary revoke guarantees of a block (标段), by number and name.

        `others` are members of the control API's operation: `guarantee_nos` to revoke (by default
        all that no earlier batch names), `penalty`, `note`, `with_declaration`.
        """
        made = account.post("releases", block_number=block_number, block_name=block_name, **others)
        number = str(made["revoke_no"])
        return cls(account, number, account.announced("release", number))


class Guarantee(Record[shapes.Guarantee]):
    """A guarantee (保函) that the institution issued."""

    _path, _numbered_by = "guarantees", "guarantee_no"

    @property
    def guarantee_no(self) -> str:
        """Its number, which the institution gave it."""
        return self._number

    @property
    def serial_num(self) -> str:
        """The serial number that the platform gave it (保函序列号)."""
        return str(self["serial_num"])

    @property
    def pdf(self) -> bytes:
        """The PDF that the institution issued."""
        return base64.b64decode(self._account.get("files", self["file_id"])["content"])

    def verify(self, pdf: bytes | None = None) -> Push:
        """Let the platform have its PDF verified (2.6), or another in its place."""
        other = {} if pdf is None else {"pdf": base64.b64encode(pdf).decode()}
        return self._ask("verify", **other)

    def query(self) -> Push:
        """Let the platform ask for its particulars (2.7)."""
        return self._ask("query")

    def search_release(self) -> Push:
        """Let the platform ask how far its release has come (guarantor 2.10)."""
        return self._ask("release-search")

    def _ask(self, question: str, **body: str) -> Push:
        asked = self._account.post("guarantees", question, guarantee_no=self._number, **body)
        return Push(self._account, asked["id"])


class Order(Record[shapes.Order]):
    """A principal's application for a guarantee (订单)."""

    @property
    def order_no(self) -> str:
        """Its number (订单编号)."""
        return self._number

    @property
    def record(self) -> shapes.Order:
        """Everything about it, as the control API shows it now."""
        return cast(shapes.Order, self._account.get("orders", self._number))

    @property
    def state(self) -> str:
        """Its state now: `WAIT_TUNE_UP`, `WAIT_PAY` ... (5.4)."""
        return str(self["state"])

    @property
    def guarantee(self) -> Guarantee | None:
        """Its valid guarantee; None before one is issued."""
        for each in self._account.get("guarantees", order_no=self._number):
            if each["current"]:
                return Guarantee(self._account, each["guarantee_no"])
        return None

    def open(self) -> Push:
        """Let the principal's browser jump to the institution (insurer 2.1); returns the push.

        Raises:
            SimulatorError: the account has no endpoint for it, or the order is paid or cancelled.
        """
        try:
            return Push(self._account, self._account.post("orders", self._number, "open")["id"])
        except SimulatorError:
            account = self._account.get()
            if account["kind"] != "insurer" or "order_page" in account["endpoints"]:
                raise
            raise SimulatorError(
                "The app has no endpoint for the jump of 2.1: give it one by "
                "platform.connect(app, order_page='/...').",
                "尚未登记 2.1 跳转的接收地址：请先调用 platform.connect(app, order_page='/...')。",
            ) from None

    def submit(self) -> Push:
        """Let the principal hand in again what was returned; returns the push of the status."""
        return self._change("submit")

    def cancel(self, note: str = "") -> Push:
        """Let the principal cancel it before payment; returns the push of the status."""
        return self._change("cancel", note=note)

    def finish(self) -> Push:
        """Let the platform finish it once it is issued; returns the push of the status."""
        return self._change("finish")

    def _change(self, event: str, **body: str) -> Push:
        return self._account.happen(
            "order_status", self._number, "orders", self._number, event, **body
        )

    def change_bid_opening(self, open_tender_time: str | datetime, delayed: bool = False) -> Push:
        """Let the trading centre change the bid opening of its block, or delay it (insurer 2.10).

        `open_tender_time` is `yyyy-MM-dd HH:mm:ss`. Returns the push.
        """
        if isinstance(open_tender_time, datetime):
            open_tender_time = clock.spoken(open_tender_time.timestamp())
        order = self.record
        return self._account.happen(
            "bid_opening",
            order["block_number"] or order["block_name"],
            "bid-openings",
            block_number=order["block_number"],
            block_name=order["block_name"],
            type="delay" if delayed else "change",
            open_tender_time=open_tender_time,
        )

    def apply_for_invoice(self, also: Sequence["Order"] = (), **fields: str) -> Invoice:
        """Let the principal apply for an invoice, over other orders `also` (insurer 2.8).

        `fields` replace members of its table: `is_electron="2"`, `receiver_email=...`.

        Raises:
            SimulatorError: the order is a guarantor's, or the platform refuses the application.
        """
        made = self._account.post(
            "invoices", order_nos=[self._number, *map(str, also)], fields=fields
        )
        number = str(made["invoice_id"])
        push = self._account.announced("invoice_application", number)
        return Invoice(self._account, number, push)

    def apply_for_claim(
        self,
        claim_amount: str | None = None,
        files: Mapping[str, bytes] | None = None,
        with_file: bool = True,
        **fields: str,
    ) -> Claim:
        """Let the beneficiary claim (3.1): the whole amount, with a ready-made letter.

        `claim_amount` is in yuan; `files` by their names go with it instead of the letter;
        `fields` replace members of its table (`claim_reason=...`).
        """
        body: dict[str, Any] = {"order_no": self._number, "fields": fields, "with_file": with_file}
        if claim_amount is not None:
            body["claim_amount"] = claim_amount
        if files:
            body["files"] = [
                {"name": name, "content": base64.b64encode(content).decode()}
                for name, content in files.items()
            ]
        number = str(self._account.post("claims", **body)["claim_no"])
        return Claim(self._account, number, self._account.announced("claim", number))

    def revoke_guarantees(
        self, penalty: Sequence[str] = (), note: str = "", **others: Any
    ) -> Release:
        """Let the beneficiary revoke all guarantees of its block (guarantor 2.8).

        Those whose numbers are in `penalty` are kept (罚没) instead. `others` are members of the
        control API's operation: `guarantee_nos` to revoke, `with_declaration`.
        """
        order = self.record
        return Release.make(
            self._account,
            order["block_number"],
            order["block_name"],
            penalty=list(penalty),
            note=note,
            **others,
        )
