"""Notices of claims, with the guarantee and the attachments beside `param` (3.1)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from reference_institution.guarantor import claims
from reference_institution.guarantor.store import GuarantorStore
from reference_institution.orders import Orders
from reference_institution.pushes import ORDER_NAMES, Upload, refuse, require

#: Bytes of an attachment, and attachments of a claim, at most.
FILE_LIMIT = 10 * 1024 * 1024
MOST_FILES = 16
_TYPES = {
    *("doc", "docx", "ppt", "pdf", "xls", "zip", "rar", "tar", "gzip"),
    *("jpg", "png", "gif", "bmp"),
}
_CLAIM = (
    *("request_method", "claim_no", "status", "guarantee_no", *ORDER_NAMES),
    *("guarantor", "out_guarantee", "claim_amount", "claim_reason"),
    *("contact_person", "contact_phone", "contact_mail"),
)


class Claims:
    """Handles notices of claims; raises `NoticeRefused`."""

    def __init__(self, store: GuarantorStore, known: Orders, company: str) -> None:
        self._store = store
        self._orders = known
        self._company = company

    def claim(self, said: Mapping[str, str], files: Mapping[str, Upload]) -> None:
        """Handle a new claim, or the revocation of one (guarantor 3.1, P48)."""
        require(said, _CLAIM)
        claim_no, status = said["claim_no"], said["status"]
        if said["request_method"] != "apply_claim" or status not in claims.PHASES:
            raise refuse("参数错误：request_method 或 status")
        order_no = self._order_of(said, files.get("guarantee_pdf"))
        attachments = _attachments(files)
        content = {name: text for name, text in said.items() if text and name != "status"}
        content["attachments"] = ",".join(each["sha256"] for each in attachments)
        claim = {
            "claim_no": claim_no,
            "order_no": order_no,
            "guarantee_no": said["guarantee_no"],
            "status": status,
            "phase": claims.PHASES[status],
            "content": content,
        }
        self._store.add_claim(claim, attachments)
        known = self._store.claim(claim_no)
        if known is None or known["content"] != content:
            raise refuse(f"理赔已存在且内容不同：{claim_no}")
        self._store.advance_claim(claim_no, status, claims.PHASES[status])

    def _order_of(self, said: Mapping[str, str], pdf: Upload | None) -> str:
        """Compare a claim with the guarantee that it names; return its order's number."""
        number = said["guarantee_no"]
        guarantee = self._store.guarantee(number)
        if guarantee is None:
            raise refuse(f"保函不存在：{number}")
        names = {name: said[name] for name in ORDER_NAMES}
        companies = {said["guarantor"], said["out_guarantee"]}
        fits = self._orders.fitting(guarantee["order_no"], names)
        if not fits or companies != {self._company}:
            raise refuse(f"与保函信息不一致：{number}")
        if pdf is None or hashlib.sha256(pdf.content).hexdigest() != guarantee["sha256"]:
            raise refuse("保函文件缺失或与出具的保函不一致：guarantee_pdf")
        return str(guarantee["order_no"])


def _attachments(files: Mapping[str, Upload]) -> list[dict[str, Any]]:
    """Return the attachments as they are stored; their fields count from `attach_file0` on."""
    given = [field for field in files if field.startswith("attach_file")]
    fields = [f"attach_file{number}" for number in range(len(given))]
    if not given or len(given) > MOST_FILES or set(given) != set(fields):
        raise refuse("附件缺失、过多或编号不连续：attach_file0")
    for field in fields:
        if files[field].type not in _TYPES or not 0 < len(files[field].content) <= FILE_LIMIT:
            raise refuse(f"附件格式或大小错误：{field}")
    return [
        {
            "field": field,
            "name": files[field].name,
            "size": len(files[field].content),
            "sha256": hashlib.sha256(files[field].content).hexdigest(),
            "content": files[field].content,
        }
        for field in fields
    ]
