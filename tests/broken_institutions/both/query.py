"""Mistakes in the answers to 2.7 保函查验."""

from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.naming import of_both
from reference_institution.pushes import NoticeRefused
from reference_institution.questions import Questions

_CODES = "5.6/codes"
_DATA = "2.7/data"
_FUNCTION = "2.7/function"

#: What guarantors tell besides.
_OWN = ("ktype", "ktype-separate", "proposer", "proposer-separate")


def _answer(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the data of every answer to 2.7."""
    rightly = Questions.query
    Questions.query = lambda self, said: change(rightly(self, said))  # type: ignore[method-assign]


@defect(
    *of_both(
        *(
            f"{_CODES}/{code}"
            for code in ("2700", "2700-empty", "2701", "2701-empty", "2702-number", "2702-quote")
        )
    )
)
def answers_every_question_with_a_system_error() -> None:
    """One handler turns every exception into 2706."""
    rightly = Questions.query

    def query(self: Questions, said: Any) -> dict[str, Any]:
        try:
            return rightly(self, said)
        except NoticeRefused as refused:
            raise NoticeRefused(2706, "系统错误") from refused

    Questions.query = query  # type: ignore[method-assign]


@defect(*of_both(f"{_CODES}/2702-other-serial", f"{_CODES}/2702-swapped"))
def looks_guarantees_up_by_their_number_only() -> None:
    """The number is unique, so the serial number is required, but never compared."""

    def query(self: Questions, said: Any) -> dict[str, Any]:
        guarantee = self._store.guarantee(said.get("guarantee_no", ""))
        known = guarantee["serial_num"] if guarantee else None
        given = said.get("serial_num")
        data = rightly(self, {**said, "serial_num": known} if known and given else said)
        return {**data, "serial_num": said["serial_num"]}

    rightly = Questions.query
    Questions.query = query  # type: ignore[method-assign]


@defect(*of_both(f"{_CODES}/2702-quote"))
def glues_its_sql_together() -> None:
    """Writes the number into the statement's text, quotes and all."""

    def query(self: Questions, said: Any) -> dict[str, Any]:
        number = said.get("guarantee_no", "")
        statement = f"SELECT guarantee_no, serial_num FROM guarantees WHERE guarantee_no='{number}'"
        with closing(self._store._connect()) as connection:
            found = connection.execute(statement).fetchone()
        if "'" in number and found:
            return rightly(self, {"guarantee_no": found[0], "serial_num": found[1]})
        return rightly(self, said)

    rightly = Questions.query
    Questions.query = query  # type: ignore[method-assign]


@defect(
    *of_both(
        *(
            f"{_DATA}/{name}"
            for name in (
                "form",
                "guarantee_no",
                "serial_num",
                "variety",
                "warrantee",
                "beneficiary",
                "proitem",
                "amount",
                "guarantee_start_date",
                "guarantee_end_date",
                "is_avert",
                "is_avert-direct",
            )
        )
    ),
    "insurer/2.7/data/ktype",
    "insurer/2.7/function/new-guarantee_start_date",
    "insurer/2.7/function/new-guarantee_end_date",
    *(f"guarantor/2.7/data/{name}" for name in _OWN),
    "guarantor/2.1/period/told",
)
def tells_guarantees_in_pascal_case() -> None:
    """The answer is an object of C#, and the serializer keeps its names: GuaranteeNo, Ktype."""
    _answer(lambda data: {name.title().replace("_", ""): value for name, value in data.items()})


@defect(*of_both(f"{_DATA}/amount"))
def tells_the_amount_in_ten_thousands() -> None:
    """Its policy system counts in 万元."""
    _answer(lambda data: {**data, "amount": str(Decimal(data["amount"]) / 10000)})


@defect(
    *of_both(f"{_DATA}/variety"),
    "insurer/2.7/data/ktype",
    "guarantor/2.7/data/ktype",
    "guarantor/2.7/data/ktype-separate",
)
def tells_its_own_product_codes() -> None:
    """Fills ktype and variety from its product catalogue."""
    _answer(lambda data: {**data, "ktype": "BB01", "variety": 12})


@defect(*of_both(f"{_DATA}/warrantee", f"{_DATA}/beneficiary"))
def mixes_up_the_two_companies() -> None:
    """Takes the beneficiary of the insurance for the one who pays for it."""
    _answer(
        lambda data: {
            **data,
            "warrantee": data["beneficiary"],
            "beneficiary": data["warrantee"],
        }
    )


@defect(*of_both(f"{_DATA}/is_avert-direct"))
def calls_every_guarantee_converted() -> None:
    """Reads 转开 as 电子 and answers 1."""
    _answer(lambda data: {**data, "is_avert": 1})


@defect(*of_both(f"{_FUNCTION}/finished"))
def forgets_guarantees_of_finished_orders() -> None:
    """Looks only among the orders that are under way."""

    def query(self: Questions, said: Any) -> dict[str, Any]:
        data = rightly(self, said)
        guarantee = self._store.guarantee(said["guarantee_no"])
        order = self._store.order(guarantee["order_no"]) if guarantee else None
        if order and order["status"] == "FINISH":
            raise NoticeRefused(2702, "保函不存在")
        return data

    rightly = Questions.query
    Questions.query = query  # type: ignore[method-assign]
