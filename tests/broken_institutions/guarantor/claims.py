"""Mistakes with claims and what comes beside them (3.1)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from broken_institutions.both.spoiling import write
from broken_institutions.defects import defect
from reference_institution import app
from reference_institution.guarantor import Guarantor, claim_notice
from reference_institution.guarantor.claim_notice import Claims
from reference_institution.pushes import Upload, refuse

_FILE = "guarantor/3.1/file"
_Files = Mapping[str, Upload]


def _with_files(change: Callable[[dict[str, Upload]], _Files]) -> None:
    """Change the files of a claim before they are looked at."""
    rightly = Claims.claim
    Claims.claim = lambda self, said, files: rightly(  # type: ignore[method-assign]
        self, said, change(dict(files))
    )


def _with_attachments(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Change the attachments before they are stored."""
    rightly = claim_notice._attachments
    claim_notice._attachments = lambda files: change(rightly(files))


@defect(f"{_FILE}/all-types", f"{_FILE}/complete")
def knows_office_files_only() -> None:
    """The list of formats is that of another upload of the house: no pictures, no archives."""
    claim_notice._TYPES = {"doc", "docx", "ppt", "pdf", "xls"}


@defect(f"{_FILE}/complete")
def takes_attachments_of_one_digit() -> None:
    """`matches("attach_file[0-9]")`: the eleventh attachment is none."""
    _with_files(
        lambda files: {
            name: file
            for name, file in files.items()
            if not name.startswith("attach_file") or len(name) == len("attach_file0")
        }
    )


@defect(f"{_FILE}/unbroken")
def reads_attachments_as_text() -> None:
    """`new String(bytes, UTF_8)` on the way into the archive: whatever is no text is lost."""

    def as_text(files: dict[str, Upload]) -> _Files:
        return {
            name: replace(file, content=file.content.decode("utf-8", "replace").encode())
            if name.startswith("attach_file")
            else file
            for name, file in files.items()
        }

    _with_files(as_text)


@defect(f"{_FILE}/same-name")
def keeps_attachments_by_their_names() -> None:
    """Writes each attachment to a folder of the claim, under the name that it came with."""
    _with_attachments(lambda found: list({each["name"]: each for each in found}.values()))


@defect(f"{_FILE}/large", f"{_FILE}/several-large")
def leaves_the_form_limit_at_5_mb() -> None:
    """nginx answers 413 for it: client_max_body_size was raised for the guarantee's PDF only."""
    app._BODY_LIMIT = 5 * 1024 * 1024
    Guarantor.room_for_files = 0


@defect(f"{_FILE}/several-large")
def limits_the_whole_form_to_the_limit_of_a_file() -> None:
    """spring.servlet.multipart.max-request-size is set to 10 MB like max-file-size."""
    app._BODY_LIMIT = 10 * 1024 * 1024 + 300_000
    Guarantor.room_for_files = 0


@defect(f"{_FILE}/upper-case")
def compares_the_suffix_as_it_is_written() -> None:
    """`TYPES.contains(suffix)`: a scanner writes .JPG."""

    def strictly(files: dict[str, Upload]) -> _Files:
        for name, file in files.items():
            if name.startswith("attach_file") and file.name.rpartition(".")[2].isupper():
                raise refuse(f"附件格式错误：{name}")
        return files

    _with_files(strictly)


@defect(
    f"{_FILE}/too-large",
    f"{_FILE}/unlisted-type",
    f"{_FILE}/no-attachment",
    f"{_FILE}/no-guarantee",
    f"{_FILE}/other-guarantee",
)
def looks_at_no_file_of_a_claim() -> None:
    """Stores what came; whether something is missing or odd, the clerk will see."""

    def kept(files: _Files) -> list[dict[str, Any]]:
        return [
            {
                "field": field,
                "name": file.name,
                "size": len(file.content),
                "sha256": hashlib.sha256(file.content).hexdigest(),
                "content": file.content,
            }
            for field, file in files.items()
            if field.startswith("attach_file")
        ]

    claim_notice._attachments = kept
    trust_the_document()


def trust_the_document() -> None:
    """Take whatever comes as guarantee_pdf for the guarantee that was issued."""

    def trusting(self: Claims, said: Mapping[str, str], pdf: Upload | None) -> str:
        guarantee = self._store.guarantee(said["guarantee_no"])
        issued = Upload("guarantee.pdf", guarantee["pdf"]) if guarantee else pdf
        return order_of(self, said, issued)

    order_of = Claims._order_of
    Claims._order_of = trusting  # type: ignore[method-assign]


@defect("guarantor/3.1/2/other-content")
def overwrites_a_claim() -> None:
    """`INSERT … ON DUPLICATE KEY UPDATE`: whatever comes last under a claim_no counts."""
    rightly = Claims.claim

    def claim(self: Claims, said: Mapping[str, str], files: _Files) -> None:
        known = self._store.claim(said["claim_no"])
        if known and known["guarantee_no"] != said["guarantee_no"]:
            for table in ("claims", "attachments"):
                write(self._store, f"DELETE FROM {table} WHERE claim_no = ?", said["claim_no"])
        rightly(self, said, files)

    Claims.claim = claim  # type: ignore[method-assign]
