"""Mistakes in the answers to 2.6 保函验真."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from broken_institutions.defects import defect
from broken_institutions.naming import of_both
from reference_institution import app
from reference_institution.guarantor import Guarantor
from reference_institution.pushes import NoticeRefused
from reference_institution.questions import Questions
from reference_institution.signed_pdf import NotOurs, read_signature

_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*\d+\s+\d+\s+(\d+)\s+(\d+)\s*\]")
_EXPECTED = "5.5/codes"
_FUNCTION = "2.6/function"
_DATA = "2.6/data"


def _answer(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Change the data of every answer to 2.6."""
    rightly = Questions.verify
    Questions.verify = lambda self, said, pdf: change(  # type: ignore[method-assign]
        rightly(self, said, pdf)
    )


@defect(
    *of_both(
        *(
            f"{_EXPECTED}/{code}"
            for code in (
                "2600",
                "2600-empty",
                "2601",
                "2602-text",
                "2602-image",
                "2603",
                "2605-unsigned",
                "2605-cut",
                "2606-other-key",
                "2606-torn",
                "2606-garbage",
                "2607-changed",
                "2607-missing",
                "2607-other-secret",
            )
        )
    )
)
def answers_every_mistake_with_a_system_error() -> None:
    """One handler turns every exception into 2609."""
    opened, verified = app.open_push, Questions.verify

    def one_code(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            try:
                return function(*arguments, **named)
            except NoticeRefused as refused:
                raise NoticeRefused(2609, "系统错误") from refused

        return call

    Questions.verify = one_code(verified)  # type: ignore[method-assign]
    app.open_push = one_code(opened)


@defect(
    *of_both(
        f"{_EXPECTED}/empty-file",
        f"{_EXPECTED}/2602-text",
        f"{_FUNCTION}/changed-bytes",
        f"{_FUNCTION}/added-afterwards",
        f"{_FUNCTION}/never-genuine-unsigned",
        f"{_FUNCTION}/never-genuine-cut",
        f"{_FUNCTION}/another-guarantee",
    )
)
def believes_the_serial_number() -> None:
    """Looks the guarantee up and tells what its own records say; the file is never opened."""

    def verify(self: Questions, said: Any, pdf: bytes | None) -> dict[str, Any]:
        if not said.get("serial_num"):
            raise NoticeRefused(2600, "参数缺失：serial_num")
        guarantee = self._store.guarantee_by_serial(said["serial_num"])
        if pdf is None or guarantee is None:
            raise NoticeRefused(2601 if pdf is None else 2605, "无法识别该文件")
        report = read_signature(guarantee["pdf"], self._seal)
        return {
            "serial_num": said["serial_num"],
            "sign_name": report.signer,
            "sign_time": report.signed_at,
            "issuer": report.issuer,
            "is_modified": 2,
        }

    Questions.verify = verify  # type: ignore[method-assign]


@defect(*of_both(f"{_FUNCTION}/added-afterwards"))
def looks_only_at_what_was_signed() -> None:
    """The signature over the byte range holds; what stands behind the range is not looked at."""

    def verify(self: Questions, said: Any, pdf: bytes | None) -> dict[str, Any]:
        return rightly(self, said, _up_to_its_signature(pdf) if pdf else pdf)

    rightly = Questions.verify
    Questions.verify = verify  # type: ignore[method-assign]


def _up_to_its_signature(pdf: bytes) -> bytes:
    """Return a PDF without what was added after the revision that its signature is in."""
    found = _BYTE_RANGE.search(pdf)
    return pdf[: int(found[1]) + int(found[2])] if found else pdf


@defect(*of_both(f"{_EXPECTED}/unknown-serial"))
def verifies_the_file_whatever_its_number() -> None:
    """A file that bears our signature is genuine; the serial number is only handed back."""

    def verify(self: Questions, said: Any, pdf: bytes | None) -> dict[str, Any]:
        known = said.get("serial_num", "")
        if known and pdf and self._store.guarantee_by_serial(known) is None:
            try:
                report = read_signature(pdf, self._seal)
            except NotOurs as error:
                raise NoticeRefused(2605, "无法识别该文件") from error
            return {
                "serial_num": known,
                "sign_name": report.signer,
                "sign_time": report.signed_at,
                "issuer": report.issuer,
                "is_modified": 2 if report.intact else 1,
            }
        return rightly(self, said, pdf)

    rightly = Questions.verify
    Questions.verify = verify  # type: ignore[method-assign]


@defect(*of_both(f"{_EXPECTED}/large-file"))
def leaves_the_upload_limit_at_1_mb() -> None:
    """Nobody set spring.servlet.multipart.max-file-size, which is 1 MB."""
    app._BODY_LIMIT = 1024 * 1024
    Guarantor.room_for_files = 0


@defect(
    *of_both(
        *(
            f"{_DATA}/{name}"
            for name in ("form", "serial-num", "genuine", "sign_name", "issuer", "sign_time")
        )
    )
)
def answers_in_pascal_case() -> None:
    """The answer is an object of C#, and the serializer keeps its names: SerialNum, SignName."""
    _answer(lambda data: {name.title().replace("_", ""): value for name, value in data.items()})


@defect(*of_both(f"{_DATA}/genuine", f"{_DATA}/form"))
def answers_in_words() -> None:
    """Answers is_modified with the words of the table: 是 and 否."""
    _answer(lambda data: {**data, "is_modified": "否" if data["is_modified"] == 2 else "是"})


@defect(*of_both(f"{_DATA}/sign_time"))
def writes_the_time_of_the_signature_as_the_pdf_does() -> None:
    """Hands on the date of the signature dictionary: D:20181015114423+08'00'."""
    digits = str.maketrans("", "", "- :")
    _answer(lambda data: {**data, "sign_time": f"D:{data['sign_time'].translate(digits)}+08'00'"})


@defect(*of_both(f"{_DATA}/sign_time-in-china"))
def writes_the_time_of_the_signature_in_utc() -> None:
    """The library gives the time in UTC, and it is written as it comes."""
    hours = timedelta(hours=8)
    _answer(
        lambda data: {**data, "sign_time": str(datetime.fromisoformat(data["sign_time"]) - hours)}
    )
