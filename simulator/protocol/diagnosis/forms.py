"""Why a post holds no `param`, or no access token where one is due: by what did come."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from simulator.errors import Text
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding, format_names
from simulator.protocol.plaintext import Parameters, as_text

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
#: How a form may be unreadable: its boundary is not said, not found, or never closed.
FormFault = Literal["no_boundary", "boundary_not_found", "not_closed", "broken_head"]

#: Headers in which a token is sent to platforms of other kinds.
_TOKEN_HEADERS = ("authorization", "access-token", "x-access-token", "token", "access_token")
_TOKEN_NAMES = frozenset({"accesstoken", "token", "authtoken"})
#: What a header says of itself that holds no token, but a name and a password.
_OTHER_SCHEMES = frozenset({"basic", "digest", "negotiate", "ntlm"})
#: How JSON begins, and what other programs print in brackets does not.
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*(?:[\"{\[\]]|-?\d+(?:\.\d+)?\s*[,\]]|true|false|null)")
_CONTINUED = re.compile(r"(?:[;,|\r\n &]|\\u0026)access_token=")
_OTHER_NAME = re.compile(r"[\ufeff?]?\s*params?\s*(?:\[\w*\])?\s*", re.IGNORECASE)
_ESCAPED = re.compile(r"(?:amp;|&amp;|;)access_token\Z")


@dataclass(frozen=True)
class Posting:
    """What was posted: as far as it could be read, and what is known of the rest.

    `fields` are text fields, `files` the names of file parts, `query` and `headers` what stood
    beside the body; `beginning` are the body's first bytes, `length` is its size in bytes.
    """

    content_type: str = ""
    encoding: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    beginning: bytes = b""
    length: int = 0
    fault: FormFault | None = None


def explain_form(posting: Posting) -> list[Finding]:
    """Say where `param` is, if it came at all, or why the form could not be read."""
    return list(_find_param(posting))[:1]


def describe_absent_param(fields: Collection[str]) -> Text:
    """Say that a form with these fields has no `param`, or an empty one."""
    if "param" in fields:
        return Text("The field `param` of the form is empty.", "表单的 param 字段为空。")
    names = format_names(list(fields))
    return Text(
        f"The form has no field `param` (it has: {names or 'none'}).",
        f"表单中没有 param 字段（现有字段：{names or '无'}）。",
    )


def _find_param(posting: Posting) -> Iterator[Finding]:
    param = posting.fields.get("param")
    if param is not None:
        if not param.strip():
            detail = Text(
                f"The field is there, its value has {len(param)} blanks and nothing else."
                if param
                else "The field is there, its value is empty.",
                f"字段存在，但值只有 {len(param)} 个空白。" if param else "字段存在，但值为空。",
            )
            yield make_finding("param_empty", detail)
        return
    if "param" in posting.files:
        came = Text("param came as a file part.", "param 以文件形式传来。")
        yield make_finding("param_as_file", came)
    if "param" in posting.query:
        names = format_names(sorted(posting.query))
        detail = Text(f"In the URL's query stand: {names}.", f"URL 查询串中有：{names}。")
        yield make_finding("fields_in_query", detail)
    yield from _find_encoding(posting)
    yield from _find_other_kind(posting)
    yield from _find_other_name(posting)


def _find_encoding(posting: Posting) -> Iterator[Finding]:
    magics = (name for magic, name in _PACKED if posting.beginning.startswith(magic))
    packed = next(magics, None)
    # Brotli has no first bytes of its own.
    if packed is None and posting.encoding.lower() == "br" and not _is_text(posting.beginning):
        packed = "br"
    if packed:
        detail = Text(f"The body is {packed}.", f"请求体为 {packed} 压缩。")
        yield make_finding("body_compressed", detail)


_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    *((bytes([0x78, level]), "deflate") for level in (0x01, 0x5E, 0x9C, 0xDA)),
)


def _is_text(beginning: bytes) -> bool:
    try:
        beginning[:64].decode("ascii")
    except UnicodeDecodeError:
        return False
    return True


def _find_other_kind(posting: Posting) -> Iterator[Finding]:
    """Recognise a body by its own bytes, whatever its type says."""
    body = posting.beginning.lstrip(b"\xef\xbb\xbf \t\r\n")
    kind = posting.content_type.partition(";")[0].strip().lower()
    if _JSON.match(body):
        yield make_finding("json_instead_of_form", _describe_type(kind, _name_members(body)))
    elif body.startswith(b"--") and kind == URLENCODED:
        yield make_finding("multipart_as_urlencoded", _describe_type(kind, ""))
    elif kind == MULTIPART and posting.fault is not None:
        if body.startswith((b"param=", b"access_token=")):
            yield make_finding("urlencoded_as_multipart", _describe_type(kind, ""))
        else:
            yield make_finding(*_FAULTS[posting.fault])
    elif body.startswith(b"<") and posting.length:
        yield make_finding("xml_instead_of_form", _describe_type(kind, ""))
    elif kind not in (URLENCODED, MULTIPART) and posting.length:
        is_form = re.search(rb"(?:\A|&)param=|name=\"?param\b", posting.beginning) is not None
        yield make_finding("form_type_missing", _describe_type(kind, ""), certain=is_form)


_FAULTS: Mapping[str, tuple[str, Text]] = {
    "no_boundary": (
        "boundary_missing",
        Text("Content-Type names no boundary.", "Content-Type 中没有 boundary。"),
    ),
    "boundary_not_found": (
        "boundary_differs",
        Text(
            "The boundary of Content-Type does not stand in the body.",
            "请求体中找不到 Content-Type 里的 boundary。",
        ),
    ),
    "not_closed": (
        "form_not_closed",
        Text("The closing --boundary-- is missing.", "缺少结尾的 --boundary--。"),
    ),
    "broken_head": (
        "part_head_broken",
        Text(
            "A part has no Content-Disposition with a name.",
            "某个分段没有带 name 的 Content-Disposition。",
        ),
    ),
}


def _describe_type(kind: str, members: str) -> Text:
    has = f" Its members are: {members}." if members else ""
    has_zh = f"其成员为：{members}。" if members else ""
    return Text(
        f"Content-Type is {kind or 'missing'}.{has}",
        f"Content-Type 为 {kind or '空'}。{has_zh}",
    )


def _name_members(body: bytes) -> str:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return format_names([str(name) for name in read]) if isinstance(read, dict) else ""


def _find_other_name(posting: Posting) -> Iterator[Finding]:
    if {"method", "sign"} <= posting.fields.keys():
        names = format_names(list(posting.fields))
        detail = Text(
            f"The form has the parameters themselves: {names}.", f"表单中直接是各参数：{names}。"
        )
        yield make_finding("not_encrypted", detail)
    for name in posting.fields:
        if name.startswith("param="):
            whole = Text("The whole body was URL-encoded.", "整个请求体被 URL 编码。")
            yield make_finding("url_encoded_twice", whole)
        if _OTHER_NAME.fullmatch(name):
            detail = Text(f"The field is named {name!r}.", f"字段名为 {name!r}。")
            yield make_finding("param_under_another_name", detail)


def explain_fault(posting: Posting) -> Finding | None:
    """Say what is wrong with a form that could be read in part; None for a whole one."""
    return None if posting.fault is None else make_finding(*_FAULTS[posting.fault])


def explain_joint(posting: Posting) -> Finding | None:
    """Say how the fields are joined where it is not by a plain `&`; None where it is."""
    for name in posting.fields:
        if _ESCAPED.search(name):
            where = Text(f"A field is named {name!r}.", f"有字段名为 {name!r}。")
            return make_finding("fields_joined_otherwise", where)
    if found := _CONTINUED.search(posting.fields.get("param", "")):
        shown = ascii(found[0])[1:-1]
        where = (
            Text("The & before access_token was URL-encoded.", "access_token 前的 & 被 URL 编码。")
            if shown.startswith("&")
            else Text(f"param goes on with {shown}.", f"param 之后接着 {shown}。")
        )
        return make_finding("fields_joined_otherwise", where)
    return None


def explain_absent_token(
    posting: Posting, opened: Parameters | None, knows: Callable[[str], bool]
) -> Finding:
    """Say where the access token of a business call stands, if it came at all.

    `opened` are the decrypted parameters, None where `param` could not be opened; `knows` says
    whether a token was issued here, which proves it in a place that is not its own.
    """
    if joint := explain_joint(posting):
        return joint
    places = [place for place in _list_places(posting, opened or {}) if place.value]
    for place in places:
        if place.is_named or knows(place.value):
            return make_finding("token_elsewhere", place.where)
    for place in places:
        return make_finding("token_elsewhere", place.where, certain=False)
    if posting.fields.get("access_token") is not None:
        where = Text("The field is there, but empty.", "字段存在，但为空。")
        return make_finding("token_absent", where)
    names = format_names(sorted(posting.fields))
    return make_finding("token_absent", Text(f"The form has: {names}.", f"表单字段有：{names}。"))


@dataclass(frozen=True)
class _Place:
    """A place where a token may stand; `is_named`: it is named after the access token."""

    where: Text
    value: str
    is_named: bool


def _list_places(posting: Posting, opened: Parameters) -> Iterator[_Place]:
    where = Text("There is an access_token in the URL's query.", "URL 查询串中有 access_token。")
    yield _Place(where, posting.query.get("access_token", ""), True)
    for name, value in posting.headers.items():
        scheme, _, bare = value.strip().rpartition(" ")
        if name.lower() in _TOKEN_HEADERS and scheme.lower() not in _OTHER_SCHEMES:
            where = Text(f"There is a header {name}.", f"有请求头 {name}。")
            yield _Place(where, bare, _is_token_name(name))
    for name, value in posting.fields.items():
        if name != "access_token" and _bare(name) in _TOKEN_NAMES:
            where = Text(f"There is a field named {name!r}.", f"有字段名为 {name!r}。")
            yield _Place(where, value.strip(), _is_token_name(name))
    if "access_token" in posting.files:
        where = Text("access_token came as a file part.", "access_token 以文件形式传来。")
        yield _Place(where, "access_token", True)
    where = Text("access_token is among the sealed parameters.", "access_token 在加密参数之中。")
    yield _Place(where, as_text(opened.get("access_token")), True)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _is_token_name(name: str) -> bool:
    return _bare(name) in ("accesstoken", "xaccesstoken")


def explain_absent_file(field: str, known: Collection[str], posting: Posting) -> Finding | None:
    """Say how a file came that was not found under its field; None where none came.

    `known` are the names of all files that the interface has.
    """
    if field in posting.fields:
        letters = len(posting.fields[field])
        detail = Text(
            f"{field} came as a text field of {letters} letters: its part has no filename.",
            f"{field} 以文本字段形式传来（{letters} 个字符）：该分段没有 filename。",
        )
        return make_finding("file_as_text_field", detail)
    others = sorted(posting.files.difference(known))
    if others:
        names = format_names(others)
        detail = Text(f"The file parts are named: {names}.", f"文件分段的名称为：{names}。")
        return make_finding("file_under_another_name", detail)
    return None
