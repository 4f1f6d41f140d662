"""Finds the call in what a program wrote: a request as it went over the wire, a line of a log."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from simulator.cli.offline.pasted import curl
from simulator.cli.offline.pasted.call import PastedCall
from simulator.errors import SimulatorError

_REQUEST = re.compile(r"^(?:> )?([A-Z]{3,7}) (\S+) HTTP/[\d.]+[ \t]*\r?$", re.MULTILINE)
_HEADER = re.compile(r"(?:> )?([\w-]+):[ \t]*(.*)")
#: What a form's body does not have, and what may stand before one.
_AROUND = re.compile(r"[\s\"'<>]+")
_PARAM = re.compile(r"(?<![\w.%-])param=")
#: A map as Java, Spring, Go, Python, PHP, Ruby or Node print it.
_MAPPED = re.compile(
    r"\b(param|access_token)\b[\"']?\]?\s*(?:=>|[=:]|,(?=\s*[\"']))\s*(?:string\(\d+\)\s*)?"
    r"\[?[\"']?([^\s\"',;()[{}\]&>]+)"
)
_ESCAPES = (
    *(("\\u0026", "&"), ("\\u003d", "="), ("\\u002b", "+"), ("\\/", "/")),
    *(("\\r", "\r"), ("\\n", "\n")),
)
#: Lines in which a command stands in a chat or an issue.
_FENCE = re.compile(r"^[ \t]{0,3}(?:`{3}|~{3})[^\n`]*$", re.MULTILINE)
#: What follows a request in a dump: the answer, or what curl says of the connection.
_ANSWER = re.compile(r"^(?:< )?HTTP/\d|^[*<] ", re.MULTILINE)
#: Places of a line at which JSON may begin that are tried.
_MOST_TRIED = 20


def read(text: str) -> PastedCall:
    """Return the call in a text: a curl command, a request, or a form's body in a line.

    Raises:
        SimulatorError: there is none.
    """
    text = _FENCE.sub("", text)
    if curl.COMMAND.search(text):
        return curl.read(text)
    if request := _REQUEST.search(text):
        return _read_request(text[request.end() :], request[2])
    for found in (*_walk_json(text), text):
        if body := _find_body(found):
            return PastedCall.from_text(body)
    raise SimulatorError(
        "There is no call in this: paste a curl command, a request with its headers, or a line in "
        "which the form's body stands (param=…&access_token=…).",
        "其中没有调用：请粘贴 curl 命令、带请求头的原始请求，或含表单请求体"
        "（param=…&access_token=…）的日志行。",
    )


def _read_request(rest: str, url: str) -> PastedCall:
    headers: dict[str, str] = {}
    lines = rest.lstrip("\r\n").splitlines(keepends=True)
    for place, line in enumerate(lines):
        header = _HEADER.match(line.rstrip("\r\n"))
        if header is None:
            # An empty line, or `>` as curl writes it.
            body = "".join(lines[place + 1 :] if line.strip() in ("", ">") else lines[place:])
            break
        headers[header[1]] = header[2].strip()
    else:
        body = ""
    body = _ANSWER.split(body, maxsplit=1)[0].strip("\r\n")
    if not body and headers.get("Content-Length", "0") != "0":
        raise SimulatorError(
            "The request's body is not in the text: paste it too, or the command that sent it.",
            "文本中没有请求体：请一并粘贴，或改为粘贴发送它的命令。",
        )
    return PastedCall.from_text(body, url, headers)


def _walk_json(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    for begun in list(re.finditer(r"[{\[]", text))[:_MOST_TRIED]:
        try:
            yield from _list_texts(decoder.raw_decode(text, begun.start())[0])
        except (ValueError, RecursionError):
            continue


def _list_texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("param"), str):
            pairs = {name: value[name] for name in ("param", "access_token") if name in value}
            yield _join(pairs)
        for member in value.values():
            yield from _list_texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _list_texts(member)
    elif isinstance(value, str):
        yield value


def _join(pairs: Mapping[str, str]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def _find_body(text: str) -> str:
    for escaped, plain in _ESCAPES:
        text = text.replace(escaped, plain)
    pairs = dict(_MAPPED.findall(text))
    for run in _AROUND.split(text):
        if (found := _PARAM.search(run)) and ("&" in run or "access_token" not in pairs):
            return _find_start(run[: found.start()]) + run[found.start() :].rstrip(")]},;")
    return _join(pairs) if "param" in pairs else ""


def _find_start(before: str) -> str:
    """Return the pairs before `param`, without what the log wrote before them."""
    if not before.endswith("&"):
        return ""
    first, _, others = before.partition("&")
    head, _, value = first.rpartition("=")
    name = re.split(r"[^\w.-]", head)[-1]
    return f"{name}={value}&{others}"
