"""What happens to values between signing and sending: escapes, encodings, JSON written again."""

import html
import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus, unquote, unquote_plus

Change = Callable[[str], str]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\s+|[^"\s]', re.DOTALL)


def _java_url_encoder(text: str) -> str:
    return quote_plus(text, safe="*").replace("~", "%7E")


#: How a value is URL-encoded before it is signed.
URL_ENCODED: Mapping[str, Change] = {
    "URLEncoder": _java_url_encoder,
    "quote_plus": quote_plus,
    "rawurlencode": lambda text: quote(text, safe=""),
    "quote": quote,
    "encodeURIComponent": lambda text: quote(text, safe="!'()*"),
    "encodeURI": lambda text: quote(text, safe="!'()*;/?:@&=+$,#"),
}
URL_DECODED: Mapping[str, Change] = {"URLDecoder": unquote_plus, "unquote": unquote}
HTML_ESCAPED: Mapping[str, Change] = {
    "htmlspecialchars": lambda text: html.escape(text).replace("&#x27;", "&#039;"),
    "StringEscapeUtils": lambda text: html.escape(text, quote=False).replace('"', "&quot;"),
    "html.escape": html.escape,
    "HtmlUtils": lambda text: html.escape(text).replace("&#x27;", "&#39;"),
    "escape without quotes": lambda text: html.escape(text, quote=False),
}
#: What is undone where a filter escaped the values after they were signed.
HTML_UNESCAPED: Change = html.unescape


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _rewriter(spaced: bool, write: Change) -> Change:
    """Write JSON again with or without spaces, its texts by `write`; numbers keep their text."""

    def rewrite(text: str) -> str:
        if not _is_json(text):
            return text
        written = []
        for token in _TOKEN.findall(text):
            if token.startswith('"'):
                written.append(write(json.loads(token, strict=False)))
            elif not token.isspace():
                written.append(f"{token} " if spaced and token in ",:" else token)
        return "".join(written)

    return rewrite


def _raw(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _slashes(written: str) -> str:
    return written.replace("/", "\\/")


def _in_order_of_names(text: str) -> str:
    if not _is_json(text):
        return text
    members = json.loads(text)
    try:
        return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except (ValueError, RecursionError):
        return text


#: How a JSON text is written again: compact or with spaces, with or without escapes.
JSON_AGAIN: Mapping[str, Change] = {
    "compact, letters unescaped": _rewriter(False, _raw),
    "with spaces, letters unescaped": _rewriter(True, _raw),
    "compact, letters as \\uXXXX": _rewriter(False, json.dumps),
    "with spaces, letters as \\uXXXX": _rewriter(True, json.dumps),
    "compact, letters as \\uXXXX and / as \\/": _rewriter(
        False, lambda text: _slashes(json.dumps(text))
    ),
    "compact, / as \\/": _rewriter(False, lambda text: _slashes(_raw(text))),
    "members in another order": _in_order_of_names,
}

LINE_BREAKS: Mapping[str, Change] = {
    "\\r\\n": lambda text: re.sub("\r?\n", "\r\n", text),
    "\\n": lambda text: text.replace("\r\n", "\n"),
    "none": lambda text: re.sub("[\r\n]", "", text),
}


def reread(charset: str) -> Change:
    """Return what reads a text as UTF-8 that was read in a charset; others stay as they are."""

    def read(text: str) -> str:
        try:
            return text.encode(charset).decode()
        except (UnicodeEncodeError, UnicodeDecodeError):
            return text

    return read


def looks_misread(text: str) -> bool:
    """Return whether a text looks like UTF-8 that was read as GBK, some of its bytes lost."""
    data = text.encode("gbk", "ignore")
    recovered = data.decode("utf-8", "ignore")
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in recovered)
    return not text.isascii() and chinese * 3 > 0.6 * len(data.replace(b"?", b""))


def camel_case(name: str) -> str:
    """Return `order_no` as `orderNo`."""
    return re.sub(r"_+([A-Za-z0-9])", lambda match: match[1].upper(), name)


def snake_case(name: str) -> str:
    """Return `orderNo` as `order_no`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: f"_{match[1].lower()}", name)
