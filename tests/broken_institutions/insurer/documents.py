"""Mistakes with the documents that insurers alone send: re-issues, invoices."""

import base64
import hashlib
from contextlib import suppress
from typing import Any

from broken_institutions.both.changed_calls import (
    INVOICE,
    ISSUE,
    REISSUE,
    Change,
    change_call,
    moved,
    replace_file,
    set_values,
    short_name,
)
from broken_institutions.defects import defect
from reference_institution.insurer import ACTIONS
from reference_institution.platform_client import PlatformRefused

# The re-issue of guarantees (2.11).


@defect("insurer/2.11/file/real-pdf")
def sends_an_error_page_for_the_new_pdf() -> None:
    """Downloads the new PDF from an address that wants a login, and sends what came."""
    replace_file(REISSUE, "guarantee_pdf", lambda _: b"<html>Please log in</html>")


@defect("insurer/2.9/hash/sha256", "insurer/2.11/hash/sha256")
def hashes_the_base64_of_later_files() -> None:
    """Hashes the Base64 text in which files are stored, not the bytes that are sent."""

    def change(field: str) -> Change:
        def changed(said: dict[str, Any], beside: list[Any]) -> None:
            if beside and beside[0]:
                text = base64.b64encode(beside[0][1])
                said[f"{field}_hash"] = hashlib.sha256(text).hexdigest()

        return changed

    change_call(INVOICE, change("invoice_pdf"))
    change_call(REISSUE, change("guarantee_pdf"))


@defect("insurer/2.11/request/guarantor")
def calls_itself_by_its_brand_in_a_reissue() -> None:
    """The re-issue was written by another team, which took the name from the web site."""
    set_values(REISSUE, guarantor=short_name)


@defect(
    "insurer/2.11/request/out-time",
    "insurer/2.11/request/date1-form",
    "insurer/2.11/request/date2-form",
)
def writes_a_reissue_in_its_own_formats() -> None:
    """The re-issue was written later, with the date formats of the policy system."""
    slashes = lambda text: text.replace("-", "/")  # noqa: E731
    set_values(REISSUE, out_guarantee_time=slashes, date1=slashes, date2=slashes)


@defect("insurer/2.3/period/date1", "insurer/2.3/period/date2")
def reissues_with_the_old_dates() -> None:
    """Copies the whole first push, dates and all, and changes the number."""
    days = -20
    set_values(REISSUE, date1=lambda day: moved(day, days), date2=lambda day: moved(day, days))


@defect("insurer/2.11/request/old-number")
def forgets_the_old_number() -> None:
    """Fills both numbers from one variable."""

    def change(said: dict[str, Any], _file: list[Any]) -> None:
        said["guarantee_no_old"] = said["guarantee_no"]

    change_call(REISSUE, change)


@defect("insurer/2.11/request/old-number-twice")
def always_replaces_the_first_number() -> None:
    """guarantee_no_old is the number of the first issue, however often the opening is moved."""
    set_values(REISSUE, guarantee_no_old=lambda number: number.split("-")[0])


@defect("insurer/2.11/function/new-pdf")
def reissues_the_old_document() -> None:
    """Sends the new dates with the PDF that it has on file."""
    known: dict[str, tuple[str, bytes]] = {}

    def change(said: dict[str, Any], beside: list[Any]) -> None:
        known.setdefault(said["order_no"], beside[0])
        beside[0] = known[said["order_no"]]
        said["guarantee_pdf_hash"] = hashlib.sha256(beside[0][1]).hexdigest()

    change_call(ISSUE, change)
    change_call(REISSUE, change)


# Invoices (2.9).


@defect("insurer/2.9/file/electronic")
def reports_an_electronic_invoice_without_its_file() -> None:
    """The invoice reaches the principal by mail anyhow, so the platform is only told of it."""

    def change(said: dict[str, Any], beside: list[Any]) -> None:
        beside[:1] = [None]

    change_call(INVOICE, change)


@defect("insurer/2.9/function/paper-told")
def never_reports_a_paper_invoice() -> None:
    """2.9 is about files; a paper invoice has none, so there is nothing to push."""
    rightly = ACTIONS["invoice"]

    def invoice(insurer: Any, body: Any) -> Any:
        wanted = insurer.store.invoice(body["invoice_id"])
        return "posted" if wanted["content"]["is_electron"] == "2" else rightly(insurer, body)

    ACTIONS["invoice"] = invoice


@defect("insurer/2.9/file/paper")
def uploads_a_scan_of_a_paper_invoice() -> None:
    """Sends a PDF with every invoice; more cannot hurt."""

    def change(said: dict[str, Any], beside: list[Any]) -> None:
        if beside and not beside[0]:
            beside[0] = ("invoice_pdf", b"%PDF-1.4 a scan")

    change_call(INVOICE, change)


@defect("insurer/2.9/function/once")
def pushes_an_invoice_twice() -> None:
    """A timer pushes what was issued, and so does the button; neither knows of the other."""
    rightly = ACTIONS["invoice"]

    def invoice(insurer: Any, body: Any) -> Any:
        pushed = rightly(insurer, body)
        with suppress(PlatformRefused):
            rightly(insurer, body)
        return pushed

    ACTIONS["invoice"] = invoice
