"""Reads a curl command as curl does: what it would post, and where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from simulator.cli.offline.pasted import shells
from simulator.cli.offline.pasted.call import PastedCall
from simulator.errors import SimulatorError
from simulator.protocol.diagnosis.forms import MULTIPART, URLENCODED

#: A command that begins with curl, behind a prompt or not; not a sentence with this word.
COMMAND = re.compile(
    r"(?:\A|\n)[^\n'\"=]{0,80}?\bcurl(?:\.exe)?(?=\s+(?:[-'\"$^`\\“‘]|[^\s./:]{0,80}[./:]\S)|\s*\Z)"
)
_SHORT = {
    **{"d": "data", "F": "form", "G": "get", "H": "header", "X": "request"},
    **dict.fromkeys("uAebcomxwDCErtyYzQP", "other"),
    **dict.fromkeys("sSkviLfgN#OIjpqRna0123456lBJZ", "flag"),
}
_DATA = frozenset({"data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json"})
_FORMS = frozenset({"form", "form-string"})
#: Options with a value that say nothing of the form.
_OTHERS = frozenset(
    {
        *("user", "user-agent", "referer", "cookie", "cookie-jar", "output", "max-time"),
        *("connect-timeout", "retry", "retry-delay", "proxy", "write-out", "dump-header"),
        *("cacert", "capath", "cert", "key", "cert-type", "key-type", "pass", "resolve"),
        *("connect-to", "noproxy", "interface", "ciphers", "limit-rate", "max-redirs"),
        *("proxy-user", "tls-max", "trace", "trace-ascii", "stderr", "other"),
    }
)
_FLAGS = frozenset(
    {
        *("silent", "show-error", "insecure", "verbose", "include", "location", "fail"),
        *("fail-with-body", "globoff", "no-buffer", "head", "compressed", "http1.0"),
        *("http1.1", "http2", "http2-prior-knowledge", "ipv4", "ipv6", "ssl-no-revoke"),
        *("no-progress-meter", "progress-bar", "path-as-is", "post301", "post302"),
        *("location-trusted", "tcp-nodelay", "no-keepalive", "tlsv1.2", "tlsv1.3"),
        *("remote-name", "retry-all-errors", "flag"),
    }
)
_VARIABLE = re.compile(r"\$(?:\{?[A-Za-z_]\w*\}?|\()")
#: A part's value in quotation marks, which curl takes away.
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_BOUNDARY = "conzhu-sim-boundary"


@dataclass
class _Command:
    url: str = ""
    method: str = ""
    gets: bool = False
    is_json: bool = False
    data: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    query: list[str] = field(default_factory=list)


def read(text: str) -> PastedCall:
    """Return what a curl command posts.

    Raises:
        SimulatorError: it has an option that is not known here, or a value that is not in it.
    """
    if re.search("[“”‘’]", text):
        raise SimulatorError(
            "The command has typographic quotation marks, which no shell knows: write ' or \" for "
            "them, or paste the command from where it ran.",
            "命令中含有中文引号（“”‘’），shell 无法识别：请改为英文引号，或从实际执行处复制。",
        )
    text = text.replace("\u00a0", " ")
    begun = COMMAND.search(text)
    words = shells.split(text[begun.end() :] if begun else text)
    command = _Command()
    for option, value in _list_options(words):
        _take(command, option, value)
    body = "&".join(command.data) if not command.is_json else "".join(command.data)
    url, headers = command.url, command.headers
    kind = next((name for name in headers if name.lower() == "content-type"), "Content-Type")
    if command.parts:
        given = headers.get(kind, MULTIPART).partition(";")[0]
        body = "".join([*command.parts, f"--{_BOUNDARY}--\r\n"])
        headers[kind] = f"{given}; boundary={_BOUNDARY}"
    elif command.gets:
        command.query.append(body)
        body = ""
    elif command.data:
        headers.setdefault(kind, "application/json" if command.is_json else URLENCODED)
    if command.query:
        url = f"{url}{'&' if '?' in url else '?'}{'&'.join(command.query)}"
    return PastedCall.from_text(body, url, headers)


def _list_options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Give each option by its long name with its value; an address as `url`."""
    rest = iter(words)
    for word in rest:
        if not word.startswith("-") or word == "-":
            yield "url", word
        elif word.startswith("--"):
            name = word[2:]
            yield name, "" if name in _FLAGS or name == "get" else _next(rest, word)
        else:
            yield from _read_cluster(word, rest)


def _read_cluster(word: str, rest: Iterator[str]) -> Iterator[tuple[str, str]]:
    for place, letter in enumerate(word[1:], 2):
        name = _SHORT.get(letter)
        if name is None:
            raise _refuse(f"-{letter}")
        if name in ("flag", "get"):
            yield name, ""
            continue
        yield name, word[place:] or _next(rest, f"-{letter}")
        return


def _next(rest: Iterator[str], option: str) -> str:
    name = option.lstrip("-")
    if option.startswith("--") and name not in _DATA | _FORMS | _OTHERS | {
        *("header", "request", "url", "url-query")
    }:
        raise _refuse(option)
    value = next(rest, None)
    if value is None:
        raise SimulatorError(
            f"The command ends behind {option}: paste it whole.",
            f"命令在 {option} 之后结束：请完整粘贴。",
        )
    return value


def _refuse(option: str) -> SimulatorError:
    # Only its name: what stands behind it may be a secret.
    name = re.match(r"-{1,2}[\w.#-]{0,40}", option)
    shown = name[0] if name else "-"
    return SimulatorError(
        f"curl's option {shown} is not understood here: leave it out if it does not change what is "
        "posted, else paste the form's body with --param.",
        f"无法识别 curl 选项 {shown}：若它不影响提交内容请去掉，否则请用 --param 粘贴表单请求体。",
    )


def _take(command: _Command, option: str, value: str) -> None:
    if _VARIABLE.search(value) and option in _DATA | _FORMS | {"url"}:
        raise SimulatorError(
            "The command has a variable of the shell: put its value in (`set -x` shows it).",
            "命令中含有 shell 变量：请代入其值（`set -x` 可显示）。",
        )
    if option in _DATA:
        command.is_json = command.is_json or option == "json"
        command.data.append(_read_data(option, value))
    elif option in _FORMS:
        command.parts.append(_read_part(option, value))
    elif option == "header":
        name, _, content = value.partition(":")
        command.headers[name.strip()] = content.strip()
    elif option == "get":
        command.gets = True
    elif option == "url-query":
        command.query.append(_read_data("data-urlencode", value))
    elif option == "url":
        command.url = value


def _read_data(option: str, value: str) -> str:
    if option == "data-urlencode":
        name, sign, content = value.partition("=")
        if not sign and "@" in value:
            raise _need_file(option)
        if not sign:
            return quote(value, safe="~")
        return f"{name}={quote(content, safe='~')}" if name else quote(content, safe="~")
    if value.startswith("@") and option != "data-raw":
        raise _need_file(option)
    return value


def _read_part(option: str, value: str) -> str:
    name, _, content = value.partition("=")
    head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if option == "form" and content.startswith("@"):
        # Of a file it is enough that it comes.
        file = re.split(r"[\\/]", content[1:].partition(";")[0].strip('"'))[-1]
        return f'{head}; filename="{file}"\r\n\r\n\r\n'
    if option == "form" and content.startswith("<"):
        raise _need_file(option)
    if option == "form":
        quoted = _QUOTED.match(content)
        content = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else content.partition(";")[0]
    return f"{head}\r\n\r\n{content}\r\n"


def _need_file(option: str) -> SimulatorError:
    return SimulatorError(
        f"--{option} takes a file, which is not in the command: paste that file's content with "
        "--param.",
        f"--{option} 引用了文件，其内容不在命令中：请用 --param 粘贴该文件的内容。",
    )
