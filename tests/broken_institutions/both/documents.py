"""Mistakes with the guarantees that are pushed (2.5)."""

import base64
import hashlib
import itertools
from datetime import datetime, timedelta
from typing import Any

import reference_institution.app as server
from broken_institutions.both.changed_calls import (
    ISSUE,
    change_call,
    replace_file,
    set_values,
    short_name,
)
from broken_institutions.defects import defect
from reference_institution import guarantees
from reference_institution.actions import Action
from reference_institution.guarantor import guarantee_actions
from reference_institution.insurer import document_actions


@defect("insurer/2.5/file/real-pdf", "guarantor/2.5/file/real-pdf")
def sends_the_pdf_in_base64() -> None:
    """Its document service hands files out in Base64, and nobody decodes that."""
    replace_file(ISSUE, "guarantee_pdf", base64.b64encode)


@defect("insurer/2.5/hash/sha256", "guarantor/2.5/hash/sha256")
def hashes_the_pdf_with_md5() -> None:
    """Reuses the digest helper of the sign."""

    def change(said: dict[str, Any], beside: list[Any]) -> None:
        said["guarantee_pdf_hash"] = hashlib.md5(beside[0][1]).hexdigest()

    change_call(ISSUE, change)


@defect("insurer/2.5/hash/lower-case", "guarantor/2.5/hash/lower-case")
def writes_the_hash_in_capitals() -> None:
    """The helper that makes the sign upper case is used for the hash, too."""
    set_values(ISSUE, guarantee_pdf_hash=str.upper)


@defect("insurer/2.5/request/out-time", "guarantor/2.5/request/out-time")
def writes_the_time_of_issue_in_iso() -> None:
    """Leaves the time to the JSON mapper: 2018-10-30T15:12:12."""
    set_values(ISSUE, out_guarantee_time=lambda text: text.replace(" ", "T"))


@defect("insurer/2.5/request/out-time-now", "guarantor/2.5/request/out-time-now")
def writes_the_time_of_issue_in_utc() -> None:
    """The container's clock runs in UTC, and the formatter has no zone."""
    hours = timedelta(hours=8)
    set_values(ISSUE, out_guarantee_time=lambda t: str(datetime.fromisoformat(t) - hours))


@defect("insurer/2.5/request/guarantor", "guarantor/2.5/request/guarantor")
def calls_itself_by_its_brand() -> None:
    """Sends the name that stands on its web site."""
    set_values(ISSUE, guarantor=short_name)


@defect("insurer/2.5/request/own-number", "guarantor/2.5/request/own-number")
def numbers_guarantees_by_the_principal() -> None:
    """Takes the policy number of the customer's frame contract as the guarantee's number."""

    def draft(institution: Any, order: Any, edition: int = 1) -> Any:
        made = drafted(institution, order, edition)
        name = hashlib.sha256(order["principal"].encode()).hexdigest()[:12]
        return {**made, "guarantee_no": f"FRAME-{name}-{edition}"}

    drafted = guarantees.draft
    for module in (document_actions, guarantee_actions):
        module.draft = draft  # type: ignore[attr-defined]


@defect("insurer/2.5/function/after-a-fault", "guarantor/2.5/function/after-a-fault")
def marks_a_guarantee_as_pushed_too_early() -> None:
    """Sets the flag before the call, in the transaction that makes the guarantee out."""
    pushed = set()

    def once(rightly: Action) -> Action:
        def issue(institution: Any, body: Any) -> Any:
            if body["order_no"] in pushed:
                return {"note": "pushed already"}
            pushed.add(body["order_no"])
            return rightly(institution, body)

        return issue

    for kind in server.KINDS.values():
        kind.actions["issue"] = once(kind.actions["issue"])


@defect(
    "insurer/2.5/function/same-number-after-a-fault",
    "guarantor/2.5/function/same-number-after-a-fault",
)
def draws_a_new_number_for_every_push() -> None:
    """The number comes from a sequence that is asked at each try."""
    numbers = itertools.count(1)
    set_values(ISSUE, guarantee_no=lambda number: f"{number}-{next(numbers)}")
