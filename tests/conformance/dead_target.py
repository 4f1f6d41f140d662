"""`python -m conformance.dead_target WAY --port …`: a target of which nothing works.

`acknowledges` says success to whatever comes and does nothing, `closes` ends every connection
without an answer, `hangs` never answers, `knows-nothing` answers HTTP 404.
"""

import http.server
import sys
from typing import Any

#: What a probe is answered besides: the target has no record of anything.
_SUCCESS = b'{"status": 200, "count": 0}'


class _Answering(http.server.BaseHTTPRequestHandler):
    """Answers every request alike."""

    way = ""

    def handle(self) -> None:
        """Answer as the way says, or not at all."""
        if self.way == "closes":
            return
        if self.way == "hangs":
            while self.connection.recv(65536):
                pass
            return
        super().handle()

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        found = self.way == "acknowledges"
        body = _SUCCESS if found else b"Not Found"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json" if found else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = _answer  # noqa: N815 (the server asks for these names)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Let go of whoever hung up."""


def main() -> None:
    """Serve until killed."""
    _Answering.way = sys.argv[1]
    port = int(sys.argv[sys.argv.index("--port") + 1])
    _Server(("127.0.0.1", port), _Answering).serve_forever()


if __name__ == "__main__":
    main()
