"""What stands in a body that is not the answer asked for, as far as its bytes prove it (P17)."""

import base64
import json
import re
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from simulator import strict_json, texts
from simulator.errors import Text
from simulator.protocol.codes import OK
from simulator.protocol.diagnosis.findings import WORD, shorten

BOM = "\ufeff"
_BODIES: Mapping[str, Text] = texts.load("verdicts")["bodies"]
_SHOWN_LENGTH = 40
#: Openings of an object that are tried in a body, at most.
_OPENINGS = 20
_GZIP = b"\x1f\x8b"
_PHP = re.compile(
    r"(?:<b>)?(?:PHP )?(Notice|Warning|Deprecated|(?:Fatal|Parse) error)(?:</b>)?:\s"
    r".{0,400}? on line ",
    re.DOTALL,
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|(?:html|head|body|title|meta|"
    r"script|style|h[1-6]|p|div|br|b|pre|center|table|span|font|form)[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml\s|([\w:.-]+)[^>]*>(?:.*</\1>\s*$)|[\w:.-]+[^>]*/>\s*$)", re.DOTALL)
_FORM = re.compile(r"[\w.\[\]-]+=[^&=\s]*(?:&[\w.\[\]-]+=[^&=\s]*)*")


def describe(body: bytes, headers: Mapping[str, str]) -> Text:
    """Return what a body is that is not JSON."""
    packed = _find_compression(body, headers)
    if packed:
        return _BODIES["compressed"].format(found=packed)
    encoding = json.detect_encoding(body).removesuffix("-sig").upper()
    if encoding != "UTF-8" and _is_json(body, encoding):
        return _BODIES["encoding"].format(found=encoding)
    counted = any(name.lower() == "content-length" for name in headers)
    return _describe_text(body.decode("utf-8", "replace").lstrip(BOM).strip(), counted)


def describe_none(status: int) -> Text:
    """Return that there is no body, as with HTTP 204 and 205 there never is."""
    return _BODIES["bodiless" if status in (204, 205) else "empty"]


def describe_value(value: object) -> Text:
    """Return what JSON is that is not an object."""
    if isinstance(value, str) and isinstance(_parse(value), dict):
        return _BODIES["twice"]
    if isinstance(value, list):
        return _BODIES["around" if any(isinstance(each, dict) for each in value) else "list"]
    return _same(f"`{quote_json(value)}`")


def describe_missing(members: Mapping[str, Any]) -> Text:
    """Return which member comes nearest to the `status` that is missing, behind a semicolon."""
    for path, value in _walk(members):
        if path.rpartition(".")[2].strip().casefold() == "status":
            name = "nested" if "." in path else "member"
            return _BODIES[name].format(found=_format_name(path), value=quote_json(value))
    close = [name for name in members if get_close_matches("status", [name.casefold()], 1, 0.75)]
    right = [name for name, value in members.items() if str(value) == str(OK)]
    names = (close or right)[:1] or list(members)[:5]
    found = "`, `".join(_format_name(name) for name in names)
    return _BODIES["member"].format(found=found) if names else _same("")


def describe_status(value: object) -> Text:
    """Return a `status` that is not 200 as JSON, with what stands around the number."""
    shown = quote_json(value)
    if isinstance(value, str):
        bare = unicodedata.normalize("NFKC", value).strip(" \t\r\n\"'\u200b\ufeff")
        if bare == str(OK):
            return _BODIES["padded"].format(found=shown)
        return _same(shown if value != value.strip() else value[:_SHOWN_LENGTH])
    return _same(shown)


def quote(text: str) -> str:
    """Return the beginning of a text on one line, printable."""
    line = " ".join(text.replace("`", "'").split())
    line = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in line)
    return shorten(line)


def _quote_from(text: str, start: int) -> str:
    """Return what follows a place; not the second half of what may be a credential."""
    torn = next((each for each in WORD.finditer(text) if each.start() < start < each.end()), None)
    return quote(text[torn.start() if torn else start :])


def quote_json(value: object) -> str:
    """Return a value as JSON, shortened."""
    try:
        return quote(json.dumps(value, ensure_ascii=False))
    except RecursionError:
        return "…"


def _format_name(name: str) -> str:
    return quote(name if name == name.strip() else json.dumps(name))


def _same(text: str) -> Text:
    return Text(text, text)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_json(body: bytes, encoding: str) -> bool:
    try:
        return _parse(body.decode(encoding).lstrip(BOM)) is not None
    except UnicodeDecodeError:
        return False


def _is_base64(text: str) -> bool:
    try:
        return isinstance(_parse(base64.b64decode(text, validate=True).decode()), dict)
    except ValueError:
        return False


def _find_compression(body: bytes, headers: Mapping[str, str]) -> str:
    if body.startswith(_GZIP):
        return "gzip"
    named = next((v for k, v in headers.items() if k.lower() == "content-encoding"), "")
    # Gzip is known by its bytes; of what has none of its own, text is at least not it.
    if named.lower() not in ("", "identity", "gzip", "x-gzip") and not body.isascii():
        return named[:_SHOWN_LENGTH]
    unpacking = zlib.decompressobj()
    try:
        unpacking.decompress(body, 1)
    except zlib.error:
        return ""
    return "deflate"


def _describe_text(text: str, counted: bool) -> Text:
    before, found, behind = _find_object(text)
    for name, part in (("php_before", before), ("php_behind", behind), ("php", text)):
        if php := _PHP.search(part):
            return _BODIES[name].format(found=php[1])
    if found and (before or behind):
        name = "between" if before and behind else "before" if before else "behind"
        return _BODIES[name].format(before=quote(before), behind=quote(behind))
    if text.startswith("<"):
        return _BODIES["xml" if not _HTML.match(text) and _XML.match(text) else "html"]
    if text.startswith("{"):
        return _describe_broken(text, counted)
    if _is_base64(text):
        return _BODIES["base64"]
    if _FORM.fullmatch(text):
        return _BODIES["form"].format(found=quote(text))
    if len(text) <= _SHOWN_LENGTH and text.isprintable() and "\ufffd" not in text:
        return _BODIES["text"].format(found=quote(text))
    return _BODIES["other"]


def _describe_broken(text: str, counted: bool) -> Text:
    """Say where JSON breaks; `counted`: a Content-Length told where it ends."""
    try:
        strict_json.read(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text) or error.msg.startswith("Unterminated string"):
            letters = counted and not text.isascii()
            return _BODIES["cut_letters" if letters else "cut"].format(
                found=_quote_from(text, max(len(text) - 12, 0))
            )
        near = _quote_from(text, error.pos)
        return _BODIES["mistake"].format(place=error.pos + 1, found=near)
    except (ValueError, RecursionError):
        pass
    return _BODIES["other"]


def _find_object(text: str) -> tuple[str, dict[str, Any] | None, str]:
    """Return the first object that has a `status`, with the text before and behind it."""
    for place in [found.start() for found in re.finditer("{", text)][:_OPENINGS]:
        try:
            members, end = json.JSONDecoder().raw_decode(text, place)
        except (ValueError, RecursionError):
            continue
        if "status" in members:
            return text[:place].strip(), members, text[end:].strip()
    return "", None, ""


def _walk(members: Mapping[str, Any], path: str = "", depth: int = 3) -> Iterator[tuple[str, Any]]:
    """Yield the members with their paths, the outer ones first; JSON in a string as well."""
    for name, value in members.items():
        yield f"{path}{name}", value
    for name, value in members.items():
        inner = _parse(value) if isinstance(value, str) and value.startswith("{") else value
        if depth and isinstance(inner, dict):
            yield from _walk(inner, f"{path}{name}.", depth - 1)
