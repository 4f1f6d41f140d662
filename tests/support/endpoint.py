"""A real HTTP server as an institution's endpoint: it records posts and gives set answers."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.formparser import parse_form_data

OK = b'{"status":200}'


@dataclass(frozen=True)
class Post:
    """One received post."""

    path: str
    headers: Message
    fields: dict[str, str]
    files: dict[str, bytes]


@dataclass
class Endpoint:
    """The received posts, and the next answers; the last answer is repeated."""

    url: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: list[tuple[int, bytes]] = field(default_factory=lambda: [(200, OK)])
    #: Called with each post before it is answered; returns the body, or None to keep the answer's.
    handler: Callable[[Post], bytes | None] | None = None
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int, limit: float = 10) -> list[Post]:
        """Wait until so many posts have arrived."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.posts) >= count, limit), (
                f"{len(self.posts)} of {count} posts arrived"
            )
            return list(self.posts)

    def next_answer(self) -> tuple[int, bytes]:
        with self.arrived:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def serve() -> tuple[Endpoint, ThreadingHTTPServer]:
    """Start a server on a free port; the caller shuts it down."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            post = _read(self)
            with endpoint.arrived:
                endpoint.posts.append(post)
                endpoint.arrived.notify_all()
            status, body = endpoint.next_answer()
            if endpoint.handler is not None:
                body = endpoint.handler(post) or body
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Keep the tests' output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return endpoint, server


def _read(handler: BaseHTTPRequestHandler) -> Post:
    length = int(handler.headers.get("Content-Length", 0))
    kind = handler.headers.get("Content-Type", "")
    if not kind.startswith("multipart/"):
        body = handler.rfile.read(length).decode()
        return Post(handler.path, handler.headers, dict(parse_qsl(body, True)), {})
    environment = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(length),
        "wsgi.input": handler.rfile,
    }
    _, form, files = parse_form_data(environment)
    contents = {}
    for name, file in files.items():
        contents[name] = file.read()
        file.close()
    return Post(handler.path, handler.headers, dict(form.items()), contents)
