"""What a file that should be a PDF really is, by its bytes (P27)."""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Callable, Iterator

from simulator.errors import Text
from simulator.protocol import pdf
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding, format_names

#: Bytes above which a file is not decoded to try what it is.
_LONG = 4 * 1024 * 1024
#: How many bytes of a file that is no PDF are looked at for a name, a link or a word.
_SHORT = 2048
#: Bytes of a tag that are shown.
_SHOWN = 40
#: Replacement characters that a text may have of its own.
_FEW = 3
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()
_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC/XLS (OLE)"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"%!PS", "PostScript"),
    (b"-----BEGIN ", "PEM"),
)
_MARKUP = re.compile(
    rb"\s*<(?:!doctype\s+(?P<html>html)|(?P<tag>html|head|body|title|meta|script|style|h[1-6]|p|div"
    rb"|br|center|table|span|form)[\s/>]|\?xml\s|[a-z][\w:.-]*(?:\s[^<>]*)?>)",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    rb"\s*(?:\[B@[0-9a-f]+|\[object \w+\]|b'%PDF|<_io\.|java\.io\.|(?:null|undefined)\s*\Z)"
)
_PLACE = re.compile(rb"\s*(?:https?://\S+|file:\S+|[A-Za-z]:[\\/][^\r\n]+|/?[\w./\\-]+\.pdf)\s*\Z")


def explain_pdf(content: bytes) -> Finding | None:
    """Return what is wrong with a file that should be a whole PDF; None where nothing proves it."""
    layout = pdf.read(content)
    match layout.fault:
        case None:
            return None
        case "empty":
            return _found("file_empty", "0 bytes came.", "收到 0 字节。")
        case "preceded":
            if printed := _printed(content):
                return printed
            # Whole pages and answers only speak of %PDF-: a file that follows has its end.
            other = None if pdf.END in content else _without_header(content)
            return other or _preceded(layout)
        case "no_header":
            return _without_header(content)
        case "followed":
            return _found(
                "bytes_behind_pdf",
                f"{layout.behind} bytes stand behind %%EOF, which is looked for in the last "
                f"{pdf.TAIL} bytes of a file.",
                f"%%EOF 之后还有 {layout.behind} 字节；阅读器只在末尾 {pdf.TAIL} 字节内查找它。",
            )
        case _:
            return _mangled(content) or _broken_end(content, layout)


def _found(name: str, en: str, zh: str) -> Finding:
    return make_finding(name, Text(en, zh))


def _preceded(layout: pdf.Layout) -> Finding:
    size = len(layout.before)
    if layout.before.startswith(b"\xef\xbb\xbf"):
        en, zh = " (a byte order mark first)", "（以字节序标记 BOM 开头）"
    elif b"Content-Disposition" in layout.before:
        en, zh = " (the head of a multipart part)", "（multipart 分段的头部）"
    else:
        en = zh = ""
    return _found(
        "bytes_before_pdf",
        f"{size} bytes stand before %PDF-{en}.",
        f"%PDF- 之前有 {size} 字节{zh}。",
    )


def _without_header(content: bytes) -> Finding | None:
    for name, en, zh, undo in _WRAPPINGS:
        if len(content) <= _LONG and pdf.read(undo(content)).is_headed:
            return _found(name, en, zh)
    for magic, name in _formats(content):
        return _found(
            "file_of_another_format", f"It is {magic}: {name}.", f"文件是 {magic}：{name}。"
        )
    if printed := _printed(content):
        return printed
    if len(content) <= _SHORT and _PLACE.match(content):
        shown = format_names([content.decode("utf-8", "replace").strip()])
        return _found("place_instead_of_file", f"It is {shown}.", f"内容为 {shown}。")
    return None


def _printed(content: bytes) -> Finding | None:
    found = _PRINTED.match(content[:_SHORT])
    if found is None:
        return None
    shown = found[0].strip().decode("latin-1")
    return _found("object_printed", f"It begins with {shown!r}.", f"内容以 {shown!r} 开头。")


def _formats(content: bytes) -> Iterator[tuple[str, str]]:
    """Return the format that the first bytes prove, and by what."""
    if content.startswith(b"PK\x03\x04"):
        if b"OFD.xml" in content[:65536] or b"OFD.xml" in content[-65536:]:
            yield "OFD", "PK…OFD.xml"
        elif b"[Content_Types].xml" in content:
            yield "OOXML (docx, xlsx)", "PK…[Content_Types].xml"
        else:
            yield "ZIP", "PK\\x03\\x04"
    for magic, name in _FORMATS:
        if content.startswith(magic):
            yield name, ascii(magic)[2:-1]
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        yield "WebP", "RIFF…WEBP"
    if content.startswith(b"BM") and int.from_bytes(content[2:6], "little") == len(content):
        yield "BMP", "BM"
    if found := _MARKUP.match(content[:_SHORT]):
        shown = found[0].strip()[:_SHOWN].decode("latin-1")
        yield ("HTML" if found["html"] or found["tag"] else "XML"), shown
    if _is_json(content):
        yield "JSON", content.strip()[:1].decode()


def _is_json(content: bytes) -> bool:
    if len(content) > _LONG or content.strip()[:1] not in (b"{", b"["):
        return False
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _from_base64(content: bytes) -> bytes:
    text = content.strip()
    if text.startswith(b"data:"):
        text = text.partition(b",")[2]
    try:
        return base64.b64decode(re.sub(rb"\s", b"", text).replace(b"-", b"+").replace(b"_", b"/"))
    except (binascii.Error, ValueError):
        return b""


def _from_hexadecimal(content: bytes) -> bytes:
    try:
        return binascii.unhexlify(re.sub(rb"\s", b"", content))
    except (binascii.Error, ValueError):
        return b""


def _from_utf_16(content: bytes) -> bytes:
    try:
        return content.decode("utf-16").encode("latin-1")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return b""


def _decompressed(content: bytes) -> bytes:
    for window in (31, 15, -15):
        try:
            return zlib.decompressobj(window).decompress(content, pdf.HEAD)
        except zlib.error:
            continue
    return b""


#: How a PDF is wrapped as a whole, and how that is undone.
_WRAPPINGS: tuple[tuple[str, str, str, Callable[[bytes], bytes]], ...] = (
    ("file_in_base64", "Decoded, it is a PDF.", "解码后是 PDF。", _from_base64),
    (
        "file_in_hexadecimal",
        "Decoded, it is a PDF.",
        "解码后是 PDF。",
        _from_hexadecimal,
    ),
    ("file_compressed", "Unpacked, it is a PDF.", "解压后是 PDF。", _decompressed),
    ("file_read_as_text", "It is UTF-16.", "内容为 UTF-16。", _from_utf_16),
)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _mangled(content: bytes) -> Finding | None:
    """Return by which text mode a file was changed that still begins as a PDF does."""
    if len(content) > _LONG:
        return None
    lost = content.count(_REPLACEMENT)
    # Nothing but text is left where a decoder was; in other files chance makes these bytes too.
    if lost >= _FEW and _is_utf_8(content):
        return _found(
            "file_read_as_text",
            f"{lost} bytes were replaced by U+FFFD, as a decoder of UTF-8 does.",
            f"有 {lost} 处字节被替换成 U+FFFD（按 UTF-8 解码的结果）。",
        )
    for charset in ("latin-1", "cp1252"):
        try:
            undone = content.decode("utf-8").encode(charset)
        except (UnicodeDecodeError, UnicodeEncodeError):
            continue
        if undone != content and pdf.read(undone).is_whole:
            return _found(
                "file_read_as_text",
                f"Its bytes were decoded as {charset} and written as UTF-8.",
                f"字节被当作 {charset} 解码，又按 UTF-8 写出。",
            )
    for before, after, en, zh in (
        (b"\r\n", b"\n", "each LF became CRLF", "LF 被改成了 CRLF"),
        (b"\n", b"\r\n", "each CRLF became LF", "CRLF 被改成了 LF"),
        (b"\r\n", b"\r", "each CR became CRLF", "CR 被改成了 CRLF"),
    ):
        if pdf.read(content.replace(before, after)).is_whole:
            return _found("file_line_ends_changed", f"On the way {en}.", f"传输途中{zh}。")
    return None


def _broken_end(content: bytes, layout: pdf.Layout) -> Finding | None:
    if layout.fault == "no_end":
        return _found(
            "file_cut_short",
            f"{len(content)} bytes came, and no %%EOF among them.",
            f"收到 {len(content)} 字节，其中没有 %%EOF。",
        )
    table = content.rfind(b"\nxref")
    real = f"; the last table begins at {table + 1}" if table >= 0 else ""
    real_zh = f"；最后一张表位于 {table + 1}" if table >= 0 else ""
    said = "nothing" if layout.table is None else str(layout.table)
    return _found(
        "startxref_wrong",
        f"startxref says {said}{real}.",
        f"startxref 的值为 {'空' if layout.table is None else layout.table}{real_zh}。",
    )
