"""What the platform pushes: read from the request, opened, its sign verified (5.1, 5.2).

The order of the checks is the manual's (注意事项 4): decrypt, verify the sign, compare with our own
records. A notice that does not fit is a 假通知: it is refused and has no effect. A notice that was
handled before is answered like the first time (注意事项 3); what makes two notices the same is what
they say, never their `timestamp`, `sign` or `param`, which each attempt makes afresh.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from flask import request

from reference_institution.letter import AccountLetter
from simulator.protocol import envelope, signing
from simulator.protocol.plaintext import NotAPlaintext, as_text
from simulator.protocol.rsa import CannotOpen

#: The general failure (5.3): all that the manual has for a notice that is refused.
FAILED = 404
#: What names and states are compared with our records in every notice about an order.
ORDER_NAMES = ("block_number", "block_name", "principal", "creditor")
_NEVER_EMPTY = ("_no", "_nos", "_id", "_amount")


class NoticeRefused(Exception):
    """A push is refused; `code` and `reason` are the answer's `status` and `data`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Upload:
    """A file that came beside `param`, unsealed."""

    name: str
    content: bytes

    @property
    def type(self) -> str:
        """The file's type by its name: `pdf`, `docx`, …"""
        return PurePath(self.name).suffix.lstrip(".").lower()

    @property
    def is_pdf(self) -> bool:
        """Whether the content begins like a PDF."""
        return self.content[:1024].lstrip().startswith(b"%PDF-")


def param() -> str:
    """Return the sealed parameters of the request at hand, empty if there are none."""
    return request.form.get("param", "")


def uploads() -> dict[str, Upload]:
    """Return the files of the request at hand by their fields."""
    return {
        field: Upload(file.filename or "", file.read()) for field, file in request.files.items()
    }


def open_push(
    param: str, letter: AccountLetter, cannot_open: int = 1000, wrong_sign: int = 1001
) -> dict[str, str]:
    """Decrypt a push and verify its sign; return what it says, as text (5.1, 5.2).

    Raises:
        NoticeRefused: it does not open with our key, or the sign is missing or wrong.
    """
    try:
        opened = envelope.open_param(param, letter.rsa_sk).parameters
    except (CannotOpen, NotAPlaintext) as error:
        raise NoticeRefused(cannot_open, "解密失败") from error
    if not signing.verify(opened, letter.api_secret).valid:
        raise NoticeRefused(wrong_sign, "验签失败")
    stamps = ("sign", "timestamp")
    return {name: as_text(value) for name, value in opened.items() if name not in stamps}


def require(said: Mapping[str, str], names: tuple[str, ...]) -> None:
    """Check that a notice says all of `names`.

    Raises:
        NoticeRefused: it does not; the reason names the first that is missing.
    """
    for name in names:
        # A required parameter may be empty, as in the manual's own samples; these may not (P38).
        if name not in said or (not said[name] and name.endswith(_NEVER_EMPTY)):
            raise NoticeRefused(FAILED, f"参数缺失：{name}")


def read_json(text: str) -> Any:
    """Return what a parameter says that is JSON as text (P7); None if it is no JSON."""
    try:
        said = json.loads(text)
        # Python's reader takes lone surrogates, which are no text and cannot be stored.
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return said


def refuse(reason: str) -> NoticeRefused:
    """Return the refusal of a notice for which the manual has no code of its own."""
    return NoticeRefused(FAILED, reason)
