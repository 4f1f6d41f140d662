"""Mistakes in the calls that a guarantor makes: states, returns, releases, results of claims."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from broken_institutions.both.changed_calls import change_call, drop_value, set_values, short_name
from broken_institutions.both.spoiling import go_by_own_states
from broken_institutions.defects import defect
from reference_institution.orders import Orders

_STATUS = "notify_order_status"
_RELEASE = "remove_guarantee"
_RESULT = "guarantor_update_claim_result"
_RETURNS = ("return_first_trial", "return_due_diligence", "return_data")


def _of_returns(behaviour: str) -> list[str]:
    return [f"guarantor/2.3/request/{behaviour}-{action}" for action in _RETURNS]


def _rename(method: str, name: str, new: str) -> None:
    def change(said: dict[str, Any], _file: list[Any]) -> None:
        if name in said:
            said[new] = said.pop(name)

    change_call(method, change)


# Parameters in general.


@defect(
    *(
        f"guarantor/{section}/{word}"
        for section in ("2.9", "2.11", "3.2", "3.3", "4.1")
        for word in ("request/complete", "function/accepted")
    ),
    "guarantor/2.11/function/cancels",
    "guarantor/2.9/request/block",
    "guarantor/3.2/request/guarantee-no",
    "guarantor/3.3/request/names",
    "guarantor/4.1/request/file-id",
)
def names_later_calls_as_its_java_beans_do() -> None:
    """The first calls were written by hand; the later ones come from beans with default names."""
    _rename(_RELEASE, "block_number", "blockNumber")
    _rename("cancel_order", "cancel_reason", "cancelReason")
    _rename(_RESULT, "guarantee_no", "guaranteeNo")
    _rename("guarantor_get_lp_info", "guarantee_no", "guaranteeNo")
    _rename("get_file_url", "file_id", "fileId")


@defect("guarantor/2.3/request/complete", "guarantor/2.3/function/accepted")
def calls_the_status_status() -> None:
    """Sends `status`, as 3.2 has it, where 2.3 has `order_status`."""
    _rename(_STATUS, "order_status", "status")


# The order (2.3, 2.2).


@defect(
    *(
        f"guarantor/2.3/request/state-{action}"
        for action in ("pass_first_trial", "pass_due_diligence", "offer", "pay", "approve")
    )
)
def tells_the_state_that_the_order_leaves() -> None:
    """Fires the event before its state machine has moved, with the state as it was."""
    before = {
        "WAIT_TUNE_UP": "WAIT_FIRST_TRAIL",
        "WAIT_OFFER": "WAIT_TUNE_UP",
        "WAIT_PAY": "WAIT_OFFER",
        "WAIT_OUT_GUARANTEE": "WAIT_PAY",
    }
    set_values(_STATUS, order_status=lambda status: before.get(status, status))


@defect("guarantor/2.3/request/amount-pay", "guarantor/2.3/request/amount-approve")
def writes_the_amount_as_its_web_page_does() -> None:
    """Formats the amount with the formatter of its web page: 1,000.00."""
    set_values(_STATUS, order_amount=lambda amount: f"{float(amount):,.2f}")


@defect("guarantor/2.3/request/no-return", *_of_returns("withdraw"))
def flags_a_return_with_letters() -> None:
    """Its own flags are Y and N."""

    def change(said: dict[str, Any], _file: list[Any]) -> None:
        said["is_withdraw"] = "Y" if said.get("is_withdraw") == "1" else "N"

    change_call(_STATUS, change)


@defect(
    *_of_returns("statement"),
    *(
        f"guarantor/0/functions/returned-{returned}"
        for returned in ("first_trial", "due_diligence", "data")
    ),
)
def returns_an_order_without_a_reason() -> None:
    """The column says 否 (not required), and the condition stands behind it."""
    drop_value(_STATUS, "statement")


@defect(*_of_returns("withdraw-state"))
def returns_an_order_to_where_it_is() -> None:
    """Sends the state in which it found the order faulty, and trusts is_withdraw with the rest."""

    def change(said: dict[str, Any], _file: list[Any]) -> None:
        if said.get("is_withdraw") == "1":
            said["order_status"] = {
                "WAIT_SUBMIT_FIRST_TRAIL": "WAIT_FIRST_TRAIL",
                "WAIT_SUBMIT_TUNE_UP": "WAIT_TUNE_UP",
                "WAIT_SUBMIT_DATA": "WAIT_APPROVAL_DATA",
            }[said["order_status"]]

    change_call(_STATUS, change)


@defect("guarantor/2.2/function/after-resubmission")
def never_reads_an_order_again() -> None:
    """2.1 said everything there is, so 2.2 was never built in."""
    go_by_own_states({})
    Orders.refresh_later = lambda *_: None  # type: ignore[method-assign, assignment]


# The release (2.9).


def _in_items(**values: Callable[[str], str]) -> None:
    """Change some of the values of each guarantee in a release."""

    def changed(text: str) -> str:
        items = json.loads(text)
        new = [
            {name: values.get(name, str)(value) for name, value in item.items()} for item in items
        ]
        return json.dumps(new)

    set_values(_RELEASE, remove_guarantee_data=changed)


@defect("guarantor/2.9/request/list", "guarantor/2.9/function/accepted")
def encodes_the_list_twice() -> None:
    """The list is turned into JSON by hand, and once more by the mapper."""
    set_values(_RELEASE, remove_guarantee_data=json.dumps)


@defect("guarantor/2.5/answer/in-release", "guarantor/2.9/function/released")
def releases_by_its_own_serial_number() -> None:
    """Fills serial_num from a sequence of its own, as trans_no is."""
    _in_items(serial_num=lambda number: f"9{number[1:]}1")


@defect("guarantor/2.9/request/date-form")
def writes_the_day_of_a_release_alone() -> None:
    """The column is a DATE: 2020-05-12."""
    _in_items(remove_guarantee_date=lambda text: text[:10])


@defect("guarantor/2.9/request/date-now")
def writes_the_time_of_a_release_in_utc() -> None:
    """The container's clock runs in UTC, and the formatter has no zone."""
    hours = timedelta(hours=8)
    _in_items(remove_guarantee_date=lambda text: str(datetime.fromisoformat(text) - hours))


# Claims (3.2, 3.3).


def _count_results(do_type: str, other: Callable[[str], str]) -> None:
    def change(said: dict[str, Any], _file: list[Any]) -> None:
        if said["do_type"] == do_type:
            said["status"] = other(said["status"])

    change_call(_RESULT, change)


@defect(
    "guarantor/3.2/request/result-accept_claim",
    "guarantor/3.2/request/result-return_claim",
    "guarantor/3.1/function/returned",
)
def accepts_by_a_boolean() -> None:
    """`passed ? 1 : 0`, plus one for the table that begins at 1."""
    _count_results("1", lambda status: {"1": "2", "2": "1"}[status])


@defect(
    *(
        f"guarantor/3.2/request/result-{action}"
        for action in (
            "mediate_claim",
            "compensate_claim",
            "compensate_claim_as_company",
            "settle_claim_by_principal",
            "reject_claim",
        )
    ),
    *(
        f"guarantor/3.1/function/{end}"
        for end in ("rejected", "mediated", "settled-by-principal", "compensated-by-company")
    ),
)
def counts_settlements_on_from_the_acceptance() -> None:
    """Numbers all results in one list: the settlements follow on 1 通过 and 2 退回."""
    _count_results("2", lambda status: str(int(status) + 2))


@defect(
    *(
        f"guarantor/3.2/request/result-{action}"
        for action in (
            "recover_by_counter_guarantee",
            "recover_by_court",
            "recover_from_principal",
            "recover_as_company",
        )
    ),
    *(
        f"guarantor/3.1/function/{end}"
        for end in (
            "recovered-by-counter-guarantee",
            "recovered-by-court",
            "recovered-from-principal",
            "compensated-by-company",
        )
    ),
)
def counts_recoveries_from_zero() -> None:
    """Sends the ordinal of its enum as the status of a recovery."""
    _count_results("3", lambda status: str(int(status) - 1))


@defect(
    "guarantor/3.2/request/names", "guarantor/3.3/request/names", "guarantor/3.2/function/accepted"
)
def calls_the_principal_of_a_claim_by_its_short_name() -> None:
    """Looks the company up among its own customers, which are kept by their short names."""
    set_values((_RESULT, "guarantor_get_lp_info"), principal=short_name)
