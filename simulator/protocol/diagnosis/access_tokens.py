"""How an access token that nobody knows was damaged on the way, proved by undoing it (1.1, P12)."""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote

from simulator.errors import Text
from simulator.protocol.diagnosis.catalogue import make_finding
from simulator.protocol.diagnosis.findings import Finding

#: What a program prints for a variable that holds nothing.
_WORDS = frozenset(
    {"null", "undefined", "none", "nil", "nan", "false", "true", "[object object]", "{}", "[]"}
)
_PREFIX = re.compile(r"\A\s*(?:bearer|token|basic|access_token)\s*[=:]?\s*", re.IGNORECASE)
_AROUND = "\"'`<>[](){},; \t\r\n"
#: Letters of a token that must agree before it is called cut.
_ENOUGH = 16


def explain_token(
    token: str, knows: Callable[[str], bool], recent: Iterable[str] = ()
) -> Finding | None:
    """Say how a token was damaged; None where nothing proves it.

    `knows` says whether a token was issued here; `recent` are tokens issued lately, by which a
    part of one is recognised.
    """
    if token.strip().lower() in _WORDS:
        word = token.strip()
        detail = Text(f"It is the word {word}.", f"它是文本 {word}。")
        return make_finding("token_is_a_word", detail)
    for name, detail, mended in _mend(token):
        if mended != token and knows(mended):
            return make_finding(name, detail)
    return _find_part(token, recent)


def _mend(token: str) -> Iterator[tuple[str, Text, str]]:
    decoded = token
    for times in (1, 2, 3):
        decoded = unquote(decoded)
        detail = Text(
            f"After the form is decoded, it is URL-encoded {times} more time(s).",
            f"表单解码之后，仍被 URL 编码了 {times} 次。",
        )
        yield "token_url_encoded_twice", detail, decoded
    blanks = token.count(" ")
    detail = Text(f"It has {blanks} blank(s) where a + was.", f"有 {blanks} 个空格，原本是 +。")
    yield "token_plus_lost", detail, token.replace(" ", "+")
    bare = token.strip(_AROUND)
    around = len(token) - len(bare)
    white = token.strip() == bare
    detail = (
        Text(
            f"{around} white space character(s) stand around it, such as a line break.",
            f"前后多了 {around} 个空白字符，例如换行。",
        )
        if white
        else Text(f"{around} character(s) stand around it.", f"前后多了 {around} 个字符。")
    )
    yield "something_around_token", detail, bare
    prefix = _PREFIX.match(token)
    if prefix:
        shown = prefix[0].strip()
        detail = Text(f"{shown} stands before it.", f"前面多了 {shown}。")
        yield "something_around_token", detail, token[prefix.end() :].strip(_AROUND)
    folded = re.sub(r"\s+", "", token)
    detail = Text("There is white space within it.", "中间有空白字符。")
    yield "something_around_token", detail, folded
    escaped = Text("It has the escapes of JSON in it.", "其中有 JSON 转义。")
    yield "token_escaped", escaped, _unescape_json(bare)
    marked = Text("It has the escapes of HTML in it.", "其中有 HTML 转义。")
    yield "token_escaped", marked, html.unescape(token)
    safe = Text("It has the letters of URL-safe Base64.", "使用了 URL 安全的 Base64 字符。")
    yield "token_escaped", safe, token.replace("-", "+").replace("_", "/")
    wide = Text("It has letters of full width.", "使用了全角字符。")
    yield "token_escaped", wide, unicodedata.normalize("NFKC", token)
    encoded = Text("It was encoded in Base64 once more.", "又做了一次 Base64 编码。")
    yield "token_escaped", encoded, _decode_base64(token)
    padding = Text("Its = at the end is missing.", "缺少末尾的 =。")
    yield "token_cut", padding, token + "=" * (-len(token) % 4)


def _decode_base64(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode("ascii")
    except ValueError:
        return text


def _unescape_json(text: str) -> str:
    try:
        read = json.loads(f'"{text}"')
    except ValueError:
        return text
    return read if isinstance(read, str) else text


def _find_part(token: str, recent: Iterable[str]) -> Finding | None:
    for issued in recent:
        if len(token) >= _ENOUGH and len(token) < len(issued) and token in issued:
            detail = Text(
                f"Only {len(token)} of {len(issued)} letters came.",
                f"{len(issued)} 个字符只传来 {len(token)} 个。",
            )
            return make_finding("token_cut", detail)
        if token != issued and token.lower() == issued.lower():
            detail = Text("Small and capital letters differ.", "大小写不同。")
            return make_finding("token_escaped", detail)
        if len(token) > len(issued) and issued in token:
            detail = Text(
                f"{len(token) - len(issued)} letter(s) too many came.",
                f"多了 {len(token) - len(issued)} 个字符。",
            )
            return make_finding("something_around_token", detail)
    return None
