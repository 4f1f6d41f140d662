"""Requests of third parties: to verify (验真) or to query (查验) a guarantee (P15).

The platform refuses with 2500-2506 and 2600-2606 of 5.3, or asks the institution (2.6, 2.7).
"""

from typing import NoReturn

from sqlalchemy import select

from simulator.errors import Text
from simulator.operations.business import files, guarantees
from simulator.operations.outgoing import Notice
from simulator.operations.registry import Desk
from simulator.protocol.codes import Refusal
from simulator.store.records import Guarantee

#: The most digits that the column of serial numbers can hold.
_LONGEST = 18


def verify(desk: Desk, serial_num: str, pdf: bytes) -> Notice:
    """Return the question (2.6) that answers a third party's request to verify a PDF.

    Raises:
        Refusal: the platform refuses itself (2500-2504).
    """
    if not serial_num:
        _missing(2500, "serial_num")
    if not pdf:
        _missing(2501, "guarantee_pdf")
    guarantee = _require_guarantee(desk, serial_num, 2502)
    _check_open(desk, "verify", no_institution=2503, not_open=2504)
    stored = files.keep(desk, "uploaded.pdf", "application/pdf", pdf)
    return guarantees.verify(desk, guarantee, stored.file_id)


def query(desk: Desk, guarantee_no: str, serial_num: str) -> Notice:
    """Return the question (2.7) that answers a third party's query.

    Raises:
        Refusal: the platform refuses itself (2600-2604).
    """
    if not guarantee_no:
        _missing(2600, "guarantee_no")
    if not serial_num:
        _missing(2601, "serial_num")
    guarantee = _require_guarantee(desk, serial_num, 2602)
    if guarantee.guarantee_no != guarantee_no:
        why = Text(
            f"The serial number {serial_num} belongs to the guarantee {guarantee.guarantee_no}, "
            f"not to {guarantee_no}.",
            f"序列号 {serial_num} 属于保函 {guarantee.guarantee_no}，而不是 {guarantee_no}。",
        )
        raise Refusal(2602, why, "guarantee_no")
    _check_open(desk, "query", no_institution=2603, not_open=2604)
    return guarantees.query(desk, guarantee)


def _missing(code: int, name: str) -> NoReturn:
    raise Refusal(code, Text(f"{name} is missing.", f"缺少参数 {name}。"), name)


def _require_guarantee(desk: Desk, serial_num: str, unknown: int) -> Guarantee:
    """Return the account's guarantee with a serial number, even one that was re-issued since."""
    number = serial_num if serial_num.isascii() and serial_num.isdecimal() else ""
    guarantee = None
    if number and len(number) <= _LONGEST:
        guarantee = desk.session.scalar(
            select(Guarantee).where(
                Guarantee.account_id == desk.account.id, Guarantee.serial_num == int(number)
            )
        )
    if guarantee is None:
        why = Text(
            f"No guarantee of this institution has the serial number {serial_num}.",
            f"该机构没有序列号为 {serial_num} 的保函。",
        )
        raise Refusal(unknown, why, "serial_num")
    return guarantee


def _check_open(desk: Desk, interface: str, no_institution: int, not_open: int) -> None:
    if desk.account.disabled:
        why = Text(
            f"The account {desk.account.name} that issued it is disabled.",
            f"出具该保函的账户 {desk.account.name} 已停用。",
        )
        raise Refusal(no_institution, why)
    if not desk.account.endpoints.get(interface):
        why = Text(
            f"No endpoint is registered for {interface}: set it with `conzhu-sim account "
            f"endpoint {desk.account.name} {interface} URL`.",
            f"尚未登记 {interface} 的接收地址：请用 `conzhu-sim account endpoint "
            f"{desk.account.name} {interface} URL` 设置。",
        )
        raise Refusal(not_open, why)
