"""Mistakes in the calls that institutions of either kind make."""

from contextlib import suppress
from typing import Any

from broken_institutions.both.changed_calls import DECIDE, ISSUE, drop_value, set_values
from broken_institutions.defects import defect
from reference_institution.platform_client import PlatformClient, PlatformRefused
from simulator.protocol.plaintext import Number

_TOLD_TWICE = (
    DECIDE,
    *ISSUE,
    "notify_order_status",
    "remove_guarantee",
    "cancel_order",
    "guarantor_update_claim_result",
)


@defect(
    "insurer/2.5/request/complete",
    "insurer/2.5/function/accepted",
    "insurer/2.3/function/names-in-2.5",
    "guarantor/2.5/request/complete",
    "guarantor/2.5/function/accepted",
    "guarantor/2.5/request/names",
)
def leaves_the_beneficiary_out_of_the_guarantee() -> None:
    """Its own policy record has no beneficiary, so nothing fills in the creditor."""
    drop_value(ISSUE, "creditor")


@defect("insurer/5.1/rule/own-calls-awkward", "guarantor/5.1/rule/own-calls-awkward")
def keeps_names_in_three_byte_utf8() -> None:
    """MySQL's `utf8` has no four-byte characters: a rare one comes back as a question mark."""
    narrow = lambda text: "".join(c if ord(c) < 0x10000 else "?" for c in text)  # noqa: E731
    set_values((DECIDE, *ISSUE), principal=narrow, block_name=narrow, creditor=narrow)


@defect("insurer/5.1/rule/amounts-as-text", "guarantor/5.1/rule/amounts-as-text")
def sends_amounts_as_floats() -> None:
    """Amounts are doubles: the JSON says 1000.0 where 1000.00 was meant."""
    as_number = lambda amount: Number(float(amount))  # noqa: E731
    set_values(DECIDE, price=as_number, real_pay=as_number)
    set_values("notify_order_status", order_amount=as_number)


@defect(
    *(f"insurer/2.4/function/once-{action}" for action in ("offer", "pay", "issue")),
    *(f"guarantor/{section}/function/once" for section in ("2.3", "2.5", "2.9", "2.11", "3.2")),
)
def reports_everything_twice() -> None:
    """The button and the job that sweeps up after it both report, to be on the safe side."""
    rightly = PlatformClient.call

    def call(self: PlatformClient, name: str, *rest: Any, **named: Any) -> Any:
        answer = rightly(self, name, *rest, **named)
        if name in _TOLD_TWICE:
            with suppress(PlatformRefused):
                rightly(self, name, *rest, **named)
        return answer

    PlatformClient.call = call  # type: ignore[method-assign]
