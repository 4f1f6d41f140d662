"""Signed PDFs as forgers and broken transfers leave them: changed, extended, cut, padded."""

import io
import re
from typing import Any

from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from conformance_tests.suite.rules.outcomes import Blocked
from simulator import paths

_LAST_DIGIT_OF_PAGE = re.compile(rb"/MediaBox\s*\[[^\]]*?([0-9])\s*\]")
_FIRST_COMMENT = re.compile(rb"%PDF-[0-9.]+\s*%[^\r\n]*([^\r\n])")
#: A black rectangle over a part of the page, as someone draws who hides an amount.
_COVER = b"q 0 0 0 rg 60 300 200 40 re f Q"


def changed(pdf: bytes) -> bytes:
    """Return the PDF with one byte changed that its signature covers; it can be read as before.

    The size of a page, where that stands in plain text, else a letter of the comment at the top.

    Raises:
        Blocked: there is neither.
    """
    found = _LAST_DIGIT_OF_PAGE.search(pdf) or _FIRST_COMMENT.search(pdf)
    if found is None:
        raise Blocked(
            "no byte of the guarantee's PDF can be changed so that it is still readable",
            "无法在保函 PDF 中改动一个字节而使其仍可读取",
        )
    place = found.start(1)
    other = b"1" if pdf[place : place + 1] != b"1" else b"2"
    return pdf[:place] + other + pdf[place + 1 :]


def extended(pdf: bytes) -> bytes:
    """Return the PDF with something drawn over its first page, added after the signature.

    What was signed is untouched: only who looks at what the signature covers will notice.

    Raises:
        Blocked: the PDF cannot be extended.
    """
    target = io.BytesIO()
    try:
        writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
        writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=_COVER)))
        writer.write(target)
    except Exception as error:
        # A PDF that is odd enough can break the reader anywhere.
        raise Blocked(
            f"the guarantee's PDF cannot be extended: {error}",
            f"无法在保函 PDF 中追加内容：{error}",
        ) from error
    return target.getvalue()


def cut(pdf: bytes) -> bytes:
    """Return the first half of the PDF, as a broken transfer leaves it."""
    return pdf[: len(pdf) // 2]


def padded(pdf: bytes, size: int) -> bytes:
    """Return the PDF with a long comment behind it, so that it has `size` bytes."""
    return pdf + b"\n%" + b"x" * (size - len(pdf) - 2)


def of_nobody() -> bytes:
    """Return a right PDF that bears no signature."""
    return (paths.fixtures() / "files" / "application.pdf").read_bytes()


def image() -> bytes:
    """Return a picture, which a scanner's user takes for the guarantee."""
    return (paths.fixtures() / "files" / "business-licence.png").read_bytes()
