"""What must stand in no answer: the account's secrets, and what tells of the target's inside."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol


class Answered(Protocol):
    """An answer, however it came."""

    @property
    def body(self) -> str:
        """Its body as text."""


#: What a program prints when it stumbles: Python, Java, PHP, Node, Go, .NET.
_TRACES = {
    "a Python stack trace": r"Traceback \(most recent call last\)",
    "a Java stack trace": r"\bat [\w$.]+\([\w$]+\.java:\d+\)|\bat [\w$.]+\(Native Method\)",
    "a PHP error message": r"(?:error|Warning|Notice)(?:</b>)?: .{1,300} on line ",
    "a PHP stack trace": r"#0 \S+\.php\(\d+\)",
    "a Node stack trace": r"\bat .{1,120}\.js:\d+:\d+\)?",
    "a Go stack trace": r"goroutine \d+ \[running\]",
    "a .NET stack trace": r"\bat [\w.<>`]+\(.{0,200}\) in .{1,200}:line \d+",
}
_ENDINGS = "php|phtml|java|jar|class|py|js|ts|go|rb|cs|dll|sqlite3?|db|pem|ya?ml|properties"
#: A source or data file by its whole path; addresses of the web are none.
_PATH = rf"(?<![\w.:/-])/(?:var|home|usr|opt|srv|root|data|www|tmp|etc)/[\w./@-]+\.(?:{_ENDINGS})\b"
_WINDOWS_PATH = rf"\b[A-Za-z]:\\+[\w\\ .-]+\.(?:{_ENDINGS})\b"

#: What each of them is called in Chinese, where that is not the same.
_CHINESE = {
    "the private key": "私钥",
    "an access_token": "access_token",
    "a Python stack trace": "Python 堆栈信息",
    "a Java stack trace": "Java 堆栈信息",
    "a PHP error message": "PHP 错误信息",
    "a PHP stack trace": "PHP 堆栈信息",
    "a Node stack trace": "Node 堆栈信息",
    "a Go stack trace": "Go 堆栈信息",
    "a .NET stack trace": ".NET 堆栈信息",
    "a path of the server": "服务器路径",
    "a path of the server (Windows)": "服务器路径（Windows）",
}


def in_chinese(names: Iterable[str]) -> str:
    """Return what was found in the answers, as a Chinese sentence lists it."""
    return "、".join(_CHINESE.get(name, name) for name in names)


def secrets_in(answers: Iterable[Answered], letter: Mapping[str, Any]) -> list[str]:
    """Return which of the account's secrets stand in the answers."""
    private = str(letter["rsa_sk"]["pem"]).splitlines()[1:-1]
    wanted = {
        "api_secret": [str(letter["api_secret"])],
        "api_key": [str(letter["api_key"])],
        "the private key": ["PRIVATE KEY-----", *(line for line in private if len(line) > 40)],
    }
    texts = [_text(answer) for answer in answers]
    found = [
        name
        for name, secrets in wanted.items()
        if any(secret in text for secret in secrets for text in texts)
    ]
    token = re.compile(r"access_token[\"'=:\s\\]+[\w+/%=-]{60,}")
    return [*found, *(["an access_token"] if any(map(token.search, texts)) else [])]


def insides_in(answers: Iterable[Answered], page: bool = False) -> list[str]:
    """Return which stack traces and paths stand in the answers; a page may name paths."""
    patterns = dict(_TRACES)
    if not page:
        patterns |= {"a path of the server": _PATH, "a path of the server (Windows)": _WINDOWS_PATH}
    texts = [_text(answer) for answer in answers]
    return [name for name, pattern in patterns.items() if any(re.search(pattern, t) for t in texts)]


def _text(answer: Answered) -> str:
    # JSON may write a slash as \/, and a line break as \n.
    return answer.body.replace("\\/", "/").replace("\\n", "\n").replace('\\"', '"')
