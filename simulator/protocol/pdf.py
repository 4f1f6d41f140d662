"""When bytes are a whole PDF file: one rule, of which each broken part can be named (P27).

A PDF begins with `%PDF-`; white space before it is skipped. `%%EOF` stands in the last 1,024
bytes (ISO 32000, where viewers look for it), and `startxref` points at a table, counted from the
file's first byte or from the `%` of the header.
"""

import re
from dataclasses import dataclass
from typing import Literal

#: Bytes at the file's end in which the end mark must stand.
TAIL = 1024
#: Bytes at the file's beginning in which a header is looked for.
HEAD = 1024
HEADER = b"%PDF-"
END = b"%%EOF"

_STARTXREF = re.compile(rb"startxref\s{1,16}([0-9]{1,20})\s")
_TABLE = re.compile(rb"\s{0,16}(?:xref\b|[0-9]{1,10}\s{1,16}[0-9]{1,10}\s{1,16}obj\b)")

Fault = Literal["empty", "no_header", "preceded", "no_end", "followed", "no_table"]


@dataclass(frozen=True)
class Layout:
    """Where a PDF's parts lie, in bytes from the file's beginning; None where a part is missing.

    `before` holds the bytes before the header; `behind` counts the bytes behind the end mark and
    its line break; `table` is what the last `startxref` says.
    """

    before: bytes
    header: int | None
    behind: int | None
    table: int | None
    fault: Fault | None

    @property
    def is_whole(self) -> bool:
        """Whether the bytes are a whole PDF file."""
        return self.fault is None

    @property
    def is_headed(self) -> bool:
        """Whether the bytes begin as a PDF file does."""
        return self.header is not None and not self.before.strip()


def read(content: bytes) -> Layout:
    """Return where the parts of a PDF lie, and which part of the rule is broken first."""
    found = content.find(HEADER, 0, HEAD + len(HEADER))
    header = found if found >= 0 else None
    before = content[:found] if found >= 0 else b""
    end = content.rfind(END)
    behind = len(content[end + len(END) :].lstrip(b"\r\n")) if end >= 0 else None
    table = _announced_table(content, end)
    return Layout(before, header, behind, table, _fault(content, header, before, behind, table))


def _announced_table(content: bytes, end: int) -> int | None:
    place = content.rfind(b"startxref", 0, end if end >= 0 else len(content))
    announced = _STARTXREF.match(content, place) if place >= 0 else None
    return int(announced[1]) if announced else None


def _fault(
    content: bytes, header: int | None, before: bytes, behind: int | None, table: int | None
) -> Fault | None:
    if not content:
        return "empty"
    if header is None:
        return "no_header"
    if before.strip():
        return "preceded"
    if behind is None:
        return "no_end"
    if behind > TAIL - len(END):
        return "followed"
    places = [] if table is None else [table, table + header]
    if not any(place < len(content) and _TABLE.match(content, place) for place in places):
        return "no_table"
    return None
