"""What the variants of guarantors do otherwise, besides what they share with the insurers'."""

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from reference_institution.guarantor import claim_notice, release_notices
from reference_institution.guarantor.claim_notice import Claims
from reference_institution.guarantor.notices import Notices
from reference_institution.guarantor.release_notices import Releases
from reference_institution.guarantor.states import DIRECT
from reference_institution.pushes import Upload, refuse

#: Actions that the target file of a variant leaves out: what it does not do.
UNDECLARED = {
    "background": (),
    # 固定：1: it has no separate line.
    "strict": ("return_data", "approve"),
    # Its orders wait for their payment from the start.
    "lenient": ("offer",),
}
_PROJECT_TYPES = {
    *("construction", "purchase", "design", "supervisor", "survey", "property", "consult"),
    *("rail_transit", "EPC", "other"),
}
_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]{1,2})?")
#: 10M read as the smaller of two ways.
_LIMIT = 10_000_000

# In the background.


def work_later(later: Callable[[Callable[..., Any]], Callable[..., None]]) -> None:
    """Answer 2.1 with what is known at once, and handle it, 2.4, 2.8 and 3.1 by a worker."""
    works = [(Notices, "order_status"), (Releases, "release"), (Claims, "claim")]
    for owner, name in works:
        setattr(owner, name, later(getattr(owner, name)))
    keep = later(Notices.application)

    def application(self: Notices, said: Mapping[str, str], address: str) -> dict[str, str]:
        keep(self, said, address)
        return {"order_status": said.get("order_status", ""), "pay_method": "CLIENT"}

    Notices.application = application  # type: ignore[method-assign]


# Strict.


def refuse_whatever_may_be() -> None:
    """Take only what the tables print, files that are whole, batches whose forerunners came."""
    _before(Notices, "application", _check_application)
    _before(Releases, "release", _check_batch)
    _before(Claims, "claim", _check_claim)
    claim_notice.FILE_LIMIT = _LIMIT


def _before(owner: type, name: str, check: Callable[..., None]) -> None:
    handle = getattr(owner, name)

    def checked(self: Any, said: Mapping[str, str], *given: Any) -> Any:
        check(self, said, *given)
        return handle(self, said, *given)

    setattr(owner, name, checked)


def _check_application(_: Notices, said: Mapping[str, str], __: str) -> None:
    amounts = [said.get("guarantee_amount", ""), said.get("project_amount", "")]
    if not (
        said.get("ktype") == DIRECT
        and said.get("order_status") == "WAIT_FIRST_TRAIL"
        and said.get("project_type") in _PROJECT_TYPES
        and all(_AMOUNT.fullmatch(each) for each in amounts)
        and said.get("valid_day", "").isdigit()
        and _is_minute(said.get("bid_deadline", ""))
        and said.get("principal_phone_social_credit_code")
        and said.get("principal_legal_id_card")
    ):
        raise refuse("参数错误")


def _is_minute(text: str) -> bool:
    try:
        datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    except ValueError:
        return False
    return True


def _check_batch(self: Releases, said: Mapping[str, str], files: Mapping[str, Upload]) -> None:
    """Refuse a batch that says "revoked before" of what was not, until its forerunner came."""
    for file in files.values():
        _read(PdfFileReader, file.content)
    for item in release_notices._read_lists(said.get("revoke_guarantee_data", ""))[
        "revoke_success_data"
    ]:
        if self._store.release(item["guarantee_no"]) is None:
            raise refuse(f"此前未收到撤销通知：{item['guarantee_no']}")


def _check_claim(self: Claims, said: Mapping[str, str], files: Mapping[str, Upload]) -> None:
    """Look into every file, and at the amount, the telephone and the mail address."""
    for file in files.values():
        if file.type not in _READERS:
            raise refuse(f"附件格式错误：{file.name}")
        _READERS[file.type](file.content)
    guarantee = self._store.guarantee(said.get("guarantee_no", ""))
    amount = said.get("claim_amount", "")
    if not _AMOUNT.fullmatch(amount) or not float(amount):
        raise refuse("参数错误：claim_amount")
    if guarantee and float(amount) > float(guarantee["particulars"]["amount"]):
        raise refuse("索赔金额超过担保金额")
    if "@" not in said.get("contact_mail", "") or not said.get("contact_phone"):
        raise refuse("参数错误：contact_mail 或 contact_phone")


def _read(reader: Callable[[io.BytesIO], Any], content: bytes) -> Any:
    try:
        return reader(io.BytesIO(content))
    except Exception as error:
        # A reader may fail by any exception of its own.
        raise refuse(f"文件已损坏：{error}") from error


def _read_pdf(content: bytes) -> None:
    if int(_read(PdfFileReader, content).root["/Pages"]["/Count"]) < 1:
        raise refuse("文件已损坏")


def _read_picture(content: bytes) -> None:
    _read(lambda file: Image.open(file).load(), content)


def _read_zip(content: bytes) -> None:
    if _read(lambda file: zipfile.ZipFile(file).testzip(), content) is not None:
        raise refuse("文件已损坏")


def _read_tar(content: bytes) -> None:
    def members(file: io.BytesIO) -> list[str]:
        with tarfile.open(fileobj=file) as archive:
            return archive.getnames()

    if not _read(members, content):
        raise refuse("文件已损坏")


def _read_gzip(content: bytes) -> None:
    _read(lambda file: gzip.GzipFile(fileobj=file).read(), content)


def _read_rar(content: bytes) -> None:
    if not content.startswith(b"Rar!\x1a\x07"):
        raise refuse("文件已损坏")


def _read_old_office(content: bytes) -> None:
    if not content.startswith(bytes.fromhex("D0CF11E0A1B11AE1")):
        raise refuse("文件已损坏")


_READERS: dict[str, Callable[[bytes], None]] = {
    "pdf": _read_pdf,
    "tar": _read_tar,
    "gzip": _read_gzip,
    "rar": _read_rar,
    **dict.fromkeys(("zip", "docx"), _read_zip),
    **dict.fromkeys(("jpg", "png", "gif", "bmp"), _read_picture),
    **dict.fromkeys(("doc", "ppt", "xls"), _read_old_office),
}


# Lenient.


def take_whatever_comes() -> None:
    """Answer 2.1 as the manual's sample does, and take attachments of any kind, or none."""
    _answer_as_printed()
    attachments = claim_notice._attachments
    claim_notice._attachments = lambda files: attachments(files) if _attached(files) else []
    claim_notice._TYPES = _AnyType()  # type: ignore[assignment]


def _answer_as_printed() -> None:
    take = Notices.application

    def application(self: Notices, said: Mapping[str, str], address: str) -> dict[str, str]:
        answer = take(self, said, address)
        if said["ktype"] != DIRECT:
            return {}
        # With the blank of the sample, in the state of the sample (P10, P31).
        return {**answer, "order_status": "WAIT_PAY", "pay_method": "REDIRECT "}

    Notices.application = application  # type: ignore[method-assign]


def _attached(files: Mapping[str, Upload]) -> bool:
    return any(field.startswith("attach_file") for field in files)


class _AnyType:
    def __contains__(self, _: object) -> bool:
        return True
