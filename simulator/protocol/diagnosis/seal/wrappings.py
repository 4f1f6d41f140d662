"""What may have happened to `param` on its way from the blocks to the form, undone."""

import ast
import base64
import binascii
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from simulator.errors import Text
from simulator.protocol import envelope
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding, format_names

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]+={0,2}")
_PIECE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
#: Starts only at the first quote or blank of several: linear in any text.
_AROUND = re.compile(
    r"\A(?:\s*param=|data:[^,]{0,60},|b(?=[\"']))|(?<![\s\"'])[\s\"']++\Z|\A[\s\"']++"
)
_QUOTES = re.compile(r"\Aparam=|[\"']\Z|\A[\"']")
_ESCAPES = re.compile(r"\\(?:u[0-9a-fA-F]{4}|[/+=rnt\"])|&(?:#\d{1,3}|#x[0-9a-fA-F]{2}|\w{2,6});")
#: How many escapes are shown.
_SHOWN = 6
#: Letters of Base64 from which on a text may be one sealed block.
_SHORTEST = 128
#: What stands between or before hexadecimal digits: a prefix, colons, hyphens.
_HEX_MARKS = re.compile(r"\A\s*0x|[\s:-]")
#: Numbers of bytes as lists and Node's Buffer print them, blanks taken out.
_NUMBERS = re.compile(
    r'(?:\{"type":"Buffer","data":)?\[?(-?\d{1,3}(?:,-?\d{1,3})+)\]?\}?', re.ASCII
)
_PYTHON_BYTES = re.compile(r"b(?:'[ -~]*'|\"[ -~]*\")")


@dataclass(frozen=True)
class Wrapped:
    """The bytes that a `param` stands for once these mistakes are undone."""

    findings: tuple[Finding, ...]
    data: bytes


def unwrap(param: str) -> Iterator[Wrapped]:
    """Return the bytes that a `param` may stand for, without a mistake first."""
    for wrapped in _read_text(param):
        if wrapped.data:
            yield wrapped
            yield from _unwrap_again(wrapped)


def _read_text(param: str) -> Iterator[Wrapped]:
    compact = _HEX_MARKS.sub("", param)
    if len(compact) % 2 == 0 and re.fullmatch(r"[0-9A-Fa-f]+", compact):
        # Every such text is Base64 too, so the hexadecimal reading must come along.
        detail = Text(f"param has {len(compact)} hexadecimal digits.", _hex_zh(len(compact)))
        yield Wrapped((make_finding("hex_instead_of_base64", detail),), bytes.fromhex(compact))
    plain = _decode(param)
    if plain is not None:
        yield Wrapped((), plain)
        return
    yield from _read_json_around(param)
    yield from _read_escaped(param)
    yield from _read_printed_bytes(param)
    for findings, mended in _mend(param):
        data = _decode(mended)
        if data is not None:
            yield Wrapped(findings, data)
    yield from _read_pieces(param)
    yield from _read_unpadded(param)


def _read_json_around(param: str) -> Iterator[Wrapped]:
    """Return what a JSON object around the Base64 holds, in the first member that is Base64."""
    if not param.lstrip().startswith("{"):
        return
    try:
        members = json.loads(param)
    except (ValueError, RecursionError):
        return
    for name, value in members.items():
        data = _decode(value) if isinstance(value, str) and len(value) >= _SHORTEST else None
        if data:
            detail = Text(
                f"The Base64 stands in the member {format_names([name])} of a JSON object.",
                f"Base64 在 JSON 对象的 {format_names([name])} 成员中。",
            )
            yield Wrapped((make_finding("json_around_param", detail),), data)
            return


def _read_escaped(param: str) -> Iterator[Wrapped]:
    """Return the bytes where letters of the Base64 were escaped, as writers of JSON do."""
    found = sorted(set(_ESCAPES.findall(param)))
    if not found:
        return
    text = _AROUND.sub("", _AROUND.sub("", _ESCAPES.sub(_unescape, param)))
    data = _decode(text)
    if data:
        shown = ", ".join(found[:_SHOWN])
        detail = Text(f"param has {shown} in it.", f"param 中有 {shown}。")
        yield Wrapped((make_finding("param_escaped", detail),), data)


def _unescape(escape: re.Match[str]) -> str:
    letters = escape[0]
    if letters.startswith("&"):
        return html.unescape(letters)
    if letters[1] == "u":
        return chr(int(letters[2:], 16))
    return "" if letters[1] in "rnt" else letters[1:]


def _hex_zh(length: int) -> str:
    return f"param 为 {length} 位十六进制。"


def _decode(text: str) -> bytes | None:
    try:
        return envelope.decode(text)
    except envelope.NotBase64:
        return None


def _mend(param: str) -> Iterator[tuple[tuple[Finding, ...], str]]:
    """Return the text as it was before the form, with what happened to it."""
    bare = _AROUND.sub("", _AROUND.sub("", param))
    outer = _find_around(param, bare)
    if outer:
        yield outer, bare
    # A blank at the beginning may be a lost + as well, so it is not always stripped.
    for text in dict.fromkeys((param, _QUOTES.sub("", _QUOTES.sub("", param)), bare)):
        blanks = text.count(" ")
        if blanks:
            detail = Text(
                f"param has {blanks} space(s) where a + was.",
                f"param 中有 {blanks} 个空格，原本是 +。",
            )
            findings = (*_find_around(param, text), make_finding("blanks_instead_of_plus", detail))
            yield findings, text.replace(" ", "+")
    text = bare
    for times in (1, 2, 3):
        if "%" not in text:
            break
        text = unquote(text).replace(" ", "+")
        detail = Text(
            f"After the form is decoded, param is URL-encoded {times} more time(s).",
            f"表单解码之后，param 仍被 URL 编码了 {times} 次。",
        )
        yield (*outer, make_finding("url_encoded_twice", detail)), text


def _find_around(param: str, text: str) -> tuple[Finding, ...]:
    count = len(param) - len(text)
    detail = Text(
        f"{count} character(s) around the Base64 do not belong to it.",
        f"Base64 前后多了 {count} 个字符。",
    )
    return (make_finding("something_around_param", detail),) if count else ()


def _read_printed_bytes(param: str) -> Iterator[Wrapped]:
    if listed := _NUMBERS.fullmatch(re.sub(r"\s", "", param)):
        numbers = [int(number) for number in listed[1].split(",")]
        if all(-128 <= number <= 255 for number in numbers):
            detail = Text(
                f"param is a list of {len(numbers)} numbers.",
                f"param 是 {len(numbers)} 个数字的列表。",
            )
            data = bytes(number % 256 for number in numbers)
            yield Wrapped((make_finding("java_bytes_printed", detail),), data)
    if "\\x" in param and _PYTHON_BYTES.fullmatch(param.strip()):
        try:
            printed = ast.literal_eval(param.strip())
        except (ValueError, SyntaxError):
            return
        detail = Text("param is b'…' with \\x in it.", "param 是带有 \\x 的 b'…'。")
        yield Wrapped((make_finding("java_bytes_printed", detail),), printed)


def _read_pieces(param: str) -> Iterator[Wrapped]:
    """Return the blocks joined where each was encoded alone."""
    pieces = _PIECE.findall(param)
    left = _PIECE.sub("", param)
    if len(pieces) < 2 or not all(piece.endswith("=") for piece in pieces[:-1]):
        return
    if re.sub(r"[\s,;|\[\]\"]", "", left):
        return
    decoded = [_decode(piece) for piece in pieces]
    whole = [data for data in decoded if data]
    if len(whole) == len(pieces):
        detail = Text(
            f"param is {len(pieces)} pieces of Base64, of {len(whole[0])} bytes each.",
            f"param 由 {len(pieces)} 段 Base64 组成，每段 {len(whole[0])} 字节。",
        )
        yield Wrapped((make_finding("base64_of_each_block", detail),), b"".join(whole))


def _read_unpadded(param: str) -> Iterator[Wrapped]:
    """Return what the text would be with its padding; one letter too many is dropped."""
    text = re.sub(r"[\r\n=]", "", param)
    left = len(text) % 4
    data = _decode(text[: len(text) - 1] if left == 1 else text + "=" * (-left % 4))
    if data is None:
        return
    detail = Text(
        f"param has {len(text)} characters, which is not a multiple of 4.",
        f"param 有 {len(text)} 个字符，不是 4 的倍数。",
    )
    yield Wrapped((make_finding("base64_padding_missing", detail),), data)


def _unwrap_again(wrapped: Wrapped) -> Iterator[Wrapped]:
    """Return what is inside bytes that are themselves Base64 or hexadecimal."""
    inner = wrapped.data.strip()
    if re.fullmatch(rb"[0-9A-Fa-f]+", inner) and len(inner) % 2 == 0:
        detail = Text(
            f"Inside the Base64 stand {len(inner)} hexadecimal digits.",
            f"Base64 解码后是 {len(inner)} 位十六进制。",
        )
        findings = (*wrapped.findings, make_finding("hex_instead_of_base64", detail))
        yield Wrapped(findings, bytes.fromhex(inner.decode()))
    if len(inner) > 15 and _BASE64.fullmatch(re.sub(rb"[\r\n]", b"", inner)):
        try:
            data = base64.b64decode(inner)
        except (binascii.Error, ValueError):
            return
        detail = Text("Inside the Base64 stands Base64 again.", "Base64 解码后仍是 Base64。")
        yield Wrapped((*wrapped.findings, make_finding("base64_twice", detail)), data)
