"""The platform's questions: is this file genuine (验真), what does this guarantee say (查验)."""

import hashlib
from collections.abc import Mapping
from typing import Any

from reference_institution.certificates import Seal
from reference_institution.pushes import NoticeRefused
from reference_institution.signed_pdf import NotOurs, read_signature
from reference_institution.store import Row, Store

#: Bytes of a PDF at most (2603).
PDF_LIMIT = 10 * 1024 * 1024
_MODIFIED, _UNTOUCHED = 1, 2


class Questions:
    """Answers 2.6 and 2.7 from the guarantees on record."""

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store = store
        self._seal = seal

    def verify(self, said: Mapping[str, str], pdf: bytes | None) -> dict[str, Any]:
        """Return who signed a guarantee's PDF, when, and whether it was changed since (2.6).

        Raises:
            NoticeRefused: with a code of 5.5.
        """
        serial_num = said.get("serial_num", "")
        if not serial_num:
            raise NoticeRefused(2600, "参数缺失：serial_num")
        if not pdf:
            raise NoticeRefused(2601, "参数缺失：guarantee_pdf")
        if not pdf[:1024].lstrip().startswith(b"%PDF-"):
            raise NoticeRefused(2602, "保函文件格式错误,仅支持PDF")
        if len(pdf) > PDF_LIMIT:
            raise NoticeRefused(2603, "保函文件过大")
        sha256 = hashlib.sha256(pdf).hexdigest()
        guarantee = self._issued(serial_num, sha256)
        try:
            report = read_signature(pdf, self._seal)
        except NotOurs as error:
            raise NoticeRefused(2605, "无法识别该文件") from error
        untouched = report.intact and sha256 == guarantee["sha256"]
        return {
            "serial_num": serial_num,
            "sign_name": report.signer,
            "sign_time": report.signed_at,
            "issuer": report.issuer,
            "is_modified": _UNTOUCHED if untouched else _MODIFIED,
        }

    def _issued(self, serial_num: str, sha256: str) -> Row:
        guarantee = self._store.guarantee_by_serial(serial_num)
        if guarantee is None:
            # The platform may ask before its answer to 2.5, which has the number, reaches us.
            guarantee = self._store.guarantee_without_serial(sha256)
            if guarantee is None:
                raise NoticeRefused(2605, "无法识别该文件")
            self._store.give_serial(guarantee["guarantee_no"], serial_num)
        return guarantee

    def query(self, said: Mapping[str, str]) -> dict[str, Any]:
        """Return the particulars of a guarantee by its number and serial number (2.7).

        Raises:
            NoticeRefused: with a code of 5.6.
        """
        guarantee_no, serial_num = said.get("guarantee_no", ""), said.get("serial_num", "")
        if not guarantee_no:
            raise NoticeRefused(2700, "参数缺失：guarantee_no")
        if not serial_num:
            raise NoticeRefused(2701, "参数缺失：serial_num")
        guarantee = self._store.guarantee(guarantee_no)
        if guarantee is None or guarantee["serial_num"] not in (None, serial_num):
            raise NoticeRefused(2702, "保函不存在")
        if guarantee["serial_num"] is None:
            self._store.give_serial(guarantee_no, serial_num)
        return {**guarantee["particulars"], "serial_num": serial_num}
