"""Reading a push: decrypting it and verifying its sign (5.1, 5.2).

The manual gives the order of the checks (注意事项 4): decrypt, verify the sign, compare with the
records. A notice that does not match them is a 假通知: it is refused and has no effect. A notice
that was handled before gets the same answer again (注意事项 3). Two notices are the same if their
content is: `timestamp`, `sign` and `param` are new in each attempt.
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

#: The general failure (5.3): the manual has no other code for a refused notice.
FAILED = 404
#: The names that every notice about an order has, and that are compared with our records.
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
        """The type that the file's name has: `pdf`, `docx`, …"""
        return PurePath(self.name).suffix.lstrip(".").lower()

    @property
    def is_pdf(self) -> bool:
        """Whether the content begins like a PDF."""
        return self.content[:1024].lstrip().startswith(b"%PDF-")


def param() -> str:
    """Return `param` of the current request, empty if it has none."""
    return request.form.get("param", "")


def uploads() -> dict[str, Upload]:
    """Return the files of the current request by their form fields."""
    return {
        field: Upload(file.filename or "", file.read()) for field, file in request.files.items()
    }


def open_push(
    param: str, letter: AccountLetter, cannot_open: int = 1000, wrong_sign: int = 1001
) -> dict[str, str]:
    """Decrypt a push and verify its sign; return its parameters as text (5.1, 5.2).

    Raises:
        NoticeRefused: our key does not decrypt it, or the sign is missing or wrong.
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
    """Check that a notice has all of the parameters `names`.

    Raises:
        NoticeRefused: one is missing; the reason names the first.
    """
    for name in names:
        # Required parameters may be empty, as in the manual's samples; these may not (P38).
        if name not in said or (not said[name] and name.endswith(_NEVER_EMPTY)):
            raise NoticeRefused(FAILED, f"参数缺失：{name}")


def read_json(text: str) -> Any:
    """Return the value of a parameter that holds JSON as text (P7); None if it is not JSON."""
    try:
        said = json.loads(text)
        # Python's parser accepts lone surrogates, which cannot be stored.
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return None
    return said


def refuse(reason: str) -> NoticeRefused:
    """Return the refusal of a notice for which the manual has no code of its own."""
    return NoticeRefused(FAILED, reason)
